/// Why a text names no chord.
public struct ChordError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The text as it was given.
    public let text: String
    /// What is wrong with it, and what would be right.
    public let reason: String

    /// A message to show as it is.
    public var description: String { "\"\(text)\" is not a key: \(reason)" }
}

extension Chord: CustomStringConvertible {
    /// Reads a chord as key files write it: `ctrl-x`, `shift-up`, `alt-enter`, `,`, `G`, `space`, `f5`, `-`.
    ///
    /// Names of modifiers and keys may be in any case; single characters mean themselves.
    ///
    /// - Throws: ``ChordError`` that says which part is not understood.
    public init(parsing text: String) throws(ChordError) {
        var modifiers: KeyModifiers = []
        var rest = Substring(text)
        while rest.count > 1, let dash = rest.dropFirst().firstIndex(where: { $0 == "-" || $0 == "+" }) {
            let word = rest[..<dash].lowercased()
            guard rest.index(after: dash) < rest.endIndex else {
                throw ChordError(text: text, reason: "nothing follows \"\(word)\(rest[dash])\"")
            }
            guard let modifier = Chord.modifierNames[word] else {
                throw ChordError(text: text, reason: "\"\(word)\" is no modifier; use ctrl, alt or shift")
            }
            guard !modifiers.contains(modifier) else {
                throw ChordError(text: text, reason: "\"\(word)\" is there twice")
            }
            modifiers.insert(modifier)
            rest = rest[rest.index(after: dash)...]
        }
        self.init(try Chord.key(named: rest, in: text), modifiers)
    }

    /// The chord as ``init(parsing:)`` reads it.
    public var description: String {
        var text = ""
        if modifiers.contains(.control) { text += "ctrl-" }
        if modifiers.contains(.alt) { text += "alt-" }
        if modifiers.contains(.shift) { text += "shift-" }
        switch key {
        case .character(" "): return text + "space"
        case .character(let scalar): return text + String(scalar)
        case .function(let number): return text + "f\(number)"
        default: return text + (Chord.keyNames.first { $0.key == key }?.name ?? "?")
        }
    }

    private static func key(named name: Substring, in text: String) throws(ChordError) -> Key {
        guard let first = name.unicodeScalars.first else {
            throw ChordError(text: text, reason: "it is empty")
        }
        if name.unicodeScalars.count == 1 {
            guard DisplayWidth.columns(of: first) > 0, first != " " else {
                throw ChordError(text: text, reason: "blanks and control characters have names: space, tab, enter")
            }
            return .character(first)
        }
        let lowered = name.lowercased()
        if let named = keyNames.first(where: { $0.name == lowered }) { return named.key }
        if lowered == "space" { return .character(" ") }
        if let other = otherNames[lowered] { return other }
        if lowered.first == "f", let number = Int(lowered.dropFirst()) {
            guard (1...24).contains(number) else {
                throw ChordError(text: text, reason: "function keys go from f1 to f24")
            }
            return .function(number)
        }
        throw ChordError(
            text: text,
            reason: "there is no key \"\(name)\"; use one character, f1 to f24, space, "
                + keyNames.map(\.name).joined(separator: ", "))
    }

    private static let modifierNames: [String: KeyModifiers] = [
        "ctrl": .control, "control": .control, "c": .control, "alt": .alt, "meta": .alt, "m": .alt, "shift": .shift,
        "s": .shift,
    ]

    private static let keyNames: [(name: String, key: Key)] = [
        ("enter", .enter), ("esc", .escape), ("tab", .tab), ("backtab", .backtab), ("backspace", .backspace),
        ("delete", .delete), ("insert", .insert), ("up", .up), ("down", .down), ("left", .left), ("right", .right),
        ("home", .home), ("end", .end), ("pageup", .pageUp), ("pagedown", .pageDown),
    ]

    private static let otherNames: [String: Key] = [
        "return": .enter, "escape": .escape, "del": .delete, "ins": .insert, "pgup": .pageUp, "pgdn": .pageDown,
        "minus": .character("-"), "plus": .character("+"), "comma": .character(","),
    ]
}
