import Glibc

/// Tells the service manager that started the process how it is: the notification protocol of systemd, which is a datagram
/// of `KEY=value` lines to the socket that `NOTIFY_SOCKET` names (sd_notify(3)).
struct ServiceManager: Sendable {
    /// How often it wants to hear that all is well, in microseconds; `nil` when it does not watch.
    let watchdogMicroseconds: Int64?
    private let address: [UInt8]

    /// The manager that the environment names; `nil` when there is none.
    init?(_ environment: [String: String], process: Int32 = getpid()) {
        guard let path = environment["NOTIFY_SOCKET"], path.hasPrefix("/") || path.hasPrefix("@"),
            path.utf8.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path)
        else { return nil }
        // A name in the abstract space begins with a zero byte, written as an at sign.
        address = path.hasPrefix("@") ? [0] + path.utf8.dropFirst() : Array(path.utf8)
        let isForUs = environment["WATCHDOG_PID"].map { $0 == "\(process)" } ?? true
        let interval = environment["WATCHDOG_USEC"].flatMap(Int64.init) ?? 0
        watchdogMicroseconds = isForUs && interval > 0 ? interval : nil
    }

    /// Sends lines. A manager that does not listen is no reason to do anything else.
    func say(_ lines: String...) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var target = sockaddr_un()
        target.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &target.sun_path) { $0.copyBytes(from: address) }
        // An abstract name is as long as it is said to be; a path ends with its zero.
        let length = MemoryLayout.offset(of: \sockaddr_un.sun_path)! + address.count + (address.first == 0 ? 0 : 1)
        let text = Array(lines.joined(separator: "\n").utf8)
        _ = text.withUnsafeBytes { bytes in
            withUnsafePointer(to: &target) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(
                        descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT),
                        $0, socklen_t(length))
                }
            }
        }
    }
}
