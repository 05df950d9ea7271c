import Engine
import Market
import Trading

#if canImport(Glibc)
import Glibc
#endif

/// What an engine on the synthetic market publishes over some seconds: the snapshots, and when a screen looks at them.
struct MarketRecording {
    /// A moment at which the run loop draws.
    struct Moment {
        var snapshot: Snapshot
        var time: Timestamp
    }

    /// The state right before.
    var opening: Snapshot
    /// Moments at most ten times a second: when there was a newer snapshot, and when the clock showed another second.
    var moments: [Moment] = []

    /// Lets an engine run: three instruments with two days of candles, two strategies, a position and working orders.
    init(seconds: Double) throws {
        let scratch = try Scratch("screen")
        defer { scratch.remove() }
        var configuration = EngineConfiguration(directory: scratch.directory)
        configuration.opensControlSocket = false
        let engine = try Engine.start(configuration)
        defer { engine.stop() }
        for _ in 0..<100 where engine.snapshot.markets.contains(where: { $0.minutes.count < 500 || $0.last == nil }) {
            usleep(50_000)
        }
        opening = engine.snapshot
        guard let market = opening.markets.first, let last = market.last, market.minutes.count >= 500 else {
            throw BenchmarkError(description: "the synthetic market has no history after five seconds")
        }
        MarketRecording.order(engine, market, last)
        usleep(300_000)
        opening = engine.snapshot
        var generation = opening.generation
        var second = MarketRecording.now.seconds
        for _ in 0..<Int(seconds * 10) {
            usleep(100_000)
            let snapshot = engine.snapshot
            let now = MarketRecording.now
            if snapshot.generation == generation, now.seconds == second { continue }
            generation = snapshot.generation
            second = now.seconds
            moments.append(Moment(snapshot: snapshot, time: now))
        }
        guard moments.count > Int(seconds) else {
            throw BenchmarkError(description: "the engine published \(moments.count) snapshots in \(seconds) seconds")
        }
    }

    /// A position, and bids that rest a little below the market.
    private static func order(_ engine: Engine, _ market: MarketView, _ last: Price) {
        let tick = market.instrument.rules.tick
        let quantity = Quantity(mantissa: market.instrument.rules.quantityStep.mantissa * 100)
        engine.send(
            .placeOrder(
                OrderRequest(instrument: market.id, side: .buy, type: .market, quantity: quantity, purpose: .manual)))
        for distance in 1...6 {
            let price = (last - Price(mantissa: last.mantissa / 1_000 * Int64(distance)))
                .rounded(toTick: tick, .down)
            engine.send(
                .placeOrder(
                    OrderRequest(
                        instrument: market.id, side: .buy, type: .limit, quantity: quantity, limitPrice: price,
                        purpose: .manual)))
        }
    }

    private static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
