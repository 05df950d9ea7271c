import CCurl
import Glibc
import Synchronization

/// The thread that libcurl's multi interface lives in: takes requests, moves bytes, gives answers.
///
/// Everything of libcurl is touched by that thread only, except the wake-up, which any thread may call.
final class CurlLoop: @unchecked Sendable {
    private let multi: UnsafeMutableRawPointer
    private let options: HTTPOptions
    /// Certificates that stay where they are as long as the loop: libcurl does not copy them.
    private let trust: UnsafeMutableRawBufferPointer?
    private let inbox = Mutex(Inbox())
    /// The loop's thread only.
    private var active: [UInt64: (handle: UnsafeMutableRawPointer, transfer: CurlTransfer)] = [:]
    /// Handles to be used again, with their names looked up and their TLS sessions.
    private var idle: [UnsafeMutableRawPointer] = []

    private struct Inbox {
        var submitted: [CurlTransfer] = []
        var cancelled: [UInt64] = []
        var isStopped = false
    }

    /// libcurl wants to be told once a process, before anything else.
    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Starts the thread.
    init(_ options: HTTPOptions) throws(HTTPError) {
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
            throw HTTPError(.failed, "libcurl", "no thread can be started: \(String(cString: strerror(code)))")
        }
        pthread_detach(thread)
    }

    // MARK: - From any thread

    /// Takes a request.
    func submit(_ transfer: CurlTransfer) { tell { $0.submitted.append(transfer) } }

    /// Gives a request up, if it is still under way.
    func cancel(_ number: UInt64) { tell { $0.cancelled.append(number) } }

    /// Ends the thread; what is under way is given up.
    func stop() { tell { $0.isStopped = true } }

    private func tell(_ change: (inout Inbox) -> Void) {
        // Under the lock, so that the thread can't have let go of libcurl in between.
        inbox.withLock { inbox in
            guard !inbox.isStopped else { return }
            change(&inbox)
            curl_multi_wakeup(multi)
        }
    }

    // MARK: - The thread

    private func run() {
        while takeInbox() {
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            endTransfers()
            // A wake-up that comes before the wait ends it at once.
            curl_multi_poll(multi, nil, 0, active.isEmpty ? 60_000 : 1_000, nil)
        }
        for (_, entry) in active {
            curl_multi_remove_handle(multi, entry.handle)
            curl_easy_cleanup(entry.handle)
            entry.transfer.fail(.cancelled, "the connection was closed")
        }
        for handle in idle { curl_easy_cleanup(handle) }
        curl_multi_cleanup(multi)
    }

    /// Begins and gives up what was asked for; whether the thread goes on.
    private func takeInbox() -> Bool {
        let taken = inbox.withLock { inbox in
            let taken = inbox
            inbox.submitted.removeAll()
            inbox.cancelled.removeAll()
            return taken
        }
        // A task that was cancelled while its request was handed in is found among both.
        let cancelled = taken.cancelled
        for transfer in taken.submitted {
            if taken.isStopped || cancelled.contains(transfer.number) {
                transfer.fail(.cancelled, "")
            } else {
                begin(transfer)
            }
        }
        for number in cancelled {
            guard let entry = active.removeValue(forKey: number) else { continue }
            curl_multi_remove_handle(multi, entry.handle)
            curl_easy_cleanup(entry.handle)
            entry.transfer.fail(.cancelled, "")
        }
        return !taken.isStopped
    }

    private func begin(_ transfer: CurlTransfer) {
        guard let handle = idle.popLast() ?? curl_easy_init() else {
            return transfer.fail(.failed, "libcurl has no memory")
        }
        let code = transfer.prepare(handle, options, trust: trust.map { UnsafeRawBufferPointer($0) })
        guard code == CURLE_OK, curl_multi_add_handle(multi, handle) == CURLM_OK else {
            curl_easy_cleanup(handle)
            return transfer.end(nil, code == CURLE_OK ? CURLE_FAILED_INIT : code)
        }
        active[transfer.number] = (handle, transfer)
    }

    private func endTransfers() {
        var code = CURLE_OK
        while let handle = ccurl_next_ended(multi, &code) {
            curl_multi_remove_handle(multi, handle)
            guard let transfer = CurlTransfer.of(ccurl_owner(handle)) else { continue }
            active[transfer.number] = nil
            transfer.end(handle, code)
            // Whatever belonged to the request goes; the connection stays with the multi handle.
            curl_easy_reset(handle)
            if idle.count < options.connectionsPerHost { idle.append(handle) } else { curl_easy_cleanup(handle) }
        }
    }
}
