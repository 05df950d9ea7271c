/// Why nothing is sent for a while.
public struct RequestPause: Sendable, Hashable {
    /// Why.
    public var reason: Reason
    /// Until when.
    public var until: ContinuousClock.Instant

    /// The reasons.
    public enum Reason: String, Sendable, Hashable {
        /// What may be asked in a minute is used up.
        case limitUsedUp = "limit-used-up"
        /// The server said that too much was asked (429), and when to come back.
        case tooMuchAsked = "too-much-asked"
        /// The server has banned this address (418), and said until when.
        case banned
        /// The server kept failing; it is tried again after a while.
        case keepsFailing = "keeps-failing"
        /// Something before the server turns requests of this address away (403).
        case turnedAway = "turned-away"

        /// Whether the server itself asked for it, so that other processes have to keep it, too.
        public var isServersOwn: Bool { self == .tooMuchAsked || self == .banned }
    }

    /// A pause of its parts.
    public init(reason: Reason, until: ContinuousClock.Instant) {
        self.reason = reason
        self.until = until
    }
}

extension RequestPause.Reason: CustomStringConvertible {
    /// The reason in words that follow "waiting: ".
    public var description: String {
        switch self {
        case .limitUsedUp: return "what may be asked in a minute is used up"
        case .tooMuchAsked: return "the server asks for a pause (429)"
        case .banned: return "the server has banned this address for a while (418)"
        case .keepsFailing: return "the server keeps failing; it is tried again after that"
        case .turnedAway: return "the server turns this address away (403); it is tried again after that"
        }
    }
}
