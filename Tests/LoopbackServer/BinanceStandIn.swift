import Foundation
import Synchronization

/// Plays the public REST API of Binance Spot: klines, exchangeInfo, ping and time, with their weights, limits and headers.
/// What it counts, refuses and bans is as the venue's documentation says.
public final class BinanceStandIn: Sendable {
    private let state: Mutex<State>
    private let serverHolder = Mutex<LoopbackServer?>(nil)
    private let now: @Sendable () -> ContinuousClock.Instant

    struct State {
        var options: Options
        var log: [LoopbackServer.Request] = []
        var faults: [(path: String, fault: Fault)] = []
        var windowStart: ContinuousClock.Instant?
        var used: Int64 = 0
        var bannedUntil: ContinuousClock.Instant?
        var isBan = false
        var violations = 0
        var refusals = 0
    }

    /// What it plays.
    public struct Options: Sendable {
        /// The symbols it has.
        public var symbols: [StandInCandles]
        /// Its clock, in milliseconds.
        public var time: Int64
        /// What it grants an address.
        public var weightPerMinute: Int64 = 6_000
        /// Answers carry elements and fields that nobody knows yet.
        public var isRich = false
        /// How long it takes for a page of candles, in microseconds.
        public var delay: UInt32 = 0

        /// A venue of these symbols, its clock standing at `time`.
        public init(_ symbols: [StandInCandles], time: Int64) {
            self.symbols = symbols
            self.time = time
        }
    }

    /// How it misbehaves once.
    public enum Fault: Sendable {
        /// Answers with a status and a body.
        case status(Int, String)
        /// Says that too much was asked (429).
        case tooManyRequests(retryAfter: Int)
        /// Says that the address is banned (418).
        case banned(retryAfter: Int)
        /// Answers 200 with something else.
        case garbage(String)
        /// Answers with so many blanks.
        case huge(Int)
        /// Answers rightly, and sends it in another manner.
        case manner(LoopbackServer.Manner)
    }

    /// Starts it.
    ///
    /// - Parameter now: what its limits are counted by.
    public init(_ options: Options, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) throws {
        state = Mutex(State(options: options))
        self.now = now
        let server = try LoopbackServer { [weak self] request in
            self?.answer(request) ?? LoopbackServer.Reply(500, "")
        }
        serverHolder.withLock { $0 = server }
    }

    /// Where it is.
    public var address: String { serverHolder.withLock { $0?.address ?? "" } }
    /// How many connections were made.
    public var connectionCount: Int { serverHolder.withLock { $0?.connectionCount ?? 0 } }
    /// Ends it: nobody listens any more.
    public func stop() { serverHolder.withLock { $0?.stop() } }

    /// Misbehaves at the next requests of a path, once for each fault.
    public func misbehave(_ path: String, _ faults: Fault...) {
        state.withLock { state in state.faults += faults.map { (path, $0) } }
    }

    /// Changes what it plays.
    public func change(_ body: @Sendable (inout Options) -> Void) { state.withLock { body(&$0.options) } }

    /// The requests that came, in their order.
    public var log: [LoopbackServer.Request] { state.withLock { $0.log } }
    /// Requests of candles that came: their spans, by `startTime` and `endTime`.
    public var pages: [(symbol: String, from: Int64, to: Int64?)] {
        log.filter { $0.path == "/api/v3/klines" }.map {
            (
                $0.query["symbol"] ?? "", $0.query["startTime"].flatMap { Int64($0) } ?? 0,
                $0.query["endTime"].flatMap { Int64($0) }
            )
        }
    }
    /// Requests that came although nothing was to come.
    public var violations: Int { state.withLock { $0.violations } }
    /// Answers that said too much was asked.
    public var refusals: Int { state.withLock { $0.refusals } }

    private func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
        let delay = state.withLock { request.path.hasSuffix("klines") ? $0.options.delay : 0 }
        if delay > 0 { usleep(delay) }
        let now = now()
        return state.withLock { $0.answer(request, now) }
    }
}
