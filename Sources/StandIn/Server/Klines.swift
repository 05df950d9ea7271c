import Market

/// `klines` and the candles of `@kline` streams.
enum Klines {
    /// The candles that a request asks for; computed later, because long ones are made of many minutes.
    static func answer(_ exchange: Exchange, _ call: Call) throws(APIError) -> Answer {
        let parameters = call.parameters
        let index = try exchange.index(parameters)
        guard let interval = CandleInterval(rawValue: try parameters.required("interval")) else { throw .badInterval }
        let offset = try zone(parameters)
        let limit = try parameters.limit(500, most: 1_000)
        let from = try parameters.time("startTime")
        let to = try parameters.time("endTime")
        let now = exchange.now
        let newest = interval.open(now, offset: offset)
        let last = to.map { min(interval.open(Timestamp(milliseconds: $0), offset: offset), newest) } ?? newest
        var first: Timestamp
        if let from {
            let start = Timestamp(milliseconds: from)
            first = interval.open(start, offset: offset)
            if first < start { first = interval.next(after: first, offset: offset) }
        } else {
            first = last
            for _ in 1..<max(limit, 2) where limit > 1 {
                first = interval.open(first.adding(nanoseconds: -1), offset: offset)
            }
        }
        first = max(first, interval.open(Klines.listed, offset: offset))
        let market = exchange.markets[index]
        let history = exchange.history
        let start = first
        return .later {
            if interval.seconds >= 3_600 {
                history.prepare(market.id, from: start, to: min(interval.next(after: last, offset: offset), now))
            }
            var rows: [JSONValue] = []
            var open = start
            while open <= last, rows.count < limit {
                rows.append(row(candle(market, interval, open, history), interval, offset))
                open = interval.next(after: open, offset: offset)
            }
            return .array(rows)
        }
    }

    /// Since when there are candles: 2017-07-14, the day that Binance opened.
    static let listed = Timestamp(seconds: 1_499_990_400)

    /// The distance of `timeZone` from UTC in seconds; `+8`, `-3:30`, `0`.
    static func zone(_ parameters: Parameters) throws(APIError) -> Int64 {
        guard let text = try parameters.text("timeZone") else { return 0 }
        let isWest = text.hasPrefix("-")
        let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
        let parts = digits.split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
        guard (1...2).contains(parts.count), let hours = parts[0], let minutes = parts.count == 2 ? parts[1] : 0,
            (0...59).contains(minutes), (0...14).contains(hours)
        else { throw .invalid("timeZone") }
        let seconds = hours * 3_600 + minutes * 60
        guard seconds <= (isWest ? 43_200 : 50_400) else { throw .invalid("timeZone") }
        return isWest ? -seconds : seconds
    }

    /// One candle as far as it has been told.
    static func candle(
        _ market: SymbolMarket, _ interval: CandleInterval, _ open: Timestamp, _ history: MarketHistory
    ) -> MarketCandle {
        guard interval == .oneSecond else {
            return market.candles.candle(interval, opening: open, history)
        }
        let end = open.adding(seconds: 1)
        var trades: [PublicTrade]
        if let first = market.tape.trades.first, first.time <= open {
            let start = market.tape.trades.partition { $0.time >= open }
            trades = Array(market.tape.trades[start...].prefix { $0.time < end })
            if trades.isEmpty, start > 0 {
                return MarketCandle(openTime: open, flatAt: market.tape.trades[start - 1].price)
            }
        } else {
            trades = history.trades(market.id, from: open, to: end)
            if trades.isEmpty {
                let before = history.trades(market.id, from: open.adding(seconds: -60), to: open).last
                return MarketCandle(openTime: open, flatAt: before?.price ?? market.lastPrice)
            }
        }
        var candle = MarketCandle(openTime: open)
        for trade in trades {
            candle.take(
                price: trade.price, quantity: trade.quantity, takerIsBuyer: !trade.isBuyerMaker, id: trade.id)
        }
        return candle
    }

    private static func row(_ candle: MarketCandle, _ interval: CandleInterval, _ offset: Int64) -> JSONValue {
        let end = interval.next(after: candle.openTime, offset: offset)
        return .array([
            .time(candle.openTime), .string(candle.open.text), .string(candle.high.text),
            .string(candle.low.text), .string(candle.close.text), .string(candle.volume.text), .time(before: end),
            .string(notionalText(candle.quoteVolume)), .integer(candle.tradeCount), .string(candle.takerVolume.text),
            .string(notionalText(candle.takerQuoteVolume)), .string("0"),
        ])
    }
}
