/// Which trials may be drawn before which results are known.
///
/// Trials come in batches: all of a batch are drawn from what the batches before it found. The batches do not depend on
/// how many workers there are, so a search is the same with one and with eight of them.
public struct TrialSchedule: Sendable, Hashable {
    /// How many trials there are.
    public var count: Int
    /// Trials of the first batch.
    public var first: Int
    /// Trials of each batch after it.
    public var batch: Int

    /// A schedule of its parts, all positive.
    public init(count: Int, first: Int, batch: Int) {
        precondition(count >= 0 && first > 0 && batch > 0, "batches hold trials")
        self.count = count
        self.first = first
        self.batch = batch
    }

    /// The schedule of a search: what does not learn has one batch of all.
    ///
    /// - Parameter learns: whether a trial depends on the results of those before it.
    public init(count: Int, learns: Bool, batch: Int) {
        self = TrialSchedule(
            count: count, first: learns ? ParzenSearch.randomStarts : max(count, 1), batch: learns ? batch : 1)
    }

    /// The numbers of the trials of the batch that holds a trial.
    public func range(of number: Int) -> Range<Int> {
        guard number >= first else { return 0..<min(first, count) }
        let start = first + (number - first) / batch * batch
        return start..<min(start + batch, count)
    }
}
