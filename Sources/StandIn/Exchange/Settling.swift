import Market

/// What orders do to balances, and what their accounts hear of it.
extension Exchange {
    /// What an order pays with.
    func paying(_ order: Order) -> Currency {
        let instrument = markets[order.market].instrument
        return order.side == .buy ? instrument.quote : instrument.base
    }

    /// What has to be locked for the rest of an order, in units of 10^−16.
    func needed(_ order: Order) -> Int128 {
        guard order.status.isOpen, order.status != .pendingNew, !order.sharesLock else { return 0 }
        // One lock is for both of a pair: it is that of the one which needs more.
        let other = lists[order.listID]?.sibling(of: order)
        return max(worth(order), other.map { $0.status.isOpen && $0.sharesLock ? worth($0) : 0 } ?? 0)
    }

    /// What the rest of an order can cost at most.
    func worth(_ order: Order) -> Int128 {
        let rest = Int128(order.remaining.mantissa)
        if order.side == .sell { return order.type == .market ? 0 : rest * 100_000_000 }
        if order.type.hasLimit { return Int128(order.price.mantissa) * rest }
        guard order.isWaiting else { return 0 }
        let price = order.terms.stopPrice.mantissa > 0 ? order.terms.stopPrice : markets[order.market].lastPrice
        return Int128(price.mantissa) * rest
    }

    /// Locks what an order needs, or gives back what it does not need any more.
    func relock(_ order: Order) {
        // A trailing order's worth rises with the price; no account locks more than it has.
        let need = min(needed(order), order.locked + accounts[order.account][paying(order)].free)
        let change = need - order.locked
        guard change != 0 else { return }
        accounts[order.account].change(paying(order), free: -change, locked: change)
        order.locked = need
    }

    /// Makes what was locked for two orders that of the one which goes on, and ends the other.
    func takeLock(_ order: Order) {
        guard let list = lists[order.listID], let sibling = list.sibling(of: order), sibling.status.isOpen else {
            return
        }
        end(sibling, .expired, reason: "OCO_TRIGGER")
        order.sharesLock = false
        relock(order)
    }

    /// Books a fill on an order and its account.
    func fill(_ order: Order, _ trade: PublicTrade, isMaker: Bool) {
        takeLock(order)
        let account = accounts[order.account]
        let instrument = markets[order.market].instrument
        let notional = Int128(trade.price.mantissa) * Int128(trade.quantity.mantissa)
        let isFirst = order.executed.isZero
        order.executed = order.executed + trade.quantity
        order.executedQuote += notional
        if order.terms.quoteQuantity > 0 { order.quantity = order.executed + order.prevented }
        order.status = isComplete(order, at: trade.price) ? .filled : .partiallyFilled
        order.updated = serverTime
        // Unlock first what the fill no longer needs; the fill is paid from that.
        let paid = order.side == .buy ? notional : Int128(trade.quantity.mantissa) * 100_000_000
        let release = order.locked - needed(order)
        account.change(paying(order), free: release - paid, locked: -release)
        order.locked -= release
        let received = order.side == .buy ? Int128(trade.quantity.mantissa) * 100_000_000 : notional
        let receivedAsset = order.side == .buy ? instrument.base : instrument.quote
        let list = lists[order.listID]
        let paidList = list?.isPaidByFirst == true && list?.first === order ? list : nil
        let (asset, commission) = commission(account, received, receivedAsset, notional, isMaker: isMaker)
        let cost = Int128(commission) * 100_000_000
        if let paidList {
            reserve(received, receivedAsset, cost, asset, paidList)
        } else {
            account.change(receivedAsset, free: received)
            account.change(asset, free: -cost)
        }
        account.updated = serverTime
        if isFirst { account.counter.add(isMaker ? -5 : -1, at: serverTime) }
        // What the routing takes is its own trade; the account gets it passed on.
        let allocation = order.terms.isRouted && !isMaker ? nextAllocationID : nil
        if allocation != nil { nextAllocationID += 1 }
        order.fills.append(
            OrderFill(
                price: trade.price, quantity: trade.quantity, commission: commission, commissionAsset: asset,
                tradeID: allocation == nil ? trade.id : -1, allocationID: allocation))
        let kept = AccountTrade(
            id: allocation ?? trade.id, order: order.id, list: order.listID, market: order.market, price: trade.price,
            quantity: trade.quantity, commission: commission, commissionAsset: asset,
            time: trade.time, isBuyer: order.side == .buy, isMaker: isMaker)
        account.keep(kept, isAllocation: allocation != nil, capacity: limits.remembered)
        report(order, "TRADE", trade: trade, isMaker: isMaker, fill: order.fills.last)
        tellBalances(account)
        if !order.status.isOpen { forget(order) }
        followFill(order)
    }

