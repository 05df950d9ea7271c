/// Counts for how long a connection tells of a market's trades and best prices and of no change of its book, which each of them
/// is.
///
/// Only seconds in which something else came count: where nothing moves nothing is missing. A trade may be told right behind the
/// change that it was; so it takes many such seconds in a row, between which there was no change.
struct DepthSilence {
    /// Of each market: how many seconds in which something came and no change since the last one.
    private var seconds: [Int]
    /// Whether something came in this one.
    private var isHeard: [Bool]

    /// Nothing came yet of so many markets.
    init(_ count: Int) {
        seconds = Array(repeating: 0, count: count)
        isHeard = Array(repeating: false, count: count)
    }

    /// A trade or best prices of a market came.
    mutating func noteOther(_ place: Int) { isHeard[place] = true }

    /// A change of a market's book came.
    mutating func noteChange(_ place: Int) { (seconds[place], isHeard[place]) = (0, false) }

    /// A second has passed.
    mutating func tick() {
        for place in seconds.indices where isHeard[place] {
            seconds[place] += 1
            isHeard[place] = false
        }
    }

    /// The markets that have been without changes for as many seconds as are allowed.
    func places(beyond patience: (Int) -> Int) -> [Int] { seconds.indices.filter { seconds[$0] >= patience($0) } }
}
