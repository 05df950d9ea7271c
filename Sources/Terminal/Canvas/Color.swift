/// A terminal colour, packed into four bytes.
///
/// A colour says what the author meant; ``ColorDepth`` and the quantiser decide what a given terminal can show.
@frozen
public struct Color: Hashable, Sendable {
    /// Kind in the top byte, value in the lower three.
    @usableFromInline
    let bits: UInt32

    @inlinable
    init(bits: UInt32) {
        self.bits = bits
    }

    /// The terminal's own foreground or background, which has no number.
    @inlinable public static var terminalDefault: Color { Color(bits: 0) }

    /// One of the 16 ANSI colours, which the terminal's own palette defines.
    ///
    /// - Parameter index: 0…15; larger values are taken modulo 16.
    @inlinable
    public static func ansi(_ index: UInt8) -> Color {
        Color(bits: 0x0100_0000 | UInt32(index & 15))
    }

    /// A colour of the xterm 256-colour palette: 16 ANSI, a 6×6×6 cube, 24 greys.
    @inlinable
    public static func palette(_ index: UInt8) -> Color {
        Color(bits: 0x0200_0000 | UInt32(index))
    }

    /// An sRGB colour, eight bits a channel.
    @inlinable
    public static func rgb(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Color {
        Color(bits: 0x0300_0000 | UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue))
    }

    /// The colour as a case to switch over.
    public enum Kind: Hashable, Sendable {
        /// The terminal's own colour.
        case terminalDefault
        /// ANSI colour 0…15.
        case ansi(UInt8)
        /// xterm palette entry 0…255.
        case palette(UInt8)
        /// sRGB channels: red, green, blue.
        case rgb(UInt8, UInt8, UInt8)
    }

    /// What kind of colour this is, with its value.
    public var kind: Kind {
        switch bits >> 24 {
        case 1: .ansi(UInt8(truncatingIfNeeded: bits))
        case 2: .palette(UInt8(truncatingIfNeeded: bits))
        case 3:
            .rgb(
                UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 8),
                UInt8(truncatingIfNeeded: bits))
        default: .terminalDefault
        }
    }
}

/// How many colours a terminal can show, from none to all.
public enum ColorDepth: Int, Sendable, Comparable, CaseIterable {
    /// Attributes only: bold, dim, underline, reverse.
    case none
    /// The 16 ANSI colours (on 8-colour terminals the bright half is shown bold).
    case ansi16
    /// The xterm palette of 256.
    case palette256
    /// 24-bit colour.
    case trueColor

    /// Fewer colours sort first.
    public static func < (left: ColorDepth, right: ColorDepth) -> Bool {
        left.rawValue < right.rawValue
    }
}
