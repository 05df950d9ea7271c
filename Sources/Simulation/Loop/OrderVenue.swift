public import Market
public import Trading

/// A venue that whoever drives it takes apart: requests go in, market events are walked step by step, and reports come
/// out one at a time, so that each can be written down and answered before the next thing happens.
///
/// An event is walked like this:
///
///     if venue.beginQuote(instrument, quote) {
///         while venue.advance() {
///             while let report = venue.nextReport() { … }
///         }
///     }
///
/// Requests may be made at any time, also between two calls of `advance`; their reports wait in `nextReport` too.
public protocol OrderVenue: Sendable {
    /// Takes an order in, or rejects it.
    ///
    /// - Parameter reference: the last price, for the instrument checks; the last that the venue saw when `nil`.
    mutating func submit(_ order: Order, at time: Timestamp, reference: Price?)
    /// Cancels an order.
    mutating func cancel(_ order: OrderID, at time: Timestamp)
    /// Changes an order's terms.
    mutating func amend(_ order: OrderID, _ amendment: OrderAmendment, at time: Timestamp, reference: Price?)
    /// Tells what became of an order: its fills, then `status` or `notFound`.
    mutating func query(_ order: OrderID, at time: Timestamp)

    /// Whether nothing can happen in a bar, so that `beginBar` and `endBar` may be left out.
    func isUntouched(_ instrument: InstrumentID, by candle: Candle) -> Bool
    /// Starts a bar; says whether there is anything to walk. After the walk `endBar` follows.
    mutating func beginBar(_ instrument: InstrumentID, _ candle: Candle) -> Bool
    /// Ends a bar that was walked.
    mutating func endBar(_ instrument: InstrumentID, close: Price)
    /// Takes a new best bid and ask; says whether there is anything to walk.
    mutating func beginQuote(_ instrument: InstrumentID, _ quote: Quote) -> Bool
    /// Takes the visible levels of a recorded book; says whether there is anything to walk.
    mutating func beginBook(_ instrument: InstrumentID, _ depth: BookDepth) -> Bool
    /// Takes a print of the tape; says whether there is anything to walk.
    mutating func beginPrint(_ instrument: InstrumentID, _ print: TradePrint) -> Bool
    /// Goes on to the next thing that happens to an order; `false` ends the event.
    mutating func advance() -> Bool
    /// The oldest report not taken yet.
    mutating func nextReport() -> OrderReport?
    /// Lets time pass without anything of the market.
    mutating func elapse(to time: Timestamp)
    /// Cancels everything that still works, because no more data will come, and refuses what comes after.
    mutating func endOfData(at time: Timestamp)
}

extension SimulatedVenue: OrderVenue {
    /// Nothing: between market events nothing happens at this venue.
    public mutating func elapse(to time: Timestamp) {}
}
