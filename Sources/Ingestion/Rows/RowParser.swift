import Glibc
import Market

/// Turns lines into candles, or says why not.
struct RowParser {
    let layout: Layout
    let rules: RowRules
    private var times = TimeParser()
    private var fields: [UnsafeRawBufferPointer]

    init(_ layout: Layout, _ rules: RowRules) {
        self.layout = layout
        self.rules = rules
        fields = Array(repeating: UnsafeRawBufferPointer(start: nil, count: 0), count: layout.last + 1)
    }

    /// What a line holds.
    enum Outcome {
        /// A candle; whether a number had to be rounded, and whether its two volumes contradict each other.
        case candle(Candle, isRounded: Bool, contradictsQuoteVolume: Bool)
        /// Nothing, not even a space.
        case blank
        /// What is no candle.
        case refused(Refusal.Kind, column: String)
    }

    /// The candle of a line.
    mutating func parse(_ line: UnsafeRawBufferPointer) -> Outcome {
        if line.isEmpty { return .blank }
        if memchr(line.baseAddress!, 0x22, line.count) != nil {
            // Quotes are rare, so their fields may be copied.
            var plain: [UInt8] = []
            for (index, field) in Fields.split(line, separator: layout.separator).enumerated() {
                if index > 0 { plain.append(layout.separator) }
                plain += field
            }
            return plain.withUnsafeBytes { parsePlain($0) }
        }
        return parsePlain(line)
    }

    private mutating func parsePlain(_ line: UnsafeRawBufferPointer) -> Outcome {
        let count = split(line)
        guard count > layout.last else {
            return line.allSatisfy { $0 == 0x20 || $0 == 0x09 } ? .blank : .refused(.columns, column: "\(count)")
        }
        guard let time = times.parse(fields[layout.time]) else { return .refused(.time, column: "time") }
        var isRounded = false
        var problem: String?
        func number(_ place: Int, _ scale: Int, _ name: String) -> Int64 {
            switch DecimalParser.parse(fields[place], scale: scale) {
            case .exact(let value): return value
            case .rounded(let value):
                isRounded = true
                return value
            case .unreadable:
                problem = problem ?? name
                return 0
            }
        }
        let candle = Candle(
            openTime: time,
            open: Price(mantissa: number(layout.open, rules.priceScale, "open")),
            high: Price(mantissa: number(layout.high, rules.priceScale, "high")),
            low: Price(mantissa: number(layout.low, rules.priceScale, "low")),
            close: Price(mantissa: number(layout.close, rules.priceScale, "close")),
            volume: Quantity(mantissa: number(layout.volume, rules.quantityScale, "volume")))
        if let problem { return .refused(.number, column: problem) }
        if let (kind, column) = rules.problem(candle) { return .refused(kind, column: column) }
        var quoteVolume: Int64?
        if let place = layout.quoteVolume, candle.volume > .zero,
            case .exact(let value) = DecimalParser.parse(fields[place], scale: 8)
        {
            quoteVolume = value
        }
        return .candle(
            candle, isRounded: isRounded, contradictsQuoteVolume: rules.contradicts(candle, quoteVolume: quoteVolume))
    }

    /// Cuts a line into fields without the spaces around them; gives how many there are, at most one more than needed.
    private mutating func split(_ line: UnsafeRawBufferPointer) -> Int {
        var count = 0
        var start = 0
        var index = 0
        let wanted = fields.count
        while index <= line.count {
            if index == line.count || line[index] == layout.separator {
                if count < wanted { fields[count] = RowParser.trimmed(line, start, index) }
                count += 1
                if count > wanted { return count }
                start = index + 1
            }
            index += 1
        }
        return count
    }

    private static func trimmed(_ line: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> UnsafeRawBufferPointer {
        var start = start
        var end = end
        while start < end, line[start] == 0x20 { start += 1 }
        while start < end, line[end - 1] == 0x20 { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: line[start..<end])
    }
}
