import Glibc
import Synchronization

@testable import Journal

/// The system's files with a say in each call: what a test wants to go wrong does.
final class FaultyFiles: JournalFiles {
    /// A call that is about to be made.
    enum Call: Equatable {
        case open(String)
        case write(path: String, offset: Int, count: Int)
        case sync(String)
        case truncate(String)
        case rename(String)
        case remove(String)
        case free
    }

    /// What becomes of a call.
    enum Answer: Equatable {
        case proceed
        case fail(Int32)
        /// A write takes only so many bytes.
        case short(Int)
        case free(UInt64)
    }

    private let system = SystemFiles()
    private let paths = Mutex<[Int32: String]>([:])
    private let rule = Mutex<@Sendable (Call) -> Answer>({ _ in .proceed })
    /// Calls of sync(2), by anybody.
    let syncs = Atomic<Int>(0)

    init(_ rule: @escaping @Sendable (Call) -> Answer = { _ in .proceed }) { set(rule) }

    func set(_ rule: @escaping @Sendable (Call) -> Answer) { self.rule.withLock { $0 = rule } }

    private func ask(_ call: Call, _ action: String) throws(FileFailure) -> Answer {
        let answer = rule.withLock { $0 }(call)
        if case .fail(let code) = answer { throw FileFailure(action, code: code) }
        return answer
    }

    private func path(_ file: Int32) -> String { paths.withLock { $0[file] ?? "?" } }

    func open(_ path: String, flags: Int32, mode: UInt32) throws(FileFailure) -> Int32 {
        _ = try ask(.open(path), "open \(path)")
        let file = try system.open(path, flags: flags, mode: mode)
        paths.withLock { $0[file] = path }
        return file
    }

    func close(_ file: Int32) {
        paths.withLock { $0[file] = nil }
        system.close(file)
    }

    func read(_ file: Int32, into target: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileFailure) -> Int {
        try system.read(file, into: target, at: offset)
    }

    func write(_ file: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileFailure) -> Int {
        switch try ask(.write(path: path(file), offset: offset, count: bytes.count), "write") {
        case .short(let count):
            return try system.write(file, UnsafeRawBufferPointer(rebasing: bytes.prefix(count)), at: offset)
        default: return try system.write(file, bytes, at: offset)
        }
    }

    func sync(_ file: Int32) throws(FileFailure) {
        syncs.add(1, ordering: .relaxed)
        _ = try ask(.sync(path(file)), "sync")
        try system.sync(file)
    }

    func truncate(_ file: Int32, to size: Int) throws(FileFailure) {
        _ = try ask(.truncate(path(file)), "truncate")
        try system.truncate(file, to: size)
    }

    func allocate(_ file: Int32, from offset: Int, count: Int) throws(FileFailure) {
        try system.allocate(file, from: offset, count: count)
    }

    func size(_ file: Int32) throws(FileFailure) -> Int { try system.size(file) }

    func rename(_ path: String, to target: String) throws(FileFailure) {
        _ = try ask(.rename(target), "rename")
        try system.rename(path, to: target)
    }

    func remove(_ path: String) throws(FileFailure) {
        _ = try ask(.remove(path), "remove")
        try system.remove(path)
    }

    func names(in directory: String) throws(FileFailure) -> [String] { try system.names(in: directory) }
    func makeDirectory(_ path: String) throws(FileFailure) { try system.makeDirectory(path) }
    func syncDirectory(_ path: String) throws(FileFailure) { try system.syncDirectory(path) }

    func freeBytes(in directory: String) throws(FileFailure) -> UInt64 {
        if case .free(let bytes) = try ask(.free, "look at the disk") { return bytes }
        return try system.freeBytes(in: directory)
    }
}
