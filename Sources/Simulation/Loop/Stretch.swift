public import Market
public import Trading

extension SimulatedExchange {
    /// Takes whole bars as `bar` would one after the other, as far as they reach no order and the strategy says nothing;
    /// the bar at which it speaks is the last. What comes out is the same to the last bit. O(bars).
    ///
    /// - Returns: how many were taken; 0 when the next one has to be taken by `bar`.
    public func bars(stretch candles: Span<Candle>, of instrument: InstrumentID, _ timeframe: Timeframe) -> Int {
        let quiet = untouched(candles, instrument)
        guard quiet > 0 else { return 0 }
        return close(stretch: candles.extracting(first: quiet), of: instrument, timeframe)
    }
}

extension SimulatedVenue {
    // Inlined: a call would copy the venue out of the class that holds it.
    /// How many bars at the front reach no working order.
    @inline(__always)
    func untouchedCount(_ candles: Span<Candle>, _ instrument: InstrumentID) -> Int {
        if isQuiet(instrument) { return candles.count }
        for index in candles.indices where !isUntouched(instrument, by: candles[unchecked: index]) { return index }
        return candles.count
    }
}
