/// How sure a rule that fired is, from how far it went beyond its line: ½ + ½ · x / (1 + x).
///
/// A touch gives ½; at `x` = 1, the distance that the rule calls typical, ¾; it grows toward 1 and never passes it.
///
/// - Parameters:
///   - distance: how far the line was passed; the sign is of no account.
///   - unit: the typical distance; where it is not positive any distance is beyond measure, which gives 1.
func confidence(distance: Double, unit: Double) -> Double {
    guard unit > 0 else { return 1 }
    let ratio = abs(distance) / unit
    return ratio.isFinite ? 0.5 + 0.5 * (ratio / (1 + ratio)) : 1
}
