import CCurl
import Synchronization

/// Asks servers by HTTP: connections are kept and used again, HTTP/2 where the server offers it, answers may be packed by
/// gzip, and the proxy of the environment (`https_proxy`, `no_proxy`) is used.
///
/// Any number of tasks may ask at once. libcurl's multi interface does the work in one thread of its own, which ends with
/// the client; requests still under way are given up then.
public final class HTTPClient: Sendable {
    /// Whether the system's libcurl has HTTP/2. Without it every request that is under way has a connection of its own.
    public static let speaksHTTP2 = ccurl_has_http2() != 0

    private let loop: CurlLoop
    private let lastNumber = Atomic<UInt64>(0)

    /// A client.
    ///
    /// - Throws: `HTTPError` when the file of additional certificates can't be read or the thread can't be started.
    public init(_ options: HTTPOptions = HTTPOptions()) throws(HTTPError) {
        loop = try CurlLoop(options)
    }

    deinit { loop.stop() }

    /// The answer to a request, whatever its status.
    ///
    /// Cancelling the task gives the request up.
    /// - Throws: `HTTPError` when no whole answer came.
    public func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        try await send(to: request.location) { $0(request) }
    }

    /// The answer to a request that is handed in on whatever thread has it ready: what it waits for need not wake the asking
    /// task first.
    ///
    /// Cancelling the task gives the request up.
    /// - Parameters:
    ///   - location: the address without parameters, for messages.
    ///   - launch: makes the request and hands it in, once; may return before. With `nil` nothing is sent.
    /// - Throws: `HTTPError` when no whole answer came; `cancelled` when nothing was handed in.
    public func send(
        to location: String, launch: (_ hand: @escaping @Sendable (HTTPRequest?) -> Void) -> Void
    ) async throws(HTTPError) -> HTTPResponse {
        let number = lastNumber.wrappingAdd(1, ordering: .relaxed).newValue
        let end = Relinquishment()
        let result: Result<HTTPResponse, HTTPError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                launch { [loop] request in
                    guard let request, !end.isReached else {
                        return continuation.resume(
                            returning: .failure(
                                HTTPError(.cancelled, location, request == nil ? "it could not be made" : "")))
                    }
                    loop.submit(CurlTransfer(number, request, continuation))
                    // Given up while it was handed in, when there was nothing to give up yet.
                    if end.isReached { loop.cancel(number) }
                }
            }
        } onCancel: {
            end.reach()
            loop.cancel(number)
        }
        return try result.get()
    }
}

/// Whether a request is wanted no more.
private final class Relinquishment: Sendable {
    private let flag = Atomic<Bool>(false)
    var isReached: Bool { flag.load(ordering: .acquiring) }
    func reach() { flag.store(true, ordering: .releasing) }
}
