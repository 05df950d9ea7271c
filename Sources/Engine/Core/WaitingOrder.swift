import Trading

/// An order whose fate somebody waits for.
struct WaitingOrder {
    /// How long an answer may wait for a fill, in nanoseconds of the monotonic clock.
    static let patience: Int64 = 2_000_000_000

    var order: OrderID
    var verdict: Verdict
    var deadline: Int64
    var reply: (@Sendable (EngineReply) -> Void)?

    /// Whether the order is as far as it gets for now: closed, or resting at its venue.
    static func isSettled(_ order: Order) -> Bool {
        if order.state.isClosed { return true }
        let rests = order.request.type != .market && order.request.timeInForce == .goodTilCancelled
        return rests && (order.state == .accepted || order.state == .triggered || order.state == .partiallyFilled)
    }
}
