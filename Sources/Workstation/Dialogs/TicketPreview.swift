import Engine
import Market
import Trading

/// What an order would come to, as labelled lines.
enum TicketPreview {
    /// Adds the lines, and a problem where cash does not suffice.
    static func add(_ request: OrderRequest, _ market: MarketView, _ snapshot: Snapshot, to review: inout FormReview) {
        let instrument = market.instrument
        let account = snapshot.account
        let atMarket = request.side == .buy ? market.quote?.ask : market.quote?.bid
        guard var price = request.reckonedPrice(at: atMarket ?? market.last) else { return }
        // A price that follows another by a share of it is on no tick; what trades next is.
        if request.trailing != nil { price = price.rounded(toTick: instrument.rules.tick, .up) }
        let notional = instrument.notional(price, request.quantity)
        let code = instrument.quote.code
        review.preview.append(.init("Notional", "\(Words.money(notional)) \(code) at \(instrument.text(price))"))
        var cost = notional
        if let rate = request.isPostOnly ? account.makerFee : account.takerFee, account.currency == instrument.quote {
            let fee = notional.share(rate, rounding: .up)
            cost = notional + fee
            review.preview.append(
                .init(
                    "Fee, estimated", "\(Words.money(fee)) \(code) (\(request.isPostOnly ? "maker" : "taker") \(rate))")
            )
        }
        addLoss(request, price, instrument, account.equity, to: &review)
        guard account.currency == instrument.quote else { return }
        if !request.isReduceOnly {
            let held = snapshot.positions.filter { $0.position.instrument == market.id }
            let net = held.reduce(Int64(0)) { $0 + $1.position.quantity.mantissa }
            let isAdding = net == 0 || (net > 0) == (request.side == .buy)
            let after = isAdding ? account.exposure + notional : account.exposure - notional
            let text = "\(share(account.exposure, account.equity)) → \(share(after, account.equity)) of equity"
            review.preview.append(.init("Exposure", text))
        }
        if request.side == .buy, !request.isReduceOnly {
            review.preview.append(
                .init("Free cash", "\(Words.money(account.freeCash)) → \(Words.money(account.freeCash - cost)) \(code)")
            )
            if cost > account.freeCash {
                review.problems.append(
                    ("quantity", "it needs \(Words.money(cost)) \(code), free are \(Words.money(account.freeCash))"))
            }
        }
    }

    /// What the stop would cost, fees aside.
    private static func addLoss(
        _ request: OrderRequest, _ price: Price, _ instrument: Instrument, _ equity: Money, to review: inout FormReview
    ) {
        guard let stop = request.protection?.stop else { return }
        let distance = request.side == .buy ? price - stop : stop - price
        guard distance.mantissa > 0 else { return }
        let loss = instrument.notional(distance, request.quantity)
        let part = equity.currency == loss.currency ? ", \(share(loss, equity)) of equity" : ""
        review.preview.append(
            .init("Loss at the stop", "\(Words.money(loss)) \(instrument.quote.code)\(part), without fees"))
    }

    private static func share(_ part: Money, _ whole: Money) -> String {
        whole.units > 0 ? Words.percent(part.approximation / whole.approximation, decimals: 1) : "–"
    }
}
