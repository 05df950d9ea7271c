/// What one check of a venue found.
public struct Finding: Sendable, Hashable {
    /// What was checked: `clock`, `symbol BTCUSDT`.
    public var check: String
    /// How it stands.
    public var status: Status
    /// What was found, in words.
    public var found: String
    /// What to do about it; empty when there is nothing.
    public var advice: String

    /// How a check ended.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// It is as it should be.
        case ok
        /// It works, and something about it is worth knowing.
        case warning
        /// It does not work.
        case failed
        /// It was not looked at.
        case skipped
    }

    /// A finding of its parts.
    public init(_ check: String, _ status: Status, _ found: String, advice: String = "") {
        self.check = check
        self.status = status
        self.found = found
        self.advice = advice
    }
}

/// What the doctor has to say of a venue.
public struct Diagnosis: Sendable, Hashable {
    /// The findings, in the order of the checks.
    public var findings: [Finding] = []
    /// Orders of the doctor's own that may still be open, because the venue did not say that they are gone.
    public var remaining: [RemainingOrder] = []
    /// Whether the venue answered at all.
    public var isReachable = true
    /// Whether somebody ended it before it was done.
    public var isInterrupted = false

    /// Whether something does not work.
    public var hasFailed: Bool { findings.contains { $0.status == .failed } }

    mutating func add(_ check: String, _ status: Finding.Status, _ found: String, advice: String = "") {
        findings.append(Finding(check, status, found, advice: advice))
    }

    /// Notes that checks were not made.
    mutating func skip(_ checks: [String], _ why: String, advice: String = "") {
        for check in checks { add(check, .skipped, why, advice: advice) }
    }
}

/// An order that the doctor placed and does not know to be gone.
public struct RemainingOrder: Sendable, Hashable {
    /// The symbol.
    public var symbol: String
    /// The number to look for it with.
    public var clientOrderID: String
    /// What is known of it, in words.
    public var words: String
}
