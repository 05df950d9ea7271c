import Glibc

/// Unix stream sockets by path, whatever the length of the path.
///
/// An address holds 107 bytes of path. Longer ones are reached through the directory's descriptor
/// (`/proc/self/fd/N/name`), so that a deep data directory is no reason to go without a control socket.
enum UnixSocket {
    /// A listening socket at `path`, readable and writable by its owner only. A file that is there is replaced: whoever
    /// listens holds the engine's lock, so what is left is a leftover.
    static func listen(path: String) throws(EngineError) -> Int32 {
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw .system(action: "make the control socket", code: errno) }
        unlink(path)
        // The mask keeps the socket from being open to others for the moment before chmod.
        let mask = umask(0o177)
        let bound = withAddress(path) { bind(descriptor, $0, $1) }
        umask(mask)
        guard bound == 0, chmod(path, 0o600) == 0, Glibc.listen(descriptor, 16) == 0 else {
            let code = errno
            close(descriptor)
            throw .system(action: "listen on '\(path)'", code: code)
        }
        return descriptor
    }

    /// A socket connected to `path`, or the error number.
    static func connect(path: String) -> Result<Int32, SystemError> {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return .failure(SystemError(code: errno)) }
        guard withAddress(path, { Glibc.connect(descriptor, $0, $1) }) == 0 else {
            let code = errno
            close(descriptor)
            return .failure(SystemError(code: code))
        }
        return .success(descriptor)
    }

    /// The process at the other end of a connection, or 0 when it is not known.
    static func peerProcess(_ descriptor: Int32) -> Int32 {
        // struct ucred: process, user, group.
        var credentials: (Int32, UInt32, UInt32) = (0, 0, 0)
        var size = socklen_t(MemoryLayout.size(ofValue: credentials))
        return getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 ? credentials.0 : 0
    }

    /// An error number.
    struct SystemError: Error {
        var code: Int32
        var text: String { String(cString: strerror(code)) }
    }

    private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        let capacity = MemoryLayout.size(ofValue: sockaddr_un().sun_path)
        var path = path
        var folder: Int32 = -1
        defer { if folder >= 0 { close(folder) } }
        if path.utf8.count >= capacity, let slash = path.lastIndex(of: "/") {
            folder = open(String(path[..<slash]), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard folder >= 0 else { return -1 }
            path = "/proc/self/fd/\(folder)" + path[slash...]
        }
        guard path.utf8.count < capacity else {
            errno = ENAMETOOLONG
            return -1
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
