import Market
import Simulation
import Trading

extension EngineImage {
    /// The exchange that goes on from the image.
    ///
    /// - Parameters:
    ///   - instruments: the table of this run, which begins with the image's; `nil` takes the image's.
    ///   - venueOptions: fees and fill rules from now on; `nil` takes those under which the records came about.
    /// - Throws: `EngineError.journal` when kernel or venue can't be built from it.
    func exchange(
        log: DecisionLog, _ means: ResumedExchange.Means, instruments: [Instrument]? = nil,
        venueOptions: SimulatedVenueOptions? = nil
    ) throws(EngineError) -> JournaledExchange {
        var options = kernel.options
        options.feeEstimate = (venueOptions ?? venue.options).takerFee
        options.probe = means.probe?.kernelProbe
        var subscriptions = subscriptions
        subscriptions.grow(to: instruments?.count ?? 0)
        do {
            let exchange = JournaledExchange(
                kernel: try Kernel(
                    kernel, instruments: instruments, catalog: means.catalog,
                    options: options),
                connection: FaultyVenue(
                    try SimulatedVenue(venue, instruments: instruments, options: venueOptions), from: connection),
                subscriptions: subscriptions, log: log, gate: means.gate)
            exchange.restore(self)
            exchange.probe = means.probe
            exchange.instance = means.instance
            return exchange
        } catch {
            throw .journal("its checkpoint can't be taken up: \(error)", remedy: "see 'wick journal list'")
        }
    }
}
