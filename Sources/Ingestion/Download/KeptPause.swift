import Market
import Network
import Storage

/// The pause that a server asked for, kept in the store: a process that is started meanwhile must not ask either, or the
/// pause becomes a ban and a ban a longer one.
struct KeptPause: Equatable {
    var reason: RequestPause.Reason
    var until: Timestamp

    /// No server bans for longer; what says otherwise was written while the clock was wrong.
    private static let longest: Int64 = 7 * 86_400 * 1_000_000_000

    /// The pause of a server that is not over yet, or `nil`.
    ///
    /// - Throws: `StoreError`.
    static func read(_ store: Store, _ server: String, at now: Timestamp) throws(StoreError) -> KeptPause? {
        let words = try store.value(for: key(server))?.split(separator: " ") ?? []
        guard words.count == 2, let reason = RequestPause.Reason(rawValue: String(words[0])),
            let until = Timestamp(iso8601: words[1]), until > now, until.nanoseconds(since: now) <= longest
        else { return nil }
        return KeptPause(reason: reason, until: until)
    }

    /// Keeps it in the place of an earlier one.
    ///
    /// - Throws: `StoreError`.
    func write(_ store: Store, _ server: String, at now: Timestamp) throws(StoreError) {
        try store.setValue("\(reason.rawValue) \(until)", for: KeptPause.key(server), at: now)
    }

    private static func key(_ server: String) -> String { "pause.\(server.lowercased())" }
}
