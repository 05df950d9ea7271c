/// Ranks texts by how well they contain the letters typed, in order: starts of words and runs count more.
enum FuzzyRanking {
    /// The items that contain the query's letters in order, best first; equals keep their order.
    ///
    /// - Complexity: O(items × length).
    static func sorted<Item>(_ items: [Item], by query: String, text: (Item) -> String) -> [Item] {
        let letters = Array(query.lowercased().unicodeScalars.filter { $0 != " " })
        guard !letters.isEmpty else { return items }
        var ranked: [(score: Int, index: Int)] = []
        for (index, item) in items.enumerated() {
            if let score = score(Array(text(item).lowercased().unicodeScalars), letters) { ranked.append((score, index)) }
        }
        ranked.sort { $0.score != $1.score ? $0.score > $1.score : $0.index < $1.index }
        return ranked.map { items[$0.index] }
    }

    /// How well `text` contains `letters`; `nil` when it doesn't.
    static func score(_ text: [Unicode.Scalar], _ letters: [Unicode.Scalar]) -> Int? {
        var best: Int?
        for start in text.indices where text[start] == letters[0] {
            if let score = score(text, letters, from: start) { best = max(best ?? .min, score) }
        }
        return best
    }

    private static func score(_ text: [Unicode.Scalar], _ letters: [Unicode.Scalar], from start: Int) -> Int? {
        var score = -text.count
        var position = start
        var previous = -2
        for letter in letters {
            while position < text.count, text[position] != letter { position += 1 }
            guard position < text.count else { return nil }
            let isWordStart = position == 0 || !text[position - 1].properties.isAlphabetic
            if position == previous + 1 { score += 12 }
            if isWordStart { score += 10 }
            score -= min(position - max(previous, start - 1) - 1, 6)
            previous = position
            position += 1
        }
        return score - start
    }
}
