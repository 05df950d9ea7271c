public import Market
public import Trading

extension SimulatedVenue {
    /// What it would cost to close at once what `owner` holds of an instrument, as a market order on its way for no time
    /// would: half the spread of the hour, the fixed share and the impact, each rounded against the trader, and the taker
    /// fee in force. Nothing is traded by it. O(1).
    ///
    /// - Parameters:
    ///   - price: what the instrument is marked at.
    ///   - volume: that of the last bar, for the impact.
    /// - Returns: the costs by their causes; none where nothing is held.
    public func closingCosts(
        _ owner: StrategyID, _ instrument: InstrumentID, at price: Price, time: Timestamp, volume: Quantity
    ) -> TradingCosts {
        var closing = TradingCosts(cash.currency)
        let held = holding(owner, instrument)
        guard !held.isZero else { return closing }
        let side: Side = held > .zero ? .sell : .buy
        let quantity = held.magnitude
        var taken = TakenPrice(price)
        move(&taken, side, instrument.index, time: time, volume: volume) { _ in quantity }
        closing.add(taken, side, quantity, instruments[instrument.index])
        var standing = standing
        standing?.advance(to: time)
        let notional = instruments[instrument.index].notional(taken.price, quantity)
        closing.fees = notional.share(standing?.taker ?? options.takerFee, rounding: .ceiling)
        return closing
    }
}
