import Foundation
import LoopbackServer
import Market
import Network
import Synchronization
import Testing

@testable import Venues

/// A feed before a server that answers as a test says, in a time that stands still: what waits waits until the end.
private final class FeedBench: Sendable {
    let bench: SpotClientBench
    let client: SpotAccountClient
    let begin = ContinuousClock.now
    private let told = Mutex<[String]>([])
    private let feed = Mutex<UserDataFeed?>(nil)

    init() throws {
        bench = try SpotClientBench()
        client = try bench.client()
    }

    /// Why the events are lost, in order.
    var losses: [String] { told.withLock { $0 } }

    func start() {
        let begin = begin
        let feed = UserDataFeed(
            UserDataFeed.Setup(
                access: client.access, options: WebSocketOptions(), instruments: [:], lifetime: .seconds(3_600),
                answerTime: .seconds(3_600),
                time: NetworkTime(now: { begin }, wait: { _ in try await Task.sleep(for: .seconds(3_600)) }),
                gate: client.gate, venueTime: { 1_700_000_000_000 }, synchronize: {})
        ) { [weak self] news in
            if case .lost(let words) = news { self?.told.withLock { $0.append(words) } }
        }
        self.feed.withLock { $0 = feed }
        feed.start()
    }

    func stop() async {
        await feed.withLock { $0 }?.stop()
        bench.standIn.stop()
    }

    /// Whether something comes to hold; a minute at most.
    func comes(_ condition: () -> Bool) async -> Bool {
        for _ in 0..<6_000 {
            if condition() { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return false
    }
}

@Suite("The account's events and the venue's limits")
struct UserDataFeedTests {
    @Test("a handshake that is refused for the address holds back every request", arguments: [418, 429])
    func refused(_ status: Int) async throws {
        let feed = try FeedBench()
        feed.bench.standIn.answer(.init(status, "", ["Retry-After": "7"]))
        feed.start()
        let isHeld = await feed.comes { feed.client.gate.pause(.cancel, at: feed.begin) != nil }
        #expect(isHeld)
        let reason: RequestPause.Reason = status == 418 ? .banned : .tooMuchAsked
        #expect(
            feed.client.gate.pause(.cancel, at: feed.begin)
                == RequestPause(reason: reason, until: feed.begin + .seconds(7)))
        #expect(feed.client.gate.tally.pauses == 1)
        await feed.stop()
    }

    @Test("while the venue wants nothing no connection is tried, and that is told")
    func waits() async throws {
        let feed = try FeedBench()
        feed.client.gate.keep(RequestPause(reason: .banned, until: feed.begin + .seconds(7)))
        feed.start()
        let isTold = await feed.comes { !feed.losses.isEmpty }
        #expect(isTold)
        #expect(feed.losses == ["waiting: the server has banned this address for a while (418)"])
        #expect(feed.bench.standIn.requests.isEmpty)
        await feed.stop()
    }

    @Test("what a connection and its subscription cost counts against the limit of the address")
    func weight() async throws {
        let feed = try FeedBench()
        feed.bench.standIn.answer(.init(503, ""))
        feed.start()
        let isTold = await feed.comes { !feed.losses.isEmpty }
        #expect(isTold)
        #expect(feed.client.gate.use(at: feed.begin).weight == 4)
        #expect(UserDataConnection.weight(.ed25519) == 6)
        await feed.stop()
    }
}
