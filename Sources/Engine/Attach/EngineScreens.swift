import Storage
import Trading

extension Engine {
    /// Says in an alert that the screen of this process is gone without anybody's wish.
    public func reportLostScreen() { screens.target.reportLost("the engine's own screen") }

    /// The hub of a new engine's screens.
    ///
    /// Its threads know the engine's ends, not the engine: whoever lets go of the engine last stops it, and that must not
    /// be one of its own threads.
    static func screens(
        _ outlet: SnapshotOutlet, _ inbox: Inbox, _ catalog: StrategyCatalog,
        _ series: @escaping @Sendable () -> [StoredSeries]
    ) -> ScreenHub {
        ScreenHub(
            target: ScreenTarget(
                snapshot: { outlet.snapshot },
                submit: { request, origin, reply in inbox.submit(request, origin: origin, reply: reply) },
                classes: catalog.classes.map { $0.descriptor }, series: series,
                wakeScreen: { outlet.wake.signal() },
                reportLost: { name in
                    inbox.tell { core in
                        core.raise(
                            .warning, "screen-lost",
                            "screen lost \(core.now.timeOfDay): \(name) went without a word; the engine goes on")
                    }
                }))
    }
}

extension EngineStores {
    /// The series that the store holds, where it can be read, and those that are made.
    func series(made: [StoredSeries]) -> [StoredSeries] {
        var series: [StoredSeries] = []
        for record in (try? data.series()) ?? []
        where !series.contains(where: { $0.name == record.instrument.name }) {
            series.append(
                StoredSeries(
                    name: record.instrument.name, timeframe: record.timeframe, from: record.firstOpen, to: record.end,
                    count: record.count))
        }
        return series + made.filter { made in !series.contains { $0.name == made.name } }
    }
}
