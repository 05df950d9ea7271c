import Market

@testable import Trading

/// Draws values of every type, the same ones for the same seed, extremes among them.
struct Draw {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func bits() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ count: Int) -> Int { Int(bits() % UInt64(count)) }
    mutating func flag() -> Bool { bits() & 1 == 1 }
    mutating func one<Value>(of values: [Value]) -> Value { values[below(values.count)] }
    mutating func maybe<Value>(_ value: (inout Draw) -> Value) -> Value? { flag() ? value(&self) : nil }

    mutating func number() -> Int64 {
        switch below(6) {
        case 0: return one(of: [.min, .max, 0, -1, 1])
        case 1: return Int64(bitPattern: bits())
        default: return Int64(bitPattern: bits()) >> Int64(below(60))
        }
    }

    mutating func double() -> Double {
        one(of: [Double(number()) / 1_000, .nan, -0.0, .infinity, .leastNonzeroMagnitude])
    }

    mutating func text() -> String { one(of: ["", "order 12", "€ → ₿", String(repeating: "x", count: 300)]) }
    mutating func currency() -> Currency { one(of: [.usdt, .usd, Currency("BTC")!, Currency("A-1.b_c")!]) }
    mutating func money() -> Money { Money(units: Int128(number()) * Int128(number()), currency()) }
    mutating func price() -> Price { Price(mantissa: number()) }
    mutating func quantity() -> Quantity { Quantity(mantissa: number()) }
    mutating func ratio() -> Ratio { Ratio(units: number()) }
    mutating func time() -> Timestamp { Timestamp(nanoseconds: number()) }
    mutating func instrument() -> InstrumentID { InstrumentID(rawValue: Int32(truncatingIfNeeded: number()) & .max) }
    mutating func strategy() -> StrategyID { StrategyID(rawValue: Int32(truncatingIfNeeded: number()) & .max) }
    mutating func order() -> OrderID { OrderID(rawValue: UInt64(bitPattern: number())) }

    mutating func candle() -> Candle {
        Candle(
            openTime: time(), open: price(), high: price(), low: price(), close: price(), volume: quantity(),
            minutes: UInt32(truncatingIfNeeded: bits()),
            flags: Candle.Flags(rawValue: UInt32(truncatingIfNeeded: bits())))
    }

    mutating func quote() -> Quote {
        Quote(time: time(), bid: price(), ask: price(), bidSize: quantity(), askSize: quantity())
    }

    mutating func print() -> TradePrint {
        TradePrint(time: time(), price: price(), quantity: quantity(), aggressor: flag() ? .buy : .sell, id: bits())
    }

    mutating func request() -> OrderRequest {
        OrderRequest(
            instrument: instrument(), side: flag() ? .buy : .sell, type: one(of: OrderType.allCases),
            quantity: quantity(), spend: maybe { $0.money() }, limitPrice: maybe { $0.price() },
            triggerPrice: maybe { $0.price() }, trailing: maybe { $0.below(20_000) - 10_000 },
            timeInForce: one(of: TimeInForce.allCases), isPostOnly: flag(),
            isReduceOnly: flag(), purpose: OrderPurpose(rawValue: UInt8(below(8)))!, group: flag() ? 0 : bits(),
            protection: maybe { draw in
                EntryProtection(stop: draw.maybe { $0.price() }, target: draw.maybe { $0.price() })
            })
    }

    mutating func fullOrder() -> Order {
        var order = Order(
            id: order(), owner: strategy(), request: request(), quote: currency(), decisionPrice: price(),
            createdAt: time())
        order.state = one(of: OrderState.allCases)
        order.reason = one(of: OrderReason.allCases)
        order.isCancelPending = flag()
        order.isAmendPending = flag()
        order.isCancelUnanswered = flag()
        order.isAmendUnanswered = flag()
        if flag() {
            order.filled = quantity()
            order.filledNotional = money()
            order.quoteFees = money()
            order.baseFees = quantity()
        }
        if flag() { order.updatedAt = time() }
        if flag() { order.requestedAt = time() }
        if flag() { order.termsAt = time() }
        order.isAcknowledged = flag()
        return order
    }

    mutating func amendment() -> OrderAmendment {
        OrderAmendment(
            quantity: maybe { $0.quantity() }, limitPrice: maybe { $0.price() }, triggerPrice: maybe { $0.price() })
    }

    mutating func fill() -> Fill {
        Fill(
            tradeID: bits(), price: price(), quantity: quantity(), quoteFee: money(), baseFee: quantity(),
            feeExcess: flag() ? 0 : Int64(below(1_000_000)), liquidity: flag() ? .maker : .taker)
    }

    mutating func status() -> OrderStatus {
        OrderStatus(
            state: one(of: OrderState.allCases), reason: one(of: OrderReason.allCases), quantity: quantity(),
            limitPrice: maybe { $0.price() }, triggerPrice: maybe { $0.price() }, filled: quantity(),
            filledNotional: maybe { $0.money() })
    }

    mutating func report() -> OrderReport {
        let reason = one(of: OrderReason.allCases)
        let kinds: [OrderReport.Kind] = [
            .accepted, .rejected(reason), .filled(fill()), .canceled(reason), .cancelRejected, .amended(amendment()),
            .amendRejected, .triggered, .expired(reason), .unanswered, .notFound, .cancelUnanswered, .amendUnanswered,
            .status(status()),
        ]
        return OrderReport(order: order(), time: time(), kind: one(of: kinds))
    }
}
