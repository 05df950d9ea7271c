import CJournal
import Glibc

/// The operating system's files.
public struct SystemFiles: JournalFiles {
    /// The operating system's files.
    public init() {}

    /// Opens a file.
    public func open(_ path: String, flags: Int32, mode: UInt32) throws(FileFailure) -> Int32 {
        let file = Glibc.open(path, flags, mode)
        guard file >= 0 else { throw FileFailure("open \(path)", code: errno) }
        return file
    }

    /// Closes a descriptor.
    public func close(_ file: Int32) { Glibc.close(file) }

    /// Reads at an offset.
    public func read(
        _ file: Int32, into target: UnsafeMutableRawBufferPointer, at offset: Int
    ) throws(FileFailure) -> Int {
        while true {
            let count = pread(file, target.baseAddress, target.count, offset)
            if count >= 0 { return count }
            guard errno == EINTR else { throw FileFailure("read", code: errno) }
        }
    }

    /// Writes at an offset.
    public func write(_ file: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileFailure) -> Int {
        while true {
            let count = pwrite(file, bytes.baseAddress, bytes.count, offset)
            if count >= 0 { return count }
            guard errno == EINTR else { throw FileFailure("write", code: errno) }
        }
    }

    /// Brings the file's bytes onto the disk.
    public func sync(_ file: Int32) throws(FileFailure) {
        guard fdatasync(file) == 0 else { throw FileFailure("sync", code: errno) }
    }

    /// Cuts a file.
    public func truncate(_ file: Int32, to size: Int) throws(FileFailure) {
        guard ftruncate(file, size) == 0 else { throw FileFailure("truncate", code: errno) }
    }

    /// Reserves room.
    public func allocate(_ file: Int32, from offset: Int, count: Int) throws(FileFailure) {
        guard cjournal_reserve(file, offset, count) == 0 else { throw FileFailure("reserve room", code: errno) }
    }

    /// How long a file is.
    public func size(_ file: Int32) throws(FileFailure) -> Int {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw FileFailure("look at the file", code: errno) }
        return Int(status.st_size)
    }

    /// Renames a file.
    public func rename(_ path: String, to target: String) throws(FileFailure) {
        guard Glibc.rename(path, target) == 0 else { throw FileFailure("rename to \(target)", code: errno) }
    }

    /// Removes a file.
    public func remove(_ path: String) throws(FileFailure) {
        guard unlink(path) == 0 else { throw FileFailure("remove \(path)", code: errno) }
    }

    /// The names in a directory.
    public func names(in directory: String) throws(FileFailure) -> [String] {
        guard let entries = opendir(directory) else { throw FileFailure("read \(directory)", code: errno) }
        defer { closedir(entries) }
        var names: [String] = []
        while let entry = readdir(entries) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Makes a directory, for its owner alone.
    public func makeDirectory(_ path: String) throws(FileFailure) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw FileFailure("make \(path)", code: errno) }
    }

    /// Brings the names onto the disk.
    public func syncDirectory(_ path: String) throws(FileFailure) {
        let directory = try open(path, flags: O_RDONLY | O_DIRECTORY | O_CLOEXEC, mode: 0)
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw FileFailure("sync \(path)", code: errno) }
    }

    /// How many bytes are free.
    public func freeBytes(in directory: String) throws(FileFailure) -> UInt64 {
        var status = statvfs()
        guard statvfs(directory, &status) == 0 else { throw FileFailure("look at the disk", code: errno) }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize)
    }
}
