import Market
import Simulation
import Testing

import struct Trading.InstrumentID

@testable import StandIn

@Suite("the exchange over the synthetic market")
struct SyntheticExchangeTests {
    private let start = Timestamp(milliseconds: 1_700_000_010_123)
    private let exchange: Exchange

    init() {
        exchange = Exchange(
            seed: 7, profiles: Array(SyntheticInstrument.defaults.prefix(2)), limits: ExchangeLimits(), start: start)
    }

    /// Lets milliseconds go by in steps, and gives what happened.
    private func run(milliseconds: Int64, step: Int64 = 20) -> [ExchangeEvent] {
        var events: [ExchangeEvent] = []
        let end = exchange.now.adding(nanoseconds: milliseconds * 1_000_000)
        while exchange.now < end {
            exchange.advance(to: min(end, exchange.now.adding(nanoseconds: step * 1_000_000)))
            events += exchange.takeEvents()
        }
        return events
    }

    @Test("a book kept by differences equals the exchange's, and its top the last bookTicker")
    func recipe() throws {
        var followed: FollowedBook?
        var top: (Int64, BookLevel?, BookLevel?)?
        for _ in 0..<200 {
            for case .top(0, let id, let bid, let ask) in run(milliseconds: 100) { top = (id, bid, ask) }
            let update = exchange.markets[0].fast.flush(upTo: exchange.markets[0].book.updateID)
            guard followed != nil else {
                followed = FollowedBook(exchange.markets[0].book)
                continue
            }
            guard let update else { continue }
            #expect(followed?.take(update) == true)
            #expect(followed == FollowedBook(exchange.markets[0].book))
            if let top, top.0 <= update.last {
                #expect(followed?.bids.keys.max() == top.1?.price)
                #expect(followed?.asks.keys.min() == top.2?.price)
                #expect(top.1.map { followed?.bids[$0.price] == $0.quantity } == true)
            }
        }
    }

    @Test("trade ids count up one by one, from the history into the present")
    func tradeIDs() {
        _ = run(milliseconds: 60_000)
        let trades = exchange.markets[0].tape.trades
        #expect(trades.count > 200)
        for (earlier, later) in zip(trades, trades.dropFirst()) {
            #expect(later.id == earlier.id + 1)
            #expect(later.time >= earlier.time)
        }
    }

    @Test("the market is the same in whatever steps it is told")
    func steps() {
        let other = Exchange(
            seed: 7, profiles: Array(SyntheticInstrument.defaults.prefix(2)), limits: ExchangeLimits(), start: start)
        _ = run(milliseconds: 30_000, step: 7)
        other.advance(to: exchange.now)
        for index in 0..<2 {
            #expect(exchange.markets[index].tape.trades == other.markets[index].tape.trades)
            #expect(exchange.markets[index].book.bids == other.markets[index].book.bids)
            #expect(exchange.markets[index].candles.minutes == other.markets[index].candles.minutes)
        }
    }

    @Test("aggregates cover every trade once, in one millisecond, at one price")
    func aggregates() {
        _ = run(milliseconds: 60_000)
        let tape = exchange.markets[0].tape
        var next = tape.trades.first?.id
        for aggregate in tape.aggregates {
            #expect(aggregate.first.id == next)
            let members = tape.trades.filter { $0.id >= aggregate.first.id && $0.id <= aggregate.lastID }
            #expect(Set(members.map(\.price)).count == 1)
            #expect(Set(members.map(\.time.milliseconds)).count == 1)
            #expect(members.reduce(Quantity.zero) { $0 + $1.quantity } == aggregate.quantity)
            next = aggregate.lastID + 1
        }
    }

