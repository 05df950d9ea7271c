import Market

/// What everybody may ask about the market.
enum MarketEndpoints {
    static var all: [Endpoint] {
        [
            .open("GET /api/v3/ping", "ping", weight: 1) { _, _ in .empty },
            .open("GET /api/v3/time", "time", weight: 1) { exchange, _ in
                .object { $0.add("serverTime", time: exchange.serverTime) }
            },
            .open("GET /api/v3/exchangeInfo", "exchangeInfo", weight: 20) { exchange, call throws(APIError) in
                try ExchangeInfo.json(exchange, call.parameters)
            },
            Endpoint(
                rest: "GET /api/v3/depth", method: "depth",
                weight: { parameters, _ in
                    let limit = (try? parameters.limit(100, most: 5_000)) ?? 100
                    return limit <= 100 ? 5 : limit <= 500 ? 25 : limit <= 1_000 ? 50 : 250
                }
            ) { exchange, call throws(APIError) in .now(try depth(exchange, call.parameters)) },
            .open("GET /api/v3/trades", "trades.recent", weight: 25) { exchange, call throws(APIError) in
                let market = exchange.markets[try exchange.index(call.parameters)]
                let limit = try call.parameters.limit(500, most: 1_000)
                return .array(market.tape.newest(limit).map(trade))
            },
            .open("GET /api/v3/historicalTrades", "trades.historical", weight: 25) {
                exchange, call throws(APIError) in
                let index = try exchange.index(call.parameters)
                let limit = try call.parameters.limit(500, most: 1_000)
                guard let id = try call.parameters.integer("fromId") else {
                    return .array(exchange.markets[index].tape.newest(limit).map(trade))
                }
                return .array(PastTrades.trades(exchange, index, from: id, limit).map(trade))
            },
            .open("GET /api/v3/aggTrades", "trades.aggregate", weight: 4) { exchange, call throws(APIError) in
                let index = try exchange.index(call.parameters)
                return .array(try PastTrades.aggregates(exchange, index, call.parameters).map(aggregate))
            },
            Endpoint(rest: "GET /api/v3/klines", method: "klines", weight: { _, _ in 2 }, run: Klines.answer),
            Endpoint(rest: "GET /api/v3/uiKlines", method: "uiKlines", weight: { _, _ in 2 }, run: Klines.answer),
            .open("GET /api/v3/avgPrice", "avgPrice", weight: 2) { exchange, call throws(APIError) in
                let market = exchange.markets[try exchange.index(call.parameters)]
                return .object {
                    $0.add("mins", market.filters.averageMinutes)
                    $0.add("price", market.averagePrice.text)
                    $0.add("closeTime", time: market.tape.last?.time ?? Timestamp(milliseconds: exchange.serverTime))
                }
            },
        ]
    }

    private static func depth(_ exchange: Exchange, _ parameters: Parameters) throws(APIError) -> JSONValue {
        let market = exchange.markets[try exchange.index(parameters)]
        let limit = try parameters.limit(100, most: 5_000)
        if let status = try ExchangeInfo.status(parameters), status != market.status { throw .otherStatus }
        return .object {
            $0.add("lastUpdateId", market.book.updateID)
            $0.add("bids", levels(market.book.bids.prefix(limit)))
            $0.add("asks", levels(market.book.asks.prefix(limit)))
        }
    }

    /// Levels as pairs of texts.
    static func levels(_ levels: some Sequence<BookLevel>) -> JSONValue {
        .array(levels.map { .array([.string($0.price.text), .string($0.quantity.text)]) })
    }

    private static func trade(_ trade: PublicTrade) -> JSONValue {
        .object {
            $0.add("id", trade.id)
            $0.add("price", trade.price.text)
            $0.add("qty", trade.quantity.text)
            $0.add("quoteQty", notionalText(Int128(trade.price.mantissa) * Int128(trade.quantity.mantissa)))
            $0.add("time", time: trade.time)
            $0.add("isBuyerMaker", trade.isBuyerMaker)
            $0.add("isBestMatch", true)
        }
    }

    private static func aggregate(_ aggregate: AggregateTrade) -> JSONValue {
        .object {
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
}
