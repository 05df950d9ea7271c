/// A colour of its parts, 0…1 each.
public struct Color: Sendable, Hashable {
    /// The parts.
    public var red, green, blue: Double
    /// How much of what lies below it hides.
    public var alpha: Double

    /// A colour of its parts.
    public init(red: Double, green: Double, blue: Double, alpha: Double = 1) {
        self.red = red
        self.green = green
        self.blue = blue
        self.alpha = alpha
    }

    /// A colour as the web writes it, `0xRRGGBB`.
    public init(_ code: UInt32, alpha: Double = 1) {
        self.init(
            red: Double(code >> 16 & 0xFF) / 255, green: Double(code >> 8 & 0xFF) / 255,
            blue: Double(code & 0xFF) / 255, alpha: alpha)
    }

    func with(alpha: Double) -> Color { Color(red: red, green: green, blue: blue, alpha: alpha) }

    /// The colour `share` of the way to another.
    func mixed(with other: Color, _ share: Double) -> Color {
        func part(_ a: Double, _ b: Double) -> Double { a + (b - a) * share }
        return Color(
            red: part(red, other.red), green: part(green, other.green), blue: part(blue, other.blue),
            alpha: part(alpha, other.alpha))
    }

    /// How bright people see it, 0…1 (the weights of Rec. 709).
    var luminance: Double { 0.2126 * red + 0.7152 * green + 0.0722 * blue }
}
