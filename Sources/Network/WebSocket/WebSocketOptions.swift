/// How a WebSocket is opened, watched and limited, and whom to trust.
///
/// Certificates and names are always checked; there is no way to switch that off.
public struct WebSocketOptions: Sendable, Hashable {
    /// Header fields of the request that opens the connection, such as a venue's key. Values never appear in messages.
    public var headers: [String: String] = [:]
    /// A file of certificates (PEM) that are trusted besides those of the system, for a testnet of one's own.
    public var additionalTrust: String?
    /// How long a connection may take to stand: the name's look-up, TCP, and the proxy's answer where there is one.
    public var connectTimeout: Duration = .seconds(10)
    /// How long TLS and the server's consent to the upgrade may take after that.
    public var upgradeTimeout: Duration = .seconds(10)
    /// After how long without a single byte from the server the connection counts as dead. Longer than `pingInterval`,
    /// or a quiet server is taken for a dead one.
    public var silenceTimeout: Duration = .seconds(30)
    /// How often the server is asked for a sign of life; `nil` for never.
    public var pingInterval: Duration? = .seconds(10)
    /// How long the server may take to answer a close, before the connection is cut.
    public var closeTimeout: Duration = .seconds(2)
    /// The most bytes of a message, all fragments together and unpacked.
    public var largestMessage = 16 << 20
    /// The most messages sent within a second, pings and pongs among them; `nil` for no limit. What is more waits its
    /// turn.
    public var messagesPerSecond: Int?
    /// The most messages that may wait for their turn or for the socket; one more is refused.
    public var largestQueue = 256
    /// Whether the server is offered to pack its messages (permessage-deflate). It saves traffic and costs time: a
    /// message is unpacked before it is handed on. No venue documents it so far, so none is offered it.
    public var offersCompression = false

    /// The defaults.
    public init() {}
}

extension WebSocketOptions: CustomStringConvertible, CustomReflectable {
    /// The options without the values of header fields, which may be secrets.
    public var description: String {
        "WebSocketOptions(\(headers.count) header fields, pings every \(pingInterval.map { "\($0)" } ?? "–"), "
            + "silence of \(silenceTimeout), \(messagesPerSecond.map { "\($0)" } ?? "any") messages/s)"
    }

    /// Nothing to look into, for the same reason.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
