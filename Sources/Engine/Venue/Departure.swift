import Market
import Trading
import Venues

/// Something that leaves for a venue over a network: written down, on the disk, and let out.
enum Departure: Sendable {
    /// An order.
    case submit(OutboundOrder)
    /// A stop and a target of which one cancels the other, placed together.
    case pair(OutboundOrder, OutboundOrder, listID: ClientOrderID)
    /// An entry with the stop, the target or both that begin to work when it has filled: one request.
    case bracket(OutboundOrder, [OutboundOrder], listID: ClientOrderID)
    /// A stop that takes the place of another, which goes only where it has not filled: one request.
    case replace(OutboundOrder, by: OutboundOrder)
    /// A cancel.
    case cancel(OutboundOrder)
    /// A question.
    case query(OutboundOrder)
}

/// An order on its way out, with the number under which its venue knows it.
struct OutboundOrder: Sendable {
    /// The order as it was when it was let out.
    var order: Order
    /// What it is of.
    var instrument: Instrument
    /// Its number at the venue.
    var clientID: ClientOrderID
    /// What the venue's rules are held against besides: of what opens.
    var circumstances: PlacementCircumstances
}

extension Departure {
    /// The orders that it is about.
    var orders: [OutboundOrder] {
        switch self {
        case .submit(let order), .cancel(let order), .query(let order): return [order]
        case .pair(let stop, let target, _): return [stop, target]
        case .bracket(let entry, let protection, _): return [entry] + protection
        case .replace(let old, let new): return [old, new]
        }
    }
}
