/// The time that waits are measured in. It goes on while the machine sleeps: a ban does, too.
public struct NetworkTime: Sendable {
    /// The time now.
    public var now: @Sendable () -> ContinuousClock.Instant
    /// Waits until a time; throws `CancellationError` when the task is cancelled.
    public var wait: @Sendable (ContinuousClock.Instant) async throws -> Void

    /// A time of its parts.
    public init(
        now: @escaping @Sendable () -> ContinuousClock.Instant,
        wait: @escaping @Sendable (ContinuousClock.Instant) async throws -> Void
    ) {
        self.now = now
        self.wait = wait
    }

    /// The machine's.
    public static let system = NetworkTime(
        now: { .now }, wait: { try await Task.sleep(until: $0, tolerance: .zero, clock: .continuous) })
}
