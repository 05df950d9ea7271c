/// Finds what somebody may have meant.
public enum Nearest {
    /// The candidate that a word is one or two slips away from, case aside, or `nil`: three slips at most, a third of the
    /// candidate's length otherwise, one always. O(candidates × length²).
    public static func match(_ word: String, in candidates: [String]) -> String? {
        // No name is that long, and the distance is square.
        guard word.utf8.count <= 64 else { return nil }
        let letters = Array(word.lowercased().utf8)
        let near = candidates.map { ($0, distance(letters, Array($0.lowercased().utf8))) }.min { $0.1 < $1.1 }
        guard let (candidate, slips) = near, slips <= max(1, min(3, candidate.utf8.count / 3)) else { return nil }
        return candidate
    }

    /// How many letters must be put in, left out, changed or swapped with their neighbour (optimal string alignment).
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var before: [Int] = []
        var previous = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var row = [i + 1]
            for (j, y) in b.enumerated() {
                var best = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (x == y ? 0 : 1))
                if i > 0, j > 0, x == b[j - 1], a[i - 1] == y { best = min(best, before[j - 1] + 1) }
                row.append(best)
            }
            before = previous
            previous = row
        }
        return previous[b.count]
    }
}
