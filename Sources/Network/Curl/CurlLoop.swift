import CCurl
import Glibc
import Synchronization

/// Where libcurl's multi interface lives: requests are begun by whoever hands them in, one thread moves the bytes of those
/// under way.
///
/// Everything of libcurl is touched under one lock. A request that finds a kept connection is on its way when `submit`
/// returns: to wake the thread for it would take longer than to send it.
final class CurlLoop: @unchecked Sendable {
    private let multi: UnsafeMutableRawPointer
    private let options: HTTPOptions
    /// Certificates that stay where they are as long as the loop: libcurl does not copy them.
    private let trust: UnsafeMutableRawBufferPointer?
    private let readiness: CurlReadiness
    private let state = Mutex(State())

    private struct State {
        var active: [UInt64: (handle: UnsafeMutableRawPointer, transfer: CurlTransfer)] = [:]
        /// Handles to be used again, with their names looked up and their TLS sessions.
        var idle: [UnsafeMutableRawPointer] = []
        var pools = CurlPools()
        var isStopped = false
    }

    /// What is given up, for the thread. Under a lock of its own, under which nothing else is done: whoever cancels a task
    /// holds that task's lock meanwhile, and a task is resumed, for which its lock is needed, under the lock of everything.
    private let cancelled = Mutex<[UInt64]>([])

