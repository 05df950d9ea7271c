public import Keys
public import Market

/// What is written down about a request that can move money: once before it leaves, once when its outcome is known.
public struct SpotAuditEntry: Sendable, Hashable, CustomStringConvertible {
    /// Which of the two it is.
    public var phase: Phase
    /// A number that both entries of a request share, unique within the process.
    public var number: UInt64
    /// The venue's time.
    public var time: Timestamp
    /// Which world it is sent to.
    public var environment: KeyEnvironment
    /// What its owner calls the key.
    public var keyName: String
    /// The key, masked.
    public var maskedKey: String
    /// Method and path: `POST /api/v3/order`.
    public var request: String
    /// Its parameters, without time and signature.
    public var parameters: String

    /// When it is written.
    public enum Phase: Sendable, Hashable {
        /// Before the request leaves; it leaves only when this could be written.
        case leaving
        /// When the outcome is known, in words.
        case ended(String)
    }

    /// It in one line.
    public var description: String {
        let start = "#\(number) \(time) \(environment.rawValue) \(keyName) (\(maskedKey)) \(request) \(parameters)"
        switch phase {
        case .leaving: return start + ": leaving"
        case .ended(let words): return start + ": " + words
        }
    }
}

/// Writes entries down, and lets a request leave as soon as its entry is.
public struct SpotAudit: Sendable {
    /// Told once whether a request may leave: without an error it may.
    public typealias Decision = @Sendable ((any Error)?) -> Void

    /// Writes an entry, and calls `decide` once, on whatever thread, when it is written or can't be; may return before. Whoever
    /// is called without an error sends the request; of one whose outcome is known the error says nothing.
    public let write: @Sendable (_ entry: SpotAuditEntry, _ decide: @escaping Decision) -> Void
    /// Told before a request is made that its entry is about to come; returns at once.
    public let expect: @Sendable () -> Void

    /// An audit that may write on a thread of its own, and decide from there.
    ///
    /// - Parameter expect: wakes that thread for an entry that is about to come.
    public init(
        expecting expect: @escaping @Sendable () -> Void = {},
        deciding write: @escaping @Sendable (SpotAuditEntry, @escaping Decision) -> Void
    ) {
        self.expect = expect
        self.write = write
    }

    /// An audit that has written an entry when it returns.
    public init(_ write: @escaping @Sendable (SpotAuditEntry) throws -> Void) {
        self.init { entry, decide in
            do {
                try write(entry)
                decide(nil)
            } catch {
                decide(error)
            }
        }
    }
}

/// Why a request was kept from leaving although it could be written down: nobody wants it any more.
public struct RequestHeld: Error, CustomStringConvertible {
    /// What came in between.
    public let description: String

    /// A reason in words.
    public init(_ words: String) { description = words }
}

extension RequestOutcome {
    /// What became of it, for a person who looks for it later.
    var auditWords: String {
        switch self {
        case .confirmed: return "confirmed"
        case .refused(let refusal): return "refused: \(refusal)"
        case .denied(let denial): return "not done: \(denial)"
        case .unknown(let doubt): return "unknown: \(doubt)"
        }
    }
}
