import Engine
import Market
import Trading

/// Asks for everything a backtest needs, checked as it is typed.
struct BacktestForm: FormModel {
    let classes: [StrategyDescriptor]
    private let series: [StoredSeries]
    private let start: BacktestRequest?

    static let noSeries = "No stored candles: wick data import FILE… --venue binance --symbol BTCUSDT brings some in"

    /// The form over what the catalogue has, beginning with an earlier request where given.
    init(_ catalog: Catalog, start: BacktestRequest? = nil) {
        var classes = catalog.classes
        // Rules are no listed class; an earlier request brings them along.
        if let start, !classes.contains(where: { $0.name == start.className }),
            let rules = classes.named(start.className)
        {
            classes.append(rules)
        }
        self.classes = classes
        series = catalog.series
        self.start = start
    }

    var title: String { "New backtest" }
    var submitLabel: String { "Run" }

    var fields: [FormField] {
        let className = start?.classTitle ?? classes.first.map(Self.title) ?? ""
        var fields = [
            FormField("class", "Strategy", .choice(classes.map(Self.title)), value: className, help: "← and → choose")
        ]
        for strategy in classes {
            for descriptor in strategy.parameters {
                let value = strategy.name == start?.className ? start?.parameters[descriptor.name] : nil
                fields.append(Self.field(Self.title(strategy), descriptor, value))
            }
        }
        fields += runFields(start)
        return fields
    }

    /// What is to be run over, and on which account.
    func runFields(_ start: BacktestRequest?) -> [FormField] {
        let seriesName = start?.series ?? series.first?.name ?? ""
        let range = series.first { $0.name == seriesName }
        let shortest = range?.timeframe ?? .oneMinute
        return [
            FormField("series", "Series", .choice(series.map(\.name)), value: seriesName, help: "stored candles"),
            FormField(
                "timeframe", "Timeframe", .choice(Timeframe.all.map(\.description)),
                value: (start?.timeframe ?? shortest).description, help: "candles the strategy sees"),
            FormField(
                "from", "From", .text, value: start?.from.map(Self.date) ?? "",
                help: "2023-01-01 or with a time, UTC; empty: from the first candle"
                    + (range.map { ", \($0.from.date)" } ?? "")),
            FormField(
                "to", "To", .text, value: start?.to.map(Self.date) ?? "",
                help: "the end, not included; empty: to the last candle" + (range.map { ", \($0.to.date)" } ?? "")),
            FormField("cash", "Cash", .number, value: start?.cash ?? "10000", help: "in the quote currency"),
            FormField(
                "fee-bps", "Fee", .number, value: start?.feeBasisPoints ?? "10", help: "basis points, on both sides"),
            FormField(
                "slippage-bps", "Slippage", .number, value: start?.slippageBasisPoints ?? "0",
                help: "basis points against the order at every market fill"),
            FormField(
                "sizing", "Sizing", .text, value: start?.sizing ?? "all-in",
                help: "all-in, fixed:0.5 (of the base asset) or percent:25 (of equity)"),
        ]
    }

    static func title(_ strategy: StrategyDescriptor) -> String { StrategyClass.title(of: strategy.name) }

    private static func field(_ className: String, _ descriptor: ParameterDescriptor, _ value: String?) -> FormField {
        FormField(
            "\(className).\(descriptor.name)", descriptor.name, descriptor.isSwitch ? .toggle : .number,
            value: value ?? descriptor.text(descriptor.defaultValue),
            help: descriptor.hint)
    }

    /// The date alone at midnight, else date and time.
    private static func date(_ time: Timestamp) -> String {
        time.seconds % 86_400 == 0 ? time.date : "\(time.date) \(time.timeOfDay.prefix(5))"
    }

    func review(_ values: FormValues, _ snapshot: Snapshot) -> FormReview {
        var review = FormReview()
        let className = values["class"]
        for strategy in classes where Self.title(strategy) != className {
            for descriptor in strategy.parameters { review.hidden.insert("\(Self.title(strategy)).\(descriptor.name)") }
        }
        guard let strategy = classes.first(where: { Self.title($0) == className }) else {
            review.problems.append(("class", "there is no strategy class '\(className)'"))
            return review
        }
        for descriptor in strategy.parameters {
            let name = "\(className).\(descriptor.name)"
            do {
                _ = try descriptor.value(of: values[name])
            } catch {
                review.problems.append((name, error.problem))
            }
        }
        checkSeries(values, &review)
        checkMoney(values, &review)
        review.preview.insert(.init("", strategy.summary), at: 0)
        return review
    }

