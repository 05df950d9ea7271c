import Market

/// An entry of a person's with what protects it: from the moment at which the entry is allowed until the entry has ended and
/// nothing of what it bought is left to protect.
struct Bracket: Sendable, Hashable {
    /// The entry.
    let entry: OrderID
    /// Whose it is.
    let owner: StrategyID
    /// What is traded.
    let instrument: InstrumentID
    /// The entry's side.
    let side: Side
    /// Where the stop and the target stand.
    let protection: EntryProtection
    /// The group of the protective orders: one cancels the other.
    let group: UInt64
    /// What the entry has filled, less the fees taken out of it.
    var opened = Quantity.zero
    /// What the protective orders have closed of it.
    var closed = Quantity.zero
    /// Whether the protective orders stand at the venue as parts of one request with the entry, so that it ends them with an
    /// entry that does not fill wholly.
    var isTogether = false
    /// Whether a person or the emergency stop took the protection away: nothing takes its place.
    var isWithdrawn = false
    /// When a protective order failed last, after the entry had ended: at once the same would come of it, for ever.
    var failedAt: Timestamp?

    /// What of it is neither closed nor still to be opened.
    var rest: Quantity { opened > closed ? opened - closed : .zero }
}
