import Market
import Trading

extension BacktestResult {
    /// The columns of `tradeRows`, in their order.
    public static let tradeColumns = [
        "opened_at", "closed_at", "side", "quantity", "entry_price", "exit_price", "entry_notional", "exit_notional",
        "fees", "profit", "return", "seconds", "exit", "open",
    ]

    /// One row of text for each round trip, in the order of `tradeColumns`; every amount with all its digits.
    ///
    /// `entry_price` and `exit_price` are averages, rounded half to even at the instrument's price scale where a trip
    /// has more than one fill; notionals, fees and profit are exact. `open` is `true` for a trip that is still open: it
    /// is marked at the last close, and its exit reads `open`.
    public var tradeRows: [[String]] { trips.map { BacktestResult.tradeRow($0, instrument) } }

    /// The row of one round trip.
    static func tradeRow(_ trip: RoundTrip, _ instrument: Instrument) -> [String] {
        let share = trip.entryNotional.isZero ? nil : Double(trip.profit.units) / Double(trip.entryNotional.units)
        func price(_ notional: Money) -> String {
            trip.quantity.isZero
                ? "" : instrument.text(instrument.averagePrice(notional, trip.quantity, rounding: .halfEven))
        }
        return [
            trip.openedAt.description, trip.closedAt.description, trip.side == .buy ? "long" : "short",
            instrument.text(trip.quantity), price(trip.entryNotional), price(trip.exitNotional),
            trip.entryNotional.decimalText, trip.exitNotional.decimalText, trip.fees.decimalText,
            trip.profit.decimalText, share.map { JSONText.number($0) } ?? "",
            JSONText.number(Double(trip.closedAt.nanoseconds(since: trip.openedAt)) / 1e9),
            trip.isOpen ? "open" : trip.exitPurpose.name, trip.isOpen ? "true" : "false",
        ]
    }

    /// The trades as CSV with a header line, each with its excursions `mae` and `mfe` behind the other columns, and the
    /// `funding` it paid where funding was exchanged. No field needs quoting.
    public func tradesCSV(_ extended: ExtendedMetrics) -> String {
        let isFunded = assumptions?.conditions.isFunded == true
        let last = ["mae", "mfe"] + (isFunded ? ["funding"] : [])
        var text = (BacktestResult.tradeColumns + last).joined(separator: ",") + "\n"
        for (index, (row, excursion)) in zip(tradeRows, extended.excursions).enumerated() {
            let shares = [excursion.adverse, excursion.favorable].map { JSONText.number($0) }
            let funding = isFunded ? [trips[index].funding.decimalText] : []
            text += (row + shares + funding).joined(separator: ",") + "\n"
        }
        return text
    }
}
