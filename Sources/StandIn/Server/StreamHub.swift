import Market

/// Knows who listens to which market stream, and makes the messages of streams that somebody listens to.
final class StreamHub {
    private var listeners: [String: [StreamSession]] = [:]
    private var candles: [String: CandleFollower] = [:]
    private var lastBeat: Int64 = 0

    /// How many subscriptions there are.
    var subscriptionCount: Int { listeners.values.reduce(0) { $0 + $1.count } }

    func add(_ session: StreamSession, to stream: String) {
        listeners[stream, default: []].append(session)
        if let follower = CandleFollower(stream), candles[stream] == nil { candles[stream] = follower }
    }

    func remove(_ session: StreamSession, from stream: String) {
        listeners[stream]?.removeAll { $0 === session }
        guard listeners[stream]?.isEmpty == true else { return }
        listeners[stream] = nil
        candles[stream] = nil
    }

    /// Sends a message to whoever listens to a stream; it is made only when somebody does.
    private func publish(_ stream: String, _ make: () -> JSONValue) {
        guard let sessions = listeners[stream], !sessions.isEmpty else { return }
        let message = make()
        var texts: [TimeUnit: String] = [:]
        for session in sessions {
            let text = texts[session.unit] ?? message.text(session.unit)
            texts[session.unit] = text
            session.tell(stream, text)
        }
    }

    /// Tells an event of the exchange.
    func tell(_ event: ExchangeEvent, _ exchange: Exchange) {
        switch event {
        case .trade(let index, let trade):
            let market = exchange.markets[index]
            publish("\(market.streamName)@trade") {
                StreamMessages.trade(trade, market.symbol, at: exchange.serverTime)
            }
        case .aggregate(let index, let aggregate):
            let market = exchange.markets[index]
            publish("\(market.streamName)@aggTrade") {
                StreamMessages.aggregate(aggregate, market.symbol, at: exchange.serverTime)
            }
        case .top(let index, let updateID, let bid, let ask):
            let market = exchange.markets[index]
            publish("\(market.streamName)@bookTicker") {
                StreamMessages.top(market.symbol, updateID, bid, ask)
            }
        case .user: break
        }
    }

    /// Sends what is due by the clock.
    func beat(_ exchange: Exchange) {
        let now = exchange.now.milliseconds
        let isTenth = now / 100 != lastBeat / 100
        guard isTenth else { return }
        let isSecond = now / 1_000 != lastBeat / 1_000
        let isEven = now / 2_000 != lastBeat / 2_000
        lastBeat = now
        for index in exchange.markets.indices {
            depth(index, exchange, isFast: true)
            if isSecond {
                depth(index, exchange, isFast: false)
                tickers(index, exchange)
            }
        }
        if isSecond {
            publish("!miniTicker@arr") {
                .array(exchange.markets.map { StreamMessages.miniTicker($0, at: exchange.serverTime) })
            }
            for window in StreamMessages.windows {
                publish("!ticker_\(window.name)@arr") {
                    .array(exchange.markets.map { StreamMessages.ticker($0, window, at: exchange.serverTime) })
                }
            }
        }
        for stream in candles.keys.sorted() {
            let isDue = candles[stream]?.interval == .oneSecond ? isSecond : isEven
            for message in candles[stream]?.messages(exchange, isDue: isDue) ?? [] { publish(stream) { message } }
        }
    }

    private func depth(_ index: Int, _ exchange: Exchange, isFast: Bool) {
        let name = exchange.markets[index].streamName
        let suffix = isFast ? "@100ms" : ""
        let updateID = exchange.markets[index].book.updateID
        let update =
            isFast
            ? exchange.markets[index].fast.flush(upTo: updateID) : exchange.markets[index].slow.flush(upTo: updateID)
        guard let update else { return }
        let market = exchange.markets[index]
        // The slow stream may be asked for with its speed, too.
        for stream in isFast ? ["\(name)@depth@100ms"] : ["\(name)@depth", "\(name)@depth@1000ms"] {
            publish(stream) { StreamMessages.depth(update, market.symbol, at: exchange.serverTime) }
        }
        for count in [5, 10, 20] {
            publish("\(name)@depth\(count)\(suffix)") { StreamMessages.partial(market.book, count) }
        }
    }

    private func tickers(_ index: Int, _ exchange: Exchange) {
        let market = exchange.markets[index]
        let time = exchange.serverTime
        publish("\(market.streamName)@miniTicker") { StreamMessages.miniTicker(market, at: time) }
        publish("\(market.streamName)@ticker") { StreamMessages.dayTicker(market, at: time) }
        publish("\(market.streamName)@avgPrice") { StreamMessages.averagePrice(market, at: time) }
        for window in StreamMessages.windows {
            publish("\(market.streamName)@ticker_\(window.name)") { StreamMessages.ticker(market, window, at: time) }
        }
    }
}

extension SymbolMarket {
    /// The symbol as streams are named by.
    var streamName: String { symbol.lowercased() }
}

/// Follows the candle of one `@kline` stream: when it closes, and whether it has changed.
struct CandleFollower {
    let interval: CandleInterval
    private let symbol: String
    private let offset: Int64
    private var open: Timestamp?
    private var sentTrades: Int64 = -1

    /// The follower of `btcusdt@kline_1m` or `btcusdt@kline_1d@+08:00`; `nil` for any other stream.
    init?(_ stream: String) {
        let parts = stream.split(separator: "@")
        guard parts.count >= 2, parts[1].hasPrefix("kline_"),
            let interval = CandleInterval(rawValue: String(parts[1].dropFirst(6))),
            parts.count == 2 || parts.count == 3 && parts[2] == "+08:00"
        else { return nil }
        self.interval = interval
        symbol = parts[0].uppercased()
        offset = parts.count == 3 ? 28_800 : 0
    }

    /// The messages that are due: the end of a candle at once, the running one when it changed and its time has come.
    mutating func messages(_ exchange: Exchange, isDue: Bool) -> [JSONValue] {
        guard let index = try? exchange.index(symbol) else { return [] }
        let market = exchange.markets[index]
        let current = interval.open(exchange.now, offset: offset)
        var messages: [JSONValue] = []
        func message(_ open: Timestamp, isClosed: Bool) -> JSONValue {
            let candle = Klines.candle(market, interval, open, exchange.history)
            sentTrades = candle.tradeCount
            let end = interval.next(after: open, offset: offset)
            return StreamMessages.candle(
                candle, market.symbol, interval, end: end, isClosed: isClosed, at: exchange.serverTime)
        }
        if let known = open, known < current { messages.append(message(known, isClosed: true)) }
        if open != current {
            open = current
            sentTrades = -1
        }
        guard isDue else { return messages }
        let before = sentTrades
        let running = message(current, isClosed: false)
        if sentTrades != before, sentTrades > 0 { messages.append(running) }
        return messages
    }
}
