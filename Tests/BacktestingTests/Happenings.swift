import Market
import Strategies
import Trading

/// Draws what may happen to an engine, plausible and not, the same for the same seed.
struct Happenings {
    private var state: UInt64
    private var minute: Int64 = 28_000_000
    private var prices: [Int64] = [10_000, 20_000]
    private var trade: UInt64 = 1 << 40

    /// Whether books of the perpetual are told, too.
    private let hasBooks: Bool

    init(seed: Int, hasBooks: Bool = false) {
        self.hasBooks = hasBooks
        state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
    }

    private mutating func bits() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ count: Int) -> Int { Int(bits() % UInt64(count)) }
    private mutating func flag() -> Bool { bits() & 1 == 1 }

    private var time: Timestamp { Timestamp(seconds: minute * 60) }

    /// Every bundled strategy with drawn parameters, on one of the instruments.
    mutating func registrations() -> [Happening] {
        StrategyCatalog.bundled.classes.enumerated().map { place, strategyClass in
            let fast = 1 + below(4)
            var overrides = [("allow-short", flag() ? "on" : "off")]
            for descriptor in strategyClass.descriptor.parameters {
                switch descriptor.name {
                case "fast": overrides.append(("fast", "\(fast)"))
                case "slow": overrides.append(("slow", "\(fast + 1 + below(6))"))
                case "period": overrides.append(("period", "\(2 + below(6))"))
                case "signal": overrides.append(("signal", "\(1 + below(4))"))
                default: break
                }
            }
            let parameters = try! Parameters(strategyClass.descriptor.parameters, overrides: overrides)
            let registration = StrategyRegistration(
                id: StrategyID(rawValue: Int32(place + 1)), name: "s\(place)",
                className: strategyClass.descriptor.name, parameters: parameters, instrument: InstrumentID(below(2)),
                timeframe: .oneMinute, sizing: flag() ? .quantity(Quantity(mantissa: 700)) : .equityShare(.percent(9)),
                capitalShare: .percent(20),
                protection: Protection(
                    stopLoss: flag() ? .percent(1) : nil, takeProfit: flag() ? .percent(2) : nil,
                    trailingStop: flag() ? .percent(1) : nil),
                limits: StrategyLimits(maximumDrawdown: flag() ? .percent(10) : nil))
            return .event(.command(.register(registration, history: candles(below(10))), at: time))
        }
    }

    private mutating func candles(_ count: Int) -> [Candle] {
        (0..<count).map { index in
            var candle = candle(0)
            candle.openTime = Timestamp(seconds: (minute - Int64(count - index)) * 60)
            return candle
        }
    }

    private mutating func candle(_ index: Int) -> Candle {
        let open = prices[index]
        let close = max(1_000, open + Int64(below(201)) - 100)
        prices[index] = close
        return Candle(
            openTime: time, open: Price(mantissa: open), high: Price(mantissa: max(open, close) + Int64(below(40))),
            low: Price(mantissa: min(open, close) - Int64(below(40))), close: Price(mantissa: close),
            volume: Quantity(mantissa: Int64(below(50_000))))
    }

    mutating func next() -> [Happening] {
        switch below(14) {
        case 0: return [.event(.command(command(), at: time))]
        case 1: return [.event(.report(report()))]
        case 2: return [.event(.timer(time.adding(nanoseconds: Int64(below(60)) * 1_000_000_000)))]
        case 3: return [hasBooks && flag() ? .book(InstrumentID(1), book()) : .print(InstrumentID(1), print())]
        case 4, 5: return [.quote(InstrumentID(1), quote())]
        default:
            // The spot trades by bars; the perpetual by quotes, whose minutes close all the same.
            let bars: [Happening] = [
                .bar(InstrumentID(0), candle(0)), .event(.candle(InstrumentID(1), .oneMinute, candle(1))),
            ]
            minute += below(50) == 0 ? 700 : 1
            return bars
        }
    }

    private mutating func quote() -> Quote {
        let bid = prices[1] + Int64(below(41)) - 20
        return Quote(
            time: time, bid: Price(mantissa: bid), ask: Price(mantissa: bid + Int64(below(3))),
            bidSize: Quantity(mantissa: Int64(below(9_000))), askSize: Quantity(mantissa: Int64(below(9_000))))
    }

    /// Levels around the price, mostly in order; now and then none.
    private mutating func book() -> BookDepth {
        func side(_ sign: Int64, _ numbers: inout Happenings) -> [BookLevel] {
            (0..<4 as Range<Int64>).map { place in
                BookLevel(
                    price: Price(mantissa: numbers.prices[1] + sign * (1 + place * 3 + Int64(numbers.below(3)))),
                    quantity: Quantity(mantissa: Int64(1 + numbers.below(900))))
            }
        }
        if below(10) == 0 { return BookDepth(time: time, bids: [], asks: []) }
        return BookDepth(time: time, bids: side(-1, &self), asks: side(1, &self))
    }

    private mutating func print() -> TradePrint {
        trade += 1
        return TradePrint(
            time: time, price: Price(mantissa: prices[1] + Int64(below(61)) - 30),
            quantity: Quantity(mantissa: Int64(below(5_000))), aggressor: flag() ? .buy : .sell, id: trade)
    }

    private mutating func strategy() -> StrategyID { StrategyID(rawValue: Int32(below(8))) }
    private mutating func order() -> OrderID { OrderID(rawValue: UInt64(below(120))) }

    private mutating func request() -> OrderRequest {
        let instrument = below(2)
        let type = OrderType.allCases[below(OrderType.allCases.count)]
        let isTrailing = type == .trailingStop
        let price = Price(mantissa: prices[instrument] + Int64(below(301)) - 150)
        return OrderRequest(
            instrument: InstrumentID(instrument), side: flag() ? .buy : .sell, type: type,
            quantity: Quantity(mantissa: Int64(below(3_000))), limitPrice: type.hasLimit ? price : nil,
            triggerPrice: type.hasTrigger && (!isTrailing || flag()) ? price : nil,
            trailing: isTrailing ? 5 + below(300) : nil, isReduceOnly: below(4) == 0, purpose: .manual)
    }

    private mutating func command() -> Command {
        switch below(18) {
        case 0: return .enable(strategy(), history: candles(below(12)))
        case 1: return .disable(strategy())
        case 2: return .haltStrategy(strategy(), reason: "too slow")
        case 3: return .catchUp(strategy(), candles: candles(below(5)))
        case 4: return .cancel(order())
        case 5: return .cancelAll(InstrumentID(below(2)))
        case 6: return .close(strategy(), InstrumentID(below(2)))
        case 7: return below(3) == 0 ? .flatten : .rearm
        case 8: return below(3) == 0 ? .emergencyStop(keepsProtection: flag()) : .rearm
        case 9: return .limits(RiskLimits(maximumOpenOrders: 30, maximumDrawdown: .percent(5 + below(20))))
        case 10: return .resetBreakers
        case 11: return .block(InstrumentID(below(2)), reason: "differs")
        case 12: return .unblock(InstrumentID(below(2)))
        case 13, 14: return .rearm
        default: return .place(request(), owner: .manual)
        }
    }

    /// Reports that no venue should send, or sends late.
    private mutating func report() -> OrderReport {
        let fill = Fill(
            tradeID: UInt64(below(40)), price: Price(mantissa: prices[0]), quantity: Quantity(mantissa: 1),
            quoteFee: .zero(.usdt), liquidity: .taker)
        let kinds: [OrderReport.Kind] = [
            .accepted, .rejected(.venue), .filled(fill), .canceled(.none), .cancelRejected, .amendRejected, .triggered,
            .unanswered, .notFound, .cancelUnanswered, .amendUnanswered,
            .status(OrderStatus(state: .accepted, quantity: Quantity(mantissa: 700))),
        ]
        return OrderReport(order: order(), time: time, kind: kinds[below(kinds.count)])
    }
}
