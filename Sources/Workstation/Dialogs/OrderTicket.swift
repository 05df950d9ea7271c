import Engine
import Market
import Trading

/// The order ticket: one instrument, fixed when it opens; every value checked while it is typed.
struct OrderTicket: FormModel {
    /// The instrument that the order is for, whatever is selected meanwhile.
    let instrument: InstrumentID
    private let pair: String
    private let side: Side
    private let type: OrderType
    private let quantity: String
    private let price: String
    private let trigger: String
    private let isReduceOnly: Bool

    /// A ticket with some values filled in.
    init(
        _ market: MarketView, side: Side = .buy, type: OrderType = .limit, quantity: String = "", price: Price? = nil,
        trigger: Price? = nil, isReduceOnly: Bool = false
    ) {
        instrument = market.id
        pair = market.instrument.pair
        self.side = side
        self.type = type
        self.quantity = quantity
        let reference = price ?? (side == .buy ? market.quote?.bid : market.quote?.ask) ?? market.last
        self.price = reference.map { market.instrument.text($0) } ?? ""
        self.trigger = (trigger ?? market.last).map { market.instrument.text($0) } ?? ""
        self.isReduceOnly = isReduceOnly
    }

    /// Opens a ticket for an instrument, or says why there can be none now.
    static func opening(
        _ id: InstrumentID, _ snapshot: Snapshot, side: Side = .buy, type: OrderType = .limit, quantity: String = "",
        price: Price? = nil, isReduceOnly: Bool = false
    ) -> [Consequence] {
        guard let market = snapshot.market(id) else { return [.toast(.error, "There is no instrument to trade")] }
        if let refusal = Describe.refusal(market), !isReduceOnly { return [.toast(.error, refusal)] }
        return [
            .form(
                OrderTicket(
                    market, side: side, type: type, quantity: quantity, price: price, isReduceOnly: isReduceOnly))
        ]
    }

    var title: String { "Order ticket  \(pair)" }
    var submitLabel: String { "Review order" }

    var fields: [FormField] {
        [
            FormField("side", "Side", .choice(["buy", "sell"]), value: side.name),
            FormField("type", "Type", .choice(OrderTicket.types.map(\.name)), value: type.name),
            FormField(
                "quantity", "Quantity", .number, value: quantity,
                help: "an amount, or a share: 25% of free cash to buy, of the holding to sell"),
            FormField("price", "Limit price", .number, value: price, help: "the worst price it may fill at"),
            FormField("trigger", "Stop price", .number, value: trigger, help: "the price that sets it off"),
            FormField(
                "trail", "Trail by", .number, help: "how far it follows the best price, in basis points: 50 are 0.5%"),
            FormField(
                "start", "Follow from", .number,
                help: "the price from which on it follows: below the market to sell; empty for now"),
            FormField(
                "stop", "Stop loss", .number, help: "where a stop closes what this opens; empty for none"),
            FormField("target", "Target", .number, help: "where a limit closes what this opens; empty for none"),
            FormField(
                "tif", "Time in force", .choice(TimeInForce.allCases.map(\.name)), value: "GTC",
                help: "GTC until cancelled, IOC what fills at once, FOK all at once or nothing"),
            FormField("post", "Post-only", .toggle, value: "off", help: "refused rather than taking liquidity"),
            FormField(
                "reduce", "Reduce-only", .toggle, value: isReduceOnly ? "on" : "off",
                help: "may only make your own position smaller"),
        ]
    }

    private static let types: [OrderType] = [
        .market, .limit, .stop, .stopLimit, .trailingStop, .takeProfit, .takeProfitLimit,
    ]

    func review(_ values: FormValues, _ snapshot: Snapshot) -> FormReview {
        var review = FormReview()
        let type = OrderType(name: values["type"]) ?? .limit
        if !type.hasLimit { review.hidden.formUnion(["price", "post"]) }
        if !type.hasTrigger || type == .trailingStop { review.hidden.insert("trigger") }
        if type != .trailingStop { review.hidden.formUnion(["trail", "start"]) }
        if !TicketReading.mayBeProtected(values, type) { review.hidden.formUnion(["stop", "target"]) }
        guard let market = snapshot.market(instrument) else {
            review.problems.append(("", "the instrument is gone"))
            return review
        }
        if let refusal = Describe.refusal(market), !values.isOn("reduce") { review.problems.append(("", refusal)) }
        if snapshot.tradingState == .halted, !values.isOn("reduce") {
            review.problems.append(("", "the emergency stop is in force: only reductions pass"))
        }
        let reading = TicketReading(values, market, snapshot)
        review.problems += reading.problems
        if let request = reading.request { TicketPreview.add(request, market, snapshot, to: &review) }
        return review
    }

    func submit(_ values: FormValues, _ snapshot: Snapshot) -> [Consequence] {
        guard let market = snapshot.market(instrument),
            let request = TicketReading(values, market, snapshot).request
        else { return [.toast(.error, "The ticket could not be read any more")] }
        var facts = [
            Confirmation.Fact("account", snapshot.mode.rawValue), Confirmation.Fact("venue", market.instrument.venue),
        ]
        var review = FormReview()
        TicketPreview.add(request, market, snapshot, to: &review)
        facts += review.preview
        let instrument = market.instrument
        return [
            .confirm(
                Confirmation(
                    tier: request.isReduceOnly ? .line : TradingQuestions.tier(snapshot.mode),
                    title: Describe.request(request, instrument), facts: facts, word: instrument.text(request.quantity),
                    request: .placeOrder(request)))
        ]
    }
}
