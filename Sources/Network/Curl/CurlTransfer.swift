import CCurl

/// One request under way: gathers what comes until it has ended.
///
/// Made by the asking task, then touched by the loop's thread only.
final class CurlTransfer: @unchecked Sendable {
    typealias Continuation = CheckedContinuation<Result<HTTPResponse, HTTPError>, Never>

    let number: UInt64
    let request: HTTPRequest
    private let continuation: Continuation
    private var headers: [String: String] = [:]
    private var body: [UInt8] = []
    private var headerBytes = 0
    private var largestBody = 0
    /// Where it finds its connection, and leaves it.
    private(set) var pool: UnsafeMutableRawPointer?
    private var isTooLarge = false
    private let message = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    /// The header fields besides libcurl's own, in libcurl's form.
    private var fields: UnsafeMutablePointer<curl_slist>?
    /// The body, and how much of it libcurl has taken.
    private let content: [UInt8]
    private var taken = 0

    /// No server sends more of header fields.
    static let largestHeader = 256 << 10
    /// After how many seconds without anything on a connection the kernel asks whether its peer is still there, and how long
    /// it waits for that.
    static let (probeAfter, probeEvery) = (10, 5)

    init(_ number: UInt64, _ request: HTTPRequest, _ continuation: Continuation) {
        self.number = number
        self.request = request
        content = request.body
        self.continuation = continuation
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        message.deallocate()
        curl_slist_free_all(fields)
    }

