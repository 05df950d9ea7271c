import Market
import Simulation
import Testing
import Trading

/// Hand-made candles through kernel and venue under market conditions; what the kernel wrote down comes out as lines:
/// `3 sell 50 @ 90.909 fee 22.72725 liquidation`. The number in front is the minute.
struct ConditionTable {
    let exchange: SimulatedExchange
    let instrument: Instrument
    private(set) var lines: [String] = []
    private(set) var trips: [RoundTrip] = []

    init(
        _ conditions: MarketConditions, _ options: SimulatedVenueOptions = FillTable.free, cash: Int64 = 1_000
    ) {
        instrument = FillTable.instrument(kind: .linearPerpetual)
        let cash = Money(whole: cash, .usdt)
        exchange = SimulatedExchange(
            kernel: Kernel(
                cash: cash, instruments: [instrument], catalog: ScriptedStrategy.catalog,
                options: KernelOptions(feeEstimate: options.takerFee, leverage: conditions.margin?.leverage)),
            venue: SimulatedVenue(
                instruments: [instrument], cash: cash, options: options, conditions: conditions,
                start: FillTable.start))
    }

    /// Margin with one tier of 1 % and a liquidation fee of 0.5 %.
    static func margin(_ leverage: Int = 10, _ mode: MarginMode = .isolated) -> MarginTerms {
        MarginTerms(leverage: leverage, mode: mode, tiers: [MaintenanceTier(from: 0, rate: .percent(1))])
    }

    func cash() -> String { exchange.kernel.account.cash.decimalText }

    mutating func place(
        _ side: Side, _ type: OrderType, _ quantity: String, at price: String? = nil, minute: Int64 = 0,
        reduceOnly: Bool = false, spend: String? = nil
    ) throws {
        let price = try price.map { try instrument.price($0) }
        exchange.command(
            .place(
                OrderRequest(
                    instrument: InstrumentID(0), side: side, type: type, quantity: try instrument.quantity(quantity),
                    spend: try spend.map { try Money($0, .usdt) }, limitPrice: type.hasLimit ? price : nil,
                    triggerPrice: type.hasTrigger ? price : nil,
                    isReduceOnly: reduceOnly, purpose: .manual), owner: .manual),
            at: FillTable.start.adding(seconds: minute * 60))
        collect()
    }

    mutating func cancel(_ order: UInt64, minute: Int64) {
        exchange.command(
            .cancel(OrderID(rawValue: order)), at: FillTable.start.adding(seconds: minute * 60))
        collect()
    }

    private func candle(_ row: FillTable.Row) throws -> Candle {
        Candle(
            openTime: FillTable.start.adding(seconds: row.0 * 60), open: try instrument.price(row.1),
            high: try instrument.price(row.2), low: try instrument.price(row.3),
            close: try instrument.price(row.4), volume: try instrument.quantity(row.5))
    }

    /// Bars, each with what marks it where marks are told.
    mutating func run(_ rows: [FillTable.Row], marks: [FillTable.Row] = []) throws {
        for (place, row) in rows.enumerated() {
            if !marks.isEmpty { exchange.takeMark(try candle(marks[place]), of: InstrumentID(0)) }
            exchange.bar(InstrumentID(0), .oneMinute, try candle(row))
            collect()
            // Whoever asks for them sees one truth at every close.
            #expect(exchange.kernel.account.cash == exchange.venue.cash)
            #expect(
                exchange.kernel.position(.manual, InstrumentID(0)).quantity
                    == exchange.venue.holding(.manual, InstrumentID(0)))
        }
    }

    private func plain(_ mantissa: Int64) -> String { DecimalText.text(Int128(mantissa), scale: 4) }
    private func minute(_ time: Timestamp) -> Int64 { time.nanoseconds(since: FillTable.start) / 60_000_000_000 }

    private mutating func collect() {
        for effect in exchange.takeOutput() {
            switch effect {
            case .record(.fill(let record)):
                let fee = record.fill.quoteFee.isZero ? "" : " fee \(record.fill.quoteFee.decimalText)"
                let why = record.purpose == .liquidation ? " liquidation" : ""
                lines.append(
                    "\(minute(record.time)) \(record.side.name) \(plain(record.fill.quantity.mantissa)) @ "
                        + "\(plain(record.fill.price.mantissa))\(fee)\(why)")
            case .record(.order(let order)) where order.state == .canceled || order.state == .rejected:
                lines.append("\(minute(order.updatedAt)) #\(order.id.rawValue) \(order.state.name) \(order.reason)")
            case .record(.verdict(let verdict)) where !verdict.isAllowed:
                lines.append("\(minute(verdict.time)) #\(verdict.order.rawValue) denied")
            case .record(.trip(let trip)): trips.append(trip)
            default: break
            }
        }
    }
}
