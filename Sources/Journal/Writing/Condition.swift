import Glibc

/// Lets threads wait for something that another one does.
final class Condition: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        // A step of the wall clock must not make anybody wait for an hour.
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Changes what is waited for and wakes everybody.
    func broadcast(_ change: () -> Void = {}) {
        pthread_mutex_lock(mutex)
        change()
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Waits until `predicate` holds or the time is over; whether it held.
    @discardableResult
    func wait(milliseconds: Int32, until predicate: () -> Bool) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        if predicate() { return true }
        let end = MonotonicClock.now() + Int64(max(milliseconds, 0)) * 1_000_000
        var deadline = timespec(tv_sec: Int(end / 1_000_000_000), tv_nsec: Int(end % 1_000_000_000))
        while true {
            let code = pthread_cond_timedwait(condition, mutex, &deadline)
            if predicate() { return true }
            if code == ETIMEDOUT { return false }
        }
    }
}

/// Durations are measured with this clock; nothing in a record comes from it.
enum MonotonicClock {
    /// Nanoseconds since some beginning.
    static func now() -> Int64 { read(CLOCK_MONOTONIC) }

    /// Nanoseconds since the epoch, for the stamps of files.
    static func wall() -> Int64 { read(CLOCK_REALTIME) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
