import Engine
import Market
import Terminal
import Trading

@testable import Workstation

/// A trading day frozen at one instant: three instruments, strategies in every state, orders, alerts. Always the same.
enum Fixture {
    static let btc = Instrument(
        venue: "SIM", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt, priceScale: 2, quantityScale: 6,
        rules: InstrumentRules(
            tick: Price(mantissa: 10), quantityStep: Quantity(mantissa: 10), minimumNotional: 1_000_000_000))
    static let eth = Instrument(
        venue: "SIM", symbol: "ETHUSDT", base: Currency("ETH")!, quote: .usdt, priceScale: 2, quantityScale: 6,
        rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 100)))
    static let sol = Instrument(
        venue: "SIM", symbol: "SOLUSDT", base: Currency("SOL")!, quote: .usdt, priceScale: 3, quantityScale: 4,
        rules: InstrumentRules(tick: Price(mantissa: 10), quantityStep: Quantity(mantissa: 100)))

    /// The instant: 2026-03-24T14:04:02Z.
    static let now = Timestamp(iso8601: "2026-03-24T14:04:02Z")!

    static let smaParameters: [ParameterDescriptor] = [
        .integer("fast", "Candles of the fast average", unit: "candles", default: 9, in: 1...500),
        .integer("slow", "Candles of the slow average", unit: "candles", default: 21, in: 2...1_000),
        .toggle("short", "Sells short where the instrument allows it", default: false),
    ]

    static let classes = [
        StrategyDescriptor(name: "sma-crossover", summary: "Two simple averages crossing.", parameters: smaParameters),
        StrategyDescriptor(
            name: "rsi-mean-reversion", summary: "Buys weakness, sells the recovery.",
            parameters: [.integer("period", "Candles of the RSI", default: 14, in: 2...200)]),
    ]

    /// The whole snapshot.
    static func snapshot(mode: TradingMode = .paper) -> Snapshot {
        var snapshot = paper
        snapshot.mode = mode
        return snapshot
    }

    private static let paper = make(.paper)

    private static func make(_ mode: TradingMode) -> Snapshot {
        var snapshot = Snapshot(mode: mode, source: .synthetic(seed: 7), currency: .usdt)
        snapshot.generation = 41
        snapshot.time = now
        snapshot.markets = [
            market(0, btc, start: 64_000, step: 18, seed: 7), market(1, eth, start: 3_120, step: 1.4, seed: 11),
            market(2, sol, start: 142, step: 0.09, seed: 13),
        ]
        snapshot.markets[2].status = .stale(seconds: 7)
        addAccount(&snapshot)
        addStrategies(&snapshot)
        addPositions(&snapshot)
        addOrders(&snapshot)
        addAlerts(&snapshot)
        for index in 0..<30 {
            let isLate = index % 9 == 8
            let text = isLate ? "feed of SOLUSDT is late" : "candle \(index) closed"
            let time = now.adding(seconds: Int64(index) - 30)
            snapshot.log.append(LogLine(time: time, level: isLate ? "warning" : "info", text: text))
        }
        snapshot.health.processorShare = 0.013
        snapshot.health.residentBytes = 61_000_000
        snapshot.health.eventsPerSecond = 48
        return snapshot
    }

    static func money(_ text: String) -> Money { try! Money(text, .usdt) }

    private static func addAccount(_ snapshot: inout Snapshot) {
        snapshot.account.equity = money("10432.11")
        snapshot.account.cash = money("6402.5")
        snapshot.account.freeCash = money("6402.5")
        snapshot.account.dayStartEquity = money("10320.0")
        snapshot.account.dayProfit = money("112.11")
        snapshot.account.exposure = money("4029.61")
        snapshot.account.drawdown = Ratio.basisPoints(42)
        snapshot.account.fees = money("12.31")
        snapshot.account.takerFee = Ratio.basisPoints(10)
        snapshot.account.makerFee = Ratio.basisPoints(2)
        snapshot.account.limits = RiskLimits(maximumExposure: .percent(80), maximumDrawdown: .percent(10))
        var random = Random(seed: 3)
        var equity = 10_320.0
        snapshot.account.equityHistory = (0..<240).map { index in
            equity += random.normal() * 4 + 0.4
            return EquityPoint(
                time: now.adding(seconds: Int64(index - 240) * 60), equity: Money(whole: Int64(equity), .usdt))
        }
    }

    private static func addStrategies(_ snapshot: inout Snapshot) {
        func add(
            _ id: Int32, _ name: String, _ instrument: Int, _ timeframe: String, _ status: StrategyStatus, day: String,
            trips: (Int, Int), factor: Double?, rule: String?
        ) {
            let registration = StrategyRegistration(
                id: StrategyID(rawValue: id), name: name, className: "sma-crossover",
                parameters: Parameters(smaParameters), instrument: InstrumentID(instrument),
                timeframe: Timeframe(timeframe)!, sizing: .equityShare(.percent(25)), capitalShare: .percent(25),
                protection: Protection(stopLoss: .percent(2)), status: status)
            var view = StrategyView(
                registration: registration,
                position: Position(owner: registration.id, instrument: registration.instrument, quote: .usdt),
                currency: .usdt)
            view.dayProfit = money(day)
            view.totalProfit = money(day) + money("40")
            view.tripCount = trips.0
            view.winCount = trips.1
            view.profitFactor = factor
            if status == .halted { view.statusReason = "halted: data of SOL/USDT are stale" }
            if let rule {
                view.lastSignal = SignalRecord(
                    strategy: registration.id, instrument: registration.instrument, time: now.adding(seconds: -242),
                    price: Price(mantissa: 6_412_340),
                    signal: Signal(
                        .long, rule: rule, values: [NamedValue("SMA(9)", 64_120.5), NamedValue("SMA(21)", 64_101.25)]),
                    outcome: "order 12")
            }
            snapshot.strategies.append(view)
        }
        add(
            1, "momentum-1", 0, "1m", .enabled, day: "312.40", trips: (48, 25), factor: 1.41,
            rule: "fast crosses above slow")
        add(2, "meanrev-2", 1, "5m", .enabled, day: "88.10", trips: (31, 19), factor: 1.12, rule: nil)
        add(3, "boll-3", 2, "15m", .disabled, day: "-4.02", trips: (17, 8), factor: 0.83, rule: nil)
        add(4, "squeeze-4", 2, "1h", .halted, day: "-43.20", trips: (9, 4), factor: 0.71, rule: "close below middle")
        add(5, "trend-5", 0, "5m", .enabled, day: "0", trips: (0, 0), factor: nil, rule: nil)
        snapshot.strategies[4].warmUpRemaining = 12
        snapshot.strategies[0].openOrderCount = 1
    }

    private static func addPositions(_ snapshot: inout Snapshot) {
        func add(_ owner: Int32, _ name: String, _ index: Int, quantity: Int64, entry: Int64, stop: Int64?) {
            let instrument = snapshot.markets[index].instrument
            let mark = snapshot.markets[index].last!
            var position = Position(owner: StrategyID(rawValue: owner), instrument: InstrumentID(index), quote: .usdt)
            position.quantity = Quantity(mantissa: quantity)
            position.cost = instrument.notional(Price(mantissa: entry), position.quantity)
            position.openedAt = now.adding(seconds: -3_661)
            position.fees = money("1.61")
            let fill = Fill(
                tradeID: 9, price: Price(mantissa: entry), quantity: position.quantity, quoteFee: money("1.61"),
                liquidity: .taker)
            snapshot.positions.append(
                PositionView(
                    position: position, ownerName: name, entry: Price(mantissa: entry), mark: mark,
                    unrealized: position.unrealized(at: mark, instrument), stop: stop.map { Price(mantissa: $0) },
                    fills: [
                        FillRecord(
                            order: OrderID(rawValue: 3), owner: position.owner, instrument: position.instrument,
                            side: .buy, time: position.openedAt, fill: fill, purpose: .entry)
                    ]))
        }
        add(1, "momentum-1", 0, quantity: 25_000, entry: 6_391_050, stop: 6_263_200)
        add(2, "meanrev-2", 1, quantity: 400_000, entry: 312_240, stop: nil)
        add(0, "manual", 2, quantity: 90_000, entry: 142_210, stop: nil)
    }

    private static func addOrders(_ snapshot: inout Snapshot) {
        func add(
            _ id: UInt64, _ owner: Int32, _ name: String, _ request: OrderRequest, _ state: OrderState,
            filled: Int64 = 0
        ) {
            var order = Order(
                id: OrderID(rawValue: id), owner: StrategyID(rawValue: owner), request: request, quote: .usdt,
                decisionPrice: Price(mantissa: 6_400_000), createdAt: now.adding(seconds: -900 + Int64(id) * 10))
            order.state = state
            order.filled = Quantity(mantissa: filled)
            if filled > 0 { order.filledNotional = btc.notional(Price(mantissa: 6_400_000), order.filled) }
            if state == .denied { order.reason = .riskGate }
            let outcomes = [
                CheckOutcome(.halt, isPassed: true),
                CheckOutcome(
                    .exposure, isPassed: state != .denied, value: state == .denied ? 92_000_000 : 41_000_000,
                    limit: 80_000_000, unit: .ratio),
            ]
            snapshot.orders.append(
                OrderView(
                    order: order, ownerName: name,
                    verdict: Verdict(order: order.id, time: order.createdAt, outcomes: outcomes),
                    history: [
                        OrderStep(time: order.createdAt, text: "made"),
                        OrderStep(time: order.createdAt.adding(seconds: 1), text: state.name),
                    ]))
        }
        let bitcoin = InstrumentID(0)
        add(
            14, 0, "manual",
            OrderRequest(
                instrument: bitcoin, side: .buy, type: .limit, quantity: Quantity(mantissa: 50_000),
                limitPrice: Price(mantissa: 6_310_000), isPostOnly: true, purpose: .manual), .accepted)
        add(
            13, 1, "momentum-1",
            OrderRequest(
                instrument: bitcoin, side: .sell, type: .stop, quantity: Quantity(mantissa: 25_000),
                triggerPrice: Price(mantissa: 6_263_200), isReduceOnly: true, purpose: .stopLoss), .accepted)
        add(
            12, 1, "momentum-1",
            OrderRequest(
                instrument: bitcoin, side: .buy, type: .market, quantity: Quantity(mantissa: 25_000), purpose: .entry),
            .filled, filled: 25_000)
        add(
            11, 2, "meanrev-2",
            OrderRequest(
                instrument: InstrumentID(1), side: .buy, type: .market, quantity: Quantity(mantissa: 400_000),
                purpose: .entry), .denied)
    }

    private static func addAlerts(_ snapshot: inout Snapshot) {
        func add(
            _ id: Int64, _ priority: AlertPriority, _ text: String, _ state: AlertState, count: Int = 1,
            strategy: Int32? = nil, order: UInt64? = nil, instrument: Int? = nil
        ) {
            let alert = Alert(
                time: now.adding(seconds: -id * 171), priority: priority, kind: "k\(id)", text: text,
                instrument: instrument.map { InstrumentID($0) }, strategy: strategy.map { StrategyID(rawValue: $0) },
                order: order.map { OrderID(rawValue: $0) })
            snapshot.alerts.append(AlertView(id: id, alert: alert, count: count, state: state))
        }
        add(1, .critical, "data of SOL/USDT are stale: 7 s", .unacknowledged, strategy: 4, instrument: 2)
        add(2, .warning, "profit factor 0.71 below 0.80", .unacknowledged, count: 3, strategy: 4)
        add(3, .info, "order 12 filled: 0.02500 at 64000.0", .unacknowledged, order: 12, instrument: 0)
        add(4, .warning, "order 11 denied: exposure", .acknowledged, order: 11)
        add(5, .info, "BTC/USDT crossed 64000.0", .shelved(until: now.adding(seconds: 600)), instrument: 0)
    }

    private static func market(
        _ index: Int, _ instrument: Instrument, start: Double, step: Double, seed: UInt64
    ) -> MarketView {
        var random = Random(seed: seed)
        var market = MarketView(id: InstrumentID(index), instrument: instrument)
        let tick = instrument.rules.tick.mantissa
        func price(_ value: Double) -> Price {
            var units = value
            for _ in 0..<instrument.priceScale { units *= 10 }
            return Price(mantissa: Int64(units) / tick * tick)
        }
        var last = start
        var volatility = 1.0
        let begin = now.floored(to: .oneMinute)
        for minute in 0..<600 {
            volatility = max(0.4, min(3, volatility * (1 + random.normal() * 0.08)))
            let open = last
            var high = open
            var low = open
            for _ in 0..<6 {
                last += random.normal() * step * volatility * 0.5
                high = max(high, last)
                low = min(low, last)
            }
            let volume = Quantity(mantissa: Int64(1_000_000 * (0.4 + random.unit() * volatility)))
            market.minutes.append(
                Candle(
                    openTime: begin.adding(seconds: Int64(minute - 600) * 60), open: price(open), high: price(high),
                    low: price(low), close: price(last), volume: volume))
        }
        let close = price(last)
        market.forming = Candle(
            openTime: begin, open: close, high: Price(mantissa: close.mantissa + tick * 6),
            low: Price(mantissa: close.mantissa - tick * 3), close: Price(mantissa: close.mantissa + tick * 2),
            volume: Quantity(mantissa: 300_000))
        market.last = Price(mantissa: close.mantissa + tick * 2)
        market.lastHeard = now
        market.status = .live
        func depth(_ middle: Int64, _ time: Timestamp) -> BookDepth {
            func levels(_ sign: Int64) -> [BookLevel] {
                var levels: [BookLevel] = []
                for level in 1...20 {
                    let weight = level % 7 == 0 ? 3.0 : 1.0
                    let units = Int64(200_000 + random.unit() * 4_000_000 * weight) / 100 * 100
                    let price = Price(mantissa: middle + sign * tick * Int64(level))
                    levels.append(BookLevel(price: price, quantity: Quantity(mantissa: units)))
                }
                return levels
            }
            return BookDepth(time: time, bids: levels(-1), asks: levels(1))
        }
        var middle = close.mantissa
        for second in 0..<240 {
            if second % 6 == 0 { middle += Int64(random.normal() * 2) * tick }
            market.depthHistory.append(depth(middle, now.adding(seconds: Int64(second) - 240)))
        }
        let book = depth(market.last!.mantissa, now)
        market.depth = book
        market.quote = book.quote
        for print in 0..<80 {
            let isBuy = random.unit() > 0.45
            let price = market.last!.mantissa + Int64(random.normal() * 3) * tick
            let units = Int64(1_000 + random.unit() * random.unit() * 3_000_000) / 100 * 100
            market.tape.append(
                TradePrint(
                    time: now.adding(seconds: Int64(print) - 80), price: Price(mantissa: price),
                    quantity: Quantity(mantissa: units), aggressor: isBuy ? .buy : .sell, id: UInt64(print)))
        }
        market.dayReference = market.minutes[0].open
        market.dayHigh = market.minutes.map(\.high).max()
        market.dayLow = market.minutes.map(\.low).min()
        return market
    }
}

/// SplitMix64 with a rough normal deviate: enough for pictures, the same on every machine.
struct Random {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// 0..<1.
    mutating func unit() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }

    /// Mean 0, deviation 1: the sum of twelve uniforms.
    mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + unit() } }
}