    /// libcurl wants to be told once a process, before anything else.
    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Starts the thread.
    init(_ options: HTTPOptions) throws(HTTPError) {
        readiness = try CurlReadiness()
        guard CurlLoop.isReady, let multi = curl_multi_init() else {
            throw HTTPError(.failed, "libcurl", "it can't be started")
        }
        self.multi = multi
        self.options = options
        do throws(HTTPError) {
            trust = try options.additionalTrust.map { (file) throws(HTTPError) in
                let bytes = try TrustedCertificates.system(and: file)
                let kept = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
                kept.copyBytes(from: bytes)
                return kept
            }
        } catch {
            curl_multi_cleanup(multi)
            throw error
        }
        ccurl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, options.connectionsPerHost)
        ccurl_multi_watch(
            multi, Unmanaged.passUnretained(readiness).toOpaque(),
            { _, socket, what, owner, _ in
                CurlReadiness.of(owner)?.watch(socket, what)
                return 0
            },
            { _, milliseconds, owner in
                CurlReadiness.of(owner)?.want(milliseconds: milliseconds)
                return 0
            })
        state.withLock { $0.pools.open() }
        try start()
    }

    deinit { trust?.deallocate() }

    private func start() throws(HTTPError) {
        // Handlers of signals run where the program wants them, not here.
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        for fault in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS] { sigdelset(&all, fault) }
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<CurlLoop>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
        guard code == 0 else {
            Unmanaged.passUnretained(self).release()
            curl_multi_cleanup(multi)
            state.withLock { $0.pools.close() }
            throw HTTPError(.failed, "libcurl", "no thread can be started: \(String(cString: strerror(code)))")
        }
        pthread_detach(thread)
    }

    // MARK: - From any thread

    /// Takes a request. With a connection that is kept it has been sent when this returns, as far as the socket took it.
    func submit(_ transfer: CurlTransfer) {
        withoutBrokenPipe {
            state.withLock { state in
                guard !state.isStopped else { return transfer.fail(.cancelled, "the connection was closed") }
                let kept = state.idle.popLast()
                begin(transfer, kept, &state)
                // A new connection is the thread's: what it takes to make one would hold the asking thread up.
                if kept != nil { act(CURL_SOCKET_TIMEOUT, 0, &state) }
                readiness.settle()
            }
        }
    }

    /// Gives a request up, if it is still under way.
    func cancel(_ number: UInt64) {
        cancelled.withLock { $0.append(number) }
        readiness.interrupt()
    }

    /// Ends the thread; what is under way is given up.
    func stop() {
        state.withLock { $0.isStopped = true }
        readiness.interrupt()
    }

    /// Does something in which libcurl may write to a connection that its server has closed: that must come back as an error,
    /// not as a signal that ends the process. The loop's own thread takes no signals.
    private func withoutBrokenPipe(_ body: () -> Void) {
        var brokenPipe = sigset_t()
        var before = sigset_t()
        sigemptyset(&brokenPipe)
        sigaddset(&brokenPipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &brokenPipe, &before)
        body()
        guard sigismember(&before, SIGPIPE) == 0 else { return }
        var none = timespec()
        while sigtimedwait(&brokenPipe, nil, &none) > 0 {}
        pthread_sigmask(SIG_SETMASK, &before, nil)
    }

    // MARK: - The thread

    private func run() {
        var goesOn = true
        while goesOn {
            let (sockets, isDue) = readiness.wait()
            goesOn = state.withLock { state in
                guard !state.isStopped else {
                    close(&state)
                    return false
                }
                giveUpCancelled(&state)
                for (socket, readiness) in sockets { act(socket, readiness, &state) }
                if isDue { act(CURL_SOCKET_TIMEOUT, 0, &state) }
                // A pool that a request handed in meanwhile retired waits for the next time.
                state.pools.sweep()
                readiness.settle()
                return true
            }
        }
    }

    private func close(_ state: inout State) {
        for (_, entry) in state.active {
            curl_multi_remove_handle(multi, entry.handle)
            curl_easy_cleanup(entry.handle)
            entry.transfer.fail(.cancelled, "the connection was closed")
        }
        for handle in state.idle { curl_easy_cleanup(handle) }
        curl_multi_cleanup(multi)
        state.pools.close()
    }

    private func giveUpCancelled(_ state: inout State) {
        let givenUp = cancelled.withLock { cancelled in
            defer { cancelled.removeAll() }
            return cancelled
        }
        for number in givenUp {
            guard let entry = state.active.removeValue(forKey: number) else { continue }
            curl_multi_remove_handle(multi, entry.handle)
            curl_easy_cleanup(entry.handle)
            entry.transfer.fail(.cancelled, "")
        }
    }

    // MARK: - Under the lock

    private func begin(_ transfer: CurlTransfer, _ kept: UnsafeMutableRawPointer?, _ state: inout State) {
        guard let handle = kept ?? curl_easy_init() else {
            return transfer.fail(.failed, "libcurl has no memory")
        }
        let code = transfer.prepare(
            handle, options, trust: trust.map { UnsafeRawBufferPointer($0) }, pool: state.pools.current)
        guard code == CURLE_OK, curl_multi_add_handle(multi, handle) == CURLM_OK else {
            curl_easy_cleanup(handle)
            return transfer.end(nil, code == CURLE_OK ? CURLE_FAILED_INIT : code)
        }
        state.active[transfer.number] = (handle, transfer)
    }

    /// Has libcurl go on with what a socket is ready for, or with what its time has come for, and ends what has ended.
    private func act(_ socket: Int32, _ readiness: Int32, _ state: inout State) {
        var running: Int32 = 0
        curl_multi_socket_action(multi, socket, readiness, &running)
        var code = CURLE_OK
        while let handle = ccurl_next_ended(multi, &code) {
            curl_multi_remove_handle(multi, handle)
            guard let transfer = CurlTransfer.of(ccurl_owner(handle)) else { continue }
            state.active[transfer.number] = nil
            // Before the task hears of it: what it sends then must not go the same way.
            if code.isOfConnection, ccurl_sent(handle) > 0 { state.pools.retire(transfer.pool) }
            transfer.end(handle, code)
            // Whatever belonged to the request goes; the connection stays in its pool.
            curl_easy_reset(handle)
            _ = ccurl_set_pointer(handle, CURLOPT_SHARE, nil)
            if state.idle.count < options.connectionsPerHost {
                state.idle.append(handle)
            } else {
                curl_easy_cleanup(handle)
            }
        }
    }
}
