import Market

@testable import Trading

/// A strategy that says what its script says: direction by the number of the candle. It records the hooks it gets.
final class ScriptedStrategy: CompiledStrategy {
    static let descriptor = StrategyDescriptor(
        name: "scripted", summary: "Signals by script.",
        parameters: [
            .integer("long", "candle of the long signal", default: 1, in: 0...1_000),
            .integer("flat", "candle of the flat signal", default: 3, in: 0...1_000),
            .integer("short", "candle of the short signal", default: 0, in: 0...1_000),
        ])

    let parameters: Parameters
    let warmUp = 1

    init(_ parameters: Parameters) throws(ParameterErrors) { self.parameters = parameters }

    func onCandle(_ bar: Bar, _ context: StrategyContext) -> Signal? {
        for (name, direction) in [("long", Direction.long), ("flat", .flat), ("short", .short)]
        where parameters.integer(name) == context.candleCount {
            return Signal(direction, rule: name, values: [NamedValue("close", bar.close)])
        }
        return nil
    }
}

/// A kernel over one or two instruments with whole-number scales, and the effects of each step.
struct Fixture {
    static let bitcoin = Instrument(
        venue: "TEST", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt, priceScale: 2, quantityScale: 3,
        rules: InstrumentRules(
            tick: Price(mantissa: 50), quantityStep: Quantity(mantissa: 10), minimumQuantity: Quantity(mantissa: 10),
            minimumNotional: 500_000_000))
    static let perpetual = Instrument(
        venue: "TEST", symbol: "ETHPERP", kind: .linearPerpetual, base: Currency("ETH")!, quote: .usdt, priceScale: 2,
        quantityScale: 3, rules: InstrumentRules(tick: Price(mantissa: 50), quantityStep: Quantity(mantissa: 10)))
    static let btc = InstrumentID(0)
    static let perp = InstrumentID(1)
    static let start = Timestamp(iso8601: "2023-01-01T00:00:00Z")!

    let kernel: Kernel
    var effects: [Effect] = []
    var trade: UInt64 = 0
    var minute: Int64 = 0

    init(
        cash: Int64 = 10_000, limits: RiskLimits = .none, fee: Ratio = .zero, locksHoldings: Bool = false,
        recording: KernelOptions.Recording = .everything, instrument: Instrument = Fixture.bitcoin
    ) {
        kernel = Kernel(
            cash: Money(whole: cash, .usdt), instruments: [instrument, Fixture.perpetual],
            catalog: StrategyCatalog([ScriptedStrategy.self]), limits: limits,
            options: KernelOptions(feeEstimate: fee, recording: recording, locksHoldings: locksHoldings))
    }

    /// Registers a scripted strategy numbered `id`.
    @discardableResult
    mutating func register(
        _ id: Int32 = 1, on instrument: InstrumentID = Fixture.btc, script: [(name: String, text: String)] = [],
        sizing: Sizing = .quantity(Quantity(mantissa: 1_000)), protection: Protection = .none,
        limits: StrategyLimits = .none
    ) -> [Effect] {
        let parameters = try! Parameters(ScriptedStrategy.descriptor.parameters, overrides: script)
        return step(
            .command(
                .register(
                    StrategyRegistration(
                        id: StrategyID(rawValue: id), name: "s\(id)", className: "scripted", parameters: parameters,
                        instrument: instrument, timeframe: .oneMinute, sizing: sizing, protection: protection,
                        limits: limits), history: []), at: now))
    }

    var now: Timestamp { Fixture.start.adding(seconds: minute * 60) }

    @discardableResult
    mutating func step(_ event: Event) -> [Effect] {
        var new: [Effect] = []
        kernel.step(event, into: &new)
        effects += new
        return new
    }

    /// Closes the next minute of an instrument at a whole price.
    @discardableResult
    mutating func candle(_ close: Int64, of instrument: InstrumentID = Fixture.btc) -> [Effect] {
        let price = Price(mantissa: close * 100)
        let candle = Candle(
            openTime: now, open: price, high: price, low: price, close: price, volume: Quantity(mantissa: 1_000))
        minute += 1
        return step(.candle(instrument, .oneMinute, candle))
    }

    @discardableResult
    mutating func report(_ order: OrderID, _ kind: OrderReport.Kind) -> [Effect] {
        step(.report(OrderReport(order: order, time: now, kind: kind)))
    }

    /// Fills an order at a whole price; all that is left unless a quantity (in thousandths) is given.
    @discardableResult
    mutating func fill(
        _ order: OrderID, at price: Int64, _ quantity: Int64? = nil, fee: Int64 = 0, trade number: UInt64? = nil
    ) -> [Effect] {
        trade += 1
        let leaves = kernel.order(order)?.leaves ?? .zero
        return report(
            order,
            .filled(
                Fill(
                    tradeID: number ?? trade, price: Price(mantissa: price * 100),
                    quantity: quantity.map(Quantity.init(mantissa:)) ?? leaves, quoteFee: Money(whole: fee, .usdt),
                    liquidity: .taker)))
    }

    /// A manual request for a quantity in thousandths.
    func request(
        _ side: Side, _ quantity: Int64, type: OrderType = .market, limit: Int64? = nil, trigger: Int64? = nil,
        on instrument: InstrumentID = Fixture.btc, reduceOnly: Bool = false
    ) -> OrderRequest {
        OrderRequest(
            instrument: instrument, side: side, type: type, quantity: Quantity(mantissa: quantity),
            limitPrice: limit.map { Price(mantissa: $0 * 100) },
            triggerPrice: trigger.map { Price(mantissa: $0 * 100) },
            isReduceOnly: reduceOnly, purpose: .manual)
    }

    @discardableResult
    mutating func place(_ request: OrderRequest) -> [Effect] {
        step(.command(.place(request, owner: .manual), at: now))
    }
}

extension [Effect] {
    var submitted: [Order] { compactMap { if case .submit(let order) = $0 { order } else { nil } } }
    var cancelled: [OrderID] { compactMap { if case .cancel(let id) = $0 { id } else { nil } } }
    var amended: [(OrderID, OrderAmendment)] {
        compactMap { if case .amend(let id, let change) = $0 { (id, change) } else { nil } }
    }
    var alerts: [Alert] { compactMap { if case .alert(let alert) = $0 { alert } else { nil } } }
    var records: [Record] { compactMap { if case .record(let record) = $0 { record } else { nil } } }
    var verdicts: [Verdict] { records.compactMap { if case .verdict(let verdict) = $0 { verdict } else { nil } } }
    var signals: [SignalRecord] { records.compactMap { if case .signal(let signal) = $0 { signal } else { nil } } }
    var trips: [RoundTrip] { records.compactMap { if case .trip(let trip) = $0 { trip } else { nil } } }
    var refusals: [String] { records.compactMap { if case .refusal(let text) = $0 { text } else { nil } } }
}
