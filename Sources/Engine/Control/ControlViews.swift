public import Market
import Storage
public import Trading

/// An order in JSON: amounts are decimal texts, times ISO 8601 in UTC.
public struct OrderMessage: Codable, Sendable, Hashable {
    /// The order's number.
    public var id: UInt64
    /// The number that its venue knows it by; absent without a running engine, and until it is sent.
    public var clientOrderId: String?
    /// The owner: a strategy's name, or `manual`.
    public var owner: String
    /// `BINANCE:BTCUSDT`.
    public var symbol: String
    /// `buy` or `sell`.
    public var side: String
    /// `market`, `limit`, `stop`, `stop-limit`, `take-profit`, `take-profit-limit` or `trailing-stop`.
    public var type: String
    /// The quantity asked; `0` while an amount to spend has not been turned into one.
    public var quantity: String
    /// The amount to spend, where that was asked.
    public var spend: String?
    /// The limit price.
    public var price: String?
    /// The trigger price.
    public var stopPrice: String?
    /// How far a trailing stop follows behind the market's best, in basis points.
    public var trailingBps: Int?
    /// Where the stop stands that was asked for with an entry; the stop itself is an order of its own.
    public var stop: String?
    /// Where the target stands that was asked for with an entry; the target itself is an order of its own.
    public var target: String?
    /// `GTC`, `IOC` or `FOK`.
    public var timeInForce: String
    /// Whether it is post-only.
    public var postOnly: Bool
    /// Whether it is reduce-only.
    public var reduceOnly: Bool
    /// Why it exists: `entry`, `exit`, `stop-loss`, `take-profit`, `trailing-stop`, `manual` or `close`.
    public var purpose: String
    /// Where it is in its life, `accepted`.
    public var state: String
    /// Why it was denied, rejected, cancelled or expired; empty otherwise.
    public var reason: String
    /// How much has filled.
    public var filled: String
    /// The average price of what has filled.
    public var averagePrice: String?
    /// Fees paid in the quote currency.
    public var fees: String
    /// Fees paid in the base asset; `nil` when there were none.
    public var baseFees: String?
    /// What the risk gate said: `allowed`, or every check that failed.
    public var verdict: String?
    /// When it was made.
    public var createdAt: String
    /// When its state last changed.
    public var updatedAt: String

    /// The message of an order.
    public init(
        _ order: Order, ownerName: String, clientID: ClientOrderID? = nil, verdict: Verdict?, instrument: Instrument
    ) {
        let request = order.request
        id = order.id.rawValue
        clientOrderId = clientID?.description
        owner = ownerName
        symbol = instrument.name
        side = request.side.name
        type = request.type.name
        quantity = instrument.text(request.quantity)
        spend = request.spend?.decimalText
        price = request.limitPrice.map(instrument.text)
        stopPrice = request.triggerPrice.map(instrument.text)
        trailingBps = request.trailing
        stop = request.protection?.stop.map(instrument.text)
        target = request.protection?.target.map(instrument.text)
        timeInForce = request.timeInForce.name
        postOnly = request.isPostOnly
        reduceOnly = request.isReduceOnly
        purpose = request.purpose.name
        state = order.state.name
        reason = order.reason.text
        filled = instrument.text(order.filled)
        averagePrice =
            order.filled.isZero
            ? nil : instrument.text(instrument.averagePrice(order.filledNotional, order.filled, rounding: .halfEven))
        fees = order.quoteFees.decimalText
        baseFees = order.baseFees.isZero ? nil : instrument.text(order.baseFees)
        self.verdict = verdict?.text
        createdAt = order.createdAt.description
        updatedAt = order.updatedAt.description
    }
}

/// A position in JSON.
public struct PositionMessage: Codable, Sendable, Hashable {
    /// The owner: a strategy's name, or `manual`.
    public var owner: String
    /// `BINANCE:BTCUSDT`.
    public var symbol: String
    /// How much; short below zero.
    public var quantity: String
    /// The average entry price.
    public var entryPrice: String
    /// The price it is marked at.
    public var markPrice: String
    /// Profit and loss at the mark, before fees.
    public var unrealized: String
    /// Profit and loss of what has been closed, before fees.
    public var realized: String
    /// Fees paid.
    public var fees: String
    /// The working stop's trigger.
    public var stopPrice: String?
    /// The working target's price.
    public var targetPrice: String?
    /// When it was opened.
    public var openedAt: String
    /// Why nothing opens in its instrument, which does not agree with its venue; absent where it does.
    public var block: String?

    /// The message of a position.
    public init(_ view: PositionView, instrument: Instrument, block: InstrumentBlock? = nil) {
        self.block = block?.reason
        owner = view.ownerName
        symbol = instrument.name
        quantity = instrument.text(view.position.quantity)
        entryPrice = instrument.text(view.entry)
        markPrice = instrument.text(view.mark)
        unrealized = view.unrealized.decimalText
        realized = view.position.realized.decimalText
        fees = view.position.fees.decimalText
        stopPrice = view.stop.map(instrument.text)
        targetPrice = view.target.map(instrument.text)
        openedAt = view.position.openedAt.description
    }
}

