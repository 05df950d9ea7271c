import Engine
import Market
import Trading

/// Orders, sizes and ages in words, the same way on the whole screen.
enum Describe {
    /// `SELL 0.250 BTC/USDT limit @ 65800.0 GTC post-only`.
    static func order(_ order: Order, _ snapshot: Snapshot) -> String {
        guard let instrument = snapshot.market(order.request.instrument)?.instrument else {
            return "order \(order.id.rawValue)"
        }
        return request(order.request, instrument)
    }

    /// `BUY 0.250 BTC/USDT limit @ 63000.0 GTC`.
    static func request(_ request: OrderRequest, _ instrument: Instrument) -> String {
        var text = request.side == .buy ? "BUY " : "SELL "
        if let spend = request.spend, request.quantity.isZero {
            text += "\(Words.money(spend)) \(instrument.quote.code) of \(instrument.pair)"
        } else {
            text += "\(instrument.text(request.quantity)) \(instrument.pair)"
        }
        text += " \(request.type.name)"
        if let price = request.limitPrice { text += " @ \(instrument.text(price))" }
        if let trailing = request.trailing { text += " \(trailing) bps" }
        if let price = request.triggerPrice { text += " trigger \(instrument.text(price))" }
        if request.type != .market || request.timeInForce != .goodTilCancelled {
            text += " \(request.timeInForce.name)"
        }
        if request.isPostOnly { text += " post-only" }
        if request.isReduceOnly { text += " reduce-only" }
        if let stop = request.protection?.stop { text += ", stop \(instrument.text(stop))" }
        if let target = request.protection?.target { text += ", target \(instrument.text(target))" }
        return text
    }

    /// The terms of an order of another client.
    static func external(_ order: ExternalOrderView, _ instrument: Instrument) -> String {
        request(
            OrderRequest(
                instrument: order.instrument, side: order.side, type: order.type, quantity: order.quantity,
                limitPrice: order.limitPrice, triggerPrice: order.triggerPrice, trailing: order.trailing,
                timeInForce: order.timeInForce,
                purpose: .manual), instrument)
    }

    /// `all free cash`, `0.5 BTC`, `25% of equity`.
    static func sizing(_ sizing: Sizing, _ instrument: Instrument?) -> String {
        switch sizing {
        case .allIn: "all free cash"
        case .quantity(let quantity): instrument.map { "\($0.text(quantity)) \($0.base.code)" } ?? "fixed"
        case .equityShare(let share): "\(share) of equity"
        }
    }

    /// How old an instrument's data are when too old to act on: `7s`.
    static func staleness(_ market: MarketView) -> String? {
        switch market.status {
        case .stale(let seconds): Words.duration(Int64(seconds))
        case .live, .waiting, .finished: nil
        }
    }

    /// Why nothing may be opened on an instrument's data now, or `nil`.
    static func refusal(_ market: MarketView) -> String? {
        switch market.status {
        case .live: market.last == nil ? "\(market.instrument.pair) has no price yet" : nil
        case .waiting: "\(market.instrument.pair) has no data yet"
        case .stale(let seconds):
            "data of \(market.instrument.pair) are \(Words.duration(Int64(seconds))) old: orders wait for fresh ones"
        case .finished: "the recording of \(market.instrument.pair) is over"
        }
    }

    /// `long`, `short` or `flat`.
    static func direction(_ quantity: Quantity) -> String {
        quantity.isZero ? "flat" : quantity.mantissa > 0 ? "long" : "short"
    }
}
