import Synchronization
import Trading

/// Brings strategies back that a fault took out: after a pause that grows, and at most three times an hour.
///
/// What a breaker or a person halted stays halted. A strategy that faults a fourth time within an hour stays halted until a
/// person enables it.
struct StrategySupervisor {
    /// How often a strategy is brought back within an hour.
    static let restartsPerHour = 3
    /// The pauses before the first, second and third restart, in seconds.
    static let pauses: [Int64] = [10, 60, 300]
    private static let hour: Int64 = 3_600_000_000_000

    private struct Entry {
        var strategy: StrategyID
        /// When it was brought back, by the monotonic clock.
        var restarts: [Int64] = []
        /// When it is due.
        var dueAt: Int64?
    }

    private var entries: [Entry] = []

    /// What becomes of a strategy that a fault halted.
    enum Outcome: Equatable {
        /// It is brought back after so many seconds, for the time given within the hour.
        case restart(afterSeconds: Int64, attempt: Int)
        /// It stays halted.
        case stays
    }

    /// Takes note of a strategy's new status: a person's word ends what was planned.
    mutating func note(_ registration: StrategyRegistration, at monotonic: Int64) {
        guard registration.status != .halted, let index = index(registration.id) else { return }
        entries[index].dueAt = nil
    }

    /// A fault halted a strategy.
    mutating func faulted(_ strategy: StrategyID, at monotonic: Int64) -> Outcome {
        let index =
            index(strategy)
            ?? {
                entries.append(Entry(strategy: strategy))
                return entries.count - 1
            }()
        entries[index].restarts.removeAll { monotonic - $0 >= StrategySupervisor.hour }
        let count = entries[index].restarts.count
        guard count < StrategySupervisor.restartsPerHour else {
            entries[index].dueAt = nil
            return .stays
        }
        let pause = StrategySupervisor.pauses[count]
        entries[index].dueAt = monotonic + pause * 1_000_000_000
        return .restart(afterSeconds: pause, attempt: count + 1)
    }

    /// The strategies whose pause is over; each is counted as brought back.
    mutating func due(at monotonic: Int64) -> [StrategyID] {
        var due: [StrategyID] = []
        for index in entries.indices {
            guard let dueAt = entries[index].dueAt, dueAt <= monotonic else { continue }
            entries[index].dueAt = nil
            entries[index].restarts.append(monotonic)
            due.append(entries[index].strategy)
        }
        return due
    }

    private func index(_ strategy: StrategyID) -> Int? { entries.firstIndex { $0.strategy == strategy } }
}

/// A supervisor that outlives the core it was made for.
final class SupervisorBox: Sendable {
    private let supervisor = Mutex(StrategySupervisor())

    /// See `StrategySupervisor.note`.
    func note(_ registration: StrategyRegistration, at monotonic: Int64) {
        supervisor.withLock { $0.note(registration, at: monotonic) }
    }

    /// See `StrategySupervisor.faulted`.
    func faulted(_ strategy: StrategyID, at monotonic: Int64) -> StrategySupervisor.Outcome {
        supervisor.withLock { $0.faulted(strategy, at: monotonic) }
    }

    /// See `StrategySupervisor.due`.
    func due(at monotonic: Int64) -> [StrategyID] { supervisor.withLock { $0.due(at: monotonic) } }
}
