import NIOCore

/// Watches whether a server is alive: asks for a sign of life now and then, and tells when none has come for too long.
///
/// Touched by the connection's event loop only.
final class LifeWatch {
    private let silence: TimeAmount
    private let interval: TimeAmount?
    private var lastSign = NIODeadline.distantPast
    private var silenceTimer: Scheduled<Void>?
    private var pingTimer: Scheduled<Void>?

    init(_ options: WebSocketOptions) {
        silence = options.silenceTimeout.amount
        interval = options.pingInterval?.amount
    }

    /// Begins.
    func start(_ loop: any EventLoop, ping: @escaping () -> Void, isDead: @escaping () -> Void) {
        lastSign = loop.now
        watch(loop, silence, isDead)
        askLater(loop, ping)
    }

    /// Bytes have come.
    func sign(_ now: NIODeadline) { lastSign = now }

    /// Ends; nothing is told any more.
    func stop() {
        silenceTimer?.cancel()
        pingTimer?.cancel()
    }

    private func watch(_ loop: any EventLoop, _ wait: TimeAmount, _ isDead: @escaping () -> Void) {
        silenceTimer = loop.assumeIsolated().scheduleTask(in: wait) { [self] in
            let end = lastSign + silence
            if end > loop.now { watch(loop, end - loop.now, isDead) } else { isDead() }
        }
    }

    private func askLater(_ loop: any EventLoop, _ ping: @escaping () -> Void) {
        guard let interval else { return }
        pingTimer = loop.assumeIsolated().scheduleTask(in: interval) { [self] in
            ping()
            askLater(loop, ping)
        }
    }
}

extension Duration {
    /// The same for NIO; a nanosecond at least, because a timer of nothing would never let others run.
    var amount: TimeAmount {
        let (seconds, attoseconds) = components
        guard seconds < 1 << 32 else { return .seconds(1 << 32) }
        return .nanoseconds(max(1, seconds * 1_000_000_000 + attoseconds / 1_000_000_000))
    }
}
