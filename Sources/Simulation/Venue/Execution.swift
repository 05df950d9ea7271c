import Market
import Trading

extension SimulatedVenue {
    /// Fills what of an order can fill at `price`: bounded by the amount to spend, by what there is to reduce, by the
    /// volume there is and by the balance; with the reports of all that follows from it.
    ///
    /// - Parameters:
    ///   - most: what there is at this price of a recorded book or print, where more may come at another: an order that
    ///     must fill at once is ended by who walks them.
    ///   - basis: what the fill is made from; by what is under way where nothing is said.
    /// - Returns: what filled.
    @discardableResult
    mutating func execute(
        _ position: Int, of index: Int, at price: Price, _ liquidity: Liquidity, time: Timestamp,
        most: Quantity? = nil, basis: FillBasis? = nil
    ) -> Quantity {
        standing?.advance(to: time)
        guard price.mantissa > 0, settleSpend(position, of: index, at: price, time: time),
            settleReduction(position, of: index, time: time)
        else { return .zero }
        let order = books[index][position]
        let side = order.request.side
        // A level's share is taken off before; a print's share holds for makers of a queue, too.
        let volume: Quantity
        if basis == .book, let most { volume = most } else { volume = min(available(side, index), most ?? .largest) }
        if volume < order.leaves, order.request.timeInForce == .fillOrKill, most == nil {
            close(position, of: index, .expired(.notFilledAtOnce), time: time)
            return .zero
        }
        var quantity = order.leaves
        if volume < quantity {
            quantity = volume.rounded(toStep: instruments[index].quantityStep(of: order.request.type), .down)
        }
        if quantity.isZero {
            if order.request.timeInForce == .immediateOrCancel, most == nil {
                close(position, of: index, .expired(.notFilledAtOnce), time: time)
            }
            return .zero
        }
        guard let fill = booked(order, index, quantity, price, liquidity) else {
            let isOnMargin = isMargined && instruments[index].kind != .spot
            let reason: OrderReason = isOnMargin ? .insufficientMargin : .insufficientBalance
            close(position, of: index, order.filled.isZero ? .rejected(reason) : .canceled(reason), time: time)
            return .zero
        }
        let made = basis ?? currentBasis(index, liquidity)
        fillCounts.add(made)
        if made != .book || most == nil { take(quantity, side, index) }
        books[index][position].filled = order.filled + quantity
        books[index][position].spent += instruments[index].notional(price, quantity) + fill.quoteFee
        books[index][position].isArriving = false
        report(order.id, .filled(fill), at: time)
        if memory.isKeeping { memory.note(fill, of: order, at: time) }
        let isComplete = books[index][position].leaves.isZero
        if isComplete {
            if memory.isKeeping { memory.note(books[index][position], .filled, .none, at: time) }
            books[index].remove(at: position)
        } else if order.request.timeInForce == .immediateOrCancel, most == nil {
            close(position, of: index, .expired(.notFilledAtOnce), time: time)
        }
        follow(order, index, filled: quantity, isComplete: isComplete, time: time)
        return quantity
    }

    /// What a fill is made from where no book is.
    private func currentBasis(_ index: Int, _ liquidity: Liquidity) -> FillBasis {
        if isInBar(index) { return .bar }
        return liquidity == .maker && tape != nil && walk.stage == .point ? .trade : .quote
    }

    /// Ends an order's work with a report.
    mutating func close(_ position: Int, of index: Int, _ kind: OrderReport.Kind, time: Timestamp) {
        report(books[index][position].id, kind, at: time)
        if memory.isKeeping { memory.note(books[index][position], endedBy: kind, at: time) }
        books[index].remove(at: position)
    }

    // MARK: - Bounds of a fill

    /// Turns an amount to spend into a quantity at this price; a rest of one that filled in part is counted anew.
    ///
    /// - Returns: whether the order still works.
    private mutating func settleSpend(_ position: Int, of index: Int, at price: Price, time: Timestamp) -> Bool {
        guard let spend = books[index][position].request.spend else { return true }
        let order = books[index][position]
        let instrument = instruments[index]
        let rate = options.feeAsset == .received && instrument.kind == .spot ? .zero : feeRate(.taker)
        // An amount to spend is the most, never more than there is; on margin what is carried is looked at below.
        let left = spend.units - order.spent.units
        let budget = isMargined ? left : min(left, cash.units)
        var rest = instrument.quantity(
            spending: Money(units: budget, instrument.quote), at: price, feeRate: rate,
            step: instrument.quantityStep(of: .market))
        let bounded = instrument.bounded(rest, for: .market)
        if bounded < rest { rest = bounded.rounded(toStep: instrument.quantityStep(of: .market), .down) }
        // A quantity that is known already never grows: what the price saves stays in cash.
        if !order.request.quantity.isZero { rest = min(rest, order.leaves) }
        if isMargined { rest = carriedQuantity(order, index, rest, at: price, rate: rate) }
        outcomes.removeAll(keepingCapacity: true)
        if order.filled.isZero {
            InstrumentValidation.check(quantity: rest, price: price, type: .market, instrument, into: &outcomes)
        }
        guard rest.mantissa > 0, outcomes.allSatisfy(\.isPassed) else {
            close(position, of: index, order.filled.isZero ? .rejected(.tooSmall) : .expired(.tooSmall), time: time)
            return false
        }
        resize(position, of: index, to: order.filled + rest, time: time)
        return true
    }

