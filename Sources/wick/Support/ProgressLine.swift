/// One line on standard error that overwrites itself while something runs; silent where there is no terminal.
final class ProgressLine {
    private let title: String
    private let isVisible = Output.isProgressVisible
    private var shown = ""

    /// A line that begins with `title`.
    init(_ title: String) { self.title = title }

    deinit { clear() }

    /// Shows a share done, 0…1, and what else there is to say.
    func show(_ share: Double?, _ detail: String = "") {
        guard isVisible else { return }
        var text = title
        if let share {
            let filled = Int((min(max(share, 0), 1) * 24).rounded())
            let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 24 - filled)
            text += " [\(bar)] \(Int((share * 100).rounded(.down)))%"
        }
        if !detail.isEmpty { text += "  " + detail }
        guard text != shown else { return }
        shown = text
        Output.progress("\r\u{1B}[K" + text)
    }

    /// Takes the line away.
    func clear() {
        guard isVisible, !shown.isEmpty else { return }
        shown = ""
        Output.progress("\r\u{1B}[K")
    }
}
