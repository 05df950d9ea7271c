/// Something that came from the terminal.
public enum InputEvent: Sendable, Hashable {
    /// A key was pressed.
    case key(Chord)
    /// Text was pasted, exactly as it came, line ends included. It may contain anything.
    case paste(String)
    /// The terminal has a new size, and the screen has already taken it over: draw at this size.
    case resize(Size)
    /// The terminal window gained or lost the focus.
    case focus(Bool)
    /// The mouse did something; only when ``ScreenOptions/isMouseEnabled``.
    case mouse(MouseEvent)
    /// The process was asked to stop from outside.
    case signal(TerminationSignal)
    /// The terminal is gone. The screen can only be closed now.
    case hangUp
}

/// A request from outside to end.
public enum TerminationSignal: Sendable, Hashable {
    /// SIGINT from another process; Ctrl-C on the keyboard comes as a key.
    case interrupt
    /// SIGTERM.
    case terminate
}

/// What the mouse did, and where.
public struct MouseEvent: Sendable, Hashable {
    /// The kind of action.
    public enum Action: Sendable, Hashable {
        /// A button went down.
        case press
        /// A button went up.
        case release
        /// The mouse moved with a button held.
        case drag
        /// The wheel turned away from the user.
        case scrollUp
        /// The wheel turned toward the user.
        case scrollDown
    }

    /// What happened.
    public var action: Action
    /// 0 left, 1 middle, 2 right; 0 for the wheel.
    public var button: Int
    /// The cell under the pointer.
    public var position: Point
    /// Modifier keys held.
    public var modifiers: KeyModifiers

    /// Makes an event.
    public init(action: Action, button: Int = 0, position: Point, modifiers: KeyModifiers = []) {
        self.action = action
        self.button = button
        self.position = position
        self.modifiers = modifiers
    }
}
