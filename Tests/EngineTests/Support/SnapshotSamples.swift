import Market
import Trading
import Venues

@testable import Engine

/// Numbers that look random and are the same in every run.
struct Randomness {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func next(below bound: Int) -> Int { Int(next() % UInt64(bound)) }
    mutating func chance(_ one: Int) -> Bool { next(below: one) == 0 }
    mutating func text() -> String { ["", "a", "größer", "two words", "x\ny", "🦉"][next(below: 6)] }
}

/// Snapshots that are filled at random and change at random, as an engine's do and then some.
struct SnapshotSamples {
    var random: Randomness
    private(set) var snapshot: Snapshot

    init(seed: UInt64, markets: Int = 3) {
        random = Randomness(seed: seed)
        snapshot = Snapshot(mode: .paper, source: .synthetic(seed: seed), currency: .usdt)
        for index in 0..<markets {
            let instrument = Instrument(
                venue: "SYNTHETIC", symbol: "M\(index)USDT", base: Currency("M\(index)X")!, quote: .usdt,
                rules: InstrumentRules(tick: Price(mantissa: 1_000), quantityStep: Quantity(mantissa: 10)))
            snapshot.markets.append(MarketView(id: InstrumentID(index), instrument: instrument))
        }
        for _ in 0..<50 { change() }
    }

    private var time: Timestamp { Timestamp(seconds: 1_714_953_600 + Int64(snapshot.generation)) }

    private mutating func price() -> Price { Price(mantissa: Int64(random.next(below: 1 << 40)) + 1) }
    private mutating func quantity() -> Quantity { Quantity(mantissa: Int64(random.next(below: 1 << 30))) }
    private mutating func money() -> Money {
        Money(units: Int128(random.next() >> 8) - Int128(1) << 55, .usdt)
    }

    private mutating func candle() -> Candle {
        let low = price()
        return Candle(
            openTime: time, open: low, high: Price(mantissa: low.mantissa + 10), low: low, close: low,
            volume: quantity())
    }

    private mutating func depth() -> BookDepth {
        var bids: [BookLevel] = []
        var asks: [BookLevel] = []
        for _ in 0..<random.next(below: 5) { bids.append(BookLevel(price: price(), quantity: quantity())) }
        for _ in 0..<random.next(below: 5) { asks.append(BookLevel(price: price(), quantity: quantity())) }
        return BookDepth(time: time, bids: bids, asks: asks)
    }

    private mutating func order(_ id: UInt64) -> OrderView {
        var order = Order(
            id: OrderID(rawValue: id), owner: .manual,
            request: OrderRequest(
                instrument: InstrumentID(0), side: .buy, type: .limit, quantity: quantity(), limitPrice: price(),
                purpose: .manual),
            quote: .usdt, decisionPrice: price(), createdAt: time)
        if random.chance(2) { order.state = .filled }
        let verdict = Verdict(
            order: order.id, time: time,
            outcomes: [CheckOutcome(.exposure, isPassed: random.chance(2), value: 7, limit: 9, unit: .price(scale: 8))])
        return OrderView(
            order: order, ownerName: random.text(),
            clientID: random.chance(2)
                ? nil : ClientOrderID(ClientOrderID.Instance("7KQ")!, sequence: random.next(), ordinal: 0),
            verdict: random.chance(3) ? nil : verdict,
            history: [OrderStep(time: time, text: random.text())])
    }

    /// Changes a few things and counts the generation up.
    mutating func change() {
        snapshot.generation += 1
        snapshot.time = time
        for _ in 0..<(1 + random.next(below: 4)) { changeOne() }
    }

