import Glibc
import Journal
import Synchronization

/// Ends the process without warning at a named place, the n-th time it comes there: for tests that prove what a restart
/// makes of it.
public final class CrashPlan: Sendable {
    /// The environment variable that sets a plan: `boundary` or `boundary:count`.
    public static let variable = "WICK_CRASH_AT"

    private let name: String
    private let left: Atomic<Int>

    /// A plan in the form of the environment variable; `nil` when it names no place.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard let first = parts.first else { return nil }
        let name = String(first)
        guard (CrashPlan.places + CrashPlan.placesAtVenues).contains(name) else { return nil }
        let count = parts.count > 1 ? Int(parts[1]) : 1
        guard let count, count > 0 else { return nil }
        self.name = name
        left = Atomic(count)
    }

    /// The places that can be named.
    public static var places: [String] {
        JournalBoundary.allCases.map(\.rawValue) + ExchangeBoundary.allCases.map(\.rawValue)
            + ["following", "projecting"]
    }

    /// The places that only an engine at a venue over a network comes to: the venue has answered, and nothing of it is
    /// written down.
    public static let placesAtVenues = ["before-answer"]

    /// The process has come to a place.
    func reach(_ place: String) {
        guard place == name, left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 else { return }
        kill(getpid(), SIGKILL)
        // The signal ends every thread; this one may run a moment longer.
        while true { pause() }
    }
}
