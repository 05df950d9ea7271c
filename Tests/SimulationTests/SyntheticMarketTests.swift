import Market
import Simulation
import Testing
import Trading

@Suite("The synthetic market")
struct SyntheticMarketTests {
    private let start = Timestamp(iso8601: "2025-06-11T13:58:20")!
    private let instruments = (0..<3).map { InstrumentID($0) }

    private func events(_ market: inout SyntheticMarket, to time: Timestamp) -> [MarketEvent] {
        var events: [MarketEvent] = []
        market.advance(to: time) { events.append($0) }
        return events
    }

    @Test("the same seed gives the same market, another seed another")
    func seeds() {
        let end = start.adding(seconds: 150)
        var first = SyntheticMarket(seed: 5, start: start)
        var second = SyntheticMarket(seed: 5, start: start)
        var other = SyntheticMarket(seed: 6, start: start)
        let told = events(&first, to: end)
        #expect(told == events(&second, to: end))
        #expect(told != events(&other, to: end))
        #expect(told.count > 5_000)
    }

    @Test("one fixed minute keeps its digits, so that a change of the market does not go unseen")
    func pinned() {
        let market = SyntheticMarket(seed: 1, start: start)
        let candle = market.candle(InstrumentID(0), at: Timestamp(iso8601: "2024-01-01T00:00:00")!)
        let instrument = market.instruments[0]
        let text = [candle.open, candle.high, candle.low, candle.close].map(instrument.text).joined(separator: " ")
        #expect(text + " " + instrument.text(candle.volume) == "70561.86 70591.97 70557.85 70584.66 0.49730")
    }

    @Test("advancing in other steps, or starting later, tells the same events")
    func steps() {
        var whole = SyntheticMarket(seed: 9, start: start)
        let told = events(&whole, to: start.adding(seconds: 130))
        var stepped = SyntheticMarket(seed: 9, start: start)
        var random = SplitMix(seed: 4)
        var pieces: [MarketEvent] = []
        while stepped.now < start.adding(seconds: 130) {
            let next = stepped.now.adding(nanoseconds: random.next(in: 1...3_000_000_000))
            pieces += events(&stepped, to: min(next, start.adding(seconds: 130)))
        }
        #expect(pieces == told)

        let later = start.adding(nanoseconds: 41_234_567_890)
        var resumed = SyntheticMarket(seed: 9, start: later)
        let rest = events(&resumed, to: start.adding(seconds: 130))
        #expect(rest == told.filter { $0.time > later })
    }

    @Test("events come in order of time; at one instant book, quote, print, candle")
    func order() {
        var market = SyntheticMarket(seed: 2, start: start)
        var last = (time: start, rank: 0, instrument: InstrumentID(0))
        func rank(_ event: MarketEvent) -> (Int, InstrumentID) {
            switch event {
            case .depth(let instrument, _): return (0, instrument)
            case .quote(let instrument, _): return (0, instrument)
            case .print(let instrument, _): return (1, instrument)
            case .closedCandle(let instrument, _): return (2, instrument)
            }
        }
        for event in events(&market, to: start.adding(seconds: 200)) {
            let (rank, instrument) = rank(event)
            #expect(event.time > last.time || event.time == last.time && rank >= last.rank)
            if event.time == last.time && rank == last.rank { #expect(instrument >= last.instrument) }
            last = (event.time, rank, instrument)
        }
    }

    @Test("a closed candle is its minute's prints, and the look-up says the same")
    func candlesEqualPrints() {
        let begin = start.floored(to: .oneMinute)
        var market = SyntheticMarket(seed: 3, start: begin)
        var candles: [[Candle]] = [[], [], []]
        var closed: [[Candle]] = [[], [], []]
        for event in events(&market, to: begin.adding(seconds: 300)) {
            switch event {
            case .print(let instrument, let print):
                let index = instrument.index
                let openTime = print.time.floored(to: .oneMinute)
                if candles[index].last?.openTime == openTime {
                    var candle = candles[index].removeLast()
                    candle.high = max(candle.high, print.price)
                    candle.low = min(candle.low, print.price)
                    candle.close = print.price
                    candle.volume = candle.volume + print.quantity
                    candles[index].append(candle)
                } else {
                    candles[index].append(
                        Candle(
                            openTime: openTime, open: print.price, high: print.price, low: print.price,
                            close: print.price, volume: print.quantity))
                }
            case .closedCandle(let instrument, let candle): closed[instrument.index].append(candle)
            default: break
            }
        }
        for instrument in instruments {
            #expect(closed[instrument.index].count == 5)
            #expect(closed[instrument.index] == candles[instrument.index])
            #expect(
                market.candles(instrument, from: begin, to: begin.adding(seconds: 300)) == candles[instrument.index])
        }
    }

