/// A line from a client: a command with its arguments. The protocol is written out in `docs/control-socket.md`.
///
/// Every argument is optional here; which ones a command needs is checked when it is carried out, so that everything
/// wrong with a request can be said at once. Keys are written in snake case.
public struct ControlRequest: Codable, Sendable, Hashable {
    /// The client's number for the request; the response carries it.
    public var id: Int64?
    /// The command, `order.place`.
    public var command: String
    /// `BINANCE:BTCUSDT`, `BTCUSDT` or `BTC/USDT`, where that is unambiguous.
    public var symbol: String?
    /// `buy` or `sell`.
    public var side: String?
    /// `market`, `limit`, `stop`, `stop-limit`, `take-profit`, `take-profit-limit` or `trailing-stop`.
    public var type: String?
    /// A decimal number.
    public var quantity: String?
    /// A decimal number.
    public var price: String?
    /// A decimal number.
    public var stopPrice: String?
    /// How far a trailing stop follows behind the market's best, in basis points.
    public var trailingBps: Int?
    /// A decimal number: where the stop stands that protects what the order opens.
    public var stop: String?
    /// A decimal number: where the target stands that closes what the order opens.
    public var target: String?
    /// `GTC`, `IOC` or `FOK`.
    public var timeInForce: String?
    /// Whether the order is refused rather than taking liquidity.
    public var postOnly: Bool?
    /// Whether the order may only make a position smaller.
    public var reduceOnly: Bool?
    /// An order's number.
    public var order: UInt64?
    /// The venue's number of another client's order.
    public var venueOrder: String?
    /// Whether an order that is claimed is cancelled, too.
    public var cancel: Bool?
    /// A strategy's name.
    public var strategy: String?
    /// A strategy's class.
    public var className: String?
    /// A strategy's parameters by name.
    public var parameters: [String: String]?
    /// The candles that a strategy sees, `5m`.
    public var timeframe: String?
    /// How big a strategy's entries are: `all-in`, `fixed:N` or `percent:P`.
    public var sizing: String?
    /// The share of the equity that a strategy may use, in percent.
    public var capitalShare: String?
    /// A stop in percent, or `off`.
    public var stopLoss: String?
    /// A target in percent, or `off`.
    public var takeProfit: String?
    /// A stop that follows in percent, or `off`.
    public var trailingStop: String?
    /// The loss at which a strategy halts in percent, or `off`.
    public var maxDrawdown: String?
    /// Whether a new strategy trades at once.
    public var enable: Bool?
    /// How long an alert is out of sight, in seconds.
    public var seconds: Int64?
    /// The word that ends an emergency stop.
    public var confirm: String?
    /// Numbers of alerts.
    public var alerts: [Int64]?
    /// Whether an emergency stop leaves protective orders working.
    public var keepProtection: Bool?
    /// Whether an emergency stop closes the positions too.
    public var flatten: Bool?
    /// Whether the venue's word for the cash is meant, and not that for a position.
    public var cash: Bool?
    /// Whether closed orders are listed too.
    public var all: Bool?
    /// Why a strategy is enabled without the evidence that real money asks for.
    public var waive: String?

    /// A request without arguments.
    public init(command: String) { self.command = command }

    /// The word that `rearm` is confirmed with.
    public static let rearmWord = "re-arm"

    /// What is said of a strategy.
    public var strategyArguments: StrategyArguments {
        get {
            var arguments = StrategyArguments()
            arguments.parameters = parameters ?? [:]
            arguments.symbol = symbol
            arguments.timeframe = timeframe
            arguments.sizing = sizing
            arguments.capitalShare = capitalShare
            arguments.stopLoss = stopLoss
            arguments.takeProfit = takeProfit
            arguments.trailingStop = trailingStop
            arguments.maximumDrawdown = maxDrawdown
            return arguments
        }
        set {
            parameters = newValue.parameters
            symbol = newValue.symbol
            timeframe = newValue.timeframe
            sizing = newValue.sizing
            capitalShare = newValue.capitalShare
            stopLoss = newValue.stopLoss
            takeProfit = newValue.takeProfit
            trailingStop = newValue.trailingStop
            maxDrawdown = newValue.maximumDrawdown
        }
    }
}

/// The line that answers a request.
public struct ControlResponse: Codable, Sendable {
    /// The request's number; `null` when the request could not be read.
    public var id: Int64?
    /// Whether it was done.
    public var ok: Bool
    /// What was done, in words.
    public var message: String?
    /// Why it was not done.
    public var error: ControlFailure?
    /// The order placed, or asked about.
    public var order: OrderMessage?
    /// The orders asked for.
    public var orders: [OrderMessage]?
    /// The open orders of other clients, which were asked for.
    public var externalOrders: [ExternalOrderMessage]?
    /// The positions asked for.
    public var positions: [PositionMessage]?
    /// The strategy that was registered or changed.
    public var strategy: StrategyMessage?
    /// The strategies asked for.
    public var strategies: [StrategyMessage]?
    /// With the strategies: the names of those that were removed in this session, which the store may still list.
    public var removed: [String]?
    /// The alerts asked for.
    public var alerts: [AlertMessage]?
    /// The engine's status.
    public var status: StatusMessage?
    /// What an emergency stop did.
    public var receipt: ReceiptMessage?

    /// A response that says that it was done.
    public init(id: Int64?, message: String? = nil) {
        self.id = id
        ok = true
        self.message = message
    }

    /// A response that says why it was not done.
    public init(id: Int64?, _ error: ControlFailure) {
        self.id = id
        ok = false
        self.error = error
    }
}

/// Why a request was not carried out.
public struct ControlFailure: Codable, Error, Sendable, Hashable, CustomStringConvertible {
    /// A stable key.
    public var code: Code
    /// What is wrong and what to do, in words; several problems one a line.
    public var message: String

    /// The stable keys.
    public enum Code: String, Codable, Sendable {
        /// The line is no JSON object of the protocol.
        case malformed
        /// The line is longer than the protocol allows.
        case tooLong = "too-long"
        /// There is no such command.
        case unknownCommand = "unknown-command"
        /// Arguments are missing or can't be read.
        case invalidArgument = "invalid-argument"
        /// The engine did not do it.
        case refused
        /// The engine is stopping or has more to do than it takes.
        case unavailable
    }

    /// A failure of its parts.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// What is wrong.
    public var description: String { message }
}
