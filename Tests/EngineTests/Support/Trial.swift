import Glibc
import Market
import Simulation
import Storage
import Synchronization
import Testing
import Trading

@testable import Engine

/// An engine on a market ten minutes a second fast, with one strategy that trades every candle.
final class Trial {
    private static let marks = Atomic<Int>(1)

    let folder: TemporaryDirectory
    let files = StubbornFiles()
    let mark = Trial.marks.add(1, ordering: .relaxed).newValue
    private(set) var engine: Engine

    init(limits: RiskLimits = .none, speed: Double = 600, faults: FaultPlan? = nil) throws {
        folder = try TemporaryDirectory()
        var configuration = EngineConfiguration(directory: folder.directory)
        configuration.feed = .synthetic(
            SyntheticFeedOptions(
                seed: 5, historyMinutes: 60,
                ownTime: SyntheticFeedOptions.OwnTime(
                    from: monday, to: monday.adding(seconds: 30 * 86_400), speed: speed)))
        configuration.registersStarters = false
        configuration.catalog = StrategyCatalog([WilfulStrategy.self])
        configuration.limits = limits
        configuration.faults = faults
        configuration.cash = Money(whole: 1_000_000, .usdt)
        configuration.strategyBudget = 400_000_000
        configuration.journalFiles = files
        configuration.journal.stallMilliseconds = 200
        self.configuration = configuration
        let store = try Store(directory: folder.directory)
        let instruments = try store.declare(SyntheticFeed(SyntheticFeedOptions(), start: monday).instruments)
        _ = try store.add(
            StrategyRecord(
                name: "wilful", className: "wilful", parameters: ["mark": "\(mark)"],
                instrument: instruments[InstrumentID(0)], timeframe: .oneMinute,
                sizing: .equityShare(.percent(20)), status: .enabled), at: monday)
        try store.close()
        engine = try Engine.start(configuration)
    }

    private var configuration: EngineConfiguration

    var snapshot: Snapshot { engine.snapshot }

    func restart() throws { try restart(faults: configuration.faults) }

    /// Ends the engine and starts it again, its venue with other faults.
    func restart(faults: FaultPlan?) throws {
        engine.stop()
        configuration.faults = faults
        engine = try Engine.start(configuration)
    }

    func wait(until condition: (Snapshot) -> Bool) {
        while !condition(engine.snapshot) { Poll.wait(engine) }
    }

    func wait(forAlert kind: String) { wait { $0.alerts.contains { $0.alert.kind == kind } } }

    /// Asks and waits for the answer.
    func ask(_ request: EngineRequest) -> EngineReply {
        let answer = Mutex<EngineReply?>(nil)
        engine.send(request) { reply in answer.withLock { $0 = reply } }
        while answer.withLock({ $0 == nil }) { usleep(1_000) }
        return answer.withLock { $0 } ?? .refused("")
    }

    /// Rests an order far below the market.
    func restOrder() -> EngineReply {
        let instrument = engine.snapshot.markets[0].instrument
        guard let price = try? instrument.price("20000"), let quantity = try? instrument.quantity("0.001") else {
            return .refused("the market has other decimals")
        }
        return ask(
            .placeOrder(
                OrderRequest(
                    instrument: InstrumentID(0), side: .buy, type: .limit, quantity: quantity, limitPrice: price,
                    purpose: .manual)))
    }
}
