import Foundation
import Market

@testable import Venues

/// What a general decoder reads in a message, to compare with.
enum Foundational {
    struct Level: Decodable {
        var price: String
        var quantity: String

        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            price = try list.decode(String.self)
            quantity = try list.decode(String.self)
        }

        func equals(_ level: BookLevel, _ scales: (Int, Int)) -> Bool {
            Foundational.is(price, level.price.mantissa, scales.0)
                && Foundational.is(quantity, level.quantity.mantissa, scales.1)
        }
    }

    struct Book: Decodable {
        var lastUpdateId: Int64
        var bids: [Level]
        var asks: [Level]
    }

    private struct Wrapped<Event: Decodable>: Decodable { var data: Event }

    // swift-format-ignore: AlwaysUseLowerCamelCase
    private struct Depth: Decodable {
        var E: Int64
        var s: String
        var U: Int64
        var u: Int64
        var b: [Level]
        var a: [Level]
    }

    // swift-format-ignore: AlwaysUseLowerCamelCase
    private struct Ticker: Decodable {
        var u: Int64
        var s: String
        var b: String
        var B: String
        var a: String
        var A: String
    }

    // swift-format-ignore: AlwaysUseLowerCamelCase
    private struct Trade: Decodable {
        var E: Int64
        var s: String
        var t: Int64
        var p: String
        var q: String
        var T: Int64
        var m: Bool
    }

    // swift-format-ignore: AlwaysUseLowerCamelCase
    private struct Aggregate: Decodable {
        var E: Int64
        var s: String
        var a: Int64
        var f: Int64
        var l: Int64
        var p: String
        var q: String
        var T: Int64
        var m: Bool
    }

    // swift-format-ignore: AlwaysUseLowerCamelCase
    private struct Kline: Decodable {
        var E: Int64
        var s: String
        var k: Inner

        struct Inner: Decodable {
            var t: Int64
            var i: String
            var f: Int64
            var L: Int64
            var o: String
            var c: String
            var h: String
            var l: String
            var v: String
            var n: Int64
            var x: Bool
            var q: String
            var V: String
            var Q: String
        }
    }

    // swift-format-ignore: AlwaysUseLowerCamelCase
    private struct Shutdown: Decodable { var E: Int64 }

    /// Whether a text is the number of a mantissa.
    private static func `is`(_ text: String, _ mantissa: Int64, _ scale: Int) -> Bool {
        (try? DecimalText.mantissa(text, scale: scale)) == mantissa
    }

    private static func `is`(_ text: String, _ amount: Money) -> Bool {
        guard let decimal = Decimal(string: text) else { return false }
        return decimal == Decimal(string: DecimalText.text(amount.units, scale: Money.scale))
    }

    private static func read<Event: Decodable>(_ bytes: [UInt8], _ type: Event.Type) -> Event? {
        let decoder = JSONDecoder()
        if let wrapped = try? decoder.decode(Wrapped<Event>.self, from: Data(bytes)) { return wrapped.data }
        return try? decoder.decode(Event.self, from: Data(bytes))
    }

    /// Any value at all. (JSONSerialization would also refuse numbers that no `Double` holds, which are JSON.)
    private struct Anything: Decodable { init(from decoder: any Decoder) throws {} }

    /// Whether a text is JSON at all.
    static func isJSON(_ bytes: [UInt8]) -> Bool {
        (try? JSONDecoder().decode(Anything.self, from: Data(bytes))) != nil
    }

    /// Whether it reads the same in a message.
    static func agrees(
        _ message: MarketMessage, _ diff: DepthDiff, _ bytes: [UInt8], symbols: [String], scales: (Int, Int)
    ) -> Bool {
        switch message {
        case .depth:
            guard let event = read(bytes, Depth.self) else { return false }
            return event.E == diff.time.milliseconds && event.s == symbols[diff.instrument] && event.U == diff.firstID
                && event.u == diff.lastID && event.b.count == diff.bids.count && event.a.count == diff.asks.count
                && zip(event.b, diff.bids).allSatisfy { $0.equals($1, scales) }
                && zip(event.a, diff.asks).allSatisfy { $0.equals($1, scales) }
        case .bookTicker(let found):
            guard let event = read(bytes, Ticker.self) else { return false }
            return event.u == found.updateID && event.s == symbols[found.instrument]
                && `is`(event.b, found.bid.mantissa, scales.0) && `is`(event.B, found.bidSize.mantissa, scales.1)
                && `is`(event.a, found.ask.mantissa, scales.0) && `is`(event.A, found.askSize.mantissa, scales.1)
        case .trade(let found):
            guard let event = read(bytes, Trade.self) else { return false }
            return event.E == found.eventTime.milliseconds && event.s == symbols[found.instrument]
                && UInt64(event.t) == found.print.id && event.T == found.print.time.milliseconds
                && `is`(event.p, found.print.price.mantissa, scales.0)
                && `is`(event.q, found.print.quantity.mantissa, scales.1)
                && event.m == (found.print.aggressor == .sell)
        case .aggregateTrade(let found):
            guard let event = read(bytes, Aggregate.self) else { return false }
            let print = found.trade.print
            return event.E == found.eventTime.milliseconds && event.s == symbols[found.instrument]
                && UInt64(event.a) == print.id && UInt64(event.f)...UInt64(event.l) == found.trade.trades
                && event.T == print.time.milliseconds && `is`(event.p, print.price.mantissa, scales.0)
                && `is`(event.q, print.quantity.mantissa, scales.1) && event.m == (print.aggressor == .sell)
        case .kline(let found):
            guard let event = read(bytes, Kline.self) else { return false }
            let (inner, candle) = (event.k, found.candle)
            return event.E == found.eventTime.milliseconds && event.s == symbols[found.instrument]
                && inner.t == candle.openTime.milliseconds && inner.i == found.timeframe.description
                && inner.f == found.trades.map { Int64($0.lowerBound) } ?? -1
                && inner.L == found.trades.map { Int64($0.upperBound) } ?? -1 && inner.n == found.tradeCount
                && inner.x == found.isClosed && `is`(inner.o, candle.open.mantissa, scales.0)
                && `is`(inner.h, candle.high.mantissa, scales.0) && `is`(inner.l, candle.low.mantissa, scales.0)
                && `is`(inner.c, candle.close.mantissa, scales.0) && `is`(inner.v, candle.volume.mantissa, scales.1)
                && `is`(inner.V, found.takerBuyVolume.mantissa, scales.1) && `is`(inner.q, found.quoteVolume)
                && `is`(inner.Q, found.takerBuyQuoteVolume)
        case .serverShutdown(let time): return read(bytes, Shutdown.self)?.E == time.milliseconds
        case .answer, .other: return isJSON(bytes)
        }
    }
}
