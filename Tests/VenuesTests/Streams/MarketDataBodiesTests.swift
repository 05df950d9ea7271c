import Market
import Testing

@testable import Venues

@Suite("reading books and trades by REST")
struct MarketDataBodiesTests {
    private func snapshot(_ text: String, limit: Int = 5_000) throws(StreamDamage) -> DepthSnapshot {
        let bytes = Array(text.utf8)
        return try bytes.withUnsafeBytes { bytes in
            Result { () throws(StreamDamage) in try DepthSnapshot.decode(bytes, limit: limit, of: StreamSamples.bitcoin)
            }
        }.get()
    }

    private func trades(_ text: String) throws(StreamDamage) -> [TradePrint] {
        let bytes = Array(text.utf8)
        return try bytes.withUnsafeBytes { bytes in
            Result { () throws(StreamDamage) in try TradeBodies.trades(bytes, of: StreamSamples.bitcoin) }
        }.get()
    }

    private func aggregates(_ text: String) throws(StreamDamage) -> [AggregateTrade] {
        let bytes = Array(text.utf8)
        return try bytes.withUnsafeBytes { bytes in
            Result { () throws(StreamDamage) in try TradeBodies.aggregateTrades(bytes, of: StreamSamples.bitcoin) }
        }.get()
    }

    static let trade =
        #"{"id":28457,"price":"4.00000100","qty":"12.00000000","quoteQty":"48.000012","time":1499865549590,"isBuyerMaker":true,"isBestMatch":true}"#

    @Test("a book has its levels, best first")
    func book() throws {
        let book = try snapshot(
            #"{"lastUpdateId":1027024,"bids":[["4.00000000","431.00000000"],["3.9","1"]],"asks":[["4.00000200","12"]]}"#
        )
        #expect(book.lastID == 1_027_024 && book.limit == 5_000)
        #expect(book.bids.map(\.price.mantissa) == [400_000_000, 390_000_000])
        #expect(
            book.asks == [BookLevel(price: Price(mantissa: 400_000_200), quantity: Quantity(mantissa: 1_200_000_000))])
    }

    @Test("five thousand levels a side are a book, and one more than asked for is none")
    func deep() throws {
        let bids = (1...5_000).reversed().map { "[\"\($0).5\",\"1\"]" }.joined(separator: ",")
        let asks = (5_001...10_000).map { "[\"\($0)\",\"1\"]" }.joined(separator: ",")
        let text = #"{"lastUpdateId":1,"bids":[\#(bids)],"asks":[\#(asks)]}"#
        #expect(try snapshot(text).bids.count == 5_000)
        #expect(throws: StreamDamage.self) { try snapshot(text, limit: 4_999) }
    }

    @Test(
        "what is no book is refused",
        arguments: [
            "", "[]", "{}", #"{"lastUpdateId":1,"bids":[]}"#, #"{"bids":[],"asks":[]}"#,
            #"{"lastUpdateId":-1,"bids":[],"asks":[]}"#, #"{"lastUpdateId":1,"bids":[],"asks":[],"asks":[]}"#,
            #"{"lastUpdateId":1,"bids":[["1","1"],["2","1"]],"asks":[]}"#,
            #"{"lastUpdateId":1,"bids":[["1","1"],["1","1"]],"asks":[]}"#,
            #"{"lastUpdateId":1,"bids":[],"asks":[["2","1"],["1","1"]]}"#,
            #"{"lastUpdateId":1,"bids":[["1","0"]],"asks":[]}"#, #"{"lastUpdateId":1,"bids":[],"asks":[]}]"#,
            #"{"code":-1121,"msg":"Invalid symbol."}"#,
        ])
    func noBook(_ text: String) {
        #expect(throws: StreamDamage.self) { try snapshot(text) }
    }

    @Test("trades have exact numbers and the taker's side")
    func prints() throws {
        let found = try trades("[\(Self.trade)]")
        #expect(
            found == [
                TradePrint(
                    time: Timestamp(milliseconds: 1_499_865_549_590), price: Price(mantissa: 400_000_100),
                    quantity: Quantity(mantissa: 1_200_000_000), aggressor: .sell, id: 28_457)
            ])
        #expect(try trades("[]").isEmpty)
    }

    @Test(
        "a list that is not of trades in order is refused",
        arguments: [
            "", "{}", "[{}]", "[\(trade),\(trade)]", "[\(trade)", "[\(trade)]x",
            "[\(trade.replacing("28457", with: "\"28457\""))]",
            "[\(trade.replacing("4.00000100", with: "4.000001001"))]",
            "[\(trade.replacing("\"id\":28457", with: "\"id\":,\"id\":28457"))]",
            "[\(trade.replacing("1499865549590", with: "1499865549"))]",
            "[\(trade.replacing("4.00000100", with: "0"))]",
        ])
    func noTrades(_ text: String) {
        #expect(throws: StreamDamage.self) { try trades(text) }
    }

    @Test("more trades than the venue gives are refused")
    func tooMany() {
        let many = (0...TradeBodies.most).map { Self.trade.replacing("28457", with: "\($0)") }.joined(separator: ",")
        #expect(throws: StreamDamage.self) { try trades("[\(many)]") }
    }

    @Test("aggregates name their trades")
    func aggregate() throws {
        let row =
            #"{"a":26129,"p":"0.01633102","q":"4.70443515","f":27781,"l":27782,"T":1498793709153,"m":true,"M":true}"#
        let found = try aggregates("[\(row)]")
        #expect(found.count == 1 && found[0].trades == 27_781...27_782 && found[0].print.id == 26_129)
        #expect(throws: StreamDamage.self) { try aggregates("[\(row),\(row)]") }
    }
}
