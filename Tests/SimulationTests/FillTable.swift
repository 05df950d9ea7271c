import Market
import Simulation
import Trading

/// Hand-made candles and orders in, what happened as lines of text out: `3 #1 filled 1 @ 99.5 taker`.
///
/// The number in front is the minute of the candle in which it happened. A row's minute is given, so rows can be
/// missing; prices need not join from row to row.
struct FillTable {
    /// minute, open, high, low, close, volume
    typealias Row = (Int64, String, String, String, String, String)

    var venue: SimulatedVenue
    let instrument: Instrument
    private var lines: [String] = []
    private var nextOrder: UInt64 = 1

    static let owner = StrategyID(rawValue: 1)
    static let start = Timestamp(seconds: 1_700_000_040).floored(to: .oneMinute)

    static func instrument(
        kind: InstrumentKind = .spot, minimumNotional: Int64 = 0, minimumQuantity: String = "0",
        maximumQuantity: String = "0", marketStep: String = "0", largestMarket: String = "0"
    ) -> Instrument {
        func quantity(_ text: String) -> Quantity {
            Quantity(mantissa: (try? DecimalText.mantissa(text, scale: 4)) ?? -1)
        }
        return Instrument(
            venue: "TEST", symbol: "ABCUSDT", kind: kind, base: Currency("ABC")!, quote: .usdt, priceScale: 4,
            quantityScale: 4,
            rules: InstrumentRules(
                tick: Price(mantissa: 100), quantityStep: Quantity(mantissa: 10),
                marketQuantityStep: quantity(marketStep), minimumQuantity: quantity(minimumQuantity),
                maximumQuantity: quantity(maximumQuantity),
                maximumMarketQuantity: quantity(largestMarket), minimumNotional: minimumNotional))
    }

    init(
        _ options: SimulatedVenueOptions = FillTable.free, instrument: Instrument = FillTable.instrument(),
        cash: Int64 = 100_000, holding: String = "0"
    ) throws {
        self.instrument = instrument
        let held = try instrument.quantity(holding)
        venue = SimulatedVenue(
            instruments: [instrument], cash: Money(whole: cash, .usdt), options: options,
            holdings: held.isZero
                ? [] : [VenueHolding(owner: FillTable.owner, instrument: InstrumentID(0), quantity: held)])
    }

    /// No fees, no slippage.
    static let free = SimulatedVenueOptions(makerFee: .zero, takerFee: .zero)

    func price(_ text: String) throws -> Price { try instrument.price(text) }

    func request(
        _ side: Side, _ type: OrderType, _ quantity: String, limit: String? = nil, trigger: String? = nil,
        trailing: Int? = nil, spend: String? = nil, tif: TimeInForce = .goodTilCancelled, postOnly: Bool = false,
        reduceOnly: Bool = false,
        group: UInt64 = 0
    ) throws -> OrderRequest {
        OrderRequest(
            instrument: InstrumentID(0), side: side, type: type, quantity: try instrument.quantity(quantity),
            spend: try spend.map { try Money($0, .usdt) }, limitPrice: try limit.map { try instrument.price($0) },
            triggerPrice: try trigger.map { try instrument.price($0) }, trailing: trailing, timeInForce: tif,
            isPostOnly: postOnly,
            isReduceOnly: reduceOnly, purpose: .manual, group: group)
    }

    mutating func candle(_ row: Row) throws -> Candle {
        Candle(
            openTime: FillTable.start.adding(seconds: row.0 * 60), open: try price(row.1), high: try price(row.2),
            low: try price(row.3), close: try price(row.4), volume: try instrument.quantity(row.5))
    }

    /// Sends an order now; the first gets the number 1.
    mutating func place(_ request: OrderRequest, owner: StrategyID = FillTable.owner, at minute: Int64 = 0) {
        let order = Order(
            id: OrderID(rawValue: nextOrder), owner: owner, request: request, quote: .usdt, decisionPrice: .zero,
            createdAt: FillTable.start)
        nextOrder += 1
        venue.submit(order, at: FillTable.start.adding(seconds: minute * 60))
        collect { _, _ in }
    }

