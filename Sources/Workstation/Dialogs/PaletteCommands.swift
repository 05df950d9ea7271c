import Engine
import Market
import Terminal
import Trading

/// What a line in the palette can mean.
enum PaletteCommands {
    /// The entries for a line, the best first.
    static func entries(
        for line: String, _ snapshot: Snapshot, _ view: ViewState, _ table: BindingTable
    ) -> [PaletteEntry] {
        let words = line.lowercased().split(whereSeparator: { $0 == " " }).map(String.init)
        let spoken = PaletteSentences(snapshot: snapshot, view: view, words: words).entries
        let all = actions(table, snapshot.mode) + settings(view) + symbols(snapshot)
        return spoken + FuzzyMatcher(line).rank(all) { $0.line }.map(\.candidate)
    }

    /// The actions of the binding table.
    private static func actions(_ table: BindingTable, _ mode: TradingMode) -> [PaletteEntry] {
        table.lines.filter(\.binding.isInPalette).map { line in
            PaletteEntry(
                line: line.binding.action.rawValue, help: line.binding.help, keys: line.keys.first?.label ?? "",
                tier: line.binding.needsTrade ? TradingQuestions.tier(mode) : .immediate,
                isOpening: openers.contains(line.binding.action), consequences: [.action(line.binding.action)])
        }
    }

    /// Actions that open a dialog which asks in its turn.
    private static let openers: Set<Action> = [
        .help, .symbol, .timeframe, .theme, .ticket, .quit, .receipt, .replaySpeed, PositionsPane.reduce,
        PositionsPane.closeAll, StrategiesPane.edit, StrategiesPane.add, AlertsPane.shelve, AlertsPane.add,
    ]

    /// Themes and layouts.
    private static func settings(_ view: ViewState) -> [PaletteEntry] {
        view.themes.map { name in
            PaletteEntry(line: "theme \(name)", help: "Use the theme \(name)", consequences: [.theme(name)])
        }
            + Arrangement.Preset.allCases.map { preset in
                PaletteEntry(
                    line: "layout \(preset.rawValue)", help: "Use the layout \(preset.rawValue)",
                    consequences: [.preset(preset)])
            }
    }

    private static func symbols(_ snapshot: Snapshot) -> [PaletteEntry] {
        snapshot.markets.map { market in
            PaletteEntry(
                line: market.instrument.pair, help: "Show \(market.instrument.name)", consequences: [.symbol(market.id)]
            )
        }
    }
}

/// Sentences that name what they are about: `btc 5m`, `close sol`, `alert btc < 63000`, `disable momentum-1`.
struct PaletteSentences {
    let snapshot: Snapshot
    let view: ViewState
    let words: [String]

    private static let verbs = [
        "close", "cancel", "alert", "enable", "disable", "remove", "add", "buy", "sell", "speed", "stop",
    ]

    /// What the words can mean; nothing when they are no sentence.
    var entries: [PaletteEntry] {
        guard let first = words.first else { return [] }
        let completed = PaletteSentences.verbs.filter { $0.hasPrefix(first) }
        // Two letters of a verb are enough where they can mean one only; an instrument's name goes before.
        let isVerb = first.count > 1 && completed.count == 1 && market(named: first) == nil
        let verb = isVerb ? completed[0] : first
        let rest = Array(words.dropFirst())
        switch verb {
        case "close": return close(rest)
        case "cancel": return cancel(rest)
        case "alert": return alert(rest)
        case "enable", "disable": return toggle(verb, rest)
        case "remove": return remove(rest)
        case "add": return add(rest)
        case "buy", "sell": return ticket(verb, rest)
        case "speed": return speed(rest)
        case "stop": return [emergency]
        default: return market()
        }
    }

    private var emergency: PaletteEntry {
        PaletteEntry(
            line: "stop", help: "Emergency stop: blocks new orders at once, then asks",
            consequences: [.action(.emergencyStop)])
    }

    /// The instrument that a word means: its base, its pair or its symbol.
    private func market(named word: String) -> MarketView? {
        let name = word.uppercased()
        return snapshot.markets.first { $0.instrument.base.code.uppercased() == name }
            ?? snapshot.markets.first { $0.instrument.symbol == name || $0.instrument.pair.uppercased() == name }
            ?? snapshot.markets.first { $0.instrument.name == name }
    }