    /// Puts everything about the request into a fresh handle.
    ///
    /// - Parameters:
    ///   - trust: certificates that stay where they are as long as the handle.
    ///   - pool: where connections are kept.
    /// - Returns: what libcurl does not take, or `CURLE_OK`.
    func prepare(
        _ handle: UnsafeMutableRawPointer, _ options: HTTPOptions, trust: UnsafeRawBufferPointer?,
        pool: UnsafeMutableRawPointer?
    ) -> CURLcode {
        largestBody = options.largestBody
        self.pool = pool
        let owner = Unmanaged.passUnretained(self).toOpaque()
        let silence = max(1, Int(options.silenceTimeout.components.seconds))
        var code = CURLE_OK
        func set(_ step: CURLcode) { if code == CURLE_OK { code = step } }
        set(ccurl_set_pointer(handle, CURLOPT_SHARE, pool))
        set(ccurl_set_text(handle, CURLOPT_URL, request.address))
        setContent(handle, owner, set)
        set(ccurl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https"))
        set(ccurl_set_text(handle, CURLOPT_USERAGENT, "wick"))
        set(ccurl_set_text(handle, CURLOPT_ACCEPT_ENCODING, "gzip"))
        if HTTPClient.speaksHTTP2 { set(ccurl_set_long(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))) }
        // Rather a stream of a connection that may turn out to be HTTP/2 than a connection more.
        set(ccurl_set_long(handle, CURLOPT_PIPEWAIT, 1))
        set(ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1))
        set(ccurl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0))
        set(ccurl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, options.connectTimeout.milliseconds))
        set(ccurl_set_long(handle, CURLOPT_TIMEOUT_MS, options.totalTimeout.milliseconds))
        set(ccurl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1))
        set(ccurl_set_long(handle, CURLOPT_LOW_SPEED_TIME, silence))
        // A path that has died is noticed by what stays without an acknowledgement, a request or a probe of the kernel.
        set(ccurl_set_longest_silence(handle, options.acknowledgementTimeout.milliseconds))
        set(ccurl_set_long(handle, CURLOPT_TCP_KEEPALIVE, 1))
        set(ccurl_set_long(handle, CURLOPT_TCP_KEEPIDLE, CurlTransfer.probeAfter))
        set(ccurl_set_long(handle, CURLOPT_TCP_KEEPINTVL, CurlTransfer.probeEvery))
        set(ccurl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1))
        set(ccurl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2))
        if let trust { set(ccurl_lend_bytes(handle, CURLOPT_CAINFO_BLOB, trust.baseAddress, trust.count)) }
        set(ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, message))
        set(ccurl_set_pointer(handle, CURLOPT_PRIVATE, owner))
        set(ccurl_set_pointer(handle, CURLOPT_WRITEDATA, owner))
        set(ccurl_set_pointer(handle, CURLOPT_HEADERDATA, owner))
        set(ccurl_set_sink(handle, CURLOPT_WRITEFUNCTION) { CurlTransfer.of($3)?.takeBody($0, $1 * $2) ?? 0 })
        set(ccurl_set_sink(handle, CURLOPT_HEADERFUNCTION) { CurlTransfer.of($3)?.takeHeader($0, $1 * $2) ?? 0 })
        return code
    }

    /// Method, body and header fields.
    ///
    /// A body is given to libcurl piece by piece and never again from its beginning. When a kept connection breaks
    /// while a request is on it libcurl sends the request once more on another, whatever its method; with a body that
    /// can't be had twice it reports an error instead. So whatever has a body reaches a server once at most, and an
    /// order is not placed twice.
    private func setContent(
        _ handle: UnsafeMutableRawPointer, _ owner: UnsafeMutableRawPointer, _ set: (CURLcode) -> Void
    ) {
        for field in request.headers { fields = curl_slist_append(fields, "\(field.name): \(field.value)") }
        if !content.isEmpty {
            // Asking whether the body is welcome would cost a round trip.
            fields = curl_slist_append(fields, "Expect:")
            fields = curl_slist_append(fields, "Content-Type: application/x-www-form-urlencoded")
            set(ccurl_set_long(handle, CURLOPT_POST, 1))
            set(ccurl_set_long(handle, CURLOPT_POSTFIELDSIZE, content.count))
            set(ccurl_set_pointer(handle, CURLOPT_READDATA, owner))
            set(ccurl_set_sink(handle, CURLOPT_READFUNCTION) { CurlTransfer.of($3)?.giveBody($0, $1 * $2) ?? 0 })
        }
        if request.method != .get || !content.isEmpty {
            set(ccurl_set_text(handle, CURLOPT_CUSTOMREQUEST, request.method.rawValue))
        }
        if let fields { set(ccurl_set_pointer(handle, CURLOPT_HTTPHEADER, fields)) }
    }

    private func giveBody(_ bytes: UnsafeMutablePointer<CChar>?, _ room: Int) -> Int {
        let count = min(room, content.count - taken)
        guard let bytes, count > 0 else { return 0 }
        content.withUnsafeBytes {
            UnsafeMutableRawPointer(bytes).copyMemory(from: $0.baseAddress! + taken, byteCount: count)
        }
        taken += count
        return count
    }

    /// The transfer that a handle works for.
    static func of(_ owner: UnsafeMutableRawPointer?) -> CurlTransfer? {
        owner.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private func takeBody(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let bytes, body.count + count <= largestBody else {
            isTooLarge = true
            return 0
        }
        body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
        return count
    }

    private func takeHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        headerBytes += count
        guard let bytes, headerBytes <= CurlTransfer.largestHeader else {
            isTooLarge = true
            return 0
        }
        // A venue sends some twenty fields with each answer, so they are taken by their bytes.
        let line = UnsafeRawBufferPointer(start: bytes, count: count)
        // A further status line begins the fields anew: those before belong to an answer of the proxy, or to a 1xx.
        if line.starts(with: "HTTP/".utf8) { headers.removeAll(keepingCapacity: true) }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return count }
        let name = line[..<colon].map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        var value = line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
        while let last = value.last, last == 0x0D || last == 0x0A || last == 0x20 || last == 0x09 { value.removeLast() }
        headers[String(decoding: name, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
        return count
    }

    /// Gives the task its answer. Called once.
    func end(_ handle: UnsafeMutableRawPointer?, _ code: CURLcode) {
        guard code == CURLE_OK, let handle else {
            return fail(CurlTransfer.kind(code, isTooLarge), isTooLarge ? limits : text(code))
        }
        let retryAfter = headers["retry-after"].flatMap { RetryAfter.seconds($0, answeredAt: headers["date"]) }
        continuation.resume(
            returning: .success(
                HTTPResponse(
                    status: ccurl_status(handle), headers: headers, body: body, retryAfterSeconds: retryAfter)))
    }

    /// Gives the task an error. Called once.
    func fail(_ kind: HTTPError.Kind, _ detail: String) {
        var error = HTTPError(kind, request.location, detail)
        // A kept connection broke under the body, and the one that was to take its place did not come about: that says
        // nothing of what the server has got over the first.
        if taken > 0, error.isNeverSent { error.kind = .brokenAnswer }
        continuation.resume(returning: .failure(error))
    }

    private var limits: String { "more than \(largestBody) bytes, or header fields beyond reason" }

    private func text(_ code: CURLcode) -> String {
        let text = String(cString: message)
        return text.isEmpty ? String(cString: curl_easy_strerror(code)) : text
    }

    private static func kind(_ code: CURLcode, _ isTooLarge: Bool) -> HTTPError.Kind {
        switch code {
        case _ where isTooLarge: return .tooLarge
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: return .invalidAddress
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return .unknownHost
        case CURLE_COULDNT_CONNECT, CURLE_PROXY: return .cannotConnect
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE:
            return .notTrusted
        case CURLE_OPERATION_TIMEDOUT: return .timedOut
        case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_WEIRD_SERVER_REPLY,
            CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_WRITE_ERROR, CURLE_SEND_FAIL_REWIND:
            return .brokenAnswer
        default: return .failed
        }
    }
}

extension Duration {
    /// Whole milliseconds, one at least: to libcurl zero means for ever.
    fileprivate var milliseconds: Int {
        max(1, Int(components.seconds) * 1_000 + Int(components.attoseconds / 1_000_000_000_000_000))
    }
}
