import Network
import Synchronization
import Venues

/// Keeps a market data connection: connects, connects again when it was lost, and lets another take its place before the
/// venue cuts it, the two overlapping so that nothing is missed.
struct StreamKeeper: Sendable {
    /// How long the old connection is kept at most while the new one is not heard on every market yet.
    static let longestOverlap = Duration.seconds(60)

    let stream: MarketStream
    let lifetime: Duration
    let time: NetworkTime
    /// Takes what comes and knows what was heard.
    let listener: any StreamListener

    /// Runs until its task is cancelled.
    func run() async {
        var number = 0
        var pacing = ConnectPacing()
        while !Task.isCancelled {
            await pause(pacing.excess(at: time.now()))
            number += 1
            do throws(WebSocketError) {
                var current = try await connect(number, &pacing)
                while let next = await succeed(current, &number, &pacing) { current = next }
                await pause(pacing.next(after: time.now() - current.began))
            } catch {
                listener.failed(error, number)
                await pause(max(pacing.next(), error.pause))
            }
        }
    }

    private func pause(_ duration: Duration) async {
        guard duration > .zero else { return }
        try? await time.wait(time.now() + duration)
    }

    /// Waits no longer than a connection lasts.
    private func pause(_ duration: Duration, whileOpen connection: Connection) async {
        let end = time.now() + duration
        while time.now() < end, !connection.end.isClosed, !Task.isCancelled {
            try? await time.wait(min(end, time.now() + .milliseconds(100)))
        }
    }

    /// A connection with what becomes of it.
    private struct Connection {
        var number: Int
        var socket: WebSocket
        var end: EndSignal
        var began: ContinuousClock.Instant
    }

    private func connect(_ number: Int, _ pacing: inout ConnectPacing) async throws(WebSocketError) -> Connection {
        let (end, began) = (EndSignal(), time.now())
        pacing.begin(at: began)
        let listener = listener
        listener.opening(number)
        let socket = try await WebSocket.connect(to: stream.address, stream.options) { event in
            switch event {
            case .text(let bytes, let receivedAt): listener.heard(bytes, number, at: receivedAt)
            case .binary: break
            case .closed(let closure):
                listener.closed(closure, number)
                end.signal(.closed)
            }
        }
        listener.endings(number) { end.signal(.replace) }
        return Connection(number: number, socket: socket, end: end, began: began)
    }

    /// Waits until a connection has to be replaced, and gives the one that took its place; `nil` when it ended first. A
    /// successor that ends before it was heard on every market is none: the old one stays, and another is made.
    ///
    /// One that is to be replaced soon after it was made stays for a while as long as it lasts, and longer each time.
    ///
    /// - Parameter number: the last connection's; becomes that of the last one that stood.
    private func succeed(
        _ current: Connection, _ number: inout Int, _ pacing: inout ConnectPacing
    ) async -> Connection? {
        defer { listener.endings(current.number, nil) }
        let reason = await current.end.wait(until: time.now() + lifetime, time)
        guard reason != .closed else { return nil }
        guard !Task.isCancelled, reason != .cut else {
            await current.socket.close()
            return nil
        }
        await pause(pacing.next(after: time.now() - current.began), whileOpen: current)
        while !Task.isCancelled && !current.end.isClosed {
            do throws(WebSocketError) {
                await pause(pacing.excess(at: time.now()), whileOpen: current)
                if current.end.isClosed { break }
                let next = try await connect(number + 1, &pacing)
                number += 1
                await overlap(current, next)
                guard next.end.isClosed else {
                    await current.socket.close(code: 1000, reason: "replaced")
                    return next
                }
                await pause(pacing.next(), whileOpen: current)
            } catch {
                listener.failed(error, number + 1)
                // The old one may still work; once it has ended nothing is waited for but what the server asks for.
                await pause(error.pause)
                await pause(pacing.next() - error.pause, whileOpen: current)
            }
        }
        await current.socket.close()
        return nil
    }

    /// Waits until every market was heard on the new connection, or one of both has ended.
    private func overlap(_ old: Connection, _ new: Connection) async {
        let end = time.now() + StreamKeeper.longestOverlap
        while time.now() < end, !listener.hasHeardAll(new.number), !Task.isCancelled {
            guard !old.end.isClosed, !new.end.isClosed else { return }
            try? await time.wait(time.now() + .milliseconds(100))
        }
    }
}

/// What takes the messages of market data connections. Connections are numbered; two may be open at once.
protocol StreamListener: Sendable {
    /// A connection is being made; its messages may come from now on.
    func opening(_ number: Int)
    /// A connection could not be made.
    func failed(_ error: WebSocketError, _ number: Int)
    /// A message came; the bytes are lent.
    func heard(_ bytes: UnsafeRawBufferPointer, _ number: Int, at receivedAt: Int64)
    /// A connection has ended.
    func closed(_ closure: WebSocketClosure, _ number: Int)
    /// What to call when a connection should be replaced at once, as its server will end it or nothing comes on it; `nil`
    /// once that is no longer of use.
    func endings(_ number: Int, _ replace: (@Sendable () -> Void)?)
    /// Whether every market was heard on a connection.
    func hasHeardAll(_ number: Int) -> Bool
}

/// Why a connection is to be replaced, or that it has ended; the first word counts, but an end is always noticed.
final class EndSignal: Sendable {
    enum Reason: Sendable {
        /// It has ended.
        case closed
        /// Its time is over, or somebody asked for another.
        case replace
        /// Whoever waited does not want it any more.
        case cut
    }

    private struct State {
        var reason: Reason?
        var isClosed = false
        var waiting: CheckedContinuation<Reason, Never>?
    }

    private let state = Mutex(State())

    /// Whether it has ended.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    func signal(_ reason: Reason) {
        let waiting = state.withLock { state -> CheckedContinuation<Reason, Never>? in
            if reason == .closed { state.isClosed = true }
            if state.reason == nil { state.reason = reason }
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: reason)
    }

    /// Waits for a reason; at `end` there is one.
    func wait(until end: ContinuousClock.Instant, _ time: NetworkTime) async -> Reason {
        let timer = Task {
            try? await time.wait(end)
            if !Task.isCancelled { signal(.replace) }
        }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let known = state.withLock { state -> Reason? in
                    if let reason = state.reason { return reason }
                    state.waiting = continuation
                    return nil
                }
                if let known { continuation.resume(returning: known) }
            }
        } onCancel: {
            signal(.cut)
        }
    }
}