    func checkSeries(_ values: FormValues, _ review: inout FormReview) {
        guard let stored = series.first(where: { $0.name == values["series"] }) else {
            review.problems.append(("series", "'\(values["series"])' is not stored"))
            return
        }
        let timeframe = Timeframe(values["timeframe"])
        if timeframe.map({ $0 < stored.timeframe }) ?? true {
            review.problems.append(("timeframe", "expected \(stored.timeframe) or longer: shorter ones are not stored"))
        }
        var limits: [String: Timestamp] = [:]
        for name in ["from", "to"] where !values[name].isEmpty {
            guard let time = Timestamp(iso8601: values[name]) else {
                review.problems.append((name, "'\(values[name])' is no date; expected 2023-01-01 or 2023-01-01 12:30"))
                continue
            }
            limits[name] = time
        }
        let from = max(limits["from"] ?? stored.from, stored.from)
        let to = min(limits["to"] ?? stored.to, stored.to)
        if from >= to {
            let name = limits["to"] == nil ? "from" : "to"
            review.problems.append((name, "no candles there: stored are \(stored.from.date) to \(stored.to.date)"))
        } else if let timeframe, review.problems.isEmpty {
            let count = to.nanoseconds(since: from) / timeframe.nanoseconds
            review.preview.append(.init("Candles", "at most \(Words.grouped(String(count)))"))
        }
    }

    func checkMoney(_ values: FormValues, _ review: inout FormReview) {
        if (try? DecimalText.mantissa(values["cash"], scale: 8)).map({ $0 <= 0 }) ?? true {
            review.problems.append(("cash", "'\(values["cash"])' is not an amount above 0"))
        }
        for name in ["fee-bps", "slippage-bps"] {
            let ratio = try? Ratio(basisPoints: values[name])
            if ratio.map({ $0 < .zero || $0 >= .one }) ?? true {
                review.problems.append((name, "'\(values[name])' is not a number of basis points from 0 to 9999"))
            }
        }
        if let problem = Self.sizingProblem(values["sizing"]) { review.problems.append(("sizing", problem)) }
    }

    /// What is wrong with a sizing; `nil` when nothing is.
    static func sizingProblem(_ text: String) -> String? {
        let expected = "expected all-in, fixed:0.5 or percent:25"
        if text == "all-in" { return nil }
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return expected }
        switch parts[0] {
        case "fixed":
            guard let mantissa = try? DecimalText.mantissa(parts[1], scale: 8), mantissa > 0 else { return expected }
            return nil
        case "percent":
            guard let share = try? Ratio(percent: parts[1]), share > .zero, share <= .one else {
                return "expected percent: more than 0 and at most 100"
            }
            return nil
        default: return expected
        }
    }

    func submit(_ values: FormValues, _ snapshot: Snapshot) -> [Consequence] {
        guard let strategy = classes.first(where: { Self.title($0) == values["class"] }),
            let timeframe = Timeframe(values["timeframe"])
        else { return [.toast(.error, "The form could not be read any more")] }
        var parameters: [String: String] = [:]
        for descriptor in strategy.parameters {
            parameters[descriptor.name] = values["\(Self.title(strategy)).\(descriptor.name)"]
        }
        let request = Self.request(strategy.name, parameters, timeframe, values)
        return [.request(.runBacktest(request)), .focus(.backtests)]
    }

    /// The run of these parameters that the other fields describe.
    static func request(
        _ className: String, _ parameters: [String: String], _ timeframe: Timeframe, _ values: FormValues
    ) -> BacktestRequest {
        BacktestRequest(
            className: className, parameters: parameters, series: values["series"], timeframe: timeframe,
            from: Timestamp(iso8601: values["from"]), to: Timestamp(iso8601: values["to"]), cash: values["cash"],
            feeBasisPoints: values["fee-bps"], slippageBasisPoints: values["slippage-bps"], sizing: values["sizing"])
    }
}
