/// Which family of glyphs to draw with; fonts and terminals differ and cannot be asked.
public enum GlyphSet: String, Sendable, Hashable, CaseIterable {
    /// Everything: braille graphs, half blocks, eighth blocks, box drawing.
    case utf8
    /// Block elements and box drawing, no braille, for fonts that lack it.
    case block
    /// Seven-bit characters only.
    case ascii
}

/// How panes and dialogs are framed.
public enum BorderSet: String, Sendable, Hashable, CaseIterable {
    /// Thin lines with round corners.
    case rounded
    /// Thin lines with square corners.
    case square
    /// No frame; titles stand on a rule.
    case none
    /// `+`, `-` and `|`.
    case ascii

    /// The eight pieces of a frame.
    public struct Pieces: Sendable, Hashable {
        /// Upper left corner.
        public var topLeft: Unicode.Scalar
        /// Upper right corner.
        public var topRight: Unicode.Scalar
        /// Lower left corner.
        public var bottomLeft: Unicode.Scalar
        /// Lower right corner.
        public var bottomRight: Unicode.Scalar
        /// Top and bottom edge, and rules.
        public var horizontal: Unicode.Scalar
        /// Left and right edge.
        public var vertical: Unicode.Scalar
    }

    /// The characters this set draws with. `none` still has a horizontal piece, for rules.
    public var pieces: Pieces {
        switch self {
        case .rounded:
            Pieces(
                topLeft: "╭", topRight: "╮", bottomLeft: "╰", bottomRight: "╯", horizontal: "─", vertical: "│")
        case .square:
            Pieces(
                topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘", horizontal: "─", vertical: "│")
        case .none:
            Pieces(
                topLeft: " ", topRight: " ", bottomLeft: " ", bottomRight: " ", horizontal: "─", vertical: " ")
        case .ascii:
            Pieces(
                topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+", horizontal: "-", vertical: "|")
        }
    }
}

/// Which direction is green: most of the world paints a rise green, mainland China and Japan paint it red.
public enum UpDown: String, Sendable, Hashable, CaseIterable {
    /// Rising is green, falling is red.
    case greenUp = "green-up"
    /// Rising is red, falling is green.
    case redUp = "red-up"
}
