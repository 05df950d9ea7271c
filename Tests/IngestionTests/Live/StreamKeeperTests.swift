import Foundation
import Market
import Network
import StandIn
import Synchronization
import Testing
import Venues

@testable import Ingestion

/// What a keeper told, in order.
private final class Told: StreamListener {
    enum Event: Hashable {
        case opening(Int)
        case failed(Int)
        case closed(Int)
    }

    private let state = Mutex<(events: [Event], heard: Set<Int>)>(([], []))
    /// Whether it has every connection replaced as soon as it stands.
    private let replacesAll: Bool

    init(replacesAll: Bool = false) { self.replacesAll = replacesAll }

    var events: [Event] { state.withLock { $0.events } }

    func opening(_ number: Int) { state.withLock { $0.events.append(.opening(number)) } }
    func failed(_ error: WebSocketError, _ number: Int) { state.withLock { $0.events.append(.failed(number)) } }
    func heard(_ bytes: UnsafeRawBufferPointer, _ number: Int, at receivedAt: Int64) {
        state.withLock { _ = $0.heard.insert(number) }
    }
    func closed(_ closure: WebSocketClosure, _ number: Int) { state.withLock { $0.events.append(.closed(number)) } }
    func endings(_ number: Int, _ replace: (@Sendable () -> Void)?) { if replacesAll { replace?() } }
    func hasHeardAll(_ number: Int) -> Bool { replacesAll || state.withLock { $0.heard.contains(number) } }

    /// Whether something comes to hold; a minute at most.
    func comes(_ condition: ([Event]) -> Bool) async -> Bool {
        for _ in 0..<1_200 {
            if condition(events) { return true }
            try? await Task.sleep(for: .milliseconds(50))
        }
        return false
    }
}

/// A venue on this machine with a market of its own, until the tests are over with it.
private final class KeptVenue: Sendable {
    let server: Mutex<StandInServer>
    let venue: BinanceSpot
    private let folder = NSTemporaryDirectory() + "wick-keeper-" + UUID().uuidString

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var options = StandInOptions(directory: folder)
        options.symbols = ["BTCUSDT"]
        options.isPlain = true
        options.seed = 7
        let server = try StandInServer(
            options, clock: { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) })
        let port = server.addresses.port
        self.server = Mutex(server)
        venue = try BinanceSpot(at: "http://127.0.0.1:\(port)", streams: "ws://127.0.0.1:\(port)")
    }

    deinit {
        server.withLock { $0.stop() }
        try? FileManager.default.removeItem(atPath: folder)
    }

    func misbehave(_ script: String) throws { try server.withLock { try $0.misbehave(script) } }

    func keeper(lifetime: Duration, _ time: NetworkTime, _ told: Told) -> StreamKeeper {
        StreamKeeper(
            stream: venue.stream(of: [CaptureScript.instruments[0]]), lifetime: lifetime, time: time, listener: told)
    }
}

@Suite("Keeping a connection of the market", .serialized)
struct StreamKeeperTests {
    @Test("a successor that can't be made is told of, and is not waited for once the old connection has ended")
    func successor() async throws {
        let kept = try KeptVenue()
        // Time stands still once the first connection has lasted for long, so that a pause ends with it or never.
        let begin = ContinuousClock.now
        let later = begin + .seconds(60)
        let told = Told()
        let time = NetworkTime(
            now: { told.events.isEmpty ? begin : later },
            wait: { try await Task.sleep(for: $0 - later > .milliseconds(300) ? .seconds(3_600) : $0 - later) })
        let keeper = kept.keeper(lifetime: .milliseconds(300), time, told)
        try kept.misbehave("error=503 connect:* skip=1 n=2")
        let task = Task { await keeper.run() }
        defer { task.cancel() }
        let hasFailed = await told.comes { $0.count { $0 == .failed(2) } == 2 }
        #expect(hasFailed, "\(told.events)")
        #expect(!told.events.contains(.closed(1)))
        try kept.misbehave("disconnect stream:btcusdt@bookTicker n=1")
        let goesOn = await told.comes { $0.drop { $0 != .closed(1) }.contains(.opening(2)) }
        #expect(goesOn, "\(told.events)")
        #expect(
            told.events.prefix(6) == [.opening(1), .opening(2), .failed(2), .opening(2), .failed(2), .closed(1)],
            "\(told.events)")
    }

    @Test("a successor that ends before it was heard leaves the old connection where it is, and another is made")
    func shortLived() async throws {
        let kept = try KeptVenue()
        let told = Told()
        try kept.misbehave("disconnect connect:* skip=1 n=2")
        let keeper = kept.keeper(lifetime: .milliseconds(300), .system, told)
        let task = Task { await keeper.run() }
        defer { task.cancel() }
        let isReplaced = await told.comes { $0.contains(.closed(1)) }
        #expect(isReplaced)
        #expect(
            told.events.prefix(7) == [
                .opening(1), .opening(2), .closed(2), .opening(3), .closed(3), .opening(4), .closed(1),
            ], "\(told.events)")
    }

    @Test("where every connection is to be replaced as soon as it stands, each stays for longer than the one before")
    func paced() async throws {
        let kept = try KeptVenue()
        let begin = ContinuousClock.now
        let passed = Mutex(Duration.zero)
        // Time passes with what is waited for, but for the end of a connection's life.
        let time = NetworkTime(
            now: { begin + passed.withLock { $0 } },
            wait: { end in
                if end - begin > .seconds(3_600) { return try await Task.sleep(for: .seconds(3_600)) }
                passed.withLock { $0 = max($0, end - begin) }
                await Task.yield()
            })
        let told = Told(replacesAll: true)
        let keeper = kept.keeper(lifetime: .seconds(86_400), time, told)
        let task = Task { await keeper.run() }
        let isSixth = await told.comes { $0.contains(.opening(6)) }
        task.cancel()
        #expect(isSixth, "\(told.events)")
        // At once, then after half of a second, of two, of four, of eight at least.
        #expect(passed.withLock { $0 } >= .milliseconds(500 + 1_000 + 2_000 + 4_000))
    }
}
