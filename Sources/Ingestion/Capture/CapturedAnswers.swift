import FoundationEssentials
import Market
import Venues

// What a venue answered, in a capture: what was taken of it, in decimals as exact as they are kept.

extension DepthSnapshot {
    /// The most levels a side of a book that nobody asked for.
    private static let mostKnown = 1_000

    /// A live book as far as it is known, equally many levels a side; `nil` when it is not live or a side is empty.
    init?(known book: borrowing LocalBook) {
        guard book.state == .live else { return nil }
        func side(_ side: BookSide) -> [BookLevel] {
            var levels: [BookLevel] = []
            side.forEachKnown { level in
                levels.append(level)
                return levels.count < DepthSnapshot.mostKnown
            }
            return levels
        }
        let (bids, asks) = (side(book.bids), side(book.asks))
        let count = min(bids.count, asks.count)
        guard count > 0 else { return nil }
        // With as many levels as were asked for, a side counts as one that may have more.
        self.init(
            lastID: book.lastID, bids: Array(bids.prefix(count)), asks: Array(asks.prefix(count)), limit: count)
    }

    /// The form in a capture, that of the venue's own answer.
    func captured(of instrument: Instrument) -> [UInt8] {
        func side(_ levels: [BookLevel]) -> String {
            levels.map { "[\"\(instrument.text($0.price))\",\"\(instrument.text($0.quantity))\"]" }
                .joined(separator: ",")
        }
        return Array("{\"lastUpdateId\":\(lastID),\"bids\":[\(side(bids))],\"asks\":[\(side(asks))]}".utf8)
    }
}

/// Trades in a capture, in the form of the venue's own answer.
enum CapturedTrades {
    static func bytes(_ trades: [TradePrint], of instrument: Instrument) -> [UInt8] {
        let rows = trades.map { trade in
            "{\"id\":\(trade.id),\"price\":\"\(instrument.text(trade.price))\",\"qty\":\"\(instrument.text(trade.quantity))\","
                + "\"time\":\(trade.time.milliseconds),\"isBuyerMaker\":\(trade.aggressor == .sell)}"
        }
        return Array("[\(rows.joined(separator: ","))]".utf8)
    }
}

/// Closed minutes in a capture: an array of arrays, each the open time in milliseconds and the texts of open, high, low,
/// close and volume.
enum CapturedMinutes {
    static func bytes(_ candles: [Candle], of instrument: Instrument) -> [UInt8] {
        let rows = candles.map { candle in
            let prices = [candle.open, candle.high, candle.low, candle.close].map { "\"\(instrument.text($0))\"" }
            return
                "[\(candle.openTime.milliseconds),\(prices.joined(separator: ",")),\"\(instrument.text(candle.volume))\"]"
        }
        return Array("[\(rows.joined(separator: ","))]".utf8)
    }

    /// The candles of their form; `nil` where one of them is none.
    static func candles(_ bytes: [UInt8], of instrument: Instrument) -> [Candle]? {
        guard let rows = try? JSONDecoder().decode([Row].self, from: Data(bytes)) else { return nil }
        var candles: [Candle] = []
        for row in rows {
            guard let prices = try? row.texts.dropLast().map({ try instrument.price($0) }), prices.count == 4,
                let volume = try? instrument.quantity(row.texts[4])
            else { return nil }
            let time = Timestamp(milliseconds: row.milliseconds)
            let candle = Candle(
                openTime: time, open: prices[0], high: prices[1], low: prices[2], close: prices[3], volume: volume)
            guard Timestamp.plausible.contains(time), time.floored(to: .oneMinute) == time, candle.isConsistent else {
                return nil
            }
            candles.append(candle)
        }
        let isRising = zip(candles, candles.dropFirst()).allSatisfy { $0.openTime < $1.openTime }
        return isRising ? candles : nil
    }

    private struct Row: Decodable {
        var milliseconds: Int64
        var texts: [String] = []

        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            milliseconds = try container.decode(Int64.self)
            guard Timestamp.plausible.contains(milliseconds: milliseconds) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "no time")
            }
            for _ in 0..<5 { texts.append(try container.decode(String.self)) }
        }
    }
}

extension Range<Timestamp> {
    /// Whether a count of milliseconds is among them, however large it is.
    fileprivate func contains(milliseconds: Int64) -> Bool {
        milliseconds >= lowerBound.milliseconds && milliseconds < upperBound.milliseconds
    }
}
