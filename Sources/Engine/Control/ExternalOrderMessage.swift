import Market
import Trading

/// An open order of another client of the account in JSON: amounts are decimal texts, times ISO 8601 in UTC.
public struct ExternalOrderMessage: Codable, Sendable, Hashable {
    /// The venue's own number.
    public var venueOrder: String
    /// The number that the other client gave it.
    public var clientOrderId: String
    /// `BINANCE:BTCUSDT`.
    public var symbol: String
    /// `buy` or `sell`.
    public var side: String
    /// `market`, `limit`, `stop`, `stop-limit`, `take-profit`, `take-profit-limit` or `trailing-stop`.
    public var type: String
    /// The quantity asked.
    public var quantity: String
    /// How much has filled.
    public var filled: String
    /// The limit price.
    public var price: String?
    /// The trigger price.
    public var stopPrice: String?
    /// How far it follows behind the market's best, in basis points.
    public var trailingBps: Int?
    /// `GTC`, `IOC` or `FOK`.
    public var timeInForce: String
    /// The venue's number of the list that it is in; whoever cancels one order of a list cancels all.
    public var venueList: String?
    /// Whether somebody has claimed it, so that it may be cancelled from here.
    public var claimed: Bool
    /// When something happened to it last.
    public var updatedAt: String

    init(_ view: ExternalOrderView, instrument: Instrument) {
        venueOrder = view.venueID
        clientOrderId = view.clientOrderID
        symbol = instrument.name
        side = view.side.name
        type = view.type.name
        quantity = instrument.text(view.quantity)
        filled = instrument.text(view.filled)
        price = view.limitPrice.map(instrument.text)
        stopPrice = view.triggerPrice.map(instrument.text)
        trailingBps = view.trailing
        timeInForce = view.timeInForce.name
        venueList = view.listID
        claimed = view.isClaimed
        updatedAt = view.time.description
    }
}
