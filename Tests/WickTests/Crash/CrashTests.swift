import Foundation
import Storage
import Testing

@testable import Engine

/// The built program, killed and started again until its market is over, and compared with one that nobody touched.
///
/// `WICK_CRASHES` sets how many random kills there are; `make soak` runs thousands and prints the count.
@Suite("Killed at any instant", .serialized)
struct CrashTests {
    private static let randomKills = ProcessInfo.processInfo.environment["WICK_CRASHES"].flatMap { Int($0) } ?? 200
    /// A market whose first trade takes strategies that are warm: what is lost of a start shows.
    private static let boundarySeed = 528_207
    /// Enough to warm up on; the rest of a start is what is killed.
    private static let historyMinutes = 120

    @Test("at every boundary of the journal and of an order's way out, nothing is lost, doubled or decided otherwise")
    func everyBoundary() throws {
        let whole = try CrashRun(seed: CrashTests.boundarySeed, hours: 2, historyMinutes: CrashTests.historyMinutes)
        try whole.finish()
        let expected = try whole.endState()
        #expect(expected.fills.count > 20)
        var run = try CrashRun(seed: CrashTests.boundarySeed, hours: 2, historyMinutes: CrashTests.historyMinutes)
        var reached: [String: Int] = [:]
        func compare() throws {
            let differences = try run.endState().differences(from: expected)
            #expect(differences.isEmpty, "after \(reached): \(differences)")
        }
        for count in [1, 2, 3, 20] {
            for place in CrashPlan.places {
                if try run.die(at: "\(place):\(count)") {
                    reached[place, default: 0] += 1
                } else {
                    // It never came there and has seen its market to the end.
                    try compare()
                    run = try CrashRun(
                        seed: CrashTests.boundarySeed, hours: 2, historyMinutes: CrashTests.historyMinutes)
                }
            }
        }
        try run.finish()
        try compare()
        for place in CrashPlan.places { #expect(reached[place, default: 0] > 0, "never died at \(place)") }
        print("killed \(reached.values.reduce(0, +)) times at \(reached.count) boundaries")
    }

    @Test("at random instants, nothing is lost, doubled or decided otherwise")
    func randomInstants() throws {
        var generator = SystemRandomNumberGenerator()
        let seed =
            ProcessInfo.processInfo.environment["WICK_CRASH_SEED"].flatMap { Int($0) }
            ?? Int.random(in: 1...1_000_000, using: &generator)
        let whole = try CrashRun(seed: seed, hours: 1, historyMinutes: CrashTests.historyMinutes)
        let started = Date()
        try whole.finish()
        let duration = UInt32(Date().timeIntervalSince(started) * 1e6)
        let expected = try whole.endState()
        var kills = 0
        while kills < CrashTests.randomKills {
            let run = try CrashRun(seed: seed, hours: 1, historyMinutes: CrashTests.historyMinutes)
            // A process that is killed earlier and earlier would never arrive: some get far.
            while kills < CrashTests.randomKills,
                try run.kill(after: UInt32.random(in: 5_000...max(duration / 2, 50_000), using: &generator))
            {
                kills += 1
            }
            try run.finish()
            let differences = try run.endState().differences(from: expected)
            #expect(differences.isEmpty, "seed \(seed), after \(kills) kills: \(differences)")
        }
        print("killed \(kills) times at random instants, market seed \(seed)")
    }

    @Test("commands show what a killed engine knew, whether or not it had come to store it")
    func commandsAfterKill() throws {
        let run = try CrashRun(seed: 7, hours: 2, historyMinutes: CrashTests.historyMinutes)
        #expect(try run.die(at: "after-release:12"))
        let listed = try run.sandbox.wick("order", "list", "--all", "--json")
        // Every release sends an order, takes one back or changes one: twelve are several orders at least.
        #expect(try listed.array().count >= 6, "\(listed.errors)")
        let store = try Store(directory: DataDirectory(path: run.sandbox.data))
        #expect(try store.projected() > 0)
        try store.close()
    }
}
