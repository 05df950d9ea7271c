import Market

/// One step of a program: an operation on places, which are numbered.
struct Step: Sendable {
    var operation: Operation
    /// Where the result goes; further lines go behind it.
    var target: Int32
    /// The places of its operands.
    var a: Int32 = 0
    var b: Int32 = 0
    var c: Int32 = 0
    /// Which of the indicators of its kind it is, or where its memory begins.
    var index: Int32 = 0
}

/// An indicator that a program keeps: its kind and its parameters.
struct IndicatorForm: Sendable, Hashable {
    var operation: Operation
    var numbers: [Double]
}

/// What the rules of a strategy come to once the values of its parameters are known.
struct Program: Sendable {
    /// The steps of one timeframe, each after those it needs.
    struct Part: Sendable {
        /// A longer timeframe; `nil` for the candles that the strategy sees.
        var timeframe: Timeframe?
        var steps: [Step]
    }

    /// A value that explains a signal.
    struct Explanation: Sendable {
        var name: String
        var place: Int
        /// Whether it is in whole price units.
        var isInUnits: Bool
    }

    /// The place that always holds 0, which is also "does not hold".
    static let never = 0
    /// The place that always holds 1, which is also "holds".
    static let always = 1

    /// The longer timeframes, and last the candles that the strategy sees.
    var parts: [Part] = []
    /// What the places hold before the first candle: the numbers that never change, and NaN.
    var places: [Double] = [0, 1]
    /// The indicators of each kind, in the order of their index.
    var indicators: [IndicatorForm] = []
    /// What the memory of crossings and the like holds before the first candle.
    var memory: [Double] = []
    /// Candles until everything that the rules look at is defined.
    var warmUp = 1
    /// The candles it must see, where it looks at longer ones.
    var timeframe: Timeframe?

    var entry = Program.never
    var exit = Program.never
    var short = Program.never
    var cover = Program.never
    var filter = Program.always
    var stop: Int?
    var target: Int?
    var trail: Int?
    var size: Int?
    /// What explains a signal of entry, exit, short and cover, in that order.
    var explanations: [[Explanation]] = [[], [], [], []]
}
