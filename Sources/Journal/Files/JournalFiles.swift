import Glibc

/// What the journal asks of a file system. Everything it does goes through here, so that a test can make a disk slow,
/// full or broken below the code that has to live with it.
public protocol JournalFiles: Sendable {
    /// Opens a file with the flags and mode of open(2).
    func open(_ path: String, flags: Int32, mode: UInt32) throws(FileFailure) -> Int32
    /// Closes a descriptor.
    func close(_ file: Int32)
    /// Reads at an offset; 0 at the end.
    func read(_ file: Int32, into target: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileFailure) -> Int
    /// Writes at an offset; may write less than it was given.
    func write(_ file: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileFailure) -> Int
    /// Returns when the file's bytes are on the disk.
    func sync(_ file: Int32) throws(FileFailure)
    /// Cuts a file, or makes it longer with zeros.
    func truncate(_ file: Int32, to size: Int) throws(FileFailure)
    /// Reserves room on the disk; the new bytes are zeros.
    func allocate(_ file: Int32, from offset: Int, count: Int) throws(FileFailure)
    /// How long a file is.
    func size(_ file: Int32) throws(FileFailure) -> Int
    /// Gives a file another name, in place of what had it.
    func rename(_ path: String, to target: String) throws(FileFailure)
    /// Removes a file.
    func remove(_ path: String) throws(FileFailure)
    /// The names in a directory, sorted.
    func names(in directory: String) throws(FileFailure) -> [String]
    /// Makes a directory unless it is there.
    func makeDirectory(_ path: String) throws(FileFailure)
    /// Returns when the names in a directory are on the disk.
    func syncDirectory(_ path: String) throws(FileFailure)
    /// How many bytes are free on the disk that holds a directory.
    func freeBytes(in directory: String) throws(FileFailure) -> UInt64
}

/// A refusal of the file system.
public struct FileFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was tried.
    public var action: String
    /// The error number.
    public var code: Int32

    /// An action and its error number.
    public init(_ action: String, code: Int32) {
        self.action = action
        self.code = code
    }

    /// What was tried and the system's words.
    public var description: String { "can't \(action): \(String(cString: strerror(code)))" }
}

extension JournalFiles {
    /// Writes everything, in as many parts as it takes.
    func writeAll(_ file: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileFailure) {
        var done = 0
        while done < bytes.count {
            let count = try write(file, UnsafeRawBufferPointer(rebasing: bytes[done...]), at: offset + done)
            // A disk that takes nothing and says nothing is a full one.
            guard count > 0 else { throw FileFailure("write", code: ENOSPC) }
            done += count
        }
    }

    /// Writes everything; the array's bytes.
    func writeAll(_ file: Int32, _ bytes: [UInt8], at offset: Int) throws(FileFailure) {
        let result: Result<Void, FileFailure> = bytes.withUnsafeBytes { raw in
            do throws(FileFailure) { return .success(try writeAll(file, raw, at: offset)) } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    /// All bytes of a small file.
    func contents(of path: String) throws(FileFailure) -> [UInt8] {
        let file = try open(path, flags: O_RDONLY | O_CLOEXEC, mode: 0)
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: try size(file))
        var done = 0
        while done < bytes.count {
            let count = try read(file, into: &bytes, from: done)
            if count == 0 { break }
            done += count
        }
        bytes.removeLast(bytes.count - done)
        return bytes
    }

    /// Reads into an array's bytes from the offset on, in file and array alike.
    func read(_ file: Int32, into bytes: inout [UInt8], from offset: Int) throws(FileFailure) -> Int {
        let result: Result<Int, FileFailure> = bytes.withUnsafeMutableBytes { raw in
            do throws(FileFailure) {
                return .success(
                    try read(file, into: UnsafeMutableRawBufferPointer(rebasing: raw[offset...]), at: offset))
            } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Makes a file whole or not at all: under another name first, on the disk, then renamed.
    func replace(_ path: String, with bytes: [UInt8], in directory: String) throws(FileFailure) {
        let unfinished = path + ".tmp"
        let file = try open(unfinished, flags: O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, mode: 0o600)
        do throws(FileFailure) {
            try writeAll(file, bytes, at: 0)
            try sync(file)
        } catch {
            close(file)
            try? remove(unfinished)
            throw error
        }
        close(file)
        try rename(unfinished, to: path)
        try syncDirectory(directory)
    }
}
