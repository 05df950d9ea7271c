import Glibc

/// What every descriptor of the engine has in common.
enum Descriptors {
    /// Makes a descriptor non-blocking and keeps it from programs that are started later.
    static func prepare(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }
}