    /// Clips a reduce-only order to what there is to reduce; cancels it when there is nothing.
    ///
    /// - Returns: whether the order still works.
    private mutating func settleReduction(_ position: Int, of index: Int, time: Timestamp) -> Bool {
        guard books[index][position].request.isReduceOnly else { return true }
        let order = books[index][position]
        let open = reducible(order.owner, order.request.side, index)
        guard open < order.leaves else { return true }
        let rest = open.rounded(toStep: instruments[index].quantityStep(of: order.request.type), .down)
        guard rest.mantissa > 0 else {
            close(position, of: index, .canceled(.nothingToReduce), time: time)
            return false
        }
        resize(position, of: index, to: order.filled + rest, time: time)
        return true
    }

    private mutating func resize(_ position: Int, of index: Int, to quantity: Quantity, time: Timestamp) {
        guard books[index][position].request.quantity != quantity else { return }
        books[index][position].request.quantity = quantity
        report(books[index][position].id, .amended(OrderAmendment(quantity: quantity)), at: time)
    }

    /// How much an order of `side` may reduce of what `owner` holds.
    func reducible(_ owner: StrategyID, _ side: Side, _ index: Int) -> Quantity {
        let held = holding(owner, InstrumentID(index))
        return max(side == .sell ? held : -held, .zero)
    }

    /// How much an order of `side` may fill of what trades now: any quantity where participation is not bounded.
    func available(_ side: Side, _ index: Int) -> Quantity {
        guard options.participation != nil else { return .largest }
        return Quantity(mantissa: side == .buy ? markets[index].buyable : markets[index].sellable)
    }

    private mutating func take(_ quantity: Quantity, _ side: Side, _ index: Int) {
        guard options.participation != nil else { return }
        // A quote shows two sides, a bar or a print one volume that both sides draw on.
        let isShared = walk.stage != .idle && walk.point.traded != nil
        if side == .buy || isShared { markets[index].buyable -= quantity.mantissa }
        if side == .sell || isShared { markets[index].sellable -= quantity.mantissa }
    }

    // MARK: - Accounts

    /// Books a fill on cash and holdings, or leaves both as they are when the balance does not cover it.
    ///
    /// A buy that opens or adds needs the cash for it; one that closes a short is never held back. A spot sale needs
    /// what it sells.
    private mutating func booked(
        _ order: WorkingOrder, _ index: Int, _ quantity: Quantity, _ price: Price, _ liquidity: Liquidity
    ) -> Fill? {
        let kind = instruments[index].kind
        let side = order.request.side
        let notional = instruments[index].notional(price, quantity)
        let rate = feeRate(liquidity)
        var quoteFee = Money.zero(cash.currency)
        var baseFee = Quantity.zero
        if options.feeAsset == .received && side == .buy && kind == .spot {
            let units = Int128(quantity.mantissa) * Int128(rate.units)
            baseFee = Quantity(mantissa: Int64(units.divided(by: Int128(Ratio.one.units), rounding: .ceiling)))
        } else {
            quoteFee = notional.share(rate, rounding: .ceiling)
        }
        let held = holding(order.owner, InstrumentID(index))
        let after = side == .buy ? cash - notional - quoteFee : cash + notional - quoteFee
        switch side {
        case .buy where !isMargined && -held < quantity && after.units < 0: return nil
        case .sell where kind == .spot && held < quantity: return nil
        case .buy, .sell: break
        }
        if isMargined {
            let delta = side == .buy ? quantity.mantissa : -quantity.mantissa
            guard isCarried(order.owner, index, delta, at: price, fee: quoteFee) else { return nil }
            bookMargin(order.owner, index, delta, at: price, held: held.mantissa)
        }
        cash = after
        costs.fees += quoteFee + instruments[index].notional(price, baseFee)
        if liquidity == .taker, let takenPrice, takenPrice.isMoved {
            costs.add(takenPrice, side, quantity, instruments[index])
        }
        standing?.note(notional)
        hold(order.owner, index, held + (side == .buy ? quantity - baseFee : -quantity))
        let fill = Fill(
            tradeID: nextTradeID, price: price, quantity: quantity, quoteFee: quoteFee, baseFee: baseFee,
            liquidity: liquidity)
        nextTradeID += 1
        return fill
    }

    mutating func hold(_ owner: StrategyID, _ index: Int, _ quantity: Quantity) {
        if let place = holdings[index].firstIndex(where: { $0.owner == owner }) {
            holdings[index][place].quantity = quantity
        } else {
            holdings[index].append(
                VenueHolding(owner: owner, instrument: InstrumentID(index), quantity: quantity))
        }
    }

    // MARK: - What follows from a fill

    /// One cancels the other, and reduce-only orders whose position is gone are cancelled.
    private mutating func follow(
        _ order: WorkingOrder, _ index: Int, filled: Quantity, isComplete: Bool, time: Timestamp
    ) {
        var position = 0
        while position < books[index].count {
            let other = books[index][position]
            position += 1
            guard other.owner == order.owner, other.id != order.id else { continue }
            let open = reducible(other.owner, other.request.side, index)
            if order.request.group != 0 && other.request.group == order.request.group {
                let step = instruments[index].quantityStep(of: other.request.type)
                let rest =
                    other.request.isReduceOnly ? open.rounded(toStep: step, .down) : max(other.leaves - filled, .zero)
                if isComplete || rest.isZero {
                    position -= 1
                    close(position, of: index, .canceled(.groupFilled), time: time)
                } else if rest < other.leaves {
                    resize(position - 1, of: index, to: other.filled + rest, time: time)
                }
            } else if other.request.isReduceOnly && open.isZero {
                position -= 1
                close(position, of: index, .canceled(.nothingToReduce), time: time)
            }
        }
    }
}

extension Quantity {
    /// More than there is of anything.
    fileprivate static var largest: Quantity { Quantity(mantissa: .max) }
}
