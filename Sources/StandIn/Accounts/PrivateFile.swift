import Glibc

/// Files that only their owner may read.
enum PrivateFile {
    /// Writes a file anew; its directory is made when it is not there.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o600) throws(StandInError) {
        func fail() -> StandInError { .file(path, String(cString: strerror(errno))) }
        let parts = path.split(separator: "/").dropLast()
        var directory = path.hasPrefix("/") ? "" : "."
        for part in parts {
            directory += "/" + part
            guard mkdir(directory, 0o700) == 0 || errno == EEXIST || errno == EISDIR || errno == EROFS else {
                throw fail()
            }
        }
        // A file of an earlier start may have other rights.
        unlink(path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw fail() }
        defer { close(descriptor) }
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress! + offset, bytes.count - offset)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw fail() }
            offset += count
        }
    }
}
