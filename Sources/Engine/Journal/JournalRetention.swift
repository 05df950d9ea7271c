import Journal
import Market

/// How long the journal is kept.
public struct JournalRetention: Sendable, Hashable {
    /// After how many days decisions go; `nil` keeps them for ever.
    public var decisionDays: Int?
    /// After how many days market updates go; `nil` keeps them for ever.
    public var marketDays: Int?

    /// A retention of its parts; five years of decisions and a week of market updates.
    public init(decisionDays: Int? = 1_826, marketDays: Int? = 7) {
        self.decisionDays = decisionDays
        self.marketDays = marketDays
    }

    /// Removes what is older, whole segments only. Not for the kernel's thread: it waits for the disk.
    ///
    /// - Returns: what could not be removed, in words; empty when all went well.
    func apply(to journal: Journal, at now: Timestamp) -> [String] {
        var problems: [String] = []
        for (stream, days) in [(JournalStream.decisions, decisionDays), (.market, marketDays)] {
            guard let days else { continue }
            do throws(JournalError) {
                _ = try journal.prune(stream, olderThan: now.adding(seconds: -Int64(days) * 86_400).nanoseconds)
            } catch {
                problems.append(error.description)
            }
        }
        return problems
    }
}
