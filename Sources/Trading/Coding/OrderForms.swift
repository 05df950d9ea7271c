public import Bytes
import Market

extension OrderRequest: BinaryCodable {
    /// Appends the terms that are there.
    public func write(to writer: inout ByteWriter) {
        var flags = FlagBits()
        flags.add(side == .sell)
        flags.add(isReduceOnly)
        flags.add(spend != nil)
        flags.add(limitPrice != nil)
        flags.add(triggerPrice != nil)
        flags.add(group != 0)
        flags.add(timeInForce != .goodTilCancelled)
        flags.add(isPostOnly)
        flags.add(protection != nil)
        flags.add(trailing != nil)
        flags.write(to: &writer)
        writer.value(instrument)
        writer.raw(type)
        writer.raw(purpose)
        writer.value(quantity)
        if let spend { writer.value(spend) }
        if let limitPrice { writer.value(limitPrice) }
        if let triggerPrice { writer.value(triggerPrice) }
        if group != 0 { writer.unsigned(group) }
        if timeInForce != .goodTilCancelled { writer.raw(timeInForce) }
        if let protection { writer.value(protection) }
        if let trailing { writer.signed(Int64(trailing)) }
    }

    /// Reads a request.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        var flags = try FlagBits(from: &reader, count: 10)
        let side = flags.take() ? Side.sell : .buy
        let isReduceOnly = flags.take()
        let (hasSpend, hasLimit, hasTrigger) = (flags.take(), flags.take(), flags.take())
        let (hasGroup, hasTime) = (flags.take(), flags.take())
        let (isPostOnly, hasProtection, isTrailing) = (flags.take(), flags.take(), flags.take())
        let instrument = try reader.value(InstrumentID.self)
        let type = try reader.raw(OrderType.self)
        let purpose = try reader.raw(OrderPurpose.self)
        let quantity = try reader.value(Quantity.self)
        let spend = hasSpend ? try reader.value(Money.self) : nil
        let limit = hasLimit ? try reader.value(Price.self) : nil
        let trigger = hasTrigger ? try reader.value(Price.self) : nil
        let group = hasGroup ? try reader.unsigned() : 0
        let time = hasTime ? try reader.raw(TimeInForce.self) : .goodTilCancelled
        let protection = hasProtection ? try reader.value(EntryProtection.self) : nil
        let trailing = isTrailing ? Int(try reader.signed()) : nil
        self.init(
            instrument: instrument, side: side, type: type, quantity: quantity, spend: spend, limitPrice: limit,
            triggerPrice: trigger, trailing: trailing, timeInForce: time, isPostOnly: isPostOnly,
            isReduceOnly: isReduceOnly,
            purpose: purpose, group: group, protection: protection)
    }
}

extension OrderAmendment: BinaryCodable {
    /// Appends the terms that change.
    public func write(to writer: inout ByteWriter) {
        var flags = FlagBits()
        flags.add(quantity != nil)
        flags.add(limitPrice != nil)
        flags.add(triggerPrice != nil)
        flags.write(to: &writer)
        if let quantity { writer.value(quantity) }
        if let limitPrice { writer.value(limitPrice) }
        if let triggerPrice { writer.value(triggerPrice) }
    }

    /// Reads an amendment.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        var flags = try FlagBits(from: &reader, count: 3)
        let quantity = flags.take() ? try reader.value(Quantity.self) : nil
        let limit = flags.take() ? try reader.value(Price.self) : nil
        let trigger = flags.take() ? try reader.value(Price.self) : nil
        self.init(quantity: quantity, limitPrice: limit, triggerPrice: trigger)
    }
}

extension Order: BinaryCodable {
    /// Appends the order: its terms, its state, and what has filled where something has.
    public func write(to writer: inout ByteWriter) {
        let hasFilled =
            !filled.isZero || !filledNotional.isZero || !quoteFees.isZero || !baseFees.isZero
            || quoteFees.currency != filledNotional.currency
        var flags = FlagBits()
        flags.add(isCancelPending)
        flags.add(isAmendPending)
        flags.add(hasFilled)
        flags.add(updatedAt != createdAt)
        flags.add(requestedAt != createdAt)
        flags.add(isCancelUnanswered)
        flags.add(isAmendUnanswered)
        flags.add(isAcknowledged)
        flags.add(termsAt != .epoch)
        flags.write(to: &writer)
        writer.value(id)
        writer.value(owner)
        writer.raw(state)
        writer.raw(reason)
        writer.value(createdAt)
        writer.value(decisionPrice)
        writer.value(filledNotional.currency)
        writer.value(request)
        if updatedAt != createdAt { writer.signed(updatedAt.nanoseconds, near: createdAt.nanoseconds) }
        if requestedAt != createdAt { writer.signed(requestedAt.nanoseconds, near: createdAt.nanoseconds) }
        if termsAt != .epoch { writer.signed(termsAt.nanoseconds, near: createdAt.nanoseconds) }
        if hasFilled {
            writer.value(filled)
            writer.wide(filledNotional.units)
            writer.value(quoteFees)
            writer.value(baseFees)
        }
    }

    /// Reads an order.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        var flags = try FlagBits(from: &reader, count: 9)
        let (isCancelPending, isAmendPending) = (flags.take(), flags.take())
        let (hasFilled, hasChanged, hasRequested) = (flags.take(), flags.take(), flags.take())
        let id = try reader.value(OrderID.self)
        let owner = try reader.value(StrategyID.self)
        let state = try reader.raw(OrderState.self)
        let reason = try reader.raw(OrderReason.self)
        let createdAt = try reader.value(Timestamp.self)
        let decisionPrice = try reader.value(Price.self)
        let quote = try reader.value(Currency.self)
        self.init(
            id: id, owner: owner, request: try reader.value(), quote: quote, decisionPrice: decisionPrice,
            createdAt: createdAt)
        self.state = state
        self.reason = reason
        self.isCancelPending = isCancelPending
        self.isAmendPending = isAmendPending
        isCancelUnanswered = flags.take()
        isAmendUnanswered = flags.take()
        isAcknowledged = flags.take()
        let hasNewTerms = flags.take()
        if hasChanged { updatedAt = Timestamp(nanoseconds: try reader.signed(near: createdAt.nanoseconds)) }
        if hasRequested { requestedAt = Timestamp(nanoseconds: try reader.signed(near: createdAt.nanoseconds)) }
        if hasNewTerms { termsAt = Timestamp(nanoseconds: try reader.signed(near: createdAt.nanoseconds)) }
        if hasFilled {
            filled = try reader.value()
            filledNotional = Money(units: try reader.wide(), quote)
            quoteFees = try reader.value()
            baseFees = try reader.value()
        }
    }
}
