import Glibc
import Journal
import Market
import Simulation
import Storage
import Synchronization
public import Trading

/// The trading engine of one data directory: feed, kernel and simulated venue on a thread of their own, with the journal,
/// the store, the control socket and background runs behind them.
///
/// What the screen needs comes out as snapshots; what people want goes in as requests. Neither direction ever waits for
/// the other.
public final class Engine: EnginePort {
    private let outlet: SnapshotOutlet
    private let inbox: Inbox
    private let host: EngineHost
    private let stores: EngineStores
    private let catalog: StrategyCatalog
    private let control = Mutex<ControlServer?>(nil)
    private let series: @Sendable () -> [StoredSeries]
    /// The screens, of this process and others.
    public let screens: ScreenHub
    private let hasStopped = Atomic<Bool>(false)

    /// Starts an engine.
    ///
    /// It is running when this returns: the first snapshot is there, history and warm-up follow on the engine's thread.
    ///
    /// - Throws: `EngineError`: another engine runs on the directory, the configuration contradicts itself (every problem
    ///   at once), the journal is damaged, the store can't be used, there is nothing to replay. Nothing is left running
    ///   then.
    public static func start(_ configuration: EngineConfiguration) throws(EngineError) -> Engine {
        let problems = configuration.problems
        guard problems.isEmpty else { throw .configuration(problems) }
        let stores = try EngineStores(configuration)
        do {
            return try Engine(configuration, stores)
        } catch {
            stores.close()
            throw error
        }
    }

    private init(_ configuration: EngineConfiguration, _ stores: EngineStores) throws(EngineError) {
        self.stores = stores
        catalog = configuration.catalog
        let clock = configuration.clock
        let synthetic: SyntheticSeries? =
            if case .synthetic(let options) = configuration.feed { SyntheticSeries(seed: options.seed) } else { nil }
        series = { [stores] in stores.series(made: synthetic?.offered(now: clock.now()) ?? []) }
        let host = try EngineHost(configuration, stores)
        self.host = host
        inbox = host.inbox
        outlet = host.outlet
        screens = Engine.screens(outlet, inbox, configuration.catalog, series)
        do {
            try host.start(synthetic)
        } catch {
            // What is half made is taken apart here and by the caller, not by `deinit`.
            hasStopped.store(true, ordering: .releasing)
            host.abandon()
            throw error
        }
        if configuration.opensControlSocket { openControlSocket(configuration.directory.path) }
    }

    /// A socket that can't be opened is no reason not to trade; commands say then that they can't reach the engine.
    private func openControlSocket(_ path: String) {
        // The socket's thread knows the engine's ends, not the engine: whoever lets go of the engine last stops it, and
        // that must not be one of its own threads.
        let outlet = outlet
        let inbox = inbox
        let screens = screens
        let target = ControlTarget(
            snapshot: { outlet.snapshot }, catalog: catalog, screens: { screens.screens },
            send: { request, reply in inbox.submit(request, origin: "command", reply: reply) })
        do {
            let server = try ControlServer(directory: path, target: target)
            try server.start()
            control.withLock { $0 = server }
            try screens.open(directory: path, outlet: outlet)
        } catch {
            let text = "commands can't reach this engine: \(error.description)"
            inbox.tell { $0.raise(.warning, "no-control-socket", text) }
        }
    }

    deinit { stop() }

    /// Stops the engine: what was asked before is carried out, what was recorded is written, positions and orders stay as
    /// they are in the store. Returns when it is done; calling it again does nothing.
    public func stop() { stop(flushesStore: true) }

    /// Stops the engine.
    ///
    /// - Parameter flushesStore: whether the store gets the time to take what waits for it; the next engine takes it from
    ///   the journal otherwise.
    func stop(flushesStore: Bool) {
        if hasStopped.exchange(true, ordering: .acquiringAndReleasing) { return }
        control.withLock { server in
            server?.stop()
            server = nil
        }
        host.stop(flushesStore: flushesStore)
        screens.close()
        stores.close()
    }

    /// Calls `body` once when the market has come to its end, in a session whose market has one; at once when it has.
    public func whenMarketFinishes(_ body: @escaping @Sendable () -> Void) { host.whenMarketFinishes(body) }

    // MARK: EnginePort

    /// The newest snapshot. Any thread.
    public var snapshot: Snapshot { outlet.snapshot }

    /// A descriptor that becomes readable when a newer snapshot is out.
    public var wakeDescriptor: Int32 { outlet.wake.readEnd }

    /// Makes the wake descriptor quiet until the next snapshot.
    public func drainWake() { outlet.wake.drain() }

    /// Asks for something; `reply` is called once, on the engine's thread (or at once when the engine can't take it).
    public func send(_ request: EngineRequest, reply: (@Sendable (EngineReply) -> Void)?) {
        send(request, origin: "keyboard", reply: reply)
    }

    /// Asks for something in somebody's name; the audit keeps it.
    public func send(_ request: EngineRequest, origin: String, reply: (@Sendable (EngineReply) -> Void)? = nil) {
        inbox.submit(request, origin: origin, reply: reply)
    }

    /// Blocks opening orders and cancels the working ones, from any thread: for signals and other ways that are not the
    /// screen.
    public func requestEmergencyStop(origin: String) {
        send(.emergencyStop(keepsProtection: false, origin: origin), origin: origin)
    }

    /// The strategy classes that can be registered, with their parameters.
    public var strategyClasses: [StrategyDescriptor] { catalog.classes.map { $0.descriptor } }

    /// The series that the store holds, where it can be read, and the past of the synthetic market.
    public func storedSeries() -> [StoredSeries] { series() }
}

/// Where the core puts its snapshots and others find them.
final class SnapshotOutlet: Sendable {
    /// Readable when a newer snapshot is out.
    let wake: WakeDescriptor
    private let observers = Mutex<[WakeDescriptor]>([])
    private let newest = Mutex(Snapshot(mode: .paper, source: .synthetic(seed: 0), currency: .usdt))

    /// An outlet with a snapshot of nothing.
    init() throws(EngineError) { wake = try WakeDescriptor() }

    /// The newest snapshot.
    var snapshot: Snapshot { newest.withLock { $0 } }

    /// Puts out a newer one.
    func publish(_ snapshot: Snapshot) {
        newest.withLock { $0 = snapshot }
        wake.signal()
        for observer in observers.withLock({ $0 }) { observer.signal() }
    }

    /// Has another descriptor signalled with every snapshot.
    func observe(_ wake: WakeDescriptor) { observers.withLock { $0.append(wake) } }
}
