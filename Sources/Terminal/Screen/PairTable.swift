import CTerminal

/// Which ncurses colour pair stands for two colours: pairs are defined as they are met and kept until forgotten.
struct PairTable {
    private let colors: Int
    private let isDirect: Bool
    private let limit: Int
    private var pairs: [UInt64: Int32] = [:]
    private var quantized: [Color: (number: Int32, isBright: Bool)] = [:]
    private var lastStyle: Style?
    private var lastPair: Int32 = 0
    private var lastAttributes: UInt32 = 0

    /// Whether more pairs were wanted than the terminal has.
    private(set) var isExhausted = false

    let depth: ColorDepth

    init(colors: Int, pairs: Int, isDirect: Bool, depth: ColorDepth) {
        self.colors = colors
        self.isDirect = isDirect
        self.depth = depth
        limit = pairs
    }

    /// Pairs defined so far.
    var count: Int { pairs.count }

    /// The pair and attribute bits of a style.
    mutating func look(_ style: Style) -> (pair: Int32, attributes: UInt32) {
        if style == lastStyle { return (lastPair, lastAttributes) }
        var attributes = UInt32(style.attributes.rawValue)
        let front = number(style.foreground)
        let back = number(style.background)
        if front.isBright { attributes |= UInt32(CT_BOLD) }
        lastStyle = style
        lastPair = pair(front.number, back.number)
        lastAttributes = attributes
        return (lastPair, attributes)
    }

    /// Starts over, because of a new theme or because pairs ran out.
    mutating func forget() {
        pairs.removeAll(keepingCapacity: true)
        lastStyle = nil
        isExhausted = false
        ct_forget_pairs()
    }

    private mutating func pair(_ front: Int32, _ back: Int32) -> Int32 {
        if front < 0, back < 0 { return 0 }
        let key = UInt64(UInt32(bitPattern: front)) << 32 | UInt64(UInt32(bitPattern: back))
        if let known = pairs[key] { return known }
        let next = Int32(pairs.count + 1)
        guard Int(next) < limit, ct_define_pair(next, front, back) == 0 else {
            isExhausted = true
            // The glyph's colour on the usual ground is the next best thing.
            return pairs[UInt64(UInt32(bitPattern: front)) << 32 | UInt64(UInt32.max)] ?? 0
        }
        pairs[key] = next
        return next
    }

    /// The number ncurses knows a colour by: -1 for the terminal's own.
    private mutating func number(_ color: Color) -> (number: Int32, isBright: Bool) {
        if let known = quantized[color] { return known }
        let result = compute(color)
        quantized[color] = result
        return result
    }

    private func compute(_ color: Color) -> (number: Int32, isBright: Bool) {
        let shown = color.quantized(to: depth)
        if isDirect, depth == .trueColor {
            if case .ansi(let index) = shown.kind, index < 8 { return (Int32(index), false) }
            guard let channels = shown.channels else { return (-1, false) }
            let value = Int32(channels.red) << 16 | Int32(channels.green) << 8 | Int32(channels.blue)
            return (value < 8 ? 8 : value, false)  // values below 8 mean the ANSI colours
        }
        switch shown.kind {
        case .terminalDefault, .rgb: return (-1, false)
        case .palette(let index): return (Int32(index), false)
        case .ansi(let index):
            if Int(index) < colors { return (Int32(index), false) }
            return (Int32(index & 7), true)
        }
    }
}