    /// Runs bars one after the other; `react` sees each report and may send orders at once, as the kernel does.
    mutating func run(_ rows: [Row], react: (OrderReport, inout FillTable) throws -> Void = { _, _ in }) throws {
        for row in rows {
            let candle = try candle(row)
            if venue.beginBar(InstrumentID(0), candle) {
                while venue.advance() { try collect(react) }
                venue.endBar(InstrumentID(0), close: candle.close)
            }
        }
    }

    mutating func quote(_ second: Int64, _ bid: String, _ ask: String, size: String = "1000") throws {
        let quote = Quote(
            time: FillTable.start.adding(seconds: second), bid: try price(bid), ask: try price(ask),
            bidSize: try instrument.quantity(size), askSize: try instrument.quantity(size))
        if venue.beginQuote(InstrumentID(0), quote) { while venue.advance() { collect { _, _ in } } }
    }

    mutating func print(_ second: Int64, _ price: String, _ quantity: String = "1") throws {
        let print = TradePrint(
            time: FillTable.start.adding(seconds: second), price: try self.price(price),
            quantity: try instrument.quantity(quantity), aggressor: .sell, id: 1)
        if venue.beginPrint(InstrumentID(0), print) { while venue.advance() { collect { _, _ in } } }
    }

    /// Levels as `price×quantity`, best first; none on both sides is no book.
    mutating func book(_ second: Int64, _ bids: [String], _ asks: [String]) throws {
        let depth = BookDepth(
            time: FillTable.start.adding(seconds: second), bids: try bids.map(level), asks: try asks.map(level))
        if venue.beginBook(InstrumentID(0), depth) { while venue.advance() { collect { _, _ in } } }
    }

    private func level(_ text: String) throws -> BookLevel {
        let parts = text.split(separator: "×").map(String.init)
        return BookLevel(price: try price(parts[0]), quantity: try instrument.quantity(parts[1]))
    }

    /// A print with the side that took.
    mutating func trade(_ second: Int64, _ side: Side, _ price: String, _ quantity: String) throws {
        let print = TradePrint(
            time: FillTable.start.adding(seconds: second), price: try self.price(price),
            quantity: try instrument.quantity(quantity), aggressor: side, id: 1)
        if venue.beginPrint(InstrumentID(0), print) { while venue.advance() { collect { _, _ in } } }
    }

    mutating func collect(_ react: (OrderReport, inout FillTable) throws -> Void) rethrows {
        while let report = venue.nextReport() {
            if let line = describe(report) { lines.append(line) }
            try react(report, &self)
        }
    }

    /// What happened since the last call, acceptances left out.
    mutating func takeLines() -> [String] {
        collect { _, _ in }
        defer { lines = [] }
        return lines
    }

    private func plain(_ price: Price) -> String { DecimalText.text(Int128(price.mantissa), scale: 4) }
    private func plain(_ quantity: Quantity) -> String { DecimalText.text(Int128(quantity.mantissa), scale: 4) }

    private func describe(_ report: OrderReport) -> String? {
        let minute = report.time.nanoseconds(since: FillTable.start) / 60_000_000_000
        let what: String
        switch report.kind {
        case .accepted: return nil
        case .filled(let fill):
            what = "filled \(plain(fill.quantity)) @ \(plain(fill.price)) \(fill.liquidity.name)"
        case .rejected(let reason): what = "rejected \(reason)"
        case .canceled(let reason): what = "canceled \(reason)"
        case .expired(let reason): what = "expired \(reason)"
        case .amended(let amendment):
            let quantity = amendment.quantity.map { " quantity " + plain($0) } ?? ""
            let limit = amendment.limitPrice.map { " limit " + plain($0) } ?? ""
            let trigger = amendment.triggerPrice.map { " trigger " + plain($0) } ?? ""
            what = "amended" + quantity + limit + trigger
        case .triggered: what = "triggered"
        case .cancelRejected: what = "cancel-rejected"
        case .amendRejected: what = "amend-rejected"
        case .unanswered: what = "unanswered"
        case .notFound: what = "not-found"
        case .cancelUnanswered: what = "cancel-unanswered"
        case .amendUnanswered: what = "amend-unanswered"
        case .status(let status): what = "status \(status.state.name)"
        }
        return "\(minute) #\(report.order.rawValue) \(what)"
    }
}
