/// A function of the language: what it is called, takes and gives.
struct Function: Sendable {
    /// What one argument may be.
    enum Argument: Sendable, Hashable {
        /// A number of any kind.
        case number
        /// A condition.
        case condition
        /// A whole number that does not change from candle to candle, at least this: a window in candles.
        case window(atLeast: Int)
        /// A number that does not change from candle to candle, within bounds.
        case factor(ClosedRange<Double>)

        var name: String {
            switch self {
            case .number: return "a number"
            case .condition: return "a condition"
            case .window: return "a number of candles"
            case .factor: return "a fixed number"
            }
        }
    }

    /// What it gives.
    enum Result: Sendable, Hashable {
        case number
        case condition
        /// Several lines, chosen by name.
        case lines([String])
    }

    let name: String
    let operation: Operation
    let arguments: [Argument]
    let result: Result
    /// How the arguments are called, for messages and the manual.
    let words: [String]
    /// Whether the first argument may be left out; the close stands for it then.
    let isOfClose: Bool

    /// The most candles a window may have.
    static let longestWindow = 5_000

    init(
        _ name: String, _ operation: Operation, _ arguments: [(String, Argument)], _ result: Result = .number,
        isOfClose: Bool = false
    ) {
        self.name = name
        self.operation = operation
        self.arguments = arguments.map(\.1)
        self.result = result
        words = arguments.map(\.0)
        self.isOfClose = isOfClose
    }

    /// How it is written: `ema(value, window)`.
    var shape: String { "\(name)(\(words.joined(separator: ", ")))" }

    static func named(_ name: String) -> Function? { all.first { $0.name == name } }
}

extension Function {
    private static let window = ("window", Argument.window(atLeast: 1))
    private static let value = ("value", Argument.number)
    private static let width = Argument.factor(0...1_000)

    /// Every function, in the order of the manual.
    static let all: [Function] = [
        // Averages and windows of a value.
        Function("sma", .sma, [value, window], isOfClose: true),
        Function("ema", .ema, [value, window], isOfClose: true),
        Function("wma", .wma, [value, window], isOfClose: true),
        Function("rsi", .rsi, [value, window], isOfClose: true),
        Function("roc", .roc, [value, window], isOfClose: true),
        Function("stdev", .stdev, [value, window], isOfClose: true),
        Function("zscore", .zscore, [value, ("window", .window(atLeast: 2))], isOfClose: true),
        Function("highest", .highest, [value, window]),
        Function("lowest", .lowest, [value, window]),
        Function(
            "bollinger", .bollinger, [value, window, ("width", width)], .lines(["upper", "middle", "lower"]),
            isOfClose: true),
        Function(
            "macd", .macd,
            [
                value, ("fast", .window(atLeast: 1)), ("slow", .window(atLeast: 2)), ("signal", .window(atLeast: 1)),
            ], .lines(["line", "signal", "histogram"]), isOfClose: true),
        // Of whole candles.
        Function("atr", .atr, [window]),
        Function("adx", .adx, [("window", .window(atLeast: 2))]),
        Function("dmi", .dmi, [("window", .window(atLeast: 2))], .lines(["adx", "plus", "minus"])),
        Function("cci", .cci, [("window", .window(atLeast: 2))]),
        Function(
            "supertrend", .supertrend, [window, ("multiplier", width)],
            .lines(["line", "direction", "upper", "lower"])),
        Function(
            "stochastic", .stochastic,
            [("window", .window(atLeast: 1)), ("slowing", .window(atLeast: 1)), ("smoothing", .window(atLeast: 1))],
            .lines(["k", "d"])),
        Function("donchian", .donchian, [window], .lines(["upper", "middle", "lower"])),
        Function(
            "keltner", .keltner, [window, ("range", .window(atLeast: 1)), ("multiplier", width)],
            .lines(["upper", "middle", "lower"])),
        Function("obv", .obv, []),
        Function("vwap", .vwap, []),
        // Events.
        Function("crosses_above", .crossAbove, [("a", .number), ("b", .number)], .condition),
        Function("crosses_below", .crossBelow, [("a", .number), ("b", .number)], .condition),
        Function("bars_since", .barsSince, [("condition", .condition)]),
        // Arithmetic.
        Function("abs", .absolute, [value]),
        Function("sign", .sign, [value]),
        Function("sqrt", .squareRoot, [value]),
        Function("floor", .floor, [value]),
        Function("ceil", .ceiling, [value]),
        Function("round", .round, [value]),
        Function("min", .minimum, [("a", .number), ("b", .number)]),
        Function("max", .maximum, [("a", .number), ("b", .number)]),
        Function("when", .when, [("condition", .condition), ("then", .number), ("otherwise", .number)]),
        Function("defined", .defined, [value], .condition),
    ]

    /// The names that stand for something of the candle, the time or the position.
    static let names: [(name: String, operation: Operation)] = [
        ("open", .open), ("high", .high), ("low", .low), ("close", .close), ("volume", .volume),
        ("hour", .hour), ("minute", .minute), ("weekday", .weekday),
        ("position", .position), ("entry_price", .entryPrice), ("bars_held", .barsHeld),
    ]

    /// What names a longer timeframe can't say anything about.
    static let ofNow: [Operation] = [.hour, .minute, .weekday, .position, .entryPrice, .barsHeld]
}
