import Market

/// Statistics of a window up to now, prices and quotes: what the `ticker` endpoints and streams tell.
enum Tickers {
    static var endpoints: [Endpoint] {
        [
            day, tradingDay, rolling,
            Endpoint(
                rest: "GET /api/v3/ticker/price", method: "ticker.price",
                weight: { parameters, _ in parameters.has("symbol") ? 2 : 4 }
            ) { exchange, call throws(APIError) in
                .now(
                    try each(exchange, call.parameters) { market in
                        .object {
                            $0.add("symbol", market.symbol)
                            $0.add("price", market.lastPrice.text)
                        }
                    })
            },
            Endpoint(
                rest: "GET /api/v3/ticker/bookTicker", method: "ticker.book",
                weight: { parameters, _ in parameters.has("symbol") ? 2 : 4 }
            ) { exchange, call throws(APIError) in
                .now(
                    try each(exchange, call.parameters) { market in
                        .object {
                            $0.add("symbol", market.symbol)
                            top(market, into: &$0)
                        }
                    })
            },
        ]
    }

    private static var day: Endpoint {
        Endpoint(rest: "GET /api/v3/ticker/24hr", method: "ticker.24hr", weight: weight) {
            exchange, call throws(APIError) in
            let isMini = try isMini(call.parameters)
            return .now(
                try each(exchange, call.parameters) { market in
                    .object { add(statistics(market, minutes: 1_440), market, isMini: isMini, isDay: true, to: &$0) }
                })
        }
    }

    private static var tradingDay: Endpoint {
        Endpoint(
            rest: "GET /api/v3/ticker/tradingDay", method: "ticker.tradingDay",
            weight: { parameters, _ in 4 * count(parameters) }
        ) { exchange, call throws(APIError) in
            let isMini = try isMini(call.parameters)
            guard call.parameters.has("symbol") || call.parameters.has("symbols") else {
                throw .either("symbol", "symbols")
            }
            // The day begins with the zone's.
            let seconds = exchange.now.seconds + (try Klines.zone(call.parameters))
            let minutes = Int(seconds % 86_400 / 60) + 1
            return .now(
                try each(exchange, call.parameters) { market in
                    .object { add(statistics(market, minutes: minutes), market, isMini: isMini, to: &$0) }
                })
        }
    }

    private static var rolling: Endpoint {
        Endpoint(
            rest: "GET /api/v3/ticker", method: "ticker", weight: { parameters, _ in 4 * count(parameters) }
        ) { exchange, call throws(APIError) in
            let isMini = try isMini(call.parameters)
            guard call.parameters.has("symbol") || call.parameters.has("symbols") else {
                throw .either("symbol", "symbols")
            }
            let minutes = try window(call.parameters)
            let chosen = try chosen(exchange, call.parameters)
            guard minutes > 1_440 else {
                return .now(
                    chosen.answer { market in
                        .object { add(statistics(market, minutes: minutes), market, isMini: isMini, to: &$0) }
                    })
            }
            // Days that are not kept are made of their minutes, which takes a while.
            let end = CandleInterval.oneMinute.open(exchange.now).adding(seconds: 60)
            let history = exchange.history
            return .later {
                chosen.answer { market in
                    let window = market.candles.sum(
                        from: end.adding(seconds: Int64(-60 * minutes)), to: end, history)
                    return .object { add(window, market, isMini: isMini, to: &$0) }
                }
            }
        }
    }

    /// `1m…59m, 1h…23h, 1d…7d` in minutes.
    private static func window(_ parameters: Parameters) throws(APIError) -> Int {
        let text = try parameters.text("windowSize") ?? "1d"
        guard let number = Int(text.dropLast()) else { throw .invalid("windowSize") }
        switch text.last {
        case "m" where (1...59).contains(number): return number
        case "h" where (1...23).contains(number): return number * 60
        case "d" where (1...7).contains(number): return number * 1_440
        default: throw .invalid("windowSize")
        }
    }

    private static func isMini(_ parameters: Parameters) throws(APIError) -> Bool {
        switch try parameters.text("type") ?? "FULL" {
        case "FULL": return false
        case "MINI": return true
        default: throw APIError(-1139, "Invalid ticker type.")
        }
    }

    private static func count(_ parameters: Parameters) -> Int64 {
        Int64(min((try? parameters.symbols())?.count ?? 1, 50))
    }

