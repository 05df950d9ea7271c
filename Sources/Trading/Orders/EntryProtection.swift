public import Market

/// What protects the position that an entry opens, asked for together with the entry: a stop, a target, or both, of which one
/// cancels the other.
public struct EntryProtection: Sendable, Hashable {
    /// The price from which the stop closes at the market; `nil` for no stop.
    public var stop: Price?
    /// The limit price at which the target closes; `nil` for no target.
    public var target: Price?

    /// Protection of its parts.
    public init(stop: Price? = nil, target: Price? = nil) {
        self.stop = stop
        self.target = target
    }

    /// How many orders it is.
    var count: Int { (stop == nil ? 0 : 1) + (target == nil ? 0 : 1) }
}
