import Foundation
import Testing

/// The built program at a stand-in exchange, killed at every place between the journal and the venue's answer. What never
/// arrived takes fifteen seconds to be given up, so that most of the time is waiting.
@Suite("Killed on the way to a venue and back", .serialized)
struct VenueCrashTests {
    /// How many random kills there are; `WICK_VENUE_CRASHES` sets another number.
    private static let randomKills =
        ProcessInfo.processInfo.environment["WICK_VENUE_CRASHES"].flatMap { Int($0) } ?? 3

    @Test(
        "wherever it is killed over an order that fills, it is at the venue once or not at all, and every fill is booked",
        arguments: ["before-commit", "before-release", "after-release", "before-answer", "before-report"])
    func order(_ place: String) async throws {
        let run = try await VenueCrashRun()
        let first = try run.start()
        try run.settled()
        try run.place(at: 50_000)
        try run.settled()
        kill(first.process, SIGKILL)
        _ = first.wait()
        let second = try run.start(crash: place)
        try run.settled()
        try run.buy()
        #expect(second.wait() == 128 + SIGKILL, "it did not die \(place)")
        let third = try run.start()
        try run.settled()
        try await run.expectAgreement(place)
        // What works can be taken back, by whoever knows it now.
        for order in try run.orders() where order.state == "accepted" {
            _ = try run.sandbox.wick("order", "cancel", "\(order.number)")
        }
        try run.settled()
        try await run.expectAgreement("\(place), cancelled")
        kill(third.process, SIGTERM)
        #expect(third.wait() == 0)
        try run.expectNoSecrets()
    }

    @Test(
        "wherever it is killed over a cancel, the order is gone in the end",
        arguments: ["after-release", "before-answer", "before-report"])
    func cancel(_ place: String) async throws {
        let run = try await VenueCrashRun()
        let first = try run.start()
        try run.settled()
        try run.place(at: 50_000)
        try run.settled()
        let number = try #require(try run.orders().first { $0.state == "accepted" }?.number)
        kill(first.process, SIGKILL)
        _ = first.wait()
        let second = try run.start(crash: place)
        try run.settled()
        _ = try run.sandbox.wick("order", "cancel", "\(number)")
        #expect(second.wait() == 128 + SIGKILL, "it did not die \(place)")
        let third = try run.start()
        try run.settled()
        for _ in 0..<150 where try run.orders().contains(where: { $0.state == "accepted" }) {
            try await Task.sleep(for: .milliseconds(200))
        }
        try await run.expectAgreement(place)
        #expect(try await run.truth().allSatisfy { !$0.isOpen })
        kill(third.process, SIGTERM)
        #expect(third.wait() == 0)
    }

    @Test(
        "wherever it is killed over an entry with its protection, all of it is at the venue once or not at all",
        arguments: ["before-commit", "before-release", "after-release", "before-answer", "before-report"])
    func entryWithProtection(_ place: String) async throws {
        let run = try await VenueCrashRun()
        let first = try run.start(crash: place)
        try run.settled()
        try run.place(at: 50_000, stop: 49_000, target: 90_000)
        #expect(first.wait() == 128 + SIGKILL, "it did not die \(place)")
        let second = try run.start()
        try run.settled()
        try await run.expectAgreement(place)
        let open = try await run.truth().filter(\.isOpen)
        #expect([0, 3].contains(open.count), "\(place): \(open)")
        // The entry is known by whoever knows it now, and takes all of it along.
        if let entry = try run.orders().filter({ $0.state == "accepted" }).map(\.number).min() {
            _ = try run.sandbox.wick("order", "cancel", "\(entry)")
            for _ in 0..<150 where try run.orders().contains(where: { $0.state == "accepted" }) {
                try await Task.sleep(for: .milliseconds(200))
            }
            try await run.expectAgreement("\(place), cancelled")
            #expect(try await run.truth().allSatisfy { !$0.isOpen })
        }
        kill(second.process, SIGTERM)
        #expect(second.wait() == 0)
    }

    @Test("killed at any instant while orders come and go, both sides agree in the end")
    func randomInstants() async throws {
        let run = try await VenueCrashRun()
        var price = 50_000
        for round in 0..<VenueCrashTests.randomKills {
            let engine = try run.start()
            try run.settled()
            let delay = UInt32.random(in: 1_000...400_000)
            let process = engine.process
            let killer = Thread {
                usleep(delay)
                kill(process, SIGKILL)
            }
            killer.start()
            for _ in 0..<3 {
                price += 10
                try run.place(at: price)
                try run.buy()
            }
            _ = engine.wait()
            let other = try run.start()
            try run.settled()
            try await run.expectAgreement("round \(round), killed after \(delay) µs")
            kill(other.process, SIGTERM)
            _ = other.wait()
        }
    }
}
