/// What became of something that a venue was asked to do. Money hangs on the difference between these four.
public enum RequestOutcome<Value: Sendable>: Sendable {
    /// The venue did it, and this is what it says.
    case confirmed(Value)
    /// The venue understood it and will not do it; asking again for the same changes nothing.
    case refused(VenueRefusal)
    /// It was not done, and nothing is wrong with it: it may be asked for again later.
    case denied(VenueDenial)
    /// It may have been done or not. Never asked for again before the venue has been asked what became of it.
    case unknown(VenueDoubt)

    /// What the venue says, where it did it.
    public var value: Value? {
        if case .confirmed(let value) = self { return value }
        return nil
    }

    /// The same outcome, what was confirmed being turned into something else.
    public func map<Other: Sendable>(_ transform: (Value) -> Other) -> RequestOutcome<Other> {
        switch self {
        case .confirmed(let value): return .confirmed(transform(value))
        case .refused(let refusal): return .refused(refusal)
        case .denied(let denial): return .denied(denial)
        case .unknown(let doubt): return .unknown(doubt)
        }
    }
}

/// Why a venue will not do something.
public struct VenueRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of reason.
    public var reason: Reason
    /// The venue's number of the error, where it gave one.
    public var code: Int?
    /// The venue's words.
    public var words: String

    /// The kinds of reasons.
    public enum Reason: Sendable, Hashable, CaseIterable {
        /// There is not enough free of the asset.
        case insufficientBalance
        /// It was post-only and would have taken liquidity.
        case wouldTake
        /// Its trigger would fire at once.
        case wouldTrigger
        /// A rule of the symbol or the account forbids it.
        case filter
        /// Something about the request is wrong: a programmer's error.
        case parameters
        /// There is no such symbol, or it is in another state.
        case symbol
        /// There is no such order, or it works no more.
        case noSuchOrder
        /// The order was cancelled or expired unfilled long ago, and is no longer kept.
        case archived
        /// It was to be cancelled under a condition that does not hold.
        case conditionNotMet
        /// The order can't be changed that way; it works on as it was.
        case notAmendable
        /// The market is closed.
        case marketClosed
        /// There is nobody to trade with.
        case noLiquidity
        /// The account may not trade this.
        case notPermitted
        /// The key, its rights, the address it is used from, or the signature.
        case credentials
        /// The venue does not offer this, or no longer.
        case unsupported
        /// There is no such service at this address.
        case notServed
        /// Another reason; the words say it.
        case other
    }

    /// A refusal of its parts.
    public init(_ reason: Reason, code: Int?, _ words: String) {
        self.reason = reason
        self.code = code
        self.words = words
    }

    /// The words, with the venue's number.
    public var description: String { code.map { "\(words) (code \($0))" } ?? words }
}

/// Why something was not done although nothing is wrong with it.
public struct VenueDenial: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of reason.
    public var reason: Reason
    /// How long to wait before asking again, as far as that is known.
    public var retryAfter: Duration?
    /// The venue's words, or one's own.
    public var words: String

    /// The kinds of reasons.
    public enum Reason: Sendable, Hashable, CaseIterable {
        /// Too much was asked in too short a time.
        case overLimit
        /// Too many orders are open that have not filled.
        case tooManyOrders
        /// The address is banned for a while.
        case banned
        /// The venue has too much to do.
        case busy
        /// The request's time is not the venue's.
        case clock
        /// A firewall in front of the venue did not let it through.
        case firewall
        /// Nothing was sent: the limits of the address, or failures in a row, say to wait.
        case paused
        /// Nothing was sent: there is no way to the venue.
        case unreachable
        /// Nothing was sent: it could not be written down first.
        case notRecorded
        /// Nothing was sent: it could not be signed.
        case notSigned
        /// Nothing was sent: nobody wants it any more.
        case cancelled
        /// A question, and the venue keeps failing.
        case failing
        /// A question, and the answers can't be read.
        case unreadable
    }

    /// A denial of its parts.
    public init(_ reason: Reason, retryAfter: Duration? = nil, _ words: String) {
        self.reason = reason
        self.retryAfter = retryAfter
        self.words = words
    }

    /// The words.
    public var description: String {
        retryAfter.map { "\(words); again in \(max(1, $0.components.seconds)) s" } ?? words
    }
}

/// Why nobody knows whether something was done.
public struct VenueDoubt: Error, Sendable, Hashable, CustomStringConvertible {
    /// The venue's number of the error, where it gave one.
    public var code: Int?
    /// The status of its answer; `nil` when none came.
    public var status: Int?
    /// What was seen.
    public var words: String

    /// A doubt of its parts.
    public init(code: Int? = nil, status: Int? = nil, _ words: String) {
        self.code = code
        self.status = status
        self.words = words
    }

    /// The words.
    public var description: String { words }
}
