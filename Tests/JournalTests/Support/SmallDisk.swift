import Glibc

@testable import Journal

/// A file system of a few kilobytes, in memory.
struct SmallDisk {
    let path: String

    /// Whether one can be mounted here: tried once.
    static let isPossible: Bool = {
        guard getuid() == 0 else { return false }
        let scratch = Scratch()
        guard let disk = try? SmallDisk(at: scratch.path + "/disk", kilobytes: 64) else { return false }
        disk.remove()
        return true
    }()

    init(at path: String, kilobytes: Int) throws {
        self.path = path
        mkdir(path, 0o700)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else {
            let code = errno
            rmdir(path)
            throw TestFailure(text: "mount: \(String(cString: strerror(code)))")
        }
    }

    func fill(kilobytes: Int, name: String) throws {
        let file = try SystemFiles().open(path + "/" + name, flags: O_RDWR | O_CREAT, mode: 0o600)
        defer { SystemFiles().close(file) }
        try SystemFiles().writeAll(file, [UInt8](repeating: 1, count: kilobytes << 10), at: 0)
    }

    /// Mounts it anew, for reading alone. Nothing may be open for writing there.
    func becomeReadOnly() throws {
        guard mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), nil) == 0 else {
            throw TestFailure(text: "remount: \(String(cString: strerror(errno)))")
        }
    }

    func remove() {
        umount(path)
        rmdir(path)
    }
}
