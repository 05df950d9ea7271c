/// How a screen stands to its engine.
public struct ScreenLink: Sendable, Hashable {
    /// Whether the engine is heard.
    public enum State: Sendable, Hashable {
        /// It is: what the screen shows is how things stand.
        case live
        /// Nothing has been heard of it for so many seconds; what was heard last may not be so any more.
        case lost(seconds: Int, reason: String)
        /// Somebody asked it to end; the screen should too.
        case ending(by: String)
    }

    /// Whether the engine is heard.
    public var state: State
    /// What the screen may do.
    public var role: ScreenRole

    /// A link of its parts.
    public init(state: State = .live, role: ScreenRole = .control) {
        self.state = state
        self.role = role
    }

    // Inlined into another module it ends the compiler (Swift 6.3.1, optimizing: "Found ownership error").
    /// Seconds since anything was heard, when that is too long.
    @inline(never) public var lostSeconds: Int? {
        if case .lost(let seconds, _) = state { return seconds }
        return nil
    }
}
