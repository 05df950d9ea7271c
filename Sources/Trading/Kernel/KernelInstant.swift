public import Market

// Several candles that close at one instant, taken together in three steps: all are marked, the account is valued once, and
// then strategies act. So nobody sees an account half of which stands at older prices.
extension Kernel {
    /// Takes the close of a candle as its instrument's mark and nothing more: the first step, for each of them.
    public func mark(_ id: InstrumentID, _ close: Price, at closeTime: Timestamp, into effects: inout [Effect]) {
        advance(toClose: closeTime, &effects)
        instruments[id.index].mark = close
        instruments[id.index].lastHeard = closeTime
    }

    /// Values the account at its marks and looks at the breakers: the second step, once.
    public func revalue(into effects: inout [Effect]) {
        guard openPositionCount > 0 else { return }
        revalue()
        if hasBreakers { checkBreakers(&effects) }
    }

    /// Shows a closed candle to one strategy, by its place in `registrations`: the third step, for each that sees it.
    ///
    /// - Parameter candle: one of its instrument and timeframe; the price stays as it was marked, whatever it says.
    public func show(_ candle: Candle, toStrategyAt place: Int, into effects: inout [Effect]) {
        Unmanaged.passUnretained(slots[place])._withUnsafeGuaranteedRef { slot in
            advance(toClose: candle.closeTime(slot.registration.timeframe), &effects)
            run(slot, candle, &effects)
        }
    }

    /// The candle's own day is the day it opened in: a candle that closes at midnight still belongs to it.
    @inline(__always)
    private func advance(toClose closeTime: Timestamp, _ effects: inout [Effect]) {
        guard closeTime > now else { return }
        advance(to: closeTime.adding(nanoseconds: -1), &effects)
        now = closeTime
    }
}
