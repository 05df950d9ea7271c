import Market
import Trading
import Venues

// The way out to a venue over a network.
extension JournaledExchange {
    /// Has orders leave over a network from now on; nothing opens before somebody has compared the account.
    func tradeRemotely() {
        isRemote = true
        doubt = "the account is not compared with the venue yet"
    }

    /// Hands what was let out to whoever sends it. What is followed in a journal left in another life: it is asked about.
    func leaveForNetwork(_ held: Withholding?) {
        var leaving: [Departure] = []
        for effect in effects {
            switch effect {
            case .submit(let order):
                if let held, held.orders.contains(order.id) {
                    // What protects an entry that was withheld is withheld with it.
                    withheld.append(OrderReport(order: order.id, time: kernel.now, kind: .rejected(held.reason)))
                } else if var outbound = outbound(order) {
                    if !order.request.isReduceOnly { outbound.circumstances = circumstances(of: order) }
                    add(outbound, to: &leaving)
                }
            case .cancel(let order):
                if let outbound = outbound(order) { withdraw(outbound, in: &leaving) }
            // Where a sale locks what it sells, orders are withdrawn and placed anew.
            case .amend: break
            case .query(let order):
                if let outbound = outbound(order) { leaving.append(.query(outbound)) }
            case .record, .alert: break
            }
        }
        send(leaving)
    }

    /// Hands departures over, behind those that still wait for somebody to take them.
    func send(_ leaving: [Departure]) {
        if !log.isFollowing { departures += leaving }
        guard let depart, !departures.isEmpty else { return }
        let all = departures
        departures = []
        depart(all)
    }

    /// An order with its number at the venue; `nil` for one that is not known any more.
    func outbound(_ id: OrderID) -> OutboundOrder? { kernel.order(id).flatMap(outbound) }

    private func outbound(_ order: Order) -> OutboundOrder? {
        guard let clientID = clientOrderID(order.id) else { return nil }
        let instrument = order.request.instrument
        return OutboundOrder(
            order: order, instrument: kernel.instrument(instrument), clientID: clientID,
            circumstances: PlacementCircumstances())
    }

    /// Adds a cancel; that of a stop which leaves in one step with the stop that is to take its place is one request with it.
    private func withdraw(_ outbound: OutboundOrder, in leaving: inout [Departure]) {
        guard case .submit(let new)? = leaving.last, new.order.request.purpose.isStop, !new.order.owner.isManual,
            outbound.order.request.purpose.isStop, outbound.order.reason == .superseded,
            new.order.owner == outbound.order.owner, new.order.request.instrument == outbound.order.request.instrument
        else { return leaving.append(.cancel(outbound)) }
        leaving[leaving.count - 1] = .replace(outbound, by: new)
    }

    /// Adds an order; a stop and a target of one group that leave in one step are placed as a pair, and what protects an entry
    /// that leaves in the same step is placed together with that.
    private func add(_ outbound: OutboundOrder, to leaving: inout [Departure]) {
        if outbound.order.isProtectionOfManualEntry {
            switch leaving.last {
            case .submit(let entry)? where entry.order.request.protection != nil:
                leaving[leaving.count - 1] = .bracket(entry.followed(by: outbound), [outbound], listID: entry.listID)
                return
            case .bracket(let entry, let protection, let listID)?
            where protection[0].order.request.group == outbound.order.request.group:
                leaving[leaving.count - 1] = .bracket(
                    entry.followed(by: outbound), protection + [outbound], listID: listID)
                return
            default: break
            }
        }
        guard case .submit(let first)? = leaving.last, first.order.request.group != 0,
            first.order.request.group == outbound.order.request.group,
            first.order.request.purpose.isProtective, outbound.order.request.purpose.isProtective
        else { return leaving.append(.submit(outbound)) }
        leaving[leaving.count - 1] = .pair(first, outbound, listID: first.listID)
    }
}

extension OutboundOrder {
    /// The number of the list whose first order it is.
    fileprivate var listID: ClientOrderID {
        ClientOrderID(clientID.instance, sequence: clientID.sequence, ordinal: 1)
    }

    /// The same order with another that needs its room at the venue, too.
    fileprivate func followed(by other: OutboundOrder) -> OutboundOrder {
        var order = self
        let request = other.order.request
        order.circumstances.following.append(
            PlacementCircumstances.OpenOrder(
                instrument: instrument.name, side: request.side, type: request.type, leaves: request.quantity,
                list: "group \(request.group)"))
        return order
    }
}

extension Order {
    /// Whether it protects what an entry of a person's opens.
    var isProtectionOfManualEntry: Bool { owner.isManual && request.purpose.isProtective }
}
