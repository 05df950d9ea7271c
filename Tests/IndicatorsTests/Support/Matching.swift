import Testing

/// Whether two values agree to 1e-9 of the reference, with 1e-12 for references at or next to zero.
func agrees(_ actual: Double, _ reference: Double) -> Bool {
    abs(actual - reference) <= 1e-9 * abs(reference) + 1e-12
}

/// Expects NaN up to the first defined output, `reference` from there to the end, and `warmUp` to say where.
func expectMatch(
    _ actual: [Double], _ reference: [Double], warmUp: Int, sourceLocation: SourceLocation = #_sourceLocation
) {
    let start = actual.count - reference.count
    #expect(start == warmUp - 1, sourceLocation: sourceLocation)
    guard start >= 0 else { return }
    let undefinedBefore = actual[..<start].allSatisfy { $0.isNaN }
    #expect(undefinedBefore, sourceLocation: sourceLocation)
    for (index, expected) in reference.enumerated() where !agrees(actual[start + index], expected) {
        Issue.record(
            "bar \(start + index): \(actual[start + index]) instead of \(expected)", sourceLocation: sourceLocation)
    }
}

/// Whether two outputs are the same doubles, NaN equal to NaN.
func same(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
}
