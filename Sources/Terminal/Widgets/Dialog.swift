/// A dialog: a frame over a dimmed screen, with a row of buttons.
public struct DialogFrame: Sendable {
    /// In the top line.
    public var title: String
    /// Size of the content, without frame and buttons.
    public var contentSize: Size
    /// The buttons from left to right; none for dialogs closed by a key.
    public var buttons: [String]
    /// Index of the focused button.
    public var focusedButton: Int
    /// Whether it can cost money: framed accordingly.
    public var isDangerous: Bool

    /// Makes a dialog.
    public init(
        title: String, contentSize: Size, buttons: [String] = [], focusedButton: Int = 0, isDangerous: Bool = false
    ) {
        self.title = title
        self.contentSize = contentSize
        self.buttons = buttons
        self.focusedButton = focusedButton
        self.isDangerous = isDangerous
    }

    /// Dims what is there and draws the frame in the middle.
    ///
    /// - Parameter area: what the dialog covers, usually the whole canvas.
    /// - Returns: where the content goes: its size when there is room, less otherwise.
    public func draw(into canvas: inout Canvas, area: Rect? = nil, theme: Theme) -> Rect {
        let area = area ?? canvas.bounds
        canvas.dim(area, theme: theme)
        let buttonRows = buttons.isEmpty ? 0 : 2
        let borders: BorderSet = theme.glyphs == .ascii ? .ascii : theme.borders == .none ? .square : theme.borders
        let frame = area.centered(
            Size(width: max(contentSize.width, buttonsWidth) + 4, height: contentSize.height + buttonRows + 2))
        canvas.fill(frame, Cell(" ", style: theme[.dialog]))
        let border = theme[isDangerous ? .dialogDanger : .dialogBorder]
        canvas.box(frame, borders: borders, title: title, titleStyle: border.adding(.bold), style: border)
        let inside = frame.inset(left: 2, top: 1, right: 2, bottom: 1)
        drawButtons(into: &canvas, inside, theme)
        return inside.inset(bottom: buttonRows)
    }

    private var buttonsWidth: Int {
        buttons.reduce(0) { $0 + DisplayWidth.columns(of: $1) + 4 } + max(0, buttons.count - 1) * 2
    }

    private func drawButtons(into canvas: inout Canvas, _ inside: Rect, _ theme: Theme) {
        guard !buttons.isEmpty, inside.height > 0 else { return }
        var x = inside.x + max(0, inside.width - buttonsWidth)
        for (index, button) in buttons.enumerated() {
            let isFocused = index == focusedButton
            let style = theme[isFocused ? .buttonFocus : .button]
            let label = isFocused ? "[ \(button) ]" : "  \(button)  "
            x += canvas.put(label, x: x, y: inside.maxY - 1, style: style, maxWidth: max(0, inside.maxX - x)) + 2
        }
    }
}

extension Canvas {
    /// Takes the colour out of an area, so that what is drawn over it reads as modal.
    public mutating func dim(_ area: Rect, theme: Theme) {
        let look = theme[.overlayDim]
        restyle(area) { _ in look }
    }
}
