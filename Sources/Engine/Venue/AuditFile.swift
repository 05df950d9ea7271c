import Glibc

/// The file that an audit's lines go to, kept open as long as its path leads to it. Of one thread.
struct AuditFile: ~Copyable {
    /// Where it is.
    let path: String
    private let descriptor: Int32
    private let identity: Identity

    /// Which file a path leads to.
    private struct Identity: Equatable {
        var device: UInt
        var inode: UInt

        init(_ status: stat) { (device, inode) = (UInt(status.st_dev), UInt(status.st_ino)) }

        /// What stands at a path; `nil` where nothing does.
        init?(at path: String) {
            var status = stat()
            guard lstat(path, &status) == 0 else { return nil }
            self.init(status)
        }
    }

    /// Why a file can't be written.
    struct Failure: Error { var words: String }

    /// Opens it for appending, readable by its owner alone; made where it is not there. A link is not followed.
    init(_ path: String) throws(Failure) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Failure(words: "\(path): \(String(cString: strerror(errno)))") }
        self.path = path
        var status = stat()
        fstat(descriptor, &status)
        identity = Identity(status)
    }

    deinit { close(descriptor) }

    /// Whether its path still leads to it: somebody may have moved it away.
    var isInPlace: Bool { Identity(at: path) == identity }

    /// Appends lines in one go; what could be written only in part is taken back.
    func append(_ lines: [String]) throws(Failure) {
        let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
        let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count == bytes.count { return }
        let reason = count < 0 ? String(cString: strerror(errno)) : "there is no more room"
        let end = lseek(descriptor, 0, SEEK_END)
        if count > 0, end >= count { ftruncate(descriptor, end - count) }
        throw Failure(words: "\(path): \(reason)")
    }
}
