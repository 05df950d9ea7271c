import NIOCore
import Synchronization

/// A WebSocket to a server, over TLS (`wss`) or, for servers on this machine, without (`ws`).
///
/// Messages go to the handler that was given to `connect`, on a thread of the network, one after the other and in order;
/// while it works, nothing else of the connection happens, so it hands on and returns. It may be called before `connect`
/// has returned. All connections of the process share two threads, which are started with the first one and stay.
///
/// Pings are answered, and sent; a server without a sign of life is given up. The proxy of the environment
/// (`https_proxy`, `all_proxy`, `no_proxy`) is used. Sent messages are never packed: they are short, they carry
/// signatures, and an order does not wait for a packer.
///
/// Letting go of the value closes the connection.
public final class WebSocket: Sendable {
    /// Takes what comes.
    public typealias Handler = @Sendable (WebSocketEvent) -> Void

    /// The address without its parameters, for messages.
    public let address: String
    private let loop: any EventLoop
    private let connection: NIOLoopBound<WebSocketConnection>
    private let lastNumber = Atomic<UInt64>(0)

    init(_ connection: NIOLoopBound<WebSocketConnection>, on loop: any EventLoop, address: String) {
        self.address = address
        self.loop = loop
        self.connection = connection
    }

    deinit { loop.execute { [connection] in connection.value.close(1001, "", nil) } }

    /// Opens a connection.
    ///
    /// The handler is never called when this throws. Cancelling the task gives the connection up.
    /// - Parameters:
    ///   - address: `wss://host[:port][/path][?parameters]`.
    ///   - handler: takes the messages, and the end, which comes once and last.
    /// - Throws: `WebSocketError`.
    public static func connect(
        to address: String, _ options: WebSocketOptions = WebSocketOptions(), handler: @escaping Handler
    ) async throws(WebSocketError) -> WebSocket {
        try await connect(to: address, options, through: .current(), handler: handler)
    }

    static func connect(
        to text: String, _ options: WebSocketOptions, through environment: ProxyEnvironment, handler: @escaping Handler
    ) async throws(WebSocketError) -> WebSocket {
        let location = WebSocketAddress.location(text)
        do throws(WebSocketTrouble) {
            let address = try WebSocketAddress(text)
            let request = try UpgradeRequest(address, options)
            let proxy = try environment.proxy(for: address)
            let security = address.isSecure ? try ClientSecurity(address, options) : nil
            return try await Opening.open(
                OpeningPlan(
                    address: address, location: location, options: options, request: request, proxy: proxy,
                    security: security, handler: handler))
        } catch {
            throw error.at(location)
        }
    }

    /// Sends a text message.
    ///
    /// Returns when the socket has taken its bytes. When this throws, the server has not got the whole message. Messages
    /// leave in the order in which they were handed in; cancelling the task takes one back that still waits.
    /// - Throws: `WebSocketError` of kind `queueFull`, `closed`, `cancelled` or `brokenOff`.
    public func send(text: String) async throws(WebSocketError) {
        let number = lastNumber.wrappingAdd(1, ordering: .relaxed).newValue
        let trouble: WebSocketTrouble? = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard !Task.isCancelled else { return continuation.resume(returning: WebSocketTrouble(.cancelled, "")) }
                loop.execute { [connection] in
                    connection.value.send(OutboundMessage(number, text) { continuation.resume(returning: $0) })
                }
                // Cancelled before it was handed in, when there was nothing to take back yet.
                if Task.isCancelled { takeBack(number) }
            }
        } onCancel: {
            takeBack(number)
        }
        if let trouble { throw trouble.at(address) }
    }

    private func takeBack(_ number: UInt64) { loop.execute { [connection] in connection.value.takeBack(number) } }

    /// Closes the connection, and returns when it has ended; at once when it has ended already.
    ///
    /// What still waits to be sent is dropped. Never takes much longer than the options' `closeTimeout`.
    /// - Parameters:
    ///   - code: why: 1000…1003, 1007…1011, or 3000…4999.
    ///   - reason: the reason in words; cut to 123 bytes.
    public func close(code: Int = 1000, reason: String = "") async {
        precondition(CloseCode.isSendable(code), "\(code) is no code that may be sent")
        await withCheckedContinuation { continuation in
            loop.execute { [connection] in connection.value.close(code, reason) { continuation.resume() } }
        }
    }
}
