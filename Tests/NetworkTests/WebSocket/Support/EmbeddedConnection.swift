import NIOCore
import NIOEmbedded
import NIOWebSocket

@testable import Network

/// A connection without a network, whose time passes when the test says so. For one thread.
final class EmbeddedConnection {
    let inbox = Inbox()
    let channel = EmbeddedChannel()
    private let connection: WebSocketConnection
    private var lastNumber: UInt64 = 0
    /// What became of the messages, in the order in which that was told: `nil` for taken by the socket.
    private(set) var outcomes: [(text: String, kind: WebSocketError.Kind?)] = []

    init(_ options: WebSocketOptions) throws {
        connection = WebSocketConnection("ws://test/", options, packing: nil) { [inbox] in inbox.take($0) }
        try channel.pipeline.syncOperations.addHandler(connection)
        channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
    }

    /// Hands a message in; its number.
    @discardableResult
    func send(_ text: String) -> UInt64 {
        lastNumber += 1
        connection.send(OutboundMessage(lastNumber, text) { [unowned self] in outcomes.append((text, $0?.kind)) })
        return lastNumber
    }

    func takeBack(_ number: UInt64) { connection.takeBack(number) }

    func close() { connection.close(1000, "", nil) }

    /// Lets the server send.
    func receive(_ bytes: [UInt8]) throws { try channel.writeInbound(ByteBuffer(bytes: bytes)) }

    /// Says whether the socket takes more.
    func setWritable(_ isWritable: Bool) {
        channel.isWritable = isWritable
        channel.pipeline.fireChannelWritabilityChanged()
    }

    func advance(milliseconds: Int64) { channel.embeddedEventLoop.advanceTime(by: .milliseconds(milliseconds)) }

    /// What has been sent since the last time.
    func sent() throws -> [Frame] {
        var frames: [Frame] = []
        while let frame = try channel.readOutbound(as: WebSocketFrame.self) {
            frames.append(
                Frame(first: 0x80 | UInt8(webSocketOpcode: frame.opcode), payload: Array(frame.data.readableBytesView)))
        }
        return frames
    }
}