    @Test("a fill has one time, at which it stands on the tape, in however long a step it is told")
    func fillTimes() throws {
        let bitcoin = ExchangeRig.btc
        let account = Account(
            id: 0, keys: [],
            balances: [(.usdt, Money(whole: 1_000_000, .usdt).units), (bitcoin, Money(whole: 10, bitcoin).units)])
        exchange.accounts = [account]
        let last = exchange.markets[0].lastPrice.mantissa / 1_000_000
        for step in 1...10 {
            for (side, sign) in [("BUY", Int64(-1)), ("SELL", 1)] {
                let price = Price(mantissa: (last + sign * last * Int64(step) / 5_000) * 1_000_000)
                let text = "side=\(side) type=LIMIT timeInForce=GTC quantity=0.01 price=\(price.text)"
                let terms = try OrderReading(parameters: ExchangeRig.parameters(text)).terms()
                _ = try exchange.placeChecked(terms, 0, account)
            }
        }
        _ = exchange.takeEvents()
        let began = exchange.serverTime
        exchange.advance(to: start.adding(seconds: 300))
        var reported: [String: String] = [:]
        for case .user(_, let event) in exchange.takeEvents() where event["x"]?.string == "TRADE" {
            reported[event["t"]?.text ?? ""] = event["T"]?.text
        }
        #expect(reported.count >= 5)
        #expect(Set(reported.values).count >= 3)
        for trade in account.trades { #expect(reported["\(trade.id)"] == "\(trade.time.milliseconds)") }
        #expect(account.trades.allSatisfy { $0.time.milliseconds > began })
        let trades = exchange.markets[0].tape.trades
        #expect(zip(trades, trades.dropFirst()).allSatisfy { $0.time <= $1.time })
        #expect(exchange.now == start.adding(seconds: 300))
    }

    @Test("a minute's candle is that of its trades, clients' included")
    func candlesAreTrades() throws {
        let account = Account(id: 0, keys: [], balances: [(.usdt, Money(whole: 1_000_000, .usdt).units)])
        exchange.accounts = [account]
        _ = run(milliseconds: 61_000)
        var parameters = Parameters()
        for (name, value) in [("symbol", "BTCUSDT"), ("side", "BUY"), ("type", "MARKET"), ("quantity", "0.5")] {
            parameters.add(name, value)
        }
        _ = try exchange.placeChecked(try OrderReading(parameters: parameters).terms(), 0, account)
        _ = run(milliseconds: 65_000)
        let market = exchange.markets[0]
        let open = CandleInterval.oneMinute.open(exchange.now).adding(seconds: -60)
        var expected = MarketCandle(openTime: open)
        for trade in market.tape.trades where CandleInterval.oneMinute.open(trade.time) == open {
            expected.take(
                price: trade.price, quantity: trade.quantity, takerIsBuyer: !trade.isBuyerMaker, id: trade.id)
        }
        let told = market.candles.candle(.oneMinute, opening: open, exchange.history)
        #expect(told == expected)
        #expect(market.tape.trades.contains { $0.taker != 0 })
    }

    @Test("an hour of the past is the sum of its minutes, wherever it is taken from")
    func hours() {
        let market = exchange.markets[0]
        for back in [Int64(2), 20, 30, 1_000] {
            let open = CandleInterval.oneHour.open(start.adding(seconds: -3_600 * back))
            var sum = MarketCandle(openTime: open)
            for minute in 0..<60 {
                sum.take(exchange.history.minute(InstrumentID(0), open.adding(seconds: Int64(minute) * 60)))
            }
            let told = market.candles.candle(.oneHour, opening: open, exchange.history)
            #expect(told.open == sum.open)
            #expect(told.high == sum.high)
            #expect(told.low == sum.low)
            #expect(told.close == sum.close)
            #expect(told.volume == sum.volume)
            #expect(told.tradeCount == sum.tradeCount)
        }
    }

    @Test("a candle that has just begun stands at the last price")
    func beginning() {
        _ = run(milliseconds: 29_877)
        #expect(exchange.now.milliseconds % 60_000 == 0)
        let open = CandleInterval.oneMinute.open(exchange.now)
        let candle = exchange.markets[0].candles.candle(.oneMinute, opening: open, exchange.history)
        #expect(candle.isEmpty)
        #expect(candle.close == exchange.markets[0].tape.last?.price)
    }

    @Test("memory of trades stays bounded")
    func boundedTape() {
        var tape = Tape(firstID: 1)
        let trade = PublicTrade(
            id: 0, time: start, price: Price(mantissa: 1), quantity: Quantity(mantissa: 1), isBuyerMaker: true)
        for number in 0..<250_000 {
            var next = trade
            next.time = start.adding(nanoseconds: Int64(number) * 1_000_000)
            _ = tape.add(next)
        }
        #expect(tape.trades.count <= 2 * Tape.capacity)
        #expect(tape.aggregates.count <= 2 * Tape.capacity)
        #expect(tape.last?.id == 250_000)
    }
}