    private static func weight(_ parameters: Parameters, _ exchange: Exchange) -> Int64 {
        if parameters.has("symbol") { return 2 }
        guard let symbols = try? parameters.symbols() else { return 80 }
        return symbols.count <= 20 ? 2 : symbols.count <= 100 ? 40 : 80
    }

    /// The symbols that a request names, or all, as far as they have the status that it wants.
    struct Chosen: Sendable {
        var markets: [SymbolMarket]
        /// Whether it named one by `symbol`: that one is answered without an array.
        var isSingle: Bool

        func answer(_ make: (SymbolMarket) -> JSONValue) -> JSONValue {
            isSingle ? make(markets[0]) : .array(markets.map(make))
        }
    }

    private static func chosen(_ exchange: Exchange, _ parameters: Parameters) throws(APIError) -> Chosen {
        let names = try parameters.symbols()
        let status = try ExchangeInfo.status(parameters)
        if parameters.has("symbol") {
            guard names == nil else { throw .combination }
            let market = exchange.markets[try exchange.index(parameters)]
            guard status == nil || status == market.status else { throw .otherStatus }
            return Chosen(markets: [market], isSingle: true)
        }
        var markets = exchange.markets
        if let names {
            markets = []
            for name in names { markets.append(exchange.markets[try exchange.index(name)]) }
        }
        return Chosen(markets: markets.filter { status == nil || status == $0.status }, isSingle: false)
    }

    private static func each(
        _ exchange: Exchange, _ parameters: Parameters, _ make: (SymbolMarket) -> JSONValue
    ) throws(APIError) -> JSONValue {
        try chosen(exchange, parameters).answer(make)
    }

    /// The sum of the last minutes, the running one included.
    static func statistics(_ market: SymbolMarket, minutes: Int) -> MarketCandle {
        market.candles.window(minutes: minutes) ?? MarketCandle(openTime: .epoch, flatAt: market.lastPrice)
    }

    private static func top(_ market: SymbolMarket, into members: inout JSONMembers) {
        members.add("bidPrice", (market.book.bids.first?.price ?? .zero).text)
        members.add("bidQty", (market.book.bids.first?.quantity ?? .zero).text)
        members.add("askPrice", (market.book.asks.first?.price ?? .zero).text)
        members.add("askQty", (market.book.asks.first?.quantity ?? .zero).text)
    }

    private static func add(
        _ window: MarketCandle, _ market: SymbolMarket, isMini: Bool, isDay: Bool = false, to members: inout JSONMembers
    ) {
        members.add("symbol", market.symbol)
        if !isMini {
            members.add("priceChange", change(window))
            members.add("priceChangePercent", changePercent(window))
            members.add("weightedAvgPrice", window.averagePrice.text)
            if isDay {
                members.add("prevClosePrice", window.open.text)
                members.add("lastPrice", market.lastPrice.text)
                members.add("lastQty", (market.tape.last?.quantity ?? .zero).text)
                top(market, into: &members)
            }
        }
        members.add("openPrice", window.open.text)
        members.add("highPrice", window.high.text)
        members.add("lowPrice", window.low.text)
        if isMini || !isDay { members.add("lastPrice", window.close.text) }
        members.add("volume", window.volume.text)
        members.add("quoteVolume", notionalText(window.quoteVolume))
        members.add("openTime", time: window.openTime)
        members.add("closeTime", time: closeTime(window, market))
        members.add("firstId", window.firstID)
        members.add("lastId", window.lastID)
        members.add("count", window.tradeCount)
    }

    /// The time of the last trade, or when the window began if there was none.
    static func closeTime(_ window: MarketCandle, _ market: SymbolMarket) -> Timestamp {
        market.tape.last?.time ?? window.openTime
    }

    static func change(_ window: MarketCandle) -> String { (window.close - window.open).text }

    /// The change in percent with three decimals.
    static func changePercent(_ window: MarketCandle) -> String {
        guard window.open.mantissa > 0 else { return "0.000" }
        let change = Int128((window.close - window.open).mantissa) * 100_000
        let units = change.divided(by: Int128(window.open.mantissa), rounding: .halfEven)
        return DecimalText.text(units, scale: 3, minimumDecimals: 3)
    }
}
