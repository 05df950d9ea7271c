import Glibc
import Journal
import Synchronization

/// A disk that does what a test wants: takes everything, takes nothing more, or does not answer.
final class StubbornFiles: JournalFiles {
    /// How it behaves.
    enum Behaviour: Int {
        case works, isFull, hangs
    }

    private let behaviour = Atomic<Int>(0)
    private let files = SystemFiles()

    /// Changes how it behaves, from any thread.
    func become(_ new: Behaviour) { behaviour.store(new.rawValue, ordering: .releasing) }

    private func pass() throws(FileFailure) {
        while behaviour.load(ordering: .acquiring) == Behaviour.hangs.rawValue { usleep(2_000) }
        if behaviour.load(ordering: .acquiring) == Behaviour.isFull.rawValue {
            throw FileFailure("write", code: ENOSPC)
        }
    }

    func open(_ path: String, flags: Int32, mode: UInt32) throws(FileFailure) -> Int32 {
        try files.open(path, flags: flags, mode: mode)
    }
    func close(_ file: Int32) { files.close(file) }
    func read(_ file: Int32, into target: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileFailure) -> Int {
        try files.read(file, into: target, at: offset)
    }
    func write(_ file: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileFailure) -> Int {
        try pass()
        return try files.write(file, bytes, at: offset)
    }
    func sync(_ file: Int32) throws(FileFailure) {
        try pass()
        try files.sync(file)
    }
    func truncate(_ file: Int32, to size: Int) throws(FileFailure) { try files.truncate(file, to: size) }
    func allocate(_ file: Int32, from offset: Int, count: Int) throws(FileFailure) {
        try pass()
        try files.allocate(file, from: offset, count: count)
    }
    func size(_ file: Int32) throws(FileFailure) -> Int { try files.size(file) }
    func rename(_ path: String, to target: String) throws(FileFailure) { try files.rename(path, to: target) }
    func remove(_ path: String) throws(FileFailure) { try files.remove(path) }
    func names(in directory: String) throws(FileFailure) -> [String] { try files.names(in: directory) }
    func makeDirectory(_ path: String) throws(FileFailure) { try files.makeDirectory(path) }
    func syncDirectory(_ path: String) throws(FileFailure) { try files.syncDirectory(path) }
    func freeBytes(in directory: String) throws(FileFailure) -> UInt64 { try files.freeBytes(in: directory) }
}