    @Test("candles cover the whole minutes of a span, each consistent and on the grid")
    func candles() {
        let market = SyntheticMarket(seed: 8, start: start)
        for instrument in instruments {
            let rules = market.instruments[instrument.index].rules
            let candles = market.candles(instrument, from: start, to: start.adding(seconds: 86_400))
            #expect(candles.count == 1_439)
            #expect(candles.first?.openTime == Timestamp(iso8601: "2025-06-11T13:59:00"))
            for (index, candle) in candles.enumerated() {
                #expect(candle.isConsistent && candle.volume.mantissa > 0)
                #expect(candle.high.mantissa % rules.tick.mantissa == 0)
                #expect(candle.volume.mantissa % rules.quantityStep.mantissa == 0)
                #expect(candle.openTime == candles[0].openTime.adding(seconds: Int64(index) * 60))
            }
        }
    }

    @Test("the book has twenty falling bids and twenty rising asks, is never crossed, and agrees with the quote")
    func book() {
        var market = SyntheticMarket(seed: 12, start: start)
        var lastDepth: [BookDepth?] = [nil, nil, nil]
        for event in events(&market, to: start.adding(seconds: 60)) {
            switch event {
            case .depth(let instrument, let depth):
                lastDepth[instrument.index] = depth
                #expect(depth.bids.count == 20 && depth.asks.count == 20)
                for index in 1..<20 {
                    #expect(depth.bids[index].price < depth.bids[index - 1].price)
                    #expect(depth.asks[index].price > depth.asks[index - 1].price)
                }
                #expect(depth.bids[0].price < depth.asks[0].price)
                #expect((depth.bids + depth.asks).allSatisfy { $0.quantity.mantissa > 0 })
                #expect(market.depth(instrument, at: depth.time) == depth)
            case .quote(let instrument, let quote):
                #expect(quote == lastDepth[instrument.index]?.quote)
            case .print(let instrument, let print):
                guard let quote = lastDepth[instrument.index]?.quote else { continue }
                #expect(print.aggressor == .buy ? print.price >= quote.ask : print.price <= quote.bid)
            case .closedCandle: break
            }
        }
    }

    @Test("prints have rising times and numbers, and a span holds those within it")
    func tape() {
        let market = SyntheticMarket(seed: 12, start: start)
        let end = start.adding(seconds: 180)
        let prints = market.prints(InstrumentID(1), from: start, to: end)
        #expect(prints.count > 50)
        for index in 1..<prints.count {
            #expect(prints[index].time > prints[index - 1].time)
            #expect(prints[index].id > prints[index - 1].id)
        }
        #expect(prints.allSatisfy { $0.time >= start && $0.time < end && $0.quantity.mantissa > 0 })
        #expect(prints.contains { $0.aggressor == .buy } && prints.contains { $0.aggressor == .sell })
    }

    @Test("returns look like a market's: daily deviation as set, fat tails, no memory, sizes that cluster")
    func statistics() {
        let market = SyntheticMarket(seed: 21, start: start)
        for instrument in instruments {
            let profile = market.profiles[instrument.index]
            // A few minutes of many days, so that the sample spans calm and busy weeks and all hours.
            var returns: [Double] = []
            var memory = 0.0
            var sizes: [(Double, Double)] = []
            for block in 0..<96 {
                let from = start.adding(seconds: Int64(block) * 7 * 90_000)
                let candles = market.candles(instrument, from: from, to: from.adding(seconds: 1_200))
                let closes = candles.map { Double($0.close.mantissa) }
                let steps = (1..<closes.count).map { closes[$0] / closes[$0 - 1] - 1 }
                returns += steps
                for index in 1..<steps.count {
                    memory += steps[index] * steps[index - 1]
                    sizes.append((abs(steps[index - 1]), abs(steps[index])))
                }
            }
            let count = Double(returns.count)
            let variance = returns.map { $0 * $0 }.reduce(0, +) / count
            let fourth = returns.map { $0 * $0 * $0 * $0 }.reduce(0, +) / count
            let daily = (variance * 1_440).squareRoot()
            #expect(abs(daily / profile.dailyVolatility - 1) < 0.3)
            #expect(fourth / (variance * variance) > 4)
            #expect(abs(memory / (count * variance)) < 0.12)
            let mean = sizes.map(\.0).reduce(0, +) / Double(sizes.count)
            let covariance = sizes.map { ($0.0 - mean) * ($0.1 - mean) }.reduce(0, +)
            let spread = sizes.map { ($0.0 - mean) * ($0.0 - mean) }.reduce(0, +)
            #expect(covariance / spread > 0.1)
        }
    }

    @Test("the instruments have Binance's rules")
    func rules() {
        let instruments = SyntheticMarket(seed: 1, start: start).instruments
        #expect(instruments.map(\.name) == ["SYNTHETIC:BTCUSDT", "SYNTHETIC:ETHUSDT", "SYNTHETIC:SOLUSDT"])
        #expect(instruments.map(\.priceDecimals) == [2, 2, 2])
        #expect(instruments.map(\.quantityDecimals) == [5, 4, 3])
        #expect(instruments.allSatisfy { $0.rules.minimumNotional == 500_000_000 })
    }
}