/// A registered strategy in JSON.
public struct StrategyMessage: Codable, Sendable, Hashable {
    /// Its number.
    public var id: Int32
    /// Its name.
    public var name: String
    /// Its class.
    public var className: String
    /// Its parameters as people write them.
    public var parameters: [String: String]
    /// `BINANCE:BTCUSDT`.
    public var symbol: String
    /// `1m`.
    public var timeframe: String
    /// How big its entries are: `all-in`, `fixed:N` or `percent:P`.
    public var sizing: String
    /// The share of the equity it may use, in percent.
    public var capitalSharePercent: String
    /// Its stop behind the entry, in percent.
    public var stopLossPercent: String?
    /// Its target before the entry, in percent.
    public var takeProfitPercent: String?
    /// Its stop that follows, in percent.
    public var trailingStopPercent: String?
    /// The loss of its own equity at which it halts, in percent.
    public var maxDrawdownPercent: String?
    /// `enabled`, `disabled` or `halted`.
    public var status: String
    /// Why its status is what it is; empty when there is nothing to say.
    public var reason: String
    /// What it holds; short below zero.
    public var position: String
    /// The day's profit and loss, fees included.
    public var dayProfit: String
    /// Profit and loss since registration, fees included.
    public var totalProfit: String
    /// Round trips closed.
    public var tripCount: Int
    /// Those with a profit.
    public var winCount: Int
    /// Candles to go before its first signal.
    public var warmUpRemaining: Int

    /// The message of a strategy.
    public init(_ view: StrategyView, instrument: Instrument) {
        let registration = view.registration
        id = registration.id.rawValue
        name = registration.name
        className = registration.className
        parameters = Dictionary(registration.parameters.texts.map { ($0.name, $0.text) }) { _, last in last }
        symbol = instrument.name
        timeframe = registration.timeframe.description
        sizing = registration.sizing.text(instrument)
        func percent(_ ratio: Ratio) -> String { DecimalText.text(Int128(ratio.units), scale: 6) }
        capitalSharePercent = percent(registration.capitalShare)
        stopLossPercent = registration.protection.stopLoss.map(percent)
        takeProfitPercent = registration.protection.takeProfit.map(percent)
        trailingStopPercent = registration.protection.trailingStop.map(percent)
        maxDrawdownPercent = registration.limits.maximumDrawdown.map(percent)
        status = registration.status.rawValue
        reason = view.statusReason
        position = instrument.text(view.position.quantity)
        dayProfit = view.dayProfit.decimalText
        totalProfit = view.totalProfit.decimalText
        tripCount = view.tripCount
        winCount = view.winCount
        warmUpRemaining = view.warmUpRemaining
    }
}

/// An alert in JSON.
public struct AlertMessage: Codable, Sendable, Hashable {
    /// Its number.
    public var id: Int64
    /// When it arose last.
    public var time: String
    /// `info`, `warning` or `critical`.
    public var priority: String
    /// Its kind, a stable key.
    public var kind: String
    /// What happened.
    public var text: String
    /// What it is about, `BINANCE:BTCUSDT`.
    public var symbol: String?
    /// How often it arose.
    public var count: Int
    /// `unacknowledged`, `acknowledged` or `shelved`.
    public var state: String
    /// Until when it is out of sight.
    public var shelvedUntil: String?

    /// The message of an alert.
    public init(_ view: AlertView, _ snapshot: Snapshot) {
        symbol = view.alert.instrument.flatMap { snapshot.market($0)?.instrument.name }
        id = view.id
        time = view.alert.time.description
        priority = view.alert.priority.name
        kind = view.alert.kind
        text = view.alert.text
        count = view.count
        switch view.state {
        case .unacknowledged: state = "unacknowledged"
        case .acknowledged: state = "acknowledged"
        case .shelved(let until):
            state = "shelved"
            shelvedUntil = until.description
        }
    }
}

/// What an emergency stop did, in JSON.
public struct ReceiptMessage: Codable, Sendable, Hashable {
    /// When it was asked for.
    public var time: String
    /// From where.
    public var origin: String
    /// One row a venue.
    public var venues: [Row]
    /// Whether flattening was asked for too.
    public var flattening: Bool
    /// Positions still open.
    public var openPositions: Int

    /// One venue's part.
    public struct Row: Codable, Sendable, Hashable {
        /// The venue.
        public var venue: String
        /// Cancels sent.
        public var sent: Int
        /// Cancels confirmed.
        public var confirmed: Int
        /// Orders still working.
        public var remaining: Int
        /// Milliseconds from the request to the last confirmation.
        public var milliseconds: Double
    }

    /// Whether orders still work that were to be cancelled, or positions are open that were to be closed.
    public var isUnfinished: Bool { venues.contains { $0.remaining > 0 } || flattening && openPositions > 0 }

    /// The message of a receipt.
    public init(_ receipt: EmergencyReceipt) {
        time = receipt.time.description
        origin = receipt.origin
        venues = receipt.venues.map {
            Row(
                venue: $0.venue, sent: $0.sent, confirmed: $0.confirmed, remaining: $0.remaining,
                milliseconds: $0.milliseconds)
        }
        flattening = receipt.isFlattening
        openPositions = receipt.openPositions
    }
}
