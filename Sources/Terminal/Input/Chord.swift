/// Modifier keys held with another key.
public struct KeyModifiers: OptionSet, Sendable, Hashable {
    /// One bit per key.
    public let rawValue: UInt8

    /// Makes a set from its bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Control.
    public static let control = KeyModifiers(rawValue: 1)
    /// Alt or Meta.
    public static let alt = KeyModifiers(rawValue: 2)
    /// Shift, for keys other than characters: with those it is part of the character.
    public static let shift = KeyModifiers(rawValue: 4)
}

/// A key without its modifiers.
public enum Key: Sendable, Hashable {
    /// A character, case and shift already applied: `g`, `G`, `?`, `é`, space.
    case character(Unicode.Scalar)
    /// Enter, which terminals cannot tell from Ctrl-M.
    case enter
    /// Escape.
    case escape
    /// Tab, which terminals cannot tell from Ctrl-I.
    case tab
    /// Shift-Tab.
    case backtab
    /// Backspace.
    case backspace
    /// Delete.
    case delete
    /// Insert.
    case insert
    /// Arrow up.
    case up
    /// Arrow down.
    case down
    /// Arrow left.
    case left
    /// Arrow right.
    case right
    /// Home.
    case home
    /// End.
    case end
    /// Page up.
    case pageUp
    /// Page down.
    case pageDown
    /// A function key, 1…24.
    case function(Int)
}

/// One key press: a key and the modifiers held with it.
///
/// Chords are kept in one form, whatever way they were written or sent: `shift-g` is `G`, `shift-tab` is `backtab`,
/// `ctrl-G` is `ctrl-g`, `ctrl-m` is `enter`.
public struct Chord: Hashable, Sendable {
    /// The key.
    public let key: Key
    /// Modifiers held.
    public let modifiers: KeyModifiers

    /// Makes a chord in its normal form.
    public init(_ key: Key, _ modifiers: KeyModifiers = []) {
        var key = key
        var modifiers = modifiers
        if key == .tab, modifiers.contains(.shift) {
            key = .backtab
            modifiers.remove(.shift)
        }
        if case .character(var scalar) = key {
            if modifiers.contains(.control) {
                scalar = Chord.lowercased(scalar)
                switch scalar {
                case "m": (key, modifiers) = (.enter, modifiers.subtracting([.control, .shift]))
                case "i": (key, modifiers) = (.tab, modifiers.subtracting([.control, .shift]))
                case "[": (key, modifiers) = (.escape, modifiers.subtracting([.control, .shift]))
                default: (key, modifiers) = (.character(scalar), modifiers.subtracting(.shift))
                }
            } else if modifiers.contains(.shift) {
                if scalar != " " {
                    key = .character(Chord.uppercased(scalar))
                }
                modifiers.remove(.shift)
            }
        }
        self.key = key
        self.modifiers = modifiers
    }

    /// A character without modifiers.
    public static func character(_ scalar: Unicode.Scalar) -> Chord {
        Chord(.character(scalar))
    }

    /// A character with Control.
    public static func control(_ scalar: Unicode.Scalar) -> Chord {
        Chord(.character(scalar), .control)
    }

    /// The character a text field would insert: a plain character without Control or Alt; nil for all others.
    public var text: Unicode.Scalar? {
        guard case .character(let scalar) = key, modifiers.isEmpty else { return nil }
        return scalar
    }

    private static func lowercased(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let mapped = scalar.properties.lowercaseMapping.unicodeScalars
        return mapped.count == 1 ? mapped.first ?? scalar : scalar
    }

    private static func uppercased(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let mapped = scalar.properties.uppercaseMapping.unicodeScalars
        return mapped.count == 1 ? mapped.first ?? scalar : scalar
    }
}
