import Terminal

/// Where a binding counts.
enum BindingContext: Hashable, Sendable {
    /// Wherever no overlay is open.
    case everywhere
    /// Where this pane is focused.
    case pane(PaneID)
}

/// One line of the binding table: what can be done, where, by which keys, and the words that explain it.
///
/// Dispatch, the hint bar, the help page, the palette and the key reference are all made from these lines, so none of
/// them can disagree with the others.
struct Binding: Sendable {
    /// What is done.
    let action: Action
    /// Where it counts.
    let context: BindingContext
    /// The keys by default: each a sequence of chords, mostly of one.
    let keys: [KeySequence]
    /// One or two words for the hint bar; empty: not shown there.
    let hint: String
    /// A sentence for help and reference, without a full stop.
    let help: String
    /// Whether it places or changes orders: refused while the screen is in VIEW.
    let needsTrade: Bool
    /// Whether the palette offers it; movements are not worth a line there.
    let isInPalette: Bool

    /// A line of the table. Keys are written as in key files, `"ctrl-x"`, `"g g"`.
    ///
    /// - Precondition: every key text is a valid sequence.
    init(
        _ action: Action, _ keys: String..., in context: BindingContext, hint: String = "", help: String,
        needsTrade: Bool = false, isInPalette: Bool = true
    ) {
        self.init(
            action, keys: keys, in: context, hint: hint, help: help, needsTrade: needsTrade, isInPalette: isInPalette)
    }

    /// A line of the table with its keys as a list.
    ///
    /// - Precondition: every key text is a valid sequence.
    init(
        _ action: Action, keys: [String], in context: BindingContext, hint: String = "", help: String,
        needsTrade: Bool = false, isInPalette: Bool = true
    ) {
        self.action = action
        self.context = context
        self.keys = keys.map { text in
            guard let sequence = try? KeySequence(parsing: text) else {
                preconditionFailure("the binding table has a key that is none: \(text)")
            }
            return sequence
        }
        self.hint = hint
        self.help = help
        self.needsTrade = needsTrade
        self.isInPalette = isInPalette
    }
}

/// Chords pressed one after the other, `g g`.
struct KeySequence: Hashable, Sendable, CustomStringConvertible {
    /// The chords, at least one.
    let chords: [Chord]

    /// Reads chords separated by spaces.
    ///
    /// - Throws: `ChordError`, naming the chord that is none.
    init(parsing text: String) throws(ChordError) {
        var chords: [Chord] = []
        for word in text.split(separator: " ") { chords.append(try Chord(parsing: String(word))) }
        if chords.isEmpty { throw ChordError.empty(text) }
        self.chords = chords
    }

    /// A single chord.
    init(_ chord: Chord) { chords = [chord] }

    /// As key files write it.
    var description: String { chords.map(\.description).joined(separator: " ") }

    /// As people read it on the screen: `Ctrl-X`, `↑`, `gg`.
    var label: String { chords.map(\.label).joined() }
}

extension ChordError {
    /// The error of a text without any chord.
    static func empty(_ text: String) -> ChordError {
        do {
            _ = try Chord(parsing: "")
        } catch {
            return error
        }
        preconditionFailure("an empty text is no chord")
    }
}

extension Chord {
    /// As people read it on the screen: `Ctrl-X`, `Tab`, `↑`.
    var label: String {
        let text = description
        if text.unicodeScalars.count == 1 { return text }
        return text.split(separator: "-", omittingEmptySubsequences: false).map { word in
            if word.isEmpty { return "-" }
            return Chord.shortNames[String(word)] ?? word.prefix(1).uppercased() + word.dropFirst()
        }.joined(separator: "-")
    }

    private static let shortNames = [
        "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "PgUp", "pagedown": "PgDn",
        "backtab": "Shift-Tab",
    ]
}