    private mutating func changeOne() {
        let index = random.next(below: max(1, snapshot.markets.count))
        switch random.next(below: 14) {
        case 0 where !snapshot.markets.isEmpty:
            let new = candle()
            snapshot.markets[index].minutes.append(new)
            if random.chance(3) { snapshot.markets[index].minutes.removeFirst() }
        case 1 where !snapshot.markets.isEmpty: snapshot.markets[index].depth = random.chance(4) ? nil : depth()
        case 2 where !snapshot.markets.isEmpty:
            let new = depth()
            snapshot.markets[index].depthHistory.append(new)
            if random.chance(3) { snapshot.markets[index].depthHistory.removeFirst() }
        case 3 where !snapshot.markets.isEmpty:
            let print = TradePrint(
                time: time, price: price(), quantity: quantity(), aggressor: .sell, id: random.next())
            snapshot.markets[index].tape.append(print)
            if random.chance(2) { snapshot.markets[index].tape.removeFirst() }
        case 4 where !snapshot.markets.isEmpty:
            snapshot.markets[index].last = price()
            snapshot.markets[index].status = [.waiting, .live, .stale(seconds: 4), .finished][random.next(below: 4)]
            snapshot.markets[index].forming = random.chance(2) ? nil : candle()
            snapshot.markets[index].missing = random.chance(2) ? nil : random.text()
        case 5:
            snapshot.account.equity = money()
            snapshot.account.makerFee = random.chance(2) ? nil : Ratio(units: 1_000)
            snapshot.account.equityHistory.append(EquityPoint(time: time, equity: money()))
            if random.chance(2) { snapshot.account.equityHistory.removeFirst() }
        case 6, 7: changeOrders()
        case 8:
            let alert = Alert(
                time: time, priority: .warning, kind: "k", text: random.text(), order: OrderID(rawValue: 3))
            snapshot.alerts.insert(
                AlertView(id: Int64(snapshot.generation), alert: alert, count: 1, state: .shelved(until: time)), at: 0)
            if random.chance(3) { snapshot.alerts.remove(at: random.next(below: snapshot.alerts.count)) }
        case 9: changeBacktests()
        case 10:
            snapshot.log.append(LogLine(time: time, level: "info", text: random.text()))
            snapshot.notices.append(Notice(number: snapshot.generation, kind: .refused, text: random.text()))
            if random.chance(2) { snapshot.log.removeFirst() }
        case 11:
            snapshot.tradingState = [.active, .halted, .reducing(.dailyLoss)][random.next(below: 3)]
            snapshot.blocks =
                random.chance(2)
                ? [] : [InstrumentBlock(instrument: InstrumentID(1), reason: random.text(), since: time)]
            snapshot.venueLimits =
                random.chance(2)
                ? nil
                : VenueLimits(weight: 5, limit: 6_000, pause: random.chance(2) ? nil : random.text(), until: time)
            snapshot.dataLimits =
                random.chance(2) ? nil : VenueLimits(weight: 7, limit: 6_000, pause: random.text(), until: time)
            snapshot.externalOrders =
                random.chance(2)
                ? []
                : [
                    ExternalOrderView(
                        instrument: InstrumentID(1), venueID: random.text(), clientOrderID: random.text(), side: .sell,
                        type: .stopLimit, timeInForce: .immediateOrCancel, quantity: Quantity(mantissa: 9),
                        filled: Quantity(mantissa: 2), limitPrice: Price(mantissa: 4),
                        triggerPrice: random.chance(2) ? nil : Price(mantissa: 5), time: time,
                        listID: random.chance(2) ? nil : "9", isClaimed: random.chance(2))
                ]
            snapshot.receipt =
                random.chance(2)
                ? nil
                : EmergencyReceipt(
                    time: time, origin: random.text(),
                    venues: [.init(venue: "V", sent: 3, confirmed: 2, remaining: 1, milliseconds: 0.25)],
                    isFlattening: true, openPositions: 2)
        case 12:
            snapshot.health.eventsPerSecond = Double(random.next(below: 100)) / 7
            snapshot.health.storeProblem = random.chance(2) ? nil : random.text()
            snapshot.health.engineProblem = random.chance(2) ? nil : random.text()
        default:
            snapshot.removedStrategies = random.chance(2) ? [] : [random.text()]
            snapshot.rehearsal = random.chance(2) ? nil : random.text()
            snapshot.source =
                random.chance(2)
                ? .synthetic(seed: random.next())
                : .replay(
                    ReplayView(series: "A:B", speed: random.chance(2) ? nil : 2.5, isPaused: true, from: time, to: time)
                )
        }
    }

    private mutating func changeOrders() {
        if snapshot.orders.isEmpty || random.chance(2) {
            snapshot.orders.insert(order(snapshot.generation), at: 0)
        } else {
            let index = random.next(below: snapshot.orders.count)
            if random.chance(3) {
                snapshot.orders.remove(at: index)
            } else {
                snapshot.orders[index].order.state = .canceled
                snapshot.orders[index].history.append(OrderStep(time: time, text: random.text()))
            }
        }
        if random.chance(4) { snapshot.orders.shuffle(using: &random) }
    }

    private mutating func changeBacktests() {
        let request = BacktestRequest(
            className: random.text(), parameters: ["b": "2", "a": "1"], series: "S", timeframe: .oneMinute, from: time)
        let state: BacktestView.State =
            switch random.next(below: 4) {
            case 0: .running(progress: 0.25, secondsLeft: random.chance(2) ? nil : 3)
            case 1: .failed(random.text())
            case 2: .cancelled
            default:
                .done(
                    BacktestReport(
                        figures: [("sharpe", 1.5), ("none", nil)], equity: [(time, 1), (time, .nan)],
                        trips: [["a", random.text()], []]))
            }
        snapshot.backtests.insert(BacktestView(id: Int64(snapshot.generation), request: request, state: state), at: 0)
        if random.chance(2) { snapshot.backtests.removeLast() }
        changeSearches(request)
    }

    private mutating func changeSearches(_ run: BacktestRequest) {
        if let last = snapshot.searches.indices.last, random.chance(2) {
            snapshot.searches[last].revision += 1
            snapshot.searches[last].state = .failed(random.text())
        }
        var search = SearchView(
            id: Int64(snapshot.generation), name: random.text(), request: SearchRequest(.optimize, run),
            state: .running(ended: random.next(below: 9), total: 9, secondsLeft: nil))
        search.revision = random.next() >> 1
        search.board.axes = [SearchAxis(name: "fast", values: ["1", random.text()])]
        search.board.trials = [SearchTrial(window: 0, number: 0, state: .pruned, values: ["1"], objective: 0.5)]
        snapshot.searches.insert(search, at: 0)
        if random.chance(2) { snapshot.searches.removeLast() }
    }
}

extension Randomness: RandomNumberGenerator {}
