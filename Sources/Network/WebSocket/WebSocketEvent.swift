/// What a WebSocket hands to its handler.
///
/// The bytes are lent for the time of the call; whoever needs them longer copies them.
public enum WebSocketEvent {
    /// A whole text message, its bytes as they came: whether they are UTF-8 is for whoever reads them to see. With the
    /// time when its last bytes were read from the socket, in nanoseconds since 1970 by the system's clock.
    case text(UnsafeRawBufferPointer, receivedAt: Int64)
    /// A whole binary message, and the time of its last bytes.
    case binary(UnsafeRawBufferPointer, receivedAt: Int64)
    /// The connection has ended. Comes once, and nothing after it.
    case closed(WebSocketClosure)
}

/// How a connection ended.
public struct WebSocketClosure: Sendable, Hashable {
    /// The code of the close frame: the server's, or ours when we closed; 1005 when the server gave none, 1006 when the
    /// connection ended without one.
    public var code: Int
    /// The reason beside the code, often empty.
    public var reason: String
    /// Who ended it.
    public var initiator: Initiator
    /// What went wrong; `nil` when one side closed and there is nothing amiss.
    public var error: WebSocketError?

    /// Who ended a connection.
    public enum Initiator: Sendable, Hashable {
        /// We did: it was closed, or the server broke the rules or was silent.
        case client
        /// The server closed it by a close frame.
        case server
        /// Nobody in order: it broke off.
        case neither
    }
}
