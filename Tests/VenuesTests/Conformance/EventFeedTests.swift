import Network
import Testing
import Trading

@testable import StandIn
@testable import Venues

/// How Binance Spot's adapter keeps its connection to the account's events; every venue has its own way.
@Suite("Binance Spot's events go on", .serialized)
struct EventFeedTests {
    private func bench(
        _ setup: BinanceSpotBench.Setup = .allCases[0], lifetime: Duration = .seconds(3_600),
        deafness: Duration = .seconds(300), _ body: (BinanceSpotBench) async throws -> Void
    ) async throws {
        let bench = try await BinanceSpotBench(setup, lifetime: lifetime, deafness: deafness)
        do {
            try await body(bench)
        } catch {
            await bench.end()
            throw error
        }
        await bench.end()
    }

    @Test(
        "an old connection gives way to a new one, and nothing is told twice",
        arguments: BinanceSpotBench.Setup.allCases)
    func rotation(_ setup: BinanceSpotBench.Setup) async throws {
        try await bench(setup, lifetime: .milliseconds(150)) { bench in
            var orders: [OrderPlacement] = []
            while bench.events.gaps.count < 5, orders.count < 60 {
                let order = bench.limit()
                _ = try await bench.resting(order)
                orders.append(order)
                try await Task.sleep(for: .milliseconds(20))
            }
            try await bench.events.wait("four rotations") { _ in bench.events.gaps.count >= 5 }
            #expect(bench.events.gaps.dropFirst().allSatisfy { $0.reason == .rotated })
            // The new one stood before the old one went: nothing was missed.
            for order in orders { #expect(bench.events.words(order.clientOrderID) == ["accepted"]) }
            #expect(!bench.events.all.contains { if case .lost = $0 { true } else { false } })
        }
    }

    @Test(
        "while an old connection stands nothing is lost, though its successor is turned away",
        arguments: ["error=503 connect:* n=2", "limit=418/1 connect:* n=1"])
    func turnedAway(_ script: String) async throws {
        try await bench(lifetime: .milliseconds(500)) { bench in
            try bench.misbehave(script: script)
            try await bench.events.wait("the rotation") { _ in bench.events.gaps.count >= 2 }
            #expect(bench.events.gaps.dropFirst().allSatisfy { $0.reason == .rotated })
            #expect(!bench.events.all.contains { if case .lost = $0 { true } else { false } })
        }
    }

    @Test("an old connection that ends while its successor is turned away is a loss")
    func endsBeforeSuccessor() async throws {
        try await bench(lifetime: .milliseconds(500)) { bench in
            try bench.misbehave(script: "error=503 connect:*; disconnect user:executionReport n=1")
            // By then it is to be replaced, as a rule; where it is not yet, it is lost all the same.
            try await Task.sleep(for: .seconds(1))
            _ = try await bench.venue.place(bench.limit()).confirmed()
            try await bench.events.wait("the loss") { _ in
                bench.events.all.contains { if case .lost = $0 { true } else { false } }
            }
            bench.behave()
            try await bench.events.wait("the gap") { _ in bench.events.gaps.count >= 2 }
            #expect(bench.events.gaps[1].reason == .reconnected)
            _ = try await bench.resting(bench.limit(at: -20))
        }
    }

    @Test("when the server announces its end another connection takes its place at once")
    func shutdown() async throws {
        try await bench { bench in
            try await bench.control("shutdown")
            try await bench.events.wait("the rotation") { _ in bench.events.gaps.last?.reason == .rotated }
            _ = try await bench.resting(bench.limit())
        }
    }

    @Test("a stream that the venue ended is begun again", arguments: BinanceSpotBench.Setup.allCases.prefix(2))
    func terminated(_ setup: BinanceSpotBench.Setup) async throws {
        try await bench(setup) { bench in
            try await bench.control("terminate")
            try await bench.events.wait("the gap") { _ in bench.events.gaps.last?.reason == .terminated }
            _ = try await bench.resting(bench.limit())
        }
    }

    @Test("an order that was confirmed and never told makes it anew")
    func deaf() async throws {
        try await bench(deafness: .milliseconds(150)) { bench in
            try bench.misbehave(.event(.lost, times: 1, skipping: 0))
            _ = try await bench.venue.place(bench.limit()).confirmed()
            try await bench.events.wait("the gap") { _ in bench.events.gaps.last?.reason == .deaf }
            _ = try await bench.resting(bench.limit(at: -20))
        }
    }

    @Test("a cancel that was confirmed and never told makes it anew")
    func deafToCancel() async throws {
        try await bench(deafness: .milliseconds(150)) { bench in
            let order = bench.limit()
            _ = try await bench.resting(order)
            try bench.misbehave(.event(.lost, times: 1, skipping: 0))
            _ = try await bench.venue.cancel(order.clientOrderID, of: bench.instrument).confirmed()
            try await bench.events.wait("the gap") { _ in bench.events.gaps.last?.reason == .deaf }
        }
    }

    @Test("what was told in time leaves the connection alone")
    func hearing() async throws {
        try await bench(deafness: .seconds(3)) { bench in
            for _ in 0..<10 {
                let order = bench.limit()
                _ = try await bench.resting(order)
                _ = try await bench.venue.cancel(order.clientOrderID, of: bench.instrument).confirmed()
                try await bench.events.expect(["accepted", "canceled"], of: order.clientOrderID)
                try await Task.sleep(for: .milliseconds(400))
            }
            #expect(bench.events.gaps.map(\.reason) == [.start])
        }
    }

    @Test("a subscription that is refused for its time is made with the venue's time")
    func clock() async throws {
        try await bench { bench in
            try bench.misbehave(.clock(90_000), .event(.cut, times: 1, skipping: 0))
            _ = try await bench.venue.place(bench.limit()).confirmed()
            try await bench.events.wait("the gap") { _ in bench.events.gaps.count == 2 }
            _ = try await bench.resting(bench.limit(at: -20))
        }
    }

    @Test(
        "a subscription that is not answered is asked for again", arguments: BinanceSpotBench.Setup.allCases.prefix(2))
    func unanswered(_ setup: BinanceSpotBench.Setup) async throws {
        try await bench(setup) { bench in
            try bench.misbehave(script: "drop api:userDataStream.* n=1; drop api:session.logon n=1")
            try bench.misbehave(.event(.cut, times: 1, skipping: 0))
            _ = try await bench.venue.place(bench.limit()).confirmed()
            try await bench.events.wait("the gap") { _ in bench.events.gaps.count == 2 }
            _ = try await bench.resting(bench.limit(at: -20))
        }
    }

    @Test(
        "a subscription that is refused for the address holds back requests, too",
        arguments: BinanceSpotBench.Setup.allCases.prefix(2))
    func banned(_ setup: BinanceSpotBench.Setup) async throws {
        try await bench(setup) { bench in
            try bench.misbehave(script: "limit=418/2 api:* n=1")
            bench.spot.renewEvents("for a test")
            try await bench.events.wait("the gap") { _ in bench.events.gaps.count == 2 }
            #expect(bench.spot.account.gate.tally.pauses == 1)
            _ = try await bench.resting(bench.limit())
        }
    }

    @Test("a gap says since when")
    func since() async throws {
        try await bench { bench in
            let order = bench.limit()
            _ = try await bench.resting(order)
            let time = try #require(bench.events.of(order.clientOrderID).first?.order.time)
            bench.spot.renewEvents("for a test")
            try await bench.events.wait("the gap") { _ in bench.events.gaps.count == 2 }
            #expect(bench.events.gaps.first?.since == nil)
            #expect(try #require(bench.events.gaps.last?.since) >= time)
        }
    }

    @Test("letting go of the venue ends the connection")
    func release() async throws {
        try await bench { bench in
            weak var gone: BinanceSpotVenue?
            let log = EventLog()
            do {
                let other = bench.another()
                other.listen { log.add($0) }
                try await log.wait("its start") { _ in !log.gaps.isEmpty }
                gone = other
            }
            for _ in 0..<6_000 where gone != nil { try await Task.sleep(for: .milliseconds(10)) }
            #expect(gone == nil)
            let count = log.all.count
            _ = try await bench.resting(bench.limit())
            #expect(log.all.count == count)
        }
    }

    @Test("a secret is in nothing that is told")
    func secrets() async throws {
        try await bench { bench in
            try bench.misbehave(script: "error=401/-2015 api:* n=1")
            bench.spot.renewEvents("for a test")
            try await bench.events.wait("the gap") { _ in bench.events.gaps.count == 2 }
            let told = bench.events.all.map { "\($0)" }.joined()
            for secret in bench.secrets { #expect(!told.contains(secret)) }
        }
    }
}