    private func market() -> [PaletteEntry] {
        if words.count == 1, let timeframe = Timeframe(words[0]) {
            return [
                PaletteEntry(
                    line: words[0], help: "Show candles of \(timeframe)",
                    consequences: [.timeframe(timeframe), .focus(.chart)])
            ]
        }
        guard let market = market(named: words[0]) else { return [] }
        let name = words[0]
        if words.count == 2, let timeframe = Timeframe(words[1]) {
            return [
                PaletteEntry(
                    line: "\(name) \(timeframe)", help: "Show \(market.instrument.pair), candles of \(timeframe)",
                    consequences: [.symbol(market.id), .timeframe(timeframe)])
            ]
        }
        if words.count == 2 {
            return PaneID.allCases.filter { $0.rawValue.hasPrefix(words[1]) }.map { pane in
                PaletteEntry(
                    line: "\(name) \(pane.rawValue)", help: "Show \(market.instrument.pair), go to \(pane.name)",
                    consequences: [.symbol(market.id), .focus(pane)])
            }
        }
        return words.count > 1
            ? []
            : [
                PaletteEntry(line: name, help: "Show \(market.instrument.pair)", consequences: [.symbol(market.id)])
            ]
    }

    private func close(_ rest: [String]) -> [PaletteEntry] {
        let positions = snapshot.positions.filter { position in
            guard let word = rest.first else { return true }
            if position.ownerName.lowercased() == word { return true }
            return market(named: word)?.id == position.position.instrument
        }
        if let word = rest.dropFirst().first { return closePart(positions, word) }
        return positions.compactMap { position in
            guard let instrument = snapshot.market(position.position.instrument)?.instrument else { return nil }
            let size =
                "\(Describe.direction(position.position.quantity)) \(instrument.text(position.position.quantity.magnitude))"
            return PaletteEntry(
                line: "close \(instrument.base.code.lowercased())",
                help: "Close \(size) \(instrument.pair) of \(position.ownerName) at market",
                tier: TradingQuestions.tier(snapshot.mode),
                consequences: tradeOnly(TradingQuestions.close(position, snapshot)))
        }
    }

    /// A part of a position is closed by a ticket, which only works for one's own.
    private func closePart(_ positions: [PositionView], _ share: String) -> [PaletteEntry] {
        guard share.hasSuffix("%"), let position = positions.first(where: { $0.position.owner.isManual }),
            let ratio = try? Ratio(percent: share.dropLast()), ratio > .zero, ratio <= .one,
            let instrument = snapshot.market(position.position.instrument)?.instrument
        else { return [] }
        let part = position.position.quantity.magnitude.share(ratio).rounded(
            toStep: instrument.quantityStep(of: .market), .down)
        let side: Side = position.position.quantity.mantissa > 0 ? .sell : .buy
        return [
            PaletteEntry(
                line: "close \(instrument.base.code.lowercased()) \(share)",
                help: "Ticket: \(side.name) \(instrument.text(part)) \(instrument.pair), reduce-only", isOpening: true,
                consequences: tradeOnly(
                    OrderTicket.opening(
                        position.position.instrument, snapshot, side: side, type: .market,
                        quantity: instrument.text(part), isReduceOnly: true)))
        ]
    }

    private func cancel(_ rest: [String]) -> [PaletteEntry] {
        guard let word = rest.first, word != "all" else {
            return [
                PaletteEntry(
                    line: "cancel all", help: "Cancel all open orders", tier: TradingQuestions.tier(snapshot.mode),
                    consequences: tradeOnly(TradingQuestions.cancelAll(nil, snapshot)))
            ]
        }
        if let number = UInt64(word), let order = snapshot.orders.first(where: { $0.order.id.rawValue == number }) {
            return [
                PaletteEntry(
                    line: "cancel \(number)", help: "Cancel \(Describe.order(order.order, snapshot))", tier: .line,
                    consequences: tradeOnly(TradingQuestions.cancel(order, snapshot)))
            ]
        }
        guard let market = market(named: word) else { return [] }
        return [
            PaletteEntry(
                line: "cancel \(word)", help: "Cancel all orders of \(market.instrument.pair)",
                tier: TradingQuestions.tier(snapshot.mode),
                consequences: tradeOnly(TradingQuestions.cancelAll(market.id, snapshot)))
        ]
    }

