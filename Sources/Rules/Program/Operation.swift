/// What one step of a program does. A condition is the number 1 where it holds and 0 where not.
enum Operation: UInt8, Sendable {
    // Of the candle; the prices also in whole price units, in which ties are ties.
    case open, high, low, close, volume
    case openUnits, highUnits, lowUnits, closeUnits
    // Of the instant the candle closed, in UTC.
    case hour, minute, weekday
    // Of the strategy's own position.
    case position, entryPrice, barsHeld
    // Arithmetic.
    case add, subtract, multiply, divide, remainder, negative
    case absolute, sign, squareRoot, floor, ceiling, round, minimum, maximum
    /// A price in whole price units as a price.
    case price
    // Conditions.
    case less, lessOrEqual, equal, unequal
    case and, or, not, when, defined
    // With a memory of their own.
    case cross, ago, barsSince
    case sma, ema, wma, rsi, roc, stdev, zscore, highest, lowest, bollinger, macd
    case atr, dmi, cci, supertrend, stochastic, donchian, keltner, obv, vwap
    // Lines of the above, which no step does by itself.
    case crossAbove, crossBelow, adx

    /// Whether it is an indicator.
    var isIndicator: Bool {
        switch self {
        case .sma, .ema, .wma, .rsi, .roc, .stdev, .zscore, .highest, .lowest, .bollinger, .macd, .atr, .dmi, .cci,
            .supertrend, .stochastic, .donchian, .keltner, .obv, .vwap:
            return true
        default: return false
        }
    }

    /// Into how many places it writes.
    var width: Int {
        switch self {
        case .cross, .stochastic: return 2
        case .bollinger, .macd, .dmi, .donchian, .keltner: return 3
        case .supertrend: return 4
        default: return 1
        }
    }
}
