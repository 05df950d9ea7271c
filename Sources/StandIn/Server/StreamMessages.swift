import Market

/// The messages of market streams.
enum StreamMessages {
    /// The windows of `@ticker_1h` and its like.
    static let windows: [(name: String, minutes: Int)] = [("1h", 60), ("4h", 240), ("1d", 1_440)]

    static func trade(_ trade: PublicTrade, _ symbol: String, at time: Int64) -> JSONValue {
        .object {
            $0.add("e", "trade")
            $0.add("E", time: time)
            $0.add("s", symbol)
            $0.add("t", trade.id)
            $0.add("p", trade.price.text)
            $0.add("q", trade.quantity.text)
            $0.add("T", time: trade.time)
            $0.add("m", trade.isBuyerMaker)
            $0.add("M", true)
        }
    }

    static func aggregate(_ aggregate: AggregateTrade, _ symbol: String, at time: Int64) -> JSONValue {
        .object {
            $0.add("e", "aggTrade")
            $0.add("E", time: time)
            $0.add("s", symbol)
            $0.add("a", aggregate.id)
            $0.add("p", aggregate.first.price.text)
            $0.add("q", aggregate.quantity.text)
            $0.add("f", aggregate.first.id)
            $0.add("l", aggregate.lastID)
            $0.add("T", time: aggregate.first.time)
            $0.add("m", aggregate.first.isBuyerMaker)
            $0.add("M", true)
        }
    }

    static func top(_ symbol: String, _ updateID: Int64, _ bid: BookLevel?, _ ask: BookLevel?) -> JSONValue {
        .object {
            $0.add("u", updateID)
            $0.add("s", symbol)
            $0.add("b", (bid?.price ?? .zero).text)
            $0.add("B", (bid?.quantity ?? .zero).text)
            $0.add("a", (ask?.price ?? .zero).text)
            $0.add("A", (ask?.quantity ?? .zero).text)
        }
    }

    static func depth(_ update: DepthUpdate, _ symbol: String, at time: Int64) -> JSONValue {
        .object {
            $0.add("e", "depthUpdate")
            $0.add("E", time: time)
            $0.add("s", symbol)
            $0.add("U", update.first)
            $0.add("u", update.last)
            $0.add("b", MarketEndpoints.levels(update.bids))
            $0.add("a", MarketEndpoints.levels(update.asks))
        }
    }

    static func partial(_ book: LiveBook, _ count: Int) -> JSONValue {
        .object {
            $0.add("lastUpdateId", book.updateID)
            $0.add("bids", MarketEndpoints.levels(book.bids.prefix(count)))
            $0.add("asks", MarketEndpoints.levels(book.asks.prefix(count)))
        }
    }

    static func candle(
        _ candle: MarketCandle, _ symbol: String, _ interval: CandleInterval, end: Timestamp, isClosed: Bool,
        at time: Int64
    ) -> JSONValue {
        .object {
            $0.add("e", "kline")
            $0.add("E", time: time)
            $0.add("s", symbol)
            $0.add(
                "k",
                .object {
                    $0.add("t", time: candle.openTime)
                    $0.add("T", before: end)
                    $0.add("s", symbol)
                    $0.add("i", interval.rawValue)
                    $0.add("f", candle.firstID)
                    $0.add("L", candle.lastID)
                    $0.add("o", candle.open.text)
                    $0.add("c", candle.close.text)
                    $0.add("h", candle.high.text)
                    $0.add("l", candle.low.text)
                    $0.add("v", candle.volume.text)
                    $0.add("n", candle.tradeCount)
                    $0.add("x", isClosed)
                    $0.add("q", notionalText(candle.quoteVolume))
                    $0.add("V", candle.takerVolume.text)
                    $0.add("Q", notionalText(candle.takerQuoteVolume))
                    $0.add("B", "0")
                })
        }
    }

    static func miniTicker(_ market: SymbolMarket, at time: Int64) -> JSONValue {
        let window = Tickers.statistics(market, minutes: 1_440)
        return .object {
            $0.add("e", "24hrMiniTicker")
            $0.add("E", time: time)
            $0.add("s", market.symbol)
            $0.add("c", window.close.text)
            $0.add("o", window.open.text)
            $0.add("h", window.high.text)
            $0.add("l", window.low.text)
            $0.add("v", window.volume.text)
            $0.add("q", notionalText(window.quoteVolume))
        }
    }

    static func dayTicker(_ market: SymbolMarket, at time: Int64) -> JSONValue {
        let window = Tickers.statistics(market, minutes: 1_440)
        return .object {
            $0.add("e", "24hrTicker")
            $0.add("E", time: time)
            $0.add("s", market.symbol)
            $0.add("p", Tickers.change(window))
            $0.add("P", Tickers.changePercent(window))
            $0.add("w", window.averagePrice.text)
            $0.add("x", window.open.text)
            $0.add("c", market.lastPrice.text)
            $0.add("Q", (market.tape.last?.quantity ?? .zero).text)
            $0.add("b", (market.book.bids.first?.price ?? .zero).text)
            $0.add("B", (market.book.bids.first?.quantity ?? .zero).text)
            $0.add("a", (market.book.asks.first?.price ?? .zero).text)
            $0.add("A", (market.book.asks.first?.quantity ?? .zero).text)
            end(window, market, into: &$0)
        }
    }

    static func ticker(_ market: SymbolMarket, _ span: (name: String, minutes: Int), at time: Int64) -> JSONValue {
        let window = Tickers.statistics(market, minutes: span.minutes)
        return .object {
            $0.add("e", "\(span.name)Ticker")
            $0.add("E", time: time)
            $0.add("s", market.symbol)
            $0.add("p", Tickers.change(window))
            $0.add("P", Tickers.changePercent(window))
            $0.add("c", window.close.text)
            $0.add("w", window.averagePrice.text)
            end(window, market, into: &$0)
        }
    }

    private static func end(_ window: MarketCandle, _ market: SymbolMarket, into members: inout JSONMembers) {
        members.add("o", window.open.text)
        members.add("h", window.high.text)
        members.add("l", window.low.text)
        members.add("v", window.volume.text)
        members.add("q", notionalText(window.quoteVolume))
        members.add("O", time: window.openTime)
        members.add("C", time: Tickers.closeTime(window, market))
        members.add("F", window.firstID)
        members.add("L", window.lastID)
        members.add("n", window.tradeCount)
    }

    static func averagePrice(_ market: SymbolMarket, at time: Int64) -> JSONValue {
        .object {
            $0.add("e", "avgPrice")
            $0.add("E", time: time)
            $0.add("s", market.symbol)
            $0.add("i", "\(market.filters.averageMinutes)m")
            $0.add("w", market.averagePrice.text)
            $0.add("T", time: market.tape.last?.time ?? Timestamp(milliseconds: time))
        }
    }
}
