/// Finds candidates that contain the letters of a query in order, best first: `emo` finds `ema-crossover`.
///
/// Small letters in the query match both cases, capitals only themselves. Words separated by blanks match on their
/// own, in any order.
public struct FuzzyMatcher: Sendable {
    /// A candidate that matches.
    public struct Match: Sendable, Hashable {
        /// Larger is better.
        public let score: Int
        /// Which characters of the candidate matched, ascending: to underline them.
        public let positions: [Int]
    }

    private let words: [[Character]]

    /// Makes a matcher; an empty query matches everything.
    public init(_ query: String) {
        words = query.split(whereSeparator: \.isWhitespace).map(Array.init)
    }

    /// Matches one candidate; nil when it does not contain the query.
    ///
    /// Runs of letters, beginnings of words and the beginning of the candidate count more, long gaps and long
    /// candidates less.
    ///
    /// - Complexity: O(length of the query × length of the candidate).
    public func match(_ candidate: String) -> Match? {
        let letters = Array(candidate)
        var score = -letters.count / 4
        var positions = Set<Int>()
        for word in words {
            guard let found = best(word, in: letters) else { return nil }
            score += found.score
            positions.formUnion(found.positions)
        }
        return Match(score: score, positions: positions.sorted())
    }

    /// The candidates that match, best first; equally good ones keep their order.
    public func rank<Candidate>(
        _ candidates: [Candidate], by text: (Candidate) -> String
    ) -> [(candidate: Candidate, match: Match)] {
        var found: [(offset: Int, candidate: Candidate, match: Match)] = []
        for (offset, candidate) in candidates.enumerated() {
            if let match = match(text(candidate)) { found.append((offset, candidate, match)) }
        }
        found.sort { ($1.match.score, $0.offset) < ($0.match.score, $1.offset) }
        return found.map { ($0.candidate, $0.match) }
    }

    /// The best way to find a word's letters in order: `best[i]` is the best score with letter `i` placed there.
    private func best(_ word: [Character], in letters: [Character]) -> (score: Int, positions: [Int])? {
        guard word.count <= letters.count else { return nil }
        var scores = [[Int?]](repeating: [Int?](repeating: nil, count: letters.count), count: word.count)
        var origins = [[Int]](repeating: [Int](repeating: -1, count: letters.count), count: word.count)
        for row in word.indices {
            var bestBefore: (score: Int, at: Int)?
            for column in letters.indices {
                if row > 0, column > 1, let score = scores[row - 1][column - 2],
                    score > bestBefore?.score ?? .min
                {
                    bestBefore = (score, column - 2)
                }
                guard matches(word[row], letters[column]) else { continue }
                let base = 4 + bonus(column, letters)
                if row == 0 {
                    scores[row][column] = base - min(column, 6)
                    continue
                }
                if let before = bestBefore {
                    scores[row][column] = before.score + base - min(column - before.at - 1, 6)
                    origins[row][column] = before.at
                }
                if column > 0, let run = scores[row - 1][column - 1], run + base + 10 > scores[row][column] ?? .min {
                    scores[row][column] = run + base + 10
                    origins[row][column] = column - 1
                }
            }
        }
        guard let last = word.indices.last else { return (0, []) }
        var end: Int?
        for column in letters.indices where scores[last][column] != nil {
            if end.map({ scores[last][column]! > scores[last][$0]! }) ?? true { end = column }
        }
        guard var column = end, let score = scores[last][column] else { return nil }
        var positions = [column]
        for row in word.indices.dropFirst().reversed() {
            column = origins[row][column]
            positions.append(column)
        }
        return (score, positions.reversed())
    }

    private func matches(_ wanted: Character, _ letter: Character) -> Bool {
        if wanted == letter { return true }
        return !wanted.isUppercase && wanted == Character(letter.lowercased().first.map(String.init) ?? "\u{0}")
    }

    private func bonus(_ index: Int, _ letters: [Character]) -> Int {
        if index == 0 { return 10 }
        let before = letters[index - 1]
        if !before.isLetter, !before.isNumber { return 8 }
        return before.isLowercase && letters[index].isUppercase ? 6 : 0
    }
}
