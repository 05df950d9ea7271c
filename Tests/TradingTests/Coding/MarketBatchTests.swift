import Bytes
import Market
import Testing

@testable import Trading

@Suite("Batches of market inputs")
struct MarketBatchTests {
    private func read(_ bytes: [UInt8]) throws -> [MarketInput] {
        var reader = MarketBatchReader(bytes)
        var inputs: [MarketInput] = []
        while let input = try reader.next() { inputs.append(input) }
        return inputs
    }

    @Test("every input comes back in order, extremes too", arguments: 0..<100)
    func comesBack(seed: Int) throws {
        var draw = Draw(seed: UInt64(seed))
        let inputs = (0..<50).map { _ in draw.marketInput() }
        var writer = MarketBatchWriter()
        for input in inputs { writer.append(input) }
        #expect(writer.count == 50)
        #expect(try read(writer.bytes) == inputs)
    }

    @Test("a batch stands alone: the same inputs give the same bytes after another batch")
    func standsAlone() {
        var draw = Draw(seed: 1)
        let inputs = (0..<50).map { _ in draw.marketInput() }
        var writer = MarketBatchWriter()
        for input in inputs { writer.append(input) }
        let first = writer.bytes
        writer.removeAll()
        for input in inputs { writer.append(input) }
        #expect(writer.bytes == first)
    }

    @Test("a quote of a quiet market takes at most twelve bytes")
    func compactness() {
        var writer = MarketBatchWriter()
        var draw = Draw(seed: 3)
        var time: Int64 = 1_700_000_000_000_000_000
        var bid: Int64 = 6_500_000
        for _ in 0..<1_000 {
            time += Int64(117_187_500)
            bid += Int64(draw.below(41)) - 20
            writer.append(
                Quote(
                    time: Timestamp(nanoseconds: time), bid: Price(mantissa: bid), ask: Price(mantissa: bid + 1),
                    bidSize: Quantity(mantissa: Int64(draw.below(500_000))),
                    askSize: Quantity(mantissa: Int64(draw.below(500_000)))), of: InstrumentID(0))
        }
        #expect(writer.byteCount <= 12 * 1_000)
    }

    @Test("damaged batches are refused or read as others, and never trap", arguments: 0..<100)
    func damage(seed: Int) {
        var draw = Draw(seed: UInt64(seed))
        var writer = MarketBatchWriter()
        for _ in 0..<10 { writer.append(draw.marketInput()) }
        let whole = writer.bytes
        for place in whole.indices {
            var damaged = whole
            damaged[place] ^= 1 << UInt8(draw.below(8))
            let inputs = (try? read(damaged)) ?? []
            #expect(inputs.count <= damaged.count)
            let cut = (try? read(Array(whole[..<place]))) ?? []
            #expect(cut.count <= 10)
        }
    }

    @Test("the bytes of a batch are what they have always been")
    func golden() {
        var writer = MarketBatchWriter()
        let quote = Quote(
            time: Timestamp(nanoseconds: 100), bid: Price(mantissa: 10), ask: Price(mantissa: 12),
            bidSize: Quantity(mantissa: 3), askSize: Quantity(mantissa: 4))
        writer.append(quote, of: InstrumentID(2))
        writer.append(
            TradePrint(
                time: Timestamp(nanoseconds: 101), price: Price(mantissa: 12), quantity: Quantity(mantissa: 1),
                aggressor: .buy, id: 1), of: InstrumentID(2))
        writer.append(.timer(Timestamp(nanoseconds: 102)))
        #expect(writer.bytes == [0xF8, 2, 0xC8, 0x01, 0x14, 4, 6, 8, 0x01, 2, 2, 0x02, 2])
    }

    @Test("the bytes of a book are what they have always been")
    func bookGolden() {
        var writer = MarketBatchWriter()
        writer.append(
            .book(
                InstrumentID(2),
                BookDepth(
                    time: Timestamp(nanoseconds: 100),
                    bids: [BookLevel(price: Price(mantissa: 11), quantity: Quantity(mantissa: 5))],
                    asks: [
                        BookLevel(price: Price(mantissa: 13), quantity: Quantity(mantissa: 6)),
                        BookLevel(price: Price(mantissa: 14), quantity: Quantity(mantissa: 1)),
                    ])))
        writer.append(
            .book(InstrumentID(2), BookDepth(time: Timestamp(nanoseconds: 101), bids: [], asks: [])))
        #expect(writer.bytes == [0x0D, 2, 0xC8, 0x01, 1, 22, 10, 2, 4, 12, 2, 2, 0x05, 2, 0, 0])
    }

    @Test("a book of twenty-five levels a side of a busy market takes at most 420 bytes")
    func bookCompactness() {
        var writer = MarketBatchWriter()
        var draw = Draw(seed: 3)
        func side(_ sign: Int64) -> [BookLevel] {
            (0..<25 as Range<Int64>).map { place in
                BookLevel(
                    price: Price(mantissa: 6_500_000_000_000 + sign * (1 + 3 * place) * 1_000_000),
                    quantity: Quantity(mantissa: Int64(draw.below(20_000)) * 1_000))
            }
        }
        writer.append(
            .book(
                InstrumentID(0),
                BookDepth(
                    time: Timestamp(nanoseconds: 1_700_000_000_000_000_000), bids: side(-1), asks: side(1))))
        #expect(writer.byteCount <= 420)
    }
}
