import Bytes
import Foundation
import Testing

@testable import Market

@Suite("Binary forms of the market's values")
struct MarketCodingTests {
    private func bytes(_ value: some BinaryCodable) -> [UInt8] {
        var writer = ByteWriter()
        writer.value(value)
        return writer.bytes
    }

    private func copy<Value: BinaryCodable>(_ value: Value) throws -> Value {
        var reader = ByteReader(bytes(value))
        let copy = try reader.value(Value.self)
        try reader.expectEnd()
        return copy
    }

    private static let extremes: [Int64] = [.min, .min + 1, -1, 0, 1, 63, 64, .max - 1, .max]

    @Test("numbers come back, the extremes too", arguments: extremes)
    func numbers(number: Int64) throws {
        #expect(try copy(Timestamp(nanoseconds: number)) == Timestamp(nanoseconds: number))
        #expect(try copy(Price(mantissa: number)) == Price(mantissa: number))
        #expect(try copy(Quantity(mantissa: number)) == Quantity(mantissa: number))
        #expect(try copy(Ratio(units: number)) == Ratio(units: number))
        for factor: Int128 in [1, 1_000_000_007, -1_000_000_007] {
            let money = Money(units: Int128(number) * factor, Currency("BTC")!)
            #expect(try copy(money) == money)
        }
    }

    @Test("amounts at the ends of 128 bits come back")
    func widest() throws {
        for units in [Int128.min, .min + 1, .max] {
            #expect(try copy(Money(units: units, .usd)) == Money(units: units, .usd))
        }
    }

