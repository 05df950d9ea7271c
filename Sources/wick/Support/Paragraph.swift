import Glibc

/// Text that is broken at blanks to fit the terminal.
enum Paragraph {
    /// How many columns the terminal has; `nil` where the output goes elsewhere and is not broken.
    static let width: Int? = {
        var size = winsize()
        guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 40 else {
            return nil
        }
        return Int(size.ws_col)
    }()

    /// The lines of a text that begins at column `indent`, without the indentation of the first; the others hang under it.
    static func lines(_ text: String, indent: Int, width: Int? = Paragraph.width) -> [String] {
        let text = Table.plain(text)
        guard let width, indent + text.count > width, width - indent >= 16 else { return [text] }
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            let room = width - indent
            if !line.isEmpty, line.count + 1 + word.count > room {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " " + word
        }
        lines.append(line)
        let hanging = String(repeating: " ", count: indent)
        return [lines[0]] + lines.dropFirst().map { hanging + $0 }
    }

    /// Prints a text behind a head; further lines hang under its beginning.
    static func print(_ head: String, _ text: String) {
        let lines = lines(text, indent: head.count)
        Output.line(head + (lines.first ?? ""))
        for line in lines.dropFirst() { Output.line(line) }
    }
}
