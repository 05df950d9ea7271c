import Market
import Venues

/// Messages as a busy stream of Binance Spot has them: the same in every run.
struct StreamMessages {
    /// What trades.
    static let instrument = Instrument(
        venue: "BINANCE", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt,
        rules: InstrumentRules(tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000)))

    /// The book before the first message: a thousand levels a side.
    var snapshot: DepthSnapshot
    /// Changes of the book, one behind the other.
    var depths: [[UInt8]] = []
    /// How many levels they have together.
    var levels = 0
    /// Trades.
    var trades: [[UInt8]] = []

    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// Makes so many messages of each kind. A change has eighteen levels in the middle, as a recorded stream of BTCUSDT
    /// had; a third of them are removals, most are near the best price and some far away.
    init(_ count: Int) {
        let middle: Int64 = 6_183_763
        func side(_ sign: Int64) -> [BookLevel] {
            (1...1_000).map {
                BookLevel(
                    price: Price(mantissa: (middle + sign * Int64($0) * 20) * 1_000_000),
                    quantity: Quantity(mantissa: 10_000_000 + Int64($0) * 1_000))
            }
        }
        snapshot = DepthSnapshot(lastID: 1_000, bids: side(-1), asks: side(1), limit: 1_000)
        var id = 1_000
        for index in 0..<count {
            let next = id + 1 + draw(9)
            let bids = changes(-1, middle, draw(19))
            let asks = changes(1, middle, draw(19))
            let time = 1_723_161_255_208 + index * 100
            depths.append(
                Array(
                    ("{\"stream\":\"btcusdt@depth@100ms\",\"data\":{\"e\":\"depthUpdate\",\"E\":\(time),\"s\":\"BTCUSDT\","
                        + "\"U\":\(id + 1),\"u\":\(next),\"b\":[\(bids)],\"a\":[\(asks)]}}").utf8))
            id = next
            let price = StreamMessages.decimal((middle + Int64(draw(200))) * 1_000_000)
            trades.append(
                Array(
                    ("{\"stream\":\"btcusdt@trade\",\"data\":{\"e\":\"trade\",\"E\":\(time),\"s\":\"BTCUSDT\",\"t\":\(3_735_683_259 + index),"
                        + "\"p\":\"\(price)\",\"q\":\"0.0\(1_000 + draw(9_000))000\",\"T\":\(time - 1),\"m\":\(draw(2) == 0),\"M\":true}}")
                        .utf8))
        }
    }

    private mutating func draw(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(truncatingIfNeeded: (state &* 0x2545_F491_4F6C_DD1D) >> 33) % bound
    }

    private mutating func changes(_ sign: Int64, _ middle: Int64, _ count: Int) -> String {
        var texts: [String] = []
        for _ in 0..<count {
            let reach = draw(4) == 0 ? 1_000 : 40
            let price = StreamMessages.decimal((middle + sign * Int64(1 + draw(reach)) * 20) * 1_000_000)
            let quantity = draw(3) == 0 ? 0 : Int64(1 + draw(500_000)) * 1_000
            texts.append("[\"\(price)\",\"\(StreamMessages.decimal(quantity))\"]")
        }
        levels += count
        return texts.joined(separator: ",")
    }

    private static func decimal(_ mantissa: Int64) -> String {
        DecimalText.text(Int128(mantissa), scale: 8, minimumDecimals: 8)
    }
}