    @Test("every timeframe and side comes back")
    func enumerations() throws {
        for timeframe in Timeframe.all { #expect(try copy(timeframe) == timeframe) }
        for side in Side.allCases { #expect(try copy(side) == side) }
        for kind in [InstrumentKind.spot, .linearPerpetual, .equity] { #expect(try copy(kind) == kind) }
    }

    @Test("a candle comes back whatever its numbers are", arguments: extremes)
    func candles(number: Int64) throws {
        let candle = Candle(
            openTime: Timestamp(nanoseconds: number), open: Price(mantissa: number), high: Price(mantissa: ~number),
            low: Price(mantissa: number &* 3), close: Price(mantissa: number ^ 0x5555),
            volume: Quantity(mantissa: number),
            minutes: .max, flags: .isPartial)
        #expect(try copy(candle) == candle)
        var writer = ByteWriter()
        writer.candles([candle, candle, candle])
        var reader = ByteReader(writer.bytes)
        #expect(try reader.candles() == [candle, candle, candle])
    }

    @Test("quotes, prints and books come back", arguments: extremes)
    func quotes(number: Int64) throws {
        let quote = Quote(
            time: Timestamp(nanoseconds: number), bid: Price(mantissa: number), ask: Price(mantissa: ~number),
            bidSize: Quantity(mantissa: 1), askSize: Quantity(mantissa: number))
        #expect(try copy(quote) == quote)
        let print = TradePrint(
            time: quote.time, price: quote.bid, quantity: quote.askSize, aggressor: .sell,
            id: UInt64(bitPattern: number))
        #expect(try copy(print) == print)
        let depth = BookDepth(
            time: quote.time, bids: [BookLevel(price: quote.bid, quantity: quote.bidSize)],
            asks: [BookLevel(price: quote.ask, quantity: quote.askSize), BookLevel(price: .zero, quantity: .zero)])
        #expect(try copy(depth) == depth)
    }

    @Test("an instrument comes back, and one whose notionals would not be exact is refused")
    func instruments() throws {
        let instrument = Instrument(
            venue: "BINANCE", symbol: "BTCUSDT", kind: .linearPerpetual, base: Currency("BTC")!, quote: .usdt,
            priceScale: 2, quantityScale: 5,
            rules: InstrumentRules(
                tick: Price(mantissa: 10), quantityStep: Quantity(mantissa: 1),
                marketQuantityStep: Quantity(mantissa: 2),
                minimumQuantity: Quantity(mantissa: 3), maximumQuantity: Quantity(mantissa: 4), minimumNotional: 5,
                priceBand: .percent(6)))
        #expect(try copy(instrument) == instrument)
        var damaged = bytes(instrument)
        // Venue, symbol, kind, base, quote: the scales stand behind them.
        let place = 1 + 7 + 1 + 7 + 1 + 4 + 1
        #expect(damaged[place] == 2 && damaged[place + 1] == 5)
        damaged[place] = 12
        var reader = ByteReader(damaged)
        #expect(throws: MalformedBytes.self) { try reader.value(Instrument.self) }
    }

    @Test("rules without a largest market order are the bytes they were before there was one, and come back with one")
    func largestMarketOrder() throws {
        var rules = InstrumentRules(
            tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 2), maximumQuantity: Quantity(mantissa: 9))
        #expect(bytes(rules) == [2, 4, 0, 0, 18, 0, 0])
        rules.maximumMarketQuantity = Quantity(mantissa: 5)
        #expect(bytes(rules) == [0, 1, 2, 4, 0, 0, 18, 0, 0, 10])
        #expect(try copy(rules) == rules)
        var reader = ByteReader([0, 2, 2, 4, 0, 0, 18, 0, 0, 10] as [UInt8])
        #expect(throws: MalformedBytes.self) { try reader.value(InstrumentRules.self) }
    }

    @Test("rules in JSON of before there was a largest market order have none")
    func olderJSON() throws {
        var rules = InstrumentRules(
            tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 2), maximumQuantity: Quantity(mantissa: 9),
            maximumMarketQuantity: Quantity(mantissa: 5))
        let data = try JSONEncoder().encode(rules)
        #expect(try JSONDecoder().decode(InstrumentRules.self, from: data) == rules)
        var members = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        members["maximumMarketQuantity"] = nil
        rules.maximumMarketQuantity = .zero
        let older = try JSONSerialization.data(withJSONObject: members)
        #expect(try JSONDecoder().decode(InstrumentRules.self, from: older) == rules)
    }

    @Test("a tick of zero is refused instead of trapping")
    func zeroTick() {
        var reader = ByteReader([0, 2, 0, 0, 0, 0, 0] as [UInt8])
        #expect(throws: MalformedBytes.self) { try reader.value(InstrumentRules.self) }
    }

    @Test("a resampler goes on where the written one stood")
    func resampler() throws {
        var first = CandleResampler(to: Timeframe("5m")!)
        for minute in 0..<7 { _ = first.add(Self.minute(minute)) }
        var second = try copy(first)
        for minute in 7..<20 {
            #expect(first.add(Self.minute(minute)) == second.add(Self.minute(minute)))
        }
        #expect(first.finish() == second.finish())
    }

    private static func minute(_ number: Int) -> Candle {
        let price = Price(mantissa: Int64(1_000 + number * 7 % 13))
        return Candle(
            openTime: Timestamp(seconds: Int64(number) * 60), open: price, high: price, low: price, close: price,
            volume: Quantity(mantissa: 1))
    }

    @Test("the bytes of a candle are what they have always been")
    func golden() {
        let candle = Candle(
            openTime: Timestamp(seconds: 1_700_000_000), open: Price(mantissa: 100), high: Price(mantissa: 130),
            low: Price(mantissa: 90), close: Price(mantissa: 120), volume: Quantity(mantissa: 7))
        #expect(
            bytes(candle) == [0x00, 0x00, 0x2A, 0x36, 0xFE, 0x9C, 0x97, 0x17, 0xC8, 0x01, 0x28, 0x14, 0x14, 0x0E, 1, 0])
        #expect(bytes(Money(units: -2, .usdt)) == [0x03, 0x80])
        #expect(bytes(Money(units: 1, .usd)) == [0x02, 0x81])
        #expect(bytes(Currency("BTC")!) == [3, 0x42, 0x54, 0x43])
    }
}
