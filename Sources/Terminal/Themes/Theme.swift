/// The look of everything: a style per purpose, and the glyphs to draw with.
///
/// Looking a style up is an array access. A theme comes from a file (``ThemeLibrary``) or is one of the two that are
/// built in, so there always is one.
public struct Theme: Sendable, Equatable {
    /// The name it was loaded by.
    public let name: String
    /// Which family of glyphs to draw with.
    public var glyphs: GlyphSet
    /// How panes are framed.
    public var borders: BorderSet
    /// Which direction is green. Changing it exchanges the styles of rising and falling.
    public var updown: UpDown {
        didSet { if updown != oldValue { restyle() } }
    }
    /// How many colours the styles are limited to; see ``adapted(to:)``.
    public private(set) var depth: ColorDepth = .trueColor

    /// As the author wrote them, by raw value of the key.
    private let authored: [Style]
    /// What the author wants where there are only 16 colours.
    private let authored16: [Style?]
    /// What look-ups give: limited to `depth`, directions applied.
    private var styles: [Style]

    init(
        name: String, glyphs: GlyphSet, borders: BorderSet, updown: UpDown, styles: [Style], styles16: [Style?]
    ) {
        self.name = name
        self.glyphs = glyphs
        self.borders = borders
        self.updown = updown
        authored = styles
        authored16 = styles16
        self.styles = styles
        restyle()
    }

    /// The style for a purpose.
    public subscript(_ key: ThemeKey) -> Style { styles[key.rawValue] }

    /// The theme limited to what a terminal can show.
    ///
    /// At 16 colours the author's own 16-colour values count where given, else the nearest of the 16. Without colours
    /// the built-in `mono` styles take over: stripping a colourful theme would leave rising and falling alike.
    public func adapted(to depth: ColorDepth) -> Theme {
        var theme = self
        theme.depth = depth
        theme.restyle()
        return theme
    }

    /// Whether rising and falling look the same but for attributes, so that shape has to tell them apart.
    public var needsShapes: Bool {
        self[.candleUp].foreground == self[.candleDown].foreground
    }

    /// The colour of a heat level between the coldest and the hottest ramp stop.
    ///
    /// Stops in 24-bit or palette colours are interpolated; ANSI stops are stepped, since their values are unknown.
    ///
    /// To paint many cells make a ramp once: `(0..<levels).map { theme.heat($0, of: levels) }`.
    ///
    /// - Parameters:
    ///   - level: 0…`levels` - 1; clamped.
    ///   - levels: how many there are; at least 1.
    public func heat(_ level: Int, of levels: Int) -> Color {
        let stops = ThemeKey.heatStops.map { authoredOrReduced($0).foreground }
        let steps = max(1, levels - 1)
        let position = min(max(0, level), steps) * (stops.count - 1)
        let lower = min(position / steps, stops.count - 2)
        let fraction = position - lower * steps
        let canMix = stops.allSatisfy { stop in
            if case .rgb = stop.kind { return true }
            return false
        }
        guard canMix, depth > .ansi16, let from = stops[lower].channels, let to = stops[lower + 1].channels else {
            return stops[(position + steps / 2) / steps].quantized(to: depth)
        }
        func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
            UInt8((Int(a) * (steps - fraction) + Int(b) * fraction + steps / 2) / steps)
        }
        return Color.rgb(mix(from.red, to.red), mix(from.green, to.green), mix(from.blue, to.blue))
            .quantized(to: depth)
    }

    private func authoredOrReduced(_ key: ThemeKey) -> Style {
        if depth == .none { return Theme.mono.authored[key.rawValue] }
        if depth == .ansi16, let reduced = authored16[key.rawValue] { return reduced }
        return authored[key.rawValue]
    }

    private mutating func restyle() {
        for key in ThemeKey.allCases {
            var style = authoredOrReduced(key)
            style.foreground = style.foreground.quantized(to: depth)
            style.background = style.background.quantized(to: depth)
            styles[key.rawValue] = style
        }
        guard updown == .redUp else { return }
        for (up, down) in Theme.directions { styles.swapAt(up.rawValue, down.rawValue) }
    }

    /// Styles that change places when rising is painted red.
    private static let directions: [(ThemeKey, ThemeKey)] = [
        (.priceUp, .priceDown), (.pnlGain, .pnlLoss), (.candleUp, .candleDown), (.candleUpWick, .candleDownWick),
        (.volumeUp, .volumeDown), (.bookBid, .bookAsk), (.bookBidBar, .bookAskBar), (.markerBuy, .markerSell),
        (.heatBuy, .heatSell),
    ]
}

extension Theme {
    /// The theme for when no file is found: ANSI colours only, right on light and dark terminals.
    public static let standard = ThemeParser.parse(name: "default", text: defaultText) { _ in nil }.theme

    /// The theme without colours.
    public static let mono = ThemeParser.parse(name: "mono", text: monoText) { _ in nil }.theme
}
