import ArgumentParser
import Engine
import Trading

/// `wick order place`
struct OrderPlaceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "place", abstract: "Place an order by hand.",
        discussion: """
            The order goes through the same risk checks as those of strategies. Prints the order with the verdict; ends \
            with 0 when it works or has filled, with 1 when it was denied, rejected or found no counterpart, and with 69 \
            when no engine runs.

            A trailing stop goes off when the market has come back from its best by --trailing-bps: 50 are half a percent. \
            With --stop-price it begins to follow once the market has come to that price: down for a sale, up for a buy.

            --stop and --target go with market and limit orders: they are orders that close what this one opens, and \
            begin to work when it has filled, or has ended with a part; on paper the stop does from the first fill on. \
            One cancels the other. Where the risk checks refuse one of them the order does not leave either.

            Examples:
              wick order place --symbol BTCUSDT --side buy --quantity 0.01
              wick order place --symbol BTC/USDT --side sell --type limit --quantity 0.01 --price 71000 --post-only
              wick order place --symbol BTCUSDT --side buy --type limit --quantity 0.01 --price 60000 --stop 58000 --target 66000
              wick order place --symbol BTCUSDT --side sell --type stop --quantity 0.01 --stop-price 58000 --reduce-only
              wick order place --symbol BTCUSDT --side sell --type trailing-stop --quantity 0.01 --trailing-bps 150 --reduce-only
            """)

    @Option(help: "The instrument: VENUE:SYMBOL, or SYMBOL or BASE/QUOTE where only one venue has it.")
    var symbol: String?

    @Option(help: ArgumentHelp("buy or sell.", valueName: "side"), completion: .list(["buy", "sell"]))
    var side: String?

    @Option(
        help: ArgumentHelp("\(OrderType.names).", valueName: "type"),
        completion: .list(OrderType.allCases.map(\.name)))
    var type = "market"

    @Option(parsing: .unconditional, help: ArgumentHelp("How much of the base asset.", valueName: "quantity"))
    var quantity: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The limit price of limit, stop-limit and take-profit-limit orders.", valueName: "price"))
    var price: String?

    @Option(
        name: .customLong("stop-price"), parsing: .unconditional,
        help: ArgumentHelp(
            "The trigger price of stops and take-profits; of a trailing stop the price from which on it follows.",
            valueName: "price"))
    var stopPrice: String?

    @Option(
        name: .customLong("trailing-bps"),
        help: ArgumentHelp(
            "How far a trailing stop follows behind the market's best, in basis points.", valueName: "bps"))
    var trailingBps: Int?

    @Option(
        name: .customLong("stop"), parsing: .unconditional,
        help: ArgumentHelp("Where a stop protects what the order opens.", valueName: "price"))
    var protectiveStop: String?

    @Option(
        name: .customLong("target"), parsing: .unconditional,
        help: ArgumentHelp("Where a target closes what the order opens.", valueName: "price"))
    var protectiveTarget: String?

    @Option(
        name: .customLong("tif"), help: ArgumentHelp("How long it works: GTC, IOC or FOK.", valueName: "tif"),
        completion: .list(["GTC", "IOC", "FOK"]))
    var timeInForce = "GTC"

    @Flag(name: .customLong("post-only"), help: "Refuse it rather than let it take liquidity.")
    var isPostOnly = false

    @Flag(name: .customLong("reduce-only"), help: "Let it only make the position smaller.")
    var isReduceOnly = false

    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        let problems = self.problems
        guard problems.isEmpty else { throw CommandFailure(usage: problems) }
        var request = ControlRequest(command: "order.place")
        request.symbol = symbol
        request.side = side
        request.type = type
        request.quantity = quantity
        request.price = price
        request.stopPrice = stopPrice
        request.trailingBps = trailingBps
        request.stop = protectiveStop
        request.target = protectiveTarget
        request.timeInForce = timeInForce
        request.postOnly = isPostOnly
        request.reduceOnly = isReduceOnly
        let order: OrderMessage
        do {
            order = try data.engine().placeOrder(request)
        } catch EngineClientError.refused(let failure) where failure.code == .invalidArgument {
            // The engine names arguments as its protocol does; people know them as options.
            let lines = failure.message.split(separator: "\n").map { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                let name = parts[0].replacingAll("_", "-").replacingAll("time-in-force", "tif")
                return "--\(name):\(parts.dropFirst().joined())"
            }
            throw CommandFailure(usage: lines)
        }
        try OrderOutcome.print(order, print)
    }
}

extension OrderPlaceCommand {
    /// What can't be meant, whatever the instrument: it is said before anything leaves, and takes no number of an order.
    private var problems: [String] {
        let amounts = [
            ("--quantity", quantity), ("--price", price), ("--stop-price", stopPrice), ("--stop", protectiveStop),
            ("--target", protectiveTarget),
        ]
        var problems = amounts.compactMap { name, text -> String? in
            guard let text, let number = Double(text), number <= 0 else { return nil }
            return "\(name): \(Table.plain(text)) is not above 0"
        }
        if isPostOnly, let type = OrderType(name: type), let timeInForce = TimeInForce(name: timeInForce) {
            if !type.hasLimit {
                problems.append("--post-only: \(type.name) orders take what is there; expected one with a limit")
            } else if timeInForce != .goodTilCancelled {
                problems.append("--post-only: with --tif \(self.timeInForce) an order never rests; give one of the two")
            }
        }
        return problems
    }
}

/// What became of an order.
enum OrderOutcome {
    /// States in which an order did not do what was asked.
    private static let failures = ["denied", "rejected", "expired", "lost"]

    /// Prints an order; ends with 1 when it was refused.
    static func print(_ order: OrderMessage, _ options: PrintOptions) throws {
        if options.isJSON {
            JSON.print(order)
        } else {
            Output.line(sentence(order))
        }
        if failures.contains(order.state) { throw CommandFailure(.refused) }
    }

    /// An order and what became of it in one line.
    static func sentence(_ order: OrderMessage) -> String {
        var text = "order \(order.id) \(order.state): \(order.side) \(order.quantity) \(order.symbol) \(order.type)"
        if let price = order.price { text += " at \(price)" }
        if let trailing = order.trailingBps { text += " trailing \(trailing) bps" }
        if let stopPrice = order.stopPrice { text += " when \(stopPrice) trades" }
        if let stop = order.stop { text += ", stop \(stop)" }
        if let target = order.target { text += ", target \(target)" }
        if let average = order.averagePrice {
            text += "; filled \(order.filled) at \(average), fees \(order.fees)"
            if let base = order.baseFees { text += " and \(base) of what was bought" }
        }
        if !order.reason.isEmpty { text += "; \(order.reason)" }
        if let verdict = order.verdict, verdict != "allowed" { text += "; \(verdict)" }
        return Table.plain(text)
    }
}

extension StringProtocol {
    /// The text with every occurrence of `old` replaced.
    func replacingAll(_ old: String, _ new: String) -> String {
        split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }
}
