extension Operation {
    /// What an operation without a memory makes of its operands; folding and running both come here, so that a number
    /// worked out once is the one worked out at every candle. Without a finite result it is NaN: undefined.
    @inline(__always)
    func value(_ a: Double, _ b: Double, _ c: Double) -> Double {
        switch self {
        case .add: return a + b
        case .subtract: return a - b
        case .multiply: return a * b
        case .divide:
            let quotient = a / b
            return quotient.isFinite ? quotient : .nan
        case .remainder: return a.truncatingRemainder(dividingBy: b)
        case .negative: return -a
        case .absolute: return abs(a)
        case .sign: return a > 0 ? 1 : a < 0 ? -1 : a
        case .squareRoot: return a.squareRoot()
        case .floor: return a.rounded(.down)
        case .ceiling: return a.rounded(.up)
        case .round: return a.rounded()
        // Undefined where either is; the library's minimum takes the other one.
        case .minimum: return a < b ? a : b < a ? b : a == b ? a : .nan
        case .maximum: return a > b ? a : b > a ? b : a == b ? a : .nan
        // No comparison with something undefined holds, that it differs included.
        case .less: return a < b ? 1 : 0
        case .lessOrEqual: return a <= b ? 1 : 0
        case .equal: return a == b ? 1 : 0
        case .unequal: return a < b || a > b ? 1 : 0
        case .and: return a * b
        case .or: return a + b - a * b
        case .not: return 1 - a
        case .when: return a != 0 ? b : c
        case .defined: return a.isNaN ? 0 : 1
        default: return .nan
        }
    }
}
