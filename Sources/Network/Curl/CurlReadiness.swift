import CCurl
import Glibc

/// What libcurl waits for: the readiness of its sockets, and a moment.
///
/// libcurl says what it wants while it is called, under the lock of its loop; one thread waits, without that lock.
final class CurlReadiness: @unchecked Sendable {
    private let poll: Int32
    private let timer: Int32
    private let bell: Int32
    /// What libcurl said last of the next moment in milliseconds, where that has not been set yet. Under the loop's lock.
    private var wanted: Int?

    /// What a wait found; of the thread that waits.
    private var events = [epoll_event](repeating: epoll_event(), count: CurlReadiness.mostEvents)

    /// How many sockets one wait tells of at most; the others are told of by the next.
    private static let mostEvents = 64

    /// A socket that is ready, and for what, in libcurl's words.
    typealias Event = (socket: Int32, readiness: Int32)

    init() throws(HTTPError) {
        poll = epoll_create1(Int32(EPOLL_CLOEXEC))
        timer = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC | TFD_NONBLOCK))
        bell = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        let isWhole =
            poll >= 0 && timer >= 0 && bell >= 0 && control(EPOLL_CTL_ADD, timer, EPOLLIN.rawValue)
            && control(EPOLL_CTL_ADD, bell, EPOLLIN.rawValue)
        guard isWhole else {
            let reason = String(cString: strerror(errno))
            for descriptor in [poll, timer, bell] where descriptor >= 0 { close(descriptor) }
            throw HTTPError(.failed, "libcurl", "nothing can be waited for: \(reason)")
        }
    }

    /// The one that libcurl was told of.
    static func of(_ owner: UnsafeMutableRawPointer?) -> CurlReadiness? {
        owner.map { Unmanaged<CurlReadiness>.fromOpaque($0).takeUnretainedValue() }
    }

    deinit {
        for descriptor in [timer, bell, poll] { close(descriptor) }
    }

    // MARK: - Under the loop's lock

    /// What libcurl wants to know of a socket.
    func watch(_ socket: Int32, _ what: Int32) {
        var events: UInt32 = 0
        if what == CURL_POLL_REMOVE {
            _ = control(EPOLL_CTL_DEL, socket, 0)
            return
        }
        if what & CURL_POLL_IN != 0 { events |= EPOLLIN.rawValue }
        if what & CURL_POLL_OUT != 0 { events |= EPOLLOUT.rawValue }
        if !control(EPOLL_CTL_MOD, socket, events) { _ = control(EPOLL_CTL_ADD, socket, events) }
    }

    /// When libcurl wants to be called, in milliseconds from now; negative for never. It counts from `settle` on.
    func want(milliseconds: Int) { wanted = milliseconds }

    /// Sets the moment that libcurl named last. Once for all that it said in between: a moment that has come at once would wake
    /// the thread that waits while the lock is held.
    func settle() {
        guard let milliseconds = wanted else { return }
        wanted = nil
        var time = itimerspec()
        if milliseconds >= 0 {
            // Zero would take the moment away instead of having it come at once.
            time.it_value.tv_sec = milliseconds / 1_000
            time.it_value.tv_nsec = max(1, milliseconds % 1_000 * 1_000_000)
        }
        timerfd_settime(timer, 0, &time, nil)
    }

    // MARK: - From any thread

    /// Ends the wait of now, or the next.
    func interrupt() {
        var one: UInt64 = 1
        _ = write(bell, &one, 8)
    }

    // MARK: - The thread that waits

    /// Waits until sockets are ready, the moment has come, or somebody interrupts.
    ///
    /// - Returns: the sockets, and whether the moment has come.
    func wait() -> (sockets: [Event], isDue: Bool) {
        let count = epoll_wait(poll, &events, Int32(events.count), -1)
        guard count > 0 else { return ([], false) }
        var ready: [Event] = []
        var isDue = false
        for event in events[..<Int(count)] {
            if event.data.fd == timer || event.data.fd == bell {
                var times: UInt64 = 0
                _ = read(event.data.fd, &times, 8)
                isDue = isDue || event.data.fd == timer
                continue
            }
            var readiness: Int32 = 0
            if event.events & EPOLLIN.rawValue != 0 { readiness |= CURL_CSELECT_IN }
            if event.events & EPOLLOUT.rawValue != 0 { readiness |= CURL_CSELECT_OUT }
            if event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { readiness |= CURL_CSELECT_ERR }
            ready.append((event.data.fd, readiness))
        }
        return (ready, isDue)
    }

    // MARK: -

    private func control(_ operation: Int32, _ descriptor: Int32, _ events: UInt32) -> Bool {
        var event = epoll_event()
        event.events = events
        event.data.fd = descriptor
        return epoll_ctl(poll, operation, descriptor, &event) == 0
    }
}
