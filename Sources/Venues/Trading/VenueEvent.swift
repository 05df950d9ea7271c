public import Market
public import Trading

/// Something that happened to the account.
public enum VenueEvent: Sendable, Hashable {
    /// Something happened to an order of a known instrument.
    case order(VenueOrderEvent)
    /// Balances as they are now: only of assets that may have changed.
    case balances([VenueBalance], at: Timestamp)
    /// Money came or went without a trade; how much, below zero when it went.
    case transfer(Money, at: Timestamp)
    /// A list of orders went on.
    case list(VenueListEvent)
    /// The rules of an instrument's orders were read anew, for they may have changed: the instrument with those of now.
    case rules(Instrument)
    /// Something happened to an order of a symbol that is not known here, or an asset, named in its place, is held or freed
    /// by something that is no trading.
    case elsewhere(symbol: String)
    /// The connection is lost; another is being made. What happens until `gap` is not told.
    case lost(String)
    /// Events may be missing, and from now on they are told again: everything is to be compared with the venue.
    case gap(StreamGap)
}

/// A time of which not everything was told.
public struct StreamGap: Sendable, Hashable {
    /// Why there is one.
    public var reason: Reason
    /// The venue's time of the last event before it; `nil` before the first.
    public var since: Timestamp?
    /// What was seen, in words.
    public var words: String

    /// Why events may be missing.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        /// It begins: what was before is not known.
        case start
        /// The connection broke off and was made again.
        case reconnected
        /// A connection was replaced by another before the venue would cut it.
        case rotated
        /// An event could not be read.
        case damaged
        /// The venue ended the stream, and it was begun again.
        case terminated
        /// A request had an effect that was never told.
        case deaf
    }

    /// A gap of its parts.
    public init(_ reason: Reason, since: Timestamp?, words: String) {
        self.reason = reason
        self.since = since
        self.words = words
    }
}

/// Something that happened to an order.
public struct VenueOrderEvent: Sendable, Hashable {
    /// The order after it.
    public var order: StandingOrder
    /// What happened.
    public var kind: Kind

    /// What can happen to an order.
    public enum Kind: Sendable, Hashable {
        /// It works, or waits for what wakes it.
        case accepted
        /// It was refused, for this reason.
        case rejected(OrderReason)
        /// It filled, in part or wholly.
        case filled(VenueExecution)
        /// It was cancelled.
        case canceled(OrderReason)
        /// Its terms or the venue ended it.
        case expired(OrderReason)
        /// It was made smaller or changed otherwise.
        case amended(OrderAmendment)
        /// Its trigger traded, or what it waited for happened; it works now.
        case triggered
        /// So much of it was kept from trading with an own order.
        case prevented(Quantity)
    }

    /// An event of its parts.
    public init(order: StandingOrder, kind: Kind) {
        self.order = order
        self.kind = kind
    }

    /// The kernel's report of it.
    ///
    /// - Parameter value: what a fee in a third currency is worth; see `VenueExecution.fill`.
    /// - Returns: where a fee can't be valued the order's status instead, so that the kernel knows of the fill and asks.
    public func report(as id: OrderID, valuing value: (VenueExecution) -> Money? = { _ in nil }) -> OrderReport {
        let kind: OrderReport.Kind
        switch self.kind {
        case .accepted: kind = .accepted
        case .rejected(let reason): kind = .rejected(reason)
        case .filled(let execution):
            guard let report = execution.report(as: id, valuing: value) else { return order.report(as: id) }
            return report
        case .canceled(let reason): kind = .canceled(reason)
        case .expired(let reason): kind = .expired(reason)
        case .amended(let amendment): kind = .amended(amendment)
        case .triggered: kind = .triggered
        case .prevented: return order.report(as: id)
        }
        return OrderReport(order: id, time: order.time, kind: kind)
    }
}

/// Something that happened to a list of orders.
public struct VenueListEvent: Sendable, Hashable {
    /// The venue's own number.
    public var venueID: String
    /// The number it was placed with.
    public var clientListID: String
    /// What is traded.
    public var instrument: Instrument
    /// Where it is in its life.
    public var state: State
    /// The numbers its orders were placed with.
    public var clientOrderIDs: [String]
    /// When, by the venue's clock.
    public var time: Timestamp

    /// Where a list is in its life.
    public enum State: Sendable, Hashable, CaseIterable {
        /// It works.
        case working
        /// Nothing more happens to it.
        case done
        /// It was refused.
        case rejected
    }

    /// An event of its parts.
    public init(
        venueID: String, clientListID: String, instrument: Instrument, state: State, clientOrderIDs: [String],
        time: Timestamp
    ) {
        self.venueID = venueID
        self.clientListID = clientListID
        self.instrument = instrument
        self.state = state
        self.clientOrderIDs = clientOrderIDs
        self.time = time
    }
}
