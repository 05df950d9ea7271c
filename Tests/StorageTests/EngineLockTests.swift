import Foundation
import Testing

@testable import Storage

@Suite struct EngineLockTests {
    let temporary = TemporaryDirectory()

    @Test func aSecondEngineIsRefusedByName() throws {
        let lock = try EngineLock(directory: temporary.directory)
        let error = #expect(throws: StoreError.self) { try EngineLock(directory: temporary.directory) }
        #expect(error?.kind == .engineRunning && error?.exitCode == 75)
        #expect(error?.description.contains("process \(getpid())") == true)
        #expect(EngineLock.runningEngine(in: temporary.directory) == getpid())
        lock.release()
        #expect(EngineLock.runningEngine(in: temporary.directory) == nil)
        try EngineLock(directory: temporary.directory).release()
    }

    @Test func aLockEndsWithItsHolder() throws {
        do { _ = try EngineLock(directory: temporary.directory) }
        #expect(EngineLock.runningEngine(in: temporary.directory) == nil)
    }

    @Test func aFileLeftByAKilledEngineDoesNotLock() throws {
        try temporary.directory.create()
        try Data("99999\n".utf8).write(to: URL(fileURLWithPath: temporary.file("engine.lock")))
        #expect(EngineLock.runningEngine(in: temporary.directory) == nil)
        let lock = try EngineLock(directory: temporary.directory)
        #expect(EngineLock.runningEngine(in: temporary.directory) == getpid())
        lock.release()
    }

    @Test func noDirectoryHasNoEngine() {
        #expect(EngineLock.runningEngine(in: DataDirectory(path: "/nonexistent/wick")) == nil)
    }
}
