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

/// Writes an entry down; whatever it throws keeps the request from leaving.
public typealias SpotAudit = @Sendable (SpotAuditEntry) throws -> Void

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
