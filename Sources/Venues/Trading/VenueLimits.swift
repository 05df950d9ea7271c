public import Market

/// How near a venue's limits are, and whether it wants to be left alone for a while.
public struct VenueLimits: Sendable, Hashable {
    /// The weight used up in the last minute: by this process, and by others on its address as far as the venue told.
    public var weight: Int64
    /// The most in a minute.
    public var limit: Int64
    /// Why nothing that opens is sent now, in words; `nil` when it is sent.
    public var pause: String?
    /// Until when, by the machine's clock.
    public var until: Timestamp?

    /// Limits of their parts.
    public init(weight: Int64, limit: Int64, pause: String? = nil, until: Timestamp? = nil) {
        self.weight = weight
        self.limit = limit
        self.pause = pause
        self.until = until
    }
}
