public import Market
import Synchronization
public import Venues

/// What fees in the venue's own coin are worth: its price is asked for once a minute.
///
/// While its price is not known, a fee is worth what the account's rates make of the trade: the venue reckons it from
/// those, too. A fill is so never kept waiting, and its position without a stop, for a price.
public final class FeeWorth: Sendable {
    private static let interval = Duration.seconds(60)

    private let price = Mutex<(instrument: Instrument, price: Price)?>(nil)
    private let task = Mutex<Task<Void, Never>?>(nil)

    /// The worth of a currency in another; nothing is asked when there is no such currency.
    ///
    /// - Parameter venue: where the price is asked for, at once and then every minute while this is there.
    public init(_ currency: Currency?, in quote: Currency, _ venue: BinanceSpot) {
        guard let currency, currency != quote else { return }
        let symbol = "\(currency)\(quote)"
        task.withLock { task in
            task = Task { [weak self] in
                var instrument: Instrument?
                while !Task.isCancelled {
                    if instrument == nil, let listing = try? await venue.listing(of: symbol, pausing: { _ in }) {
                        let scales = listing.usualScales
                        instrument = try? listing.instrument(priceScale: scales.0, quantityScale: scales.1)
                    }
                    if let instrument, let price = try? await venue.referencePrice(of: instrument, pausing: { _ in }) {
                        self?.price.withLock { $0 = (instrument, price) }
                    }
                    try? await Task.sleep(for: FeeWorth.interval)
                }
            }
        }
    }

    deinit { task.withLock { $0 }?.cancel() }

    /// What a fee is worth; `nil` while the price is not known, or when it is of another currency.
    public func worth(_ fee: Money) -> Money? {
        guard let (instrument, price) = price.withLock({ $0 }), fee.currency == instrument.base else { return nil }
        return instrument.worth(of: fee, at: price)
    }

    /// What the fee of an execution is worth; `nil` when it is neither in the coin, the price being known, nor in the
    /// currency of the rates' discount.
    ///
    /// - Parameter rates: what trading costs the account, and the share of it that is left with the discount.
    public func worth(_ execution: VenueExecution, _ rates: VenueRates) -> Money? {
        if let worth = worth(execution.fee) { return worth }
        guard let discount = rates.discount, discount.currency == execution.fee.currency else { return nil }
        let rate = execution.liquidity == .maker ? rates.maker : rates.taker
        return execution.instrument.notional(execution.price, execution.quantity)
            .share(rate, rounding: .up).share(discount.share, rounding: .up)
    }
}

extension Instrument {
    /// What an amount of the base asset is worth at a price; what is below the smallest quantity counts as one.
    func worth(of amount: Money, at price: Price) -> Money {
        let quantity = amount.units.divided(by: quantityFactor, rounding: .up)
        return notional(price, Quantity(mantissa: Int64(clamping: quantity)))
    }
}
