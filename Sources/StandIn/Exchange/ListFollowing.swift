import Market

/// What the orders of a list mean for each other.
extension Exchange {
    /// Brings a symbol to rest after something happened in it: orders whose turn has come, triggers, the public book.
    func settle(_ index: Int) {
        meetTriggers(index)
        while !activations.isEmpty {
            activate(activations.removeFirst())
            meetTriggers(index)
        }
        publish(index)
    }

    /// After a fill of the first order the next ones get their turn.
    func followFill(_ order: Order) {
        guard let list = lists[order.listID] else { return }
        if list.first === order, order.status == .filled { activations.append(list) }
        finish(list)
    }

    /// After an order ended without being filled.
    ///
    /// - Parameter cancelID: the id of the request that cancelled it, and so what ends with it.
    func followEnd(_ order: Order, _ cancelID: String?) {
        guard let list = lists[order.listID] else { return }
        if let sibling = list.sibling(of: order), sibling.status.isOpen {
            switch order.status {
            case .canceled: end(sibling, .canceled, reason: nil, cancelID: cancelID)
            // It met nobody itself.
            case .expiredInMatch: end(sibling, .expired, reason: nil)
            case .expired where order.expiryReason != "OCO_TRIGGER":
                end(sibling, .expired, reason: order.expiryReason)
            default: break
            }
        }
        if list.first === order {
            if release(list) > 0 { tellBalances(accounts[list.account]) }
            for later in list.pending where later.status == .pendingNew {
                if order.status == .canceled {
                    end(later, .canceled, reason: nil, cancelID: cancelID)
                } else {
                    end(later, .expired, reason: "OTO_PHASE_ONE_EXPIRED")
                }
            }
        }
        finish(list)
    }

    /// The orders that waited for the first one come in.
    private func activate(_ list: OrderList) {
        for order in list.pending where order.status == .pendingNew {
            order.status = .new
            order.updated = serverTime
        }
        if list.isPaidByFirst { pay(list) }
        if list.pair.count == 2 { share(list.pair) }
        for order in list.pending where order.status == .new {
            guard accounts[order.account][paying(order)].free >= needed(order) else {
                end(order, .expired, reason: "REJECTED")
                continue
            }
            relock(order)
            guard order.type != .limitMaker || !wouldTake(order) else {
                report(order, "NEW")
                end(order, .expired, reason: "REJECTED")
                continue
            }
            begin(order)
        }
    }

    /// Of two orders of which only one can fill, the one that needs more holds what is locked for both.
    func share(_ pair: [Order]) {
        guard let larger = pair.max(by: { worth($0) < worth($1) }) else { return }
        for order in pair { order.sharesLock = order !== larger }
    }

    private func finish(_ list: OrderList) {
        guard !list.isDone, list.orders.allSatisfy({ !$0.status.isOpen }) else { return }
        list.isDone = true
        list.time = serverTime
        tell(list)
        lists[list.id] = nil
        closedLists.append(list)
        if closedLists.count > limits.remembered { closedLists.removeFirst(closedLists.count / 4) }
    }

    /// Tells an account where a list stands, or what else happened to it.
    func tell(_ list: OrderList, _ type: String? = nil) {
        emit(
            .user(
                list.account,
                .object {
                    $0.add("e", "listStatus")
                    $0.add("E", time: serverTime)
                    $0.add("s", markets[list.market].symbol)
                    $0.add("g", list.id)
                    $0.add("c", list.contingency)
                    $0.add("l", type ?? (list.isDone ? "ALL_DONE" : "EXEC_STARTED"))
                    $0.add("L", list.isDone ? "ALL_DONE" : "EXECUTING")
                    $0.add("r", "NONE")
                    $0.add("C", list.clientID)
                    $0.add("T", time: list.time)
                    $0.add(
                        "O",
                        .array(
                            list.orders.map { order in
                                .object {
                                    $0.add("s", markets[order.market].symbol)
                                    $0.add("i", order.id)
                                    $0.add("c", order.clientID)
                                }
                            }))
                }))
    }
}
