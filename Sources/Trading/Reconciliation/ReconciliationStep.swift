public import Market

/// What a comparison found, and with it what to do.
public enum ReconciliationStep: Sendable, Hashable {
    /// Something that happened and was not heard of: give it to the kernel.
    case report(OrderReport)
    /// An order that works by our books and not by the venue's list: ask the venue about this one before anything is
    /// concluded (`OrderVenue.query`); the answer goes to the kernel.
    case query(OrderID)
    /// An order that is not ours. It is shown and left alone.
    case external(VenueOrder)
    /// A trade that is booked with another price or quantity. The first counts; a person should look at it.
    case conflict(VenueFill)
    /// A position that does not agree: block the instrument until a person accepts the venue's word.
    case mismatch(PositionMismatch)
    /// A blocked instrument that agrees again: end the block.
    case agreement(InstrumentID)
    /// Cash that does not agree.
    case balance(ours: Money, venue: Money)

    /// The kernel's event of the step, at an instant; `nil` where it is not the kernel's business.
    public func event(at time: Timestamp) -> Event? {
        switch self {
        case .report(let report): return .report(report)
        case .mismatch(let mismatch):
            return .command(.block(mismatch.instrument, reason: mismatch.text), at: time)
        case .agreement(let instrument): return .command(.unblock(instrument), at: time)
        case .query, .external, .conflict, .balance: return nil
        }
    }
}

/// A position that does not agree with the venue's.
public struct PositionMismatch: Sendable, Hashable {
    /// Of what.
    public var instrument: InstrumentID
    /// The net of all owners by our books, with the fills of the same comparison.
    public var ours: Quantity
    /// What the venue says.
    public var venue: Quantity
    /// What would make up for the difference, one for each owner that it concerns; none when there is no price to book it at.
    public var corrections: [PositionCorrection]
    /// It in words.
    public var text: String

    /// What a person accepts: the corrections, and the venue's cash where it is given.
    public func accepted(cash: Money? = nil) -> VenueTruth {
        VenueTruth(corrections: corrections, cash: cash, instruments: [instrument])
    }
}
