import Rules

/// Finds which key somebody may have meant.
enum NearestKey {
    /// The candidate that a word is a few slips away from, else one that begins with it, or `nil`.
    /// O(candidates × length²).
    static func match(_ word: String, in candidates: [String]) -> String? {
        Nearest.match(word, in: candidates)
            ?? candidates.first { !word.isEmpty && $0.hasPrefix(word.lowercased()) }
    }
}
