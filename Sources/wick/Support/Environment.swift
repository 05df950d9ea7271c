import FoundationEssentials
import Market

/// What only the edge may know: the environment and the wall clock.
enum Environment {
    /// The environment's variables.
    static var variables: [String: String] { ProcessInfo.processInfo.environment }

    /// Whether nothing is to be asked of the network unless somebody says so.
    static var isOffline: Bool { variables["WICK_OFFLINE"].map { !$0.isEmpty && $0 != "0" } ?? false }

    /// The wall clock's time.
    static var now: Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)))
    }
}