    /// What a fill costs in units of 10^−8, and in what: a part of what was received, or BNB at a discount where the
    /// account pays with it and has enough. Commissions have eight decimals; what is beyond them is cut off.
    private func commission(
        _ account: Account, _ received: Int128, _ asset: Currency, _ notional: Int128, isMaker: Bool
    ) -> (Currency, Int64) {
        let rate = Int128(isMaker ? limits.makerCommission : limits.takerCommission)
        if account.paysInBNB, let index = try? index("BNBUSDT"), let bnb = Currency("BNB") {
            let discounted = notional / 100_000_000 * rate / 100_000_000 * Int128(limits.discount)
            let price = Int128(max(1, markets[index].lastPrice.mantissa))
            let amount = Int64(clamping: discounted / price)
            // A purchase of BNB may pay out of what it brings.
            let there = account[bnb].free + (asset == bnb ? received : 0)
            if there >= Int128(amount) * 100_000_000 { return (bnb, amount) }
        }
        return (asset, Int64(received / 100_000_000 * rate / 100_000_000))
    }

    /// Whether nothing of an order is left; of an amount to spend, whether the rest is too small for another step.
    func isComplete(_ order: Order, at price: Price) -> Bool {
        guard order.terms.quoteQuantity > 0 else { return order.remaining.isZero }
        return order.unspent < Int128(price.mantissa) * Int128(markets[order.market].filters.step.mantissa)
    }

    /// Ends an order that did not fill, and gives back what was locked for it.
    ///
    /// - Parameters:
    ///   - reason: the venue's reason of an expiry.
    ///   - cancelID: the client's id of the request that cancelled it.
    func end(
        _ order: Order, _ status: OrderStatus, reason: String?, execution: String? = nil, cancelID: String? = nil
    ) {
        order.status = status
        order.expiryReason = reason
        order.updated = serverTime
        relock(order)
        report(order, execution ?? status.rawValue, cancelID: cancelID)
        tellBalances(accounts[order.account])
        forget(order)
        followEnd(order, cancelID)
    }

    private func forget(_ order: Order) { working[order.market].removeAll { $0 === order } }

    /// Puts an amount in units of 10^−16 into an account, or takes it out where it is negative.
    func deposit(_ amount: Int128, _ asset: Currency, _ account: Account) {
        account.change(asset, free: amount)
        tell("balanceUpdate", amount, asset, account)
    }

    /// Locks an amount in units of 10^−16 of an account for something outside of the exchange, or frees it where it is
    /// negative.
    func lockOutside(_ amount: Int128, _ asset: Currency, _ account: Account) {
        account.change(asset, free: -amount, locked: amount)
        account.lockedOutside[asset, default: 0] += amount
        tell("externalLockUpdate", amount, asset, account)
    }

    /// Tells an account of a balance that no order changed, and what it is now.
    private func tell(_ name: String, _ amount: Int128, _ asset: Currency, _ account: Account) {
        emit(
            .user(
                account.id,
                .object {
                    $0.add("e", name)
                    $0.add("E", time: serverTime)
                    $0.add("a", asset.code)
                    $0.add("d", DecimalText.text(amount / 100_000_000, scale: 8, minimumDecimals: 8))
                    $0.add("T", time: serverTime)
                }))
        tellBalances(account)
    }

    /// Tells an account the balances that have changed.
    func tellBalances(_ account: Account) {
        let touched = account.takeTouched()
        guard !touched.isEmpty else { return }
        account.updated = serverTime
        emit(
            .user(
                account.id,
                .object {
                    $0.add("e", "outboundAccountPosition")
                    $0.add("E", time: serverTime)
                    $0.add("u", time: serverTime)
                    $0.add(
                        "B",
                        .array(
                            touched.map { asset in
                                .object {
                                    $0.add("a", asset.code)
                                    $0.add("f", notionalText(account[asset].free))
                                    $0.add("l", notionalText(account[asset].locked))
                                }
                            }))
                }))
    }
}
