import Market

/// Trades of the past: from the tape as far as it goes, before it as functions of the seed.
enum PastTrades {
    /// Trades from an id on, oldest first.
    static func trades(_ exchange: Exchange, _ index: Int, from id: Int64, _ limit: Int) -> [PublicTrade] {
        let market = exchange.markets[index]
        guard let first = market.tape.trades.first, id < first.id else {
            return Array(market.tape.trades(from: id, limit))
        }
        var minute = max(MarketHistory.minute(ofID: id), Klines.listed)
        var trades: [PublicTrade] = []
        while trades.count < limit, minute < first.time {
            let end = min(minute.adding(seconds: 60), first.time)
            trades += exchange.history.trades(market.id, from: minute, to: end).filter { $0.id >= id }
            minute = minute.adding(seconds: 60)
        }
        if trades.count < limit { trades += market.tape.newest(Tape.capacity * 2).prefix(limit - trades.count) }
        return Array(trades.prefix(limit))
    }

    /// The aggregates that a request asks for.
    static func aggregates(
        _ exchange: Exchange, _ index: Int, _ parameters: Parameters
    ) throws(APIError) -> [AggregateTrade] {
        let limit = try parameters.limit(500, most: 1_000)
        let id = try parameters.integer("fromId")
        let from = try parameters.time("startTime")
        let to = try parameters.time("endTime")
        guard id == nil || from == nil && to == nil else { throw .combination }
        if let from, let to, from > to { throw .combination }
        let market = exchange.markets[index]
        let kept = market.tape.aggregates
        if let id {
            guard let first = kept.first, id < first.id else {
                return Array(kept[kept.partition { $0.id >= id }...].prefix(limit))
            }
            let trades = trades(exchange, index, from: id, limit * 4).filter { $0.id < first.first.id }
            return Array((gathered(trades) + kept).prefix(limit))
        }
        guard from != nil || to != nil else { return Array(kept.suffix(limit)) }
        let start = from.map { Timestamp(milliseconds: $0) }
        let end = to.map { Timestamp(milliseconds: $0 + 1) } ?? exchange.now.adding(seconds: 1)
        var found: [AggregateTrade] = []
        if let first = kept.first, let start, start < first.first.time {
            var minute = max(CandleInterval.oneMinute.open(start), Klines.listed)
            while found.count < limit, minute < min(end, first.first.time) {
                let stop = min(minute.adding(seconds: 60), end, first.first.time)
                found += gathered(exchange.history.trades(market.id, from: max(minute, start), to: stop))
                minute = minute.adding(seconds: 60)
            }
        }
        let place = start.map { start in kept.partition { $0.first.time >= start } } ?? 0
        let recent = kept[place...].prefix { $0.first.time < end }
        return start == nil ? Array(recent.suffix(limit)) : Array((found + recent).prefix(limit))
    }

    /// Trades of before the start put together; an aggregate is numbered as its first trade is.
    private static func gathered(_ trades: [PublicTrade]) -> [AggregateTrade] {
        var aggregates: [AggregateTrade] = []
        for trade in trades {
            if let last = aggregates.last, last.includes(trade) {
                aggregates[aggregates.count - 1].quantity = last.quantity + trade.quantity
                aggregates[aggregates.count - 1].lastID = trade.id
            } else {
                aggregates.append(
                    AggregateTrade(id: trade.id, first: trade, quantity: trade.quantity, lastID: trade.id))
            }
        }
        return aggregates
    }
}
