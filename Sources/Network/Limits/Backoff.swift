/// How long to wait before trying again: not at all, then about 1, 2, 4 … 60 seconds.
///
/// Each wait is drawn between a half and the whole, so that many who failed together do not come back together. A value:
/// randomness comes from outside.
public struct Backoff: Sendable {
    /// The longest wait.
    static let longest = Duration.seconds(60)

    private var count = 0

    /// Nothing was tried yet.
    public init() {}

    /// The wait before the next attempt.
    public mutating func next(using random: inout some RandomNumberGenerator) -> Duration {
        defer { count += 1 }
        guard count > 0 else { return .zero }
        let whole = count > 6 ? Backoff.longest : min(Backoff.longest, .seconds(1 << (count - 1)))
        let half = whole.components.seconds * 500
        return .milliseconds(Int64.random(in: half...2 * half, using: &random))
    }
}
