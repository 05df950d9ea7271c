import Engine
import Market
import Trading

/// The parameters of a registered strategy, checked as they are typed; what would change is shown before it is applied.
struct StrategyForm: FormModel {
    private let registration: StrategyRegistration
    private let descriptors: [ParameterDescriptor]
    private let proposed: [String: String]

    /// The form of a strategy as it is registered now, with other values of some parameters where they are proposed.
    init(_ registration: StrategyRegistration, proposing proposed: [String: String] = [:]) {
        self.registration = registration
        self.proposed = proposed
        descriptors = registration.parameters.descriptors
    }

    var title: String { "\(registration.name)  \(registration.classTitle)" }
    var submitLabel: String { "Apply" }

    var fields: [FormField] {
        zip(descriptors, registration.parameters.texts).map { descriptor, value in
            StrategyForm.field(descriptor, value: proposed[descriptor.name] ?? value.text)
        } + [
            FormField(
                "capital-share", "Capital share", .number,
                value: String(registration.capitalShare.description.dropLast()),
                help: "percent of the equity it may use")
        ] + Self.protectionFields(registration.protection)
    }

    /// Fields of the three protective orders, in percent; empty for none.
    static func protectionFields(_ protection: Protection) -> [FormField] {
        func text(_ ratio: Ratio?) -> String { ratio.map { String($0.description.dropLast()) } ?? "" }
        return [
            FormField(
                "stop", "Stop loss", .number, value: text(protection.stopLoss),
                help: "percent beyond the entry; empty for none"),
            FormField(
                "target", "Take profit", .number, value: text(protection.takeProfit),
                help: "percent in front of the entry; empty for none"),
            FormField(
                "trail", "Trailing stop", .number, value: text(protection.trailingStop),
                help: "percent behind the best close; empty for none"),
        ]
    }

    /// What is wrong with the protective orders.
    static func protectionProblems(_ values: FormValues) -> [(name: String, text: String)] {
        ["stop", "target", "trail"].filter { !values[$0].isEmpty && ratio(values[$0]) == nil }.map {
            ($0, "expected more than 0 and less than 100, or nothing")
        }
    }

    /// The protective orders as typed.
    static func protection(_ values: FormValues) -> Protection {
        Protection(
            stopLoss: ratio(values["stop"]), takeProfit: ratio(values["target"]), trailingStop: ratio(values["trail"]))
    }

    private static func ratio(_ text: String) -> Ratio? {
        guard let ratio = try? Ratio(percent: text), ratio > .zero, ratio < .one else { return nil }
        return ratio
    }

    /// The field of a parameter.
    static func field(_ descriptor: ParameterDescriptor, value: String) -> FormField {
        FormField(
            "p.\(descriptor.name)", descriptor.name, descriptor.isSwitch ? .toggle : .number, value: value,
            help: descriptor.hint)
    }

    /// The parameters as typed, or the problems by field.
    static func parameters(
        _ values: FormValues, _ descriptors: [ParameterDescriptor]
    ) -> (parameters: Parameters?, problems: [(name: String, text: String)]) {
        do {
            let overrides = descriptors.map { (name: $0.name, text: values["p.\($0.name)"]) }
            return (try Parameters(descriptors, overrides: overrides), [])
        } catch {
            return (nil, error.problems.map { ("p.\($0.parameter)", $0.problem) })
        }
    }

    func review(_ values: FormValues, _ snapshot: Snapshot) -> FormReview {
        var review = FormReview()
        guard let current = snapshot.strategy(registration.id) else {
            review.problems.append(("", "\(registration.name) was removed meanwhile"))
            return review
        }
        let read = StrategyForm.parameters(values, descriptors)
        review.problems = read.problems
        if (try? Ratio(percent: values["capital-share"])).map({ $0 <= .zero || $0 > .one }) ?? true {
            review.problems.append(("capital-share", "expected more than 0 and at most 100"))
        }
        review.problems += StrategyForm.protectionProblems(values)
        for change in changes(values, current.registration) { review.preview.append(change) }
        if review.preview.isEmpty, review.isAcceptable { review.preview.append(.init("No change", "")) }
        if !current.position.isFlat, review.isAcceptable {
            review.preview.append(.init("Position", "stays; the changed rule warms up anew"))
        }
        return review
    }

    private func changes(_ values: FormValues, _ current: StrategyRegistration) -> [Confirmation.Fact] {
        var facts: [Confirmation.Fact] = []
        for (name, text) in current.parameters.texts where values["p.\(name)"] != text {
            facts.append(.init(name, "\(text) → \(values["p.\(name)"])"))
        }
        let share = String(current.capitalShare.description.dropLast())
        if values["capital-share"] != share {
            facts.append(.init("capital share", "\(share)% → \(values["capital-share"])%"))
        }
        for field in StrategyForm.protectionFields(current.protection) where values[field.name] != field.value {
            func shown(_ text: String) -> String { text.isEmpty ? "none" : "\(text)%" }
            facts.append(.init(field.label.lowercased(), "\(shown(field.value)) → \(shown(values[field.name]))"))
        }
        return facts
    }

    func submit(_ values: FormValues, _ snapshot: Snapshot) -> [Consequence] {
        guard let current = snapshot.strategy(registration.id)?.registration,
            let parameters = StrategyForm.parameters(values, descriptors).parameters,
            let share = try? Ratio(percent: values["capital-share"])
        else { return [.toast(.error, "The form could not be read any more")] }
        let facts = changes(values, current)
        guard !facts.isEmpty else { return [.toast(.info, "Nothing was changed")] }
        var changed = current
        changed.parameters = parameters
        changed.capitalShare = share
        changed.protection = StrategyForm.protection(values)
        return [
            .confirm(
                Confirmation(
                    tier: TradingQuestions.tier(snapshot.mode), title: "Change \(current.name)", facts: facts,
                    word: current.name, request: .changeStrategy(changed)))
        ]
    }
}

