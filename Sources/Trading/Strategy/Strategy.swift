public import Bytes
public import Market

/// What a strategy may know beside the candle: its own position and nothing of the future.
@frozen
public struct StrategyContext: Sendable {
    /// Where the strategy stands now.
    public var direction: Direction
    /// The average price of its open position; 0 when flat.
    public var entryPrice: Double
    /// How many closed candles it has seen, this one and the warm-up included.
    public var candleCount: Int

    /// A context of its parts.
    @inlinable
    public init(direction: Direction, entryPrice: Double, candleCount: Int) {
        self.direction = direction
        self.entryPrice = entryPrice
        self.candleCount = candleCount
    }
}

/// A trading rule: it sees closed candles of one instrument and timeframe, one after the other, and says where it wants
/// to be.
///
/// A strategy holds only its own state. It never sees an unfinished candle, reads no clock and does no I/O, so the same
/// candles give the same signals, bit for bit. It is a class because the kernel keeps many kinds in one list.
public protocol Strategy: AnyObject, SendableMetatype {
    /// Candles it must see before its first signal can be right.
    var warmUp: Int { get }

    /// Called once before the first candle.
    func onStart()

    /// Called at the close of each candle; a signal where the rule fires, otherwise `nil`.
    ///
    /// - Throws: `StrategyFault` when it can't go on; the kernel halts it then.
    func onCandle(_ bar: Bar, _ context: StrategyContext) throws(StrategyFault) -> Signal?

    /// Called in place of `onCandle` for candles between which nothing else happens, oldest first; a class has no reason to
    /// write its own.
    ///
    /// - Parameters:
    ///   - priceUnits: price units in one whole, as a bar has them.
    ///   - quantityUnits: quantity units in one whole.
    ///   - context: what holds before the first of the candles.
    func scan(
        _ candles: Span<Candle>, _ timeframe: Timeframe, priceUnits: Double, quantityUnits: Double,
        _ context: StrategyContext
    ) -> CandleScan

    /// Called when one of its orders filled.
    func onFill(_ fill: Fill, side: Side)

    /// Called when it is disabled or removed.
    func onStop()

    /// The form in which `save` writes, or `nil` where the class can't write its state down: it is fed the candles of the
    /// past anew after a restart then. Another form takes another number.
    static var stateVersion: UInt8? { get }

    /// Appends all that it has seen; nothing of its parameters.
    func save(to writer: inout ByteWriter)

    /// Takes over what another of the same class and parameters has seen: from here on both say the same, bit for bit.
    ///
    /// - Throws: `MalformedBytes` when the bytes are no such state; the strategy is not to be used then.
    func restore(from reader: inout ByteReader) throws(MalformedBytes)
}

/// A strategy written in Swift: the type is the class that people name.
public protocol CompiledStrategy: Strategy {
    /// What the class is called, means and takes.
    static var descriptor: StrategyDescriptor { get }

    /// A strategy with these parameters.
    ///
    /// - Throws: `ParameterErrors` when parameters contradict each other (a fast period not below the slow one).
    init(_ parameters: Parameters) throws(ParameterErrors)
}

/// Why a strategy can't go on.
public struct StrategyFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// What happened, in words.
    public let text: String

    /// A fault of its text.
    public init(_ text: String) { self.text = text }

    /// What happened.
    public var description: String { text }
}

extension Strategy {
    /// Does nothing.
    public func onStart() {}
    /// Does nothing.
    public func onFill(_ fill: Fill, side: Side) {}
    /// Does nothing.
    public func onStop() {}
    /// None: the state can't be written down.
    public static var stateVersion: UInt8? { nil }
    /// Appends nothing.
    public func save(to writer: inout ByteWriter) {}
    /// Reads nothing.
    public func restore(from reader: inout ByteReader) throws(MalformedBytes) {}
}

/// What a strategy class is called, means and takes.
public struct StrategyDescriptor: Sendable {
    /// The name used in commands and files, `sma-crossover`.
    public var name: String
    /// What it does, in one or two sentences.
    public var summary: String
    /// Its parameters.
    public var parameters: [ParameterDescriptor]
    /// The chart overlays that show what it looks at, as catalogue names with its own parameters, `SMA(fast)`.
    public var overlays: [OverlayDescriptor]

    /// A descriptor of its parts.
    public init(
        name: String, summary: String, parameters: [ParameterDescriptor], overlays: [OverlayDescriptor] = []
    ) {
        self.name = name
        self.summary = summary
        self.parameters = parameters
        self.overlays = overlays
    }
}

/// An indicator drawn with a strategy: which, and which of the strategy's parameters feed it.
public struct OverlayDescriptor: Sendable, Hashable {
    /// The indicator's name in the indicator catalogue.
    public var indicator: String
    /// The strategy's parameters that become the indicator's, in its order.
    public var parameters: [String]

    /// An overlay of its parts.
    public init(_ indicator: String, _ parameters: [String]) {
        self.indicator = indicator
        self.parameters = parameters
    }
}
