/// Returns that a formula of whole numbers makes, so that any program can make the same.
func sample(
    _ count: Int, _ a: Int = 31, _ b: Int = 7_919, modulus: Int = 1_009, shift: Int = 500, scale: Double = 25_000
)
    -> [Double]
{
    (0..<count).map { Double(($0 * $0 * a + $0 * b) % modulus - shift) / scale }
}

/// The same returns, each with 0.6 of the value before.
func dependentSample(_ count: Int) -> [Double] {
    var values = [0.0]
    for value in sample(count).dropFirst() { values.append(0.6 * (values.last ?? 0) + value) }
    return values
}

/// Whether a value is the expected one to a relative (below 1, absolute) tolerance.
func isNear(_ value: Double?, _ expected: Double, _ tolerance: Double = 1e-12) -> Bool {
    value.map { abs($0 - expected) <= tolerance * max(abs(expected), 1) } ?? false
}

/// Whether a value is the expected one to a relative tolerance, however small it is.
func isClose(_ value: Double?, _ expected: Double, _ tolerance: Double = 1e-12) -> Bool {
    value.map { abs($0 - expected) <= tolerance * abs(expected) } ?? false
}
