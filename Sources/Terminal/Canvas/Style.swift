/// Ways a character can stand out without colour.
@frozen
public struct Attributes: OptionSet, Sendable, Hashable {
    /// One bit per attribute.
    public let rawValue: UInt8

    /// Makes a set from its bits.
    @inlinable
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Heavier strokes; on 8-colour terminals also the bright colours.
    @inlinable public static var bold: Attributes { Attributes(rawValue: 1) }
    /// Fainter than normal.
    @inlinable public static var dim: Attributes { Attributes(rawValue: 2) }
    /// Slanted, where the font has it.
    @inlinable public static var italic: Attributes { Attributes(rawValue: 4) }
    /// A line below.
    @inlinable public static var underline: Attributes { Attributes(rawValue: 8) }
    /// Foreground and background exchanged.
    @inlinable public static var reverse: Attributes { Attributes(rawValue: 16) }
}

/// How a cell looks: two colours and a set of attributes.
@frozen
public struct Style: Hashable, Sendable {
    /// Colour of the glyph.
    public var foreground: Color
    /// Colour behind the glyph.
    public var background: Color
    /// Bold, dim and the like.
    public var attributes: Attributes

    /// Makes a style; everything left out is the terminal's own.
    @inlinable
    public init(
        foreground: Color = .terminalDefault, background: Color = .terminalDefault, attributes: Attributes = []
    ) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    /// The terminal's own colours, no attributes.
    @inlinable public static var plain: Style { Style() }

    /// The same style on another background colour.
    @inlinable
    public func on(_ background: Color) -> Style {
        Style(foreground: foreground, background: background, attributes: attributes)
    }

    /// The same style with more attributes.
    @inlinable
    public func adding(_ more: Attributes) -> Style {
        Style(foreground: foreground, background: background, attributes: attributes.union(more))
    }

    /// The same style without some attributes.
    @inlinable
    public func removing(_ fewer: Attributes) -> Style {
        Style(foreground: foreground, background: background, attributes: attributes.subtracting(fewer))
    }

    /// The same style with another glyph colour.
    @inlinable
    public func with(foreground: Color) -> Style {
        Style(foreground: foreground, background: background, attributes: attributes)
    }
}

/// One column of one row.
///
/// A glyph two columns wide takes a cell with its scalar and, to the right, a continuation cell whose scalar is 0.
@frozen
public struct Cell: Hashable, Sendable {
    /// Unicode scalar value; 0 marks the right half of a wide glyph.
    public var scalar: UInt32
    /// How the cell looks.
    public var style: Style

    /// Makes a cell from a scalar value.
    @inlinable
    public init(scalar: UInt32, style: Style) {
        self.scalar = scalar
        self.style = style
    }

    /// Makes a cell from a scalar.
    @inlinable
    public init(_ scalar: Unicode.Scalar, style: Style = .plain) {
        self.scalar = scalar.value
        self.style = style
    }

    /// A space in the terminal's own colours.
    @inlinable public static var blank: Cell { Cell(" ") }

    /// Whether this is the right half of a wide glyph.
    @inlinable public var isContinuation: Bool { scalar == 0 }
}
