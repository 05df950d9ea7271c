import Foundation
import Market
import Testing
import Trading

@testable import Storage

/// An engine that is killed between and within its steps: the test runs itself again as a child, which trades, and kills
/// the child.
@Suite(.serialized) struct KilledTradeTests {
    static let child = ProcessInfo.processInfo.environment["WICK_TEST_TRADE_CHILD"]

    @Test(.enabled(if: child != nil, "runs in the child only"))
    func trades() throws {
        let directory = DataDirectory(path: try #require(Self.child))
        let lock = try EngineLock(directory: directory)
        let store = try Store(directory: directory)
        let table = try store.declare([Sample.instrument])
        for step in 1...UInt64(1_000_000) {
            // One step: an order, its fill, the position and the account that follow from it.
            var account = Account(cash: Sample.money("1000000"))
            account.cash = Money(whole: 1_000_000 - Int64(step), .usdt)
            try store.write(
                [
                    .order(Sample.order(step, state: .filled)), .fill(Sample.fill(step, trade: step)),
                    .position(Sample.position(Int64(step))),
                ], account: account, equityPoint: true, at: Sample.now.adding(seconds: Int64(step)), table)
        }
        lock.release()
    }

    @Test(.enabled(if: child == nil, "runs in the parent only"), arguments: [1, 7, 20, 50, 111])
    func anEngineKilledAtAnyMomentLeavesNoHalfATrade(milliseconds: UInt32) throws {
        let temporary = TemporaryDirectory()
        let directory = temporary.directory
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["--testing-library", "swift-testing", "--filter", "KilledTradeTests/trades"]
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["WICK_TEST_TRADE_CHILD": directory.path]
        ) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        while process.isRunning, EngineLock.runningEngine(in: directory) == nil { usleep(500) }
        #expect(EngineLock.runningEngine(in: directory) == process.processIdentifier)
        #expect(throws: StoreError.self) { try EngineLock(directory: directory) }
        // From the first trade on, which the child may reach before or after this process sees it.
        let store = try Store(directory: directory)
        while process.isRunning, try store.account() == nil { usleep(200) }
        usleep(milliseconds * 1_000)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()

        #expect(EngineLock.runningEngine(in: directory) == nil)
        let recovery = try store.recover(try store.declare([Sample.instrument]))
        let last = recovery.nextOrderID.rawValue - 1
        #expect(last > 0)
        #expect(try store.fills(limit: .max).count == Int(last))
        #expect(recovery.positions.map(\.quantity.mantissa) == [Int64(last)])
        #expect(recovery.account?.cash == Money(whole: 1_000_000 - Int64(last), .usdt))
        #expect(try store.equity(limit: .max).count == Int(last))
    }

    @Test func `a command that looks at the same moment does not keep an engine from starting`() throws {
        let directory = DataDirectory(path: NSTemporaryDirectory() + "wick-lock-\(UUID().uuidString)")
        try directory.create()
        defer { try? FileManager.default.removeItem(atPath: directory.path) }
        // As an engine that was killed left it, and as a command holds it for a moment.
        try "999999999\n".write(toFile: directory.file("engine.lock"), atomically: true, encoding: .utf8)
        let looking = open(directory.file("engine.lock"), O_RDWR)
        #expect(flock(looking, LOCK_SH) == 0)
        Thread {
            usleep(50_000)
            close(looking)
        }.start()
        let lock = try EngineLock(directory: directory)
        #expect(EngineLock.runningEngine(in: directory) == getpid())
        lock.release()
    }

    @Test
    func `an engine waits for a command that brings the store up to the journal, and nobody takes it for an engine`()
        throws
    {
        let directory = DataDirectory(path: NSTemporaryDirectory() + "wick-lock-\(UUID().uuidString)")
        try directory.create()
        defer { try? FileManager.default.removeItem(atPath: directory.path) }
        try "999999999\n".write(toFile: directory.file("engine.lock"), atomically: true, encoding: .utf8)
        let command = try EngineLock(directory: directory, isEngine: false)
        #expect(EngineLock.runningEngine(in: directory) == nil)
        Thread {
            usleep(50_000)
            command.release()
        }.start()
        let engine = try EngineLock(directory: directory)
        #expect(EngineLock.runningEngine(in: directory) == getpid())
        #expect(throws: StoreError.self) { try EngineLock(directory: directory, isEngine: false) }
        engine.release()
    }
}
