public import Market
public import Trading

/// An order as its venue sees it, in the words of the kernel.
public struct StandingOrder: Sendable, Hashable {
    /// What is traded.
    public var instrument: Instrument
    /// The venue's own number, in its words.
    public var venueID: String
    /// The number it was placed with.
    public var clientOrderID: String
    /// Whether another client of the account placed it: shown, never touched unless it is claimed.
    public var isExternal: Bool
    /// The venue's number of the list it belongs to.
    public var listID: String?
    /// Buy or sell.
    public var side: Side
    /// How it meets the market.
    public var type: OrderType
    /// How far it follows behind the market's best, in basis points; `nil` for one that doesn't.
    public var trailing: Int?
    /// How long it works.
    public var timeInForce: TimeInForce
    /// Whether it is refused rather than taking liquidity.
    public var isPostOnly: Bool
    /// Whether it still waits: for its trigger, or for the order that comes before it in its list.
    public var isWaiting: Bool
    /// Where it stands.
    public var status: OrderStatus
    /// The venue's words for why it ended, where it gives any.
    public var words: String?
    /// When what this tells happened, by the venue's clock.
    public var time: Timestamp

    /// An order of its parts.
    public init(
        instrument: Instrument, venueID: String, clientOrderID: String, isExternal: Bool, listID: String? = nil,
        side: Side, type: OrderType, trailing: Int? = nil, timeInForce: TimeInForce = .goodTilCancelled,
        isPostOnly: Bool = false, isWaiting: Bool = false, status: OrderStatus, words: String? = nil, time: Timestamp
    ) {
        self.instrument = instrument
        self.venueID = venueID
        self.clientOrderID = clientOrderID
        self.isExternal = isExternal
        self.listID = listID
        self.side = side
        self.type = type
        self.trailing = trailing
        self.timeInForce = timeInForce
        self.isPostOnly = isPostOnly
        self.isWaiting = isWaiting
        self.status = status
        self.words = words
        self.time = time
    }

    /// Whether it can still fill.
    public var isOpen: Bool { !status.state.isClosed }

    /// The kernel's report of where it stands.
    public func report(as order: OrderID) -> OrderReport {
        OrderReport(order: order, time: time, kind: .status(status))
    }
}

/// An execution as its venue tells it.
public struct VenueExecution: Sendable, Hashable {
    /// What was traded.
    public var instrument: Instrument
    /// The venue's number of the order.
    public var venueOrderID: String
    /// The number the order was placed with; `nil` where the venue does not say it and it could not be found out.
    public var clientOrderID: String?
    /// Whether another client of the account placed the order; `nil` where its number is not known.
    public var isExternal: Bool?
    /// Bought or sold.
    public var side: Side
    /// When, by the venue's clock.
    public var time: Timestamp
    /// The venue's number, unique within the instrument.
    public var tradeID: UInt64
    /// The price.
    public var price: Price
    /// How much.
    public var quantity: Quantity
    /// The fee in the currency that it was taken in: base, quote or the venue's own coin. Below zero for a rebate.
    public var fee: Money
    /// Whether the account was there first.
    public var liquidity: Liquidity

    /// An execution of its parts.
    public init(
        instrument: Instrument, venueOrderID: String, clientOrderID: String?, isExternal: Bool?, side: Side,
        time: Timestamp, tradeID: UInt64, price: Price, quantity: Quantity, fee: Money, liquidity: Liquidity
    ) {
        self.instrument = instrument
        self.venueOrderID = venueOrderID
        self.clientOrderID = clientOrderID
        self.isExternal = isExternal
        self.side = side
        self.time = time
        self.tradeID = tradeID
        self.price = price
        self.quantity = quantity
        self.fee = fee
        self.liquidity = liquidity
    }

    /// Whether the fee was taken in neither of the two currencies that were traded.
    public var isFeeElsewhere: Bool {
        !fee.isZero && fee.currency != instrument.quote && fee.currency != instrument.base
    }

    /// The kernel's fill.
    ///
    /// - Parameter value: what the fee of an execution is worth in the quote currency; it is asked only for one in a third
    ///   currency.
    /// - Returns: `nil` when the fee is in a third currency whose value is not known: a fill is never booked as if it had
    ///   cost nothing.
    public func fill(valuing value: (VenueExecution) -> Money? = { _ in nil }) -> Fill? {
        var quoteFee = Money.zero(instrument.quote)
        var baseFee = Quantity.zero
        var feeExcess: Int64 = 0
        if fee.isZero || fee.currency == instrument.quote {
            if !fee.isZero { quoteFee = fee }
        } else if fee.currency == instrument.base {
            // What is below the smallest quantity is gone all the same: against ourselves, and by how much is told.
            let unit = instrument.quantityFactor
            let rounded = fee.units.divided(by: unit, rounding: .ceiling)
            baseFee = Quantity(mantissa: Int64(clamping: rounded))
            feeExcess = Int64(clamping: rounded * unit - fee.units)
        } else {
            guard let worth = value(self), worth.currency == instrument.quote else { return nil }
            quoteFee = worth
        }
        return Fill(
            tradeID: tradeID, price: price, quantity: quantity, quoteFee: quoteFee, baseFee: baseFee,
            feeExcess: feeExcess, liquidity: liquidity)
    }

    /// The kernel's report of it.
    ///
    /// - Returns: `nil` as `fill(valuing:)`.
    public func report(as order: OrderID, valuing value: (VenueExecution) -> Money? = { _ in nil }) -> OrderReport? {
        fill(valuing: value).map { OrderReport(order: order, time: time, kind: .filled($0)) }
    }
}

/// What an account holds of an asset.
public struct VenueBalance: Sendable, Hashable {
    /// What can be used.
    public var free: Money
    /// What open orders hold.
    public var locked: Money

    /// A balance of its parts.
    ///
    /// - Precondition: both are of one currency.
    public init(free: Money, locked: Money) {
        precondition(free.currency == locked.currency, "a balance is of one currency")
        self.free = free
        self.locked = locked
    }

    /// The asset.
    public var currency: Currency { free.currency }
    /// Both together.
    public var total: Money { free + locked }
}

/// What trading an instrument costs, as shares of what is traded, everything included but the discount.
public struct VenueRates: Sendable, Hashable {
    /// For whoever was there first.
    public var maker: Ratio
    /// For whoever came to it.
    public var taker: Ratio
    /// The currency that fees may be taken in instead, and the share of the rates that is left then; `nil` for none.
    public var discount: Discount?

    /// Fees in a currency of the venue's own.
    public struct Discount: Sendable, Hashable {
        /// The currency.
        public var currency: Currency
        /// The share of the rates that is left.
        public var share: Ratio

        /// A discount of its parts.
        public init(_ currency: Currency, share: Ratio) {
            self.currency = currency
            self.share = share
        }
    }

    /// Rates of their parts.
    public init(maker: Ratio, taker: Ratio, discount: Discount? = nil) {
        self.maker = maker
        self.taker = taker
        self.discount = discount
    }
}