/// A new strategy of a class.
struct NewStrategyForm: FormModel {
    private let descriptor: StrategyDescriptor
    private let markets: [(id: InstrumentID, name: String)]
    private let symbol: InstrumentID
    private let timeframe: Timeframe
    private let proposed: [String: String]

    /// The form of a class, for the market that is shown, with these values of parameters where they are proposed.
    init(
        _ descriptor: StrategyDescriptor, _ snapshot: Snapshot, symbol: InstrumentID, timeframe: Timeframe,
        proposing proposed: [String: String] = [:]
    ) {
        self.descriptor = descriptor
        self.proposed = proposed
        markets = snapshot.markets.map { ($0.id, $0.instrument.name) }
        self.symbol = symbol
        self.timeframe = timeframe
    }

    var title: String { "New strategy  \(StrategyClass.title(of: descriptor.name))" }
    var submitLabel: String { "Register" }

    var fields: [FormField] {
        let names = markets.map(\.name)
        let current = markets.first { $0.id == symbol }?.name ?? names.first ?? ""
        return [
            FormField("name", "Name", .text, value: "", help: "letters, digits and dashes; no other strategy has it"),
            FormField("instrument", "Instrument", .choice(names), value: current),
            FormField(
                "timeframe", "Timeframe", .choice(Timeframe.all.map(\.description)), value: timeframe.description),
            FormField("share", "Entry size", .number, value: "10", help: "percent of the equity that an entry takes"),
        ]
            + descriptor.parameters.map {
                StrategyForm.field($0, value: proposed[$0.name] ?? $0.text($0.defaultValue))
            }
            + StrategyForm.protectionFields(.none)
    }

    func review(_ values: FormValues, _ snapshot: Snapshot) -> FormReview {
        var review = FormReview()
        let name = values["name"]
        if name.isEmpty {
            review.problems.append(("name", "a name is needed"))
        } else if !name.unicodeScalars.allSatisfy({
            $0 == "-" || $0 == "_" || ($0.isASCII && $0.properties.isAlphabetic) || ("0"..."9").contains($0)
        }) {
            review.problems.append(("name", "letters, digits and dashes only"))
        } else if snapshot.strategies.contains(where: { $0.registration.name == name }) {
            review.problems.append(("name", "there is a strategy \(name) already"))
        }
        review.problems += StrategyForm.parameters(values, descriptor.parameters).problems
        if (try? Ratio(percent: values["share"])).map({ $0 <= .zero || $0 > .one }) ?? true {
            review.problems.append(("share", "expected more than 0 and at most 100"))
        }
        review.problems += StrategyForm.protectionProblems(values)
        review.preview.append(.init("Status", "registered as disabled; Space enables it"))
        return review
    }

    func submit(_ values: FormValues, _ snapshot: Snapshot) -> [Consequence] {
        guard let market = markets.first(where: { $0.name == values["instrument"] }),
            let timeframe = Timeframe(values["timeframe"]), let share = try? Ratio(percent: values["share"]),
            let parameters = StrategyForm.parameters(values, descriptor.parameters).parameters
        else { return [.toast(.error, "The form could not be read any more")] }
        let registration = StrategyRegistration(
            id: StrategyID(rawValue: 0), name: values["name"], className: descriptor.name, parameters: parameters,
            instrument: market.id, timeframe: timeframe, sizing: .equityShare(share),
            protection: StrategyForm.protection(values),
            status: .disabled)
        return [.request(.addStrategy(registration))]
    }
}

/// A price at which an alert is wanted.
struct PriceAlertForm: FormModel {
    private let instrument: InstrumentID
    private let pair: String
    private let price: String

    /// The form for an instrument, at a price or at the last one.
    init(_ market: MarketView, price: Price? = nil) {
        instrument = market.id
        pair = market.instrument.pair
        self.price = (price ?? market.last).map { market.instrument.text($0) } ?? ""
    }

    var title: String { "Price alert  \(pair)" }
    var submitLabel: String { "Set alert" }
    var fields: [FormField] {
        [FormField("price", "Price", .number, value: price, help: "the alert arises when the price crosses it")]
    }

    func review(_ values: FormValues, _ snapshot: Snapshot) -> FormReview {
        var review = FormReview()
        guard let market = snapshot.market(instrument) else {
            review.problems.append(("", "the instrument is gone"))
            return review
        }
        do {
            let price = try market.instrument.price(values["price"])
            if price.mantissa <= 0 { review.problems.append(("price", "a price is positive")) }
            if let last = market.last, price.mantissa > 0 {
                let distance = Double(price.mantissa - last.mantissa) / Double(last.mantissa)
                review.preview.append(
                    .init(
                        price < last ? "Falls to" : "Rises to",
                        "\(market.instrument.text(price)), \(Words.signedPercent(distance)) from here"))
            }
        } catch {
            review.problems.append(("price", error.description))
        }
        return review
    }

    func submit(_ values: FormValues, _ snapshot: Snapshot) -> [Consequence] {
        guard let market = snapshot.market(instrument), let price = try? market.instrument.price(values["price"]) else {
            return [.toast(.error, "The price could not be read")]
        }
        return [.request(.addPriceAlert(instrument, price))]
    }
}