    private func alert(_ rest: [String]) -> [PaletteEntry] {
        guard let word = rest.first, let market = market(named: word) else { return [] }
        // The direction follows from where the price is now; the sign is for the reader.
        guard let text = rest.last, rest.count > 1,
            let price = try? market.instrument.price(text.drop { $0 == "<" || $0 == ">" }),
            price.mantissa > 0
        else {
            return [
                PaletteEntry(
                    line: "alert \(word)", help: "Price alert for \(market.instrument.pair)", isOpening: true,
                    consequences: [.form(PriceAlertForm(market))])
            ]
        }
        return [
            PaletteEntry(
                line: words.joined(separator: " "),
                help: "Alert when \(market.instrument.pair) crosses \(market.instrument.text(price))",
                consequences: [.request(.addPriceAlert(market.id, price))])
        ]
    }

    private func strategies(_ rest: [String]) -> [StrategyView] {
        guard let word = rest.first else { return snapshot.strategies }
        return snapshot.strategies.filter { $0.registration.name.lowercased().hasPrefix(word) }
    }

    private func toggle(_ verb: String, _ rest: [String]) -> [PaletteEntry] {
        strategies(rest).compactMap { strategy in
            let isEnabled = strategy.registration.status == .enabled
            if verb == "enable" && isEnabled || verb == "disable" && !isEnabled { return nil }
            let name = strategy.registration.name
            return PaletteEntry(
                line: "\(isEnabled ? "disable" : "enable") \(name)",
                help: isEnabled ? "It rests; its position and protective orders stay" : "It trades again",
                tier: isEnabled ? .immediate : TradingQuestions.tier(snapshot.mode),
                consequences: TradingQuestions.toggle(strategy, snapshot))
        }
    }

    private func remove(_ rest: [String]) -> [PaletteEntry] {
        strategies(rest).map { strategy in
            PaletteEntry(
                line: "remove \(strategy.registration.name)", help: "End its registration",
                tier: TradingQuestions.tier(snapshot.mode), consequences: TradingQuestions.remove(strategy, snapshot))
        }
    }

    private func add(_ rest: [String]) -> [PaletteEntry] {
        view.catalog.classes.filter { descriptor in rest.first.map { descriptor.name.hasPrefix($0) } ?? true }.map {
            descriptor in
            PaletteEntry(
                line: "add \(descriptor.name)", help: descriptor.summary, isOpening: true,
                consequences: [
                    .form(NewStrategyForm(descriptor, snapshot, symbol: view.symbol, timeframe: view.timeframe))
                ])
        }
    }

    private func ticket(_ verb: String, _ rest: [String]) -> [PaletteEntry] {
        let quantity = rest.first { $0.first.map { ("0"..."9").contains($0) } ?? false } ?? ""
        let named = rest.compactMap { word in market(named: word) }.first
        guard let market = named ?? snapshot.market(view.symbol) else { return [] }
        let side: Side = verb == "buy" ? .buy : .sell
        let text = [verb, quantity, market.instrument.base.code.lowercased()].filter { !$0.isEmpty }
        return [
            PaletteEntry(
                line: text.joined(separator: " "), help: "Order ticket for \(market.instrument.pair)", isOpening: true,
                consequences: tradeOnly(
                    OrderTicket.opening(market.id, snapshot, side: side, quantity: quantity)))
        ]
    }

    private func speed(_ rest: [String]) -> [PaletteEntry] {
        guard case .replay = snapshot.source, let word = rest.first else { return [] }
        if word == "max" {
            return [
                PaletteEntry(
                    line: "speed max", help: "As fast as possible", consequences: [.request(.setReplaySpeed(nil))])
            ]
        }
        guard let speed = Double(word), speed > 0, speed <= 1_000_000 else { return [] }
        return [
            PaletteEntry(
                line: "speed \(word)", help: "\(word) recorded seconds a second",
                consequences: [.request(.setReplaySpeed(speed))])
        ]
    }

    /// Order sentences obey the lock like order keys.
    private func tradeOnly(_ consequences: [Consequence]) -> [Consequence] { [.ifTrade(consequences)] }
}
