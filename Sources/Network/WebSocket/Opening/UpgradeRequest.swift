import NIOHTTP1
import NIOWebSocket

/// The request that makes a WebSocket of an HTTP connection (RFC 6455, section 4.1), and what the answer has to be.
struct UpgradeRequest {
    /// What is sent. Not for messages: keys and signatures stand in it.
    let bytes: [UInt8]
    private let key: String
    private let offersCompression: Bool
    private let namesProtocol: Bool

    /// The header fields that belong to the upgrade itself.
    private static let own: Set<String> = [
        "host", "upgrade", "connection", "sec-websocket-key", "sec-websocket-version", "sec-websocket-extensions",
        "content-length", "transfer-encoding",
    ]

    init(_ address: WebSocketAddress, _ options: WebSocketOptions) throws(WebSocketTrouble) {
        key = NIOWebSocketClientUpgrader.randomRequestKey()
        offersCompression = options.offersCompression
        namesProtocol = options.headers.keys.contains { $0.lowercased() == "sec-websocket-protocol" }
        var text = "GET \(address.target) HTTP/1.1\r\nHost: \(address.authority)\r\n"
        text +=
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: \(key)\r\n"
        if !options.headers.keys.contains(where: { $0.lowercased() == "user-agent" }) { text += "User-Agent: wick\r\n" }
        if offersCompression { text += "Sec-WebSocket-Extensions: \(DeflateAgreement.offer)\r\n" }
        for (name, value) in options.headers.sorted(by: { $0.key < $1.key }) {
            guard HTTPAnswer.isToken(name.utf8), !UpgradeRequest.own.contains(name.lowercased()),
                value.utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 })
            else {
                // Neither name nor value: either may be a secret put into the wrong place.
                throw WebSocketTrouble(.invalidAddress, "a header field that can't be sent")
            }
            text += "\(name): \(value)\r\n"
        }
        bytes = Array((text + "\r\n").utf8)
    }

    /// What was agreed on about packing, when the server's answer opens the WebSocket.
    ///
    /// - Throws: `WebSocketTrouble` when it does not: with its status, or with what is wrong about its consent.
    func agreement(_ answer: HTTPAnswer) throws(WebSocketTrouble) -> DeflateAgreement? {
        guard answer.status == 101 else { throw answer.refusal }
        func trouble(_ detail: String) -> WebSocketTrouble { WebSocketTrouble(.brokenAnswer, detail) }
        guard answer.values("upgrade").contains(where: { $0.lowercased() == "websocket" }),
            answer.values("connection").contains(where: { HTTPAnswer.list($0).contains("upgrade") })
        else { throw trouble("it switches to something else than a WebSocket") }
        let head = HTTPResponseHead(
            version: .http1_1, status: .switchingProtocols, headers: HTTPHeaders(answer.fields))
        // NIO's upgrader is asked for its verdict only; the bytes behind the answer must not go its longer way.
        let upgrader = NIOWebSocketClientUpgrader(requestKey: key) { channel, _ in
            channel.eventLoop.makeSucceededVoidFuture()
        }
        guard upgrader.shouldAllowUpgrade(upgradeResponse: head) else {
            throw trouble("its Sec-WebSocket-Accept is not the one that belongs to our key")
        }
        guard namesProtocol || answer.values("sec-websocket-protocol").isEmpty else {
            throw trouble("it chose a protocol that it was not asked for")
        }
        return try DeflateAgreement.read(
            answer.values("sec-websocket-extensions"), isOffered: offersCompression)
    }
}
