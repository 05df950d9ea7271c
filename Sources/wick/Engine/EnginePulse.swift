import Dispatch
import Engine

/// Watches an engine from beside its thread: passes on what it logs, and tells the service manager that it is alive for as
/// long as it really is.
///
/// An engine publishes once a second at least, whatever the market does; one whose snapshots stop coming is stuck, and the
/// manager is not told anything then, so that it restarts it.
final class EnginePulse {
    private struct State {
        var generation: UInt64 = 0
        var progressed = DispatchTime.now()
        var fed = DispatchTime.now()
        var stated = DispatchTime.now()
        var lastLine: LogLine?
    }

    /// Without a new snapshot for this long the engine counts as stuck.
    private static let patience = 3_000_000_000 as UInt64
    private static let statusInterval = 10_000_000_000 as UInt64

    private let engine: Engine
    private let manager: ServiceManager?
    private let report: @Sendable (String) -> Void
    private let timer: any DispatchSourceTimer
    /// Belongs to the timer's queue.
    private var state = State()
    private let queue = DispatchQueue(label: "pulse")

    init(_ engine: Engine, _ manager: ServiceManager?, _ report: @escaping @Sendable (String) -> Void) {
        self.engine = engine
        self.manager = manager
        self.report = report
        timer = DispatchSource.makeTimerSource(queue: queue)
    }

    /// Begins.
    func start() {
        let half = (manager?.watchdogMicroseconds).map { max(1, Int($0 / 2_000)) } ?? 500
        timer.schedule(deadline: .now(), repeating: .milliseconds(min(500, half)))
        timer.setEventHandler { [unowned self] in beat(.now()) }
        timer.resume()
    }

    /// Beats once more, so that nothing goes unsaid, and ends.
    func stop() {
        queue.sync {
            beat(.now())
            timer.cancel()
        }
    }

    /// How the engine is, in a line.
    var status: String {
        let snapshot = engine.snapshot
        let state =
            switch snapshot.tradingState {
            case .active: "active"
            case .reducing: "reducing"
            case .halted: "HALTED"
            }
        let orders = snapshot.orders.count { !$0.order.state.isClosed }
        let equity = snapshot.account.equity
        return "\(snapshot.mode.rawValue), \(state), equity \(equity.text(decimals: 2)) \(equity.currency.code), "
            + "\(snapshot.positions.count) positions, \(orders) orders"
    }

    private func beat(_ now: DispatchTime) {
        let snapshot = engine.snapshot
        if snapshot.generation != state.generation {
            state.generation = snapshot.generation
            state.progressed = now
        }
        let start = state.lastLine.flatMap { snapshot.log.lastIndex(of: $0) }.map { $0 + 1 } ?? 0
        for line in snapshot.log[start...] { report("\(line.level): \(line.text)") }
        state.lastLine = snapshot.log.last ?? state.lastLine
        guard let manager else { return }
        func age(_ time: DispatchTime) -> UInt64 { now.uptimeNanoseconds - time.uptimeNanoseconds }
        // Every other half of a half: early rather than late.
        if let interval = manager.watchdogMicroseconds, age(state.progressed) <= EnginePulse.patience,
            age(state.fed) >= UInt64(interval) * 375
        {
            state.fed = now
            manager.say("WATCHDOG=1")
        }
        if age(state.stated) >= EnginePulse.statusInterval {
            state.stated = now
            manager.say("STATUS=\(status)")
        }
    }
}
