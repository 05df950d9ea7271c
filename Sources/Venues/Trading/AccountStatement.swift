public import Market
public import Trading

/// Everything that a venue says of an account, taken in one go. `nil` means that it could not be read, never that there is
/// nothing.
public struct AccountStatement: Sendable, Hashable {
    /// When it was complete, by the venue's clock.
    public var time: Timestamp
    /// The open orders of the instruments, those of other clients among them.
    public var openOrders: [StandingOrder]?
    /// The executions since the last known ones, with an overlap, oldest first within an instrument.
    public var executions: [VenueExecution]?
    /// What is held.
    public var balances: [VenueBalance]?
    /// Whether nothing traded while it was taken: its parts are of one moment.
    public var isSteady: Bool
    /// What could not be read and why, in words.
    public var problems: [String]

    /// A statement of its parts.
    public init(
        time: Timestamp, openOrders: [StandingOrder]?, executions: [VenueExecution]?, balances: [VenueBalance]?,
        isSteady: Bool, problems: [String] = []
    ) {
        self.time = time
        self.openOrders = openOrders
        self.executions = executions
        self.balances = balances
        self.isSteady = isSteady
        self.problems = problems
    }

    /// Whether what is held was read, at one moment: only then can it be compared.
    public var tellsHoldings: Bool { balances != nil && isSteady }

    /// What the kernel compares itself with.
    ///
    /// On a spot account a position is what is held of the base asset. Where two instruments share one, it can't be told
    /// whose it is, and positions are left out; cash likewise where the instruments have several quote currencies.
    /// - Parameters:
    ///   - instruments: their numbers in the kernel. What is of another instrument is left out.
    ///   - order: which of the kernel's orders has a client order number; `nil` for none.
    ///   - value: what a fee in a third currency is worth; see `VenueExecution.fill`. Where one can't be valued, the fills
    ///     are left out as a whole.
    public func view(
        _ instruments: [Instrument: InstrumentID], order: (String) -> OrderID?,
        valuing value: (VenueExecution) -> Money? = { _ in nil }
    ) -> VenueView {
        VenueView(
            time: time, openOrders: openOrders.map { venueOrders($0, instruments, order) },
            fills: executions.flatMap { venueFills($0, instruments, order, value) },
            positions: isSteady ? positions(instruments) : nil, cash: isSteady ? cash(instruments) : nil)
    }

    /// How much of an instrument's base asset orders have locked that are not among those of this account's engine, rounded up:
    /// what is locked in all, of whatever symbol's orders, less what the engine's own hold. Of a list's sales one locks.
    ///
    /// - Parameter isOwn: whether an order of a client order number is the engine's.
    /// - Returns: `nil` where the parts were not read, or not in one moment.
    public func lockedByOthers(_ instrument: Instrument, isOwn: (String) -> Bool) -> Quantity? {
        guard isSteady, let balances, let openOrders else { return nil }
        guard let locked = balances.first(where: { $0.currency == instrument.base })?.locked else { return .zero }
        var own = Quantity.zero
        var lists: [(id: String, quantity: Quantity)] = []
        for order in openOrders
        where order.instrument == instrument && order.side == .sell && order.isOpen && !order.isExternal
            && isOwn(order.clientOrderID)
        {
            let leaves = order.status.quantity - order.status.filled
            guard let list = order.listID else {
                own = own + leaves
                continue
            }
            if let place = lists.firstIndex(where: { $0.id == list }) {
                lists[place].quantity = max(lists[place].quantity, leaves)
            } else {
                lists.append((list, leaves))
            }
        }
        for list in lists { own = own + list.quantity }
        let all = locked.units.divided(by: instrument.quantityFactor, rounding: .up)
        return max(.zero, Quantity(mantissa: Int64(clamping: all)) - own)
    }

    private func venueOrders(
        _ orders: [StandingOrder], _ instruments: [Instrument: InstrumentID], _ order: (String) -> OrderID?
    ) -> [VenueOrder] {
        orders.compactMap { standing in
            instruments[standing.instrument].map {
                VenueOrder(
                    venueID: standing.venueID, order: standing.isExternal ? nil : order(standing.clientOrderID),
                    instrument: $0, side: standing.side, status: standing.status)
            }
        }
    }

    private func venueFills(
        _ executions: [VenueExecution], _ instruments: [Instrument: InstrumentID], _ order: (String) -> OrderID?,
        _ value: (VenueExecution) -> Money?
    ) -> [VenueFill]? {
        var fills: [VenueFill] = []
        for execution in executions {
            guard let instrument = instruments[execution.instrument] else { continue }
            guard let isExternal = execution.isExternal else { return nil }
            let id = isExternal ? nil : execution.clientOrderID.flatMap(order)
            // Whatever somebody else's order cost shows in what is held, and nobody has to know its worth.
            guard let fill = execution.fill(valuing: value) else {
                if id == nil { continue }
                return nil
            }
            fills.append(
                VenueFill(
                    order: id, instrument: instrument, side: execution.side, time: execution.time, fill: fill))
        }
        return fills
    }

    private func positions(_ instruments: [Instrument: InstrumentID]) -> [VenuePosition]? {
        guard let balances, Set(instruments.keys.map(\.base)).count == instruments.count else { return nil }
        var positions: [VenuePosition] = []
        for (instrument, id) in instruments.sorted(by: { $0.value < $1.value }) {
            guard let held = balances.first(where: { $0.currency == instrument.base })?.total, !held.isZero else {
                continue
            }
            let quantity = Quantity(mantissa: Int64(clamping: held.units / instrument.quantityFactor))
            // Less than the smallest quantity is none.
            if !quantity.isZero { positions.append(VenuePosition(instrument: id, quantity: quantity)) }
        }
        return positions
    }

    private func cash(_ instruments: [Instrument: InstrumentID]) -> Money? {
        let quotes = Set(instruments.keys.map(\.quote))
        guard let balances, let quote = quotes.first, quotes.count == 1 else { return nil }
        return balances.first { $0.currency == quote }?.total ?? .zero(quote)
    }
}
