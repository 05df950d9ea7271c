import Market
import Simulation
import Trading

// What an exchange is, for a checkpoint and for whoever goes on from it.
extension JournaledExchange {
    /// The number under which a venue is told of an order; `nil` for one that never left, or that left too long ago.
    func clientOrderID(_ order: OrderID) -> ClientOrderID? {
        guard let instance, let tag = tags[order], tag.submission > 0 else { return nil }
        return ClientOrderID(instance, sequence: tag.submission, ordinal: 0)
    }

    /// Everything that decides what happens next, at this place of the journal. Between two stretches of the market only:
    /// whatever led to something has settled then.
    func image(session: UInt64) -> EngineImage {
        EngineImage(
            kernel: kernel.image, venue: venue.image, subscriptions: subscriptions, tags: tags.tags,
            lastSecond: lastSecond, lastMinute: lastMinute, marketTime: marketTime, session: session,
            connection: connection.isTransparent ? nil : connection.connection, isRemote: isRemote)
    }

    /// Which order a venue means by a number; `nil` for one that is not of this engine's making, or from too long ago.
    func order(_ clientOrderID: String) -> OrderID? {
        guard let number = ClientOrderID(clientOrderID), number.instance == instance else { return nil }
        return tags.order(submittedBy: number.sequence)
    }

    /// Has the connection misbehave from now on by a plan, or behave; what is on its way stays.
    func rehearse(_ plan: FaultPlan?) { connection.plan = plan ?? FaultPlan() }

    /// Takes over what an image says beside kernel and venue.
    func restore(_ image: EngineImage) {
        tags = OrderTags(image.tags)
        lastSecond = image.lastSecond
        lastMinute = image.lastMinute
        marketTime = image.marketTime
        if image.isRemote { tradeRemotely() }
    }

    /// Goes on for another exchange: what came forth there is given out here.
    func takeOver(_ other: JournaledExchange) {
        collected = other.collected + collected
        departures = other.departures + departures
        stall = other.stall
    }
}
