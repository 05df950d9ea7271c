import Glibc
import Market

/// A process that runs trials, as the store names it: `host:1234`.
struct TrialOwner: Sendable {
    /// This process.
    static let this = TrialOwner()

    let text: String
    private let host: String

    /// Nobody works on a trial for longer: then it is anybody's. That two run it at last costs time and changes nothing.
    private static let patience: Int64 = 600

    private init() {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        text = "\(host):\(getpid())"
    }

    /// Whether this process may take a trial from its owner: who is gone, or has had it for too long.
    func mayTake(at now: Timestamp) -> (_ owner: String, _ since: Timestamp) -> Bool {
        { owner, since in
            if owner == text || now.nanoseconds(since: since) > TrialOwner.patience * 1_000_000_000 { return true }
            guard let colon = owner.lastIndex(of: ":"), owner[..<colon] == host,
                let process = pid_t(owner[owner.index(after: colon)...])
            else { return false }
            return kill(process, 0) != 0 && errno == ESRCH
        }
    }

    /// Waits a little for others.
    static func rest() { usleep(20_000) }
}
