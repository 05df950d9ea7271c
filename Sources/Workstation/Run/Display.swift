import Terminal

/// What the run loop needs of a screen; the terminal's own is one, tests have another.
protocol Display: AnyObject {
    /// Columns and rows to draw.
    var size: Size { get }
    /// How many colours can be shown.
    var colorDepth: ColorDepth { get }
    /// Whether more than ASCII can be shown.
    var supportsUnicode: Bool { get }
    /// Waits for input, a wake-up or the time to pass.
    func poll(timeout: Duration?, waker: Waker?, watching descriptor: Int32) -> [InputEvent]
    /// Shows a picture.
    func present(_ canvas: Canvas) -> FrameReport
    /// Makes the next picture be sent whole.
    func repaint()
    /// Puts text on the clipboard; whether it was sent.
    func copyToClipboard(_ text: String) -> Bool
}

extension Screen: Display {}
