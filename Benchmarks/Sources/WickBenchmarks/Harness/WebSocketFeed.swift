import CBaseline
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

#if canImport(Glibc)
import Glibc
#endif

/// A WebSocket server on this machine that sends text messages of one size as fast as they are taken, each in a write
/// (and a TLS record) of its own as venues do.
struct WebSocketFeed {
    let port: Int
    /// The file of its certificate, where it speaks TLS.
    let certificate: String?

    /// - Parameter scratch: where a certificate is made; without one there is no TLS.
    init(messageSize: Int, count: Int, scratch: String?) throws {
        var context: NIOSSLContext?
        if let scratch {
            let (certificate, key) = try WebSocketFeed.makeCertificate(scratch)
            let configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
            context = try NIOSSLContext(configuration: configuration)
            self.certificate = certificate
        } else {
            certificate = nil
        }
        let secure = context
        let listener = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let secure { try pipeline.addHandler(NIOSSLServerHandler(context: secure)) }
                    let upgrader = NIOWebSocketServerUpgrader(
                        shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
                        upgradePipelineHandler: { channel, _ in
                            channel.eventLoop.makeCompletedFuture {
                                try channel.pipeline.syncOperations.addHandler(Sender(messageSize, count))
                            }
                        })
                    try pipeline.configureHTTPServerPipeline(
                        withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
        guard let port = listener.localAddress?.port else {
            throw BenchmarkError(description: "no port to listen at")
        }
        self.port = port
    }

    private static func makeCertificate(_ directory: String) throws -> (certificate: String, key: String) {
        let certificate = directory + "/certificate.pem"
        let key = directory + "/key.pem"
        let arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
            key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=DNS:localhost",
        ]
        var pointers = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        let end = baseline_wait(baseline_spawn(&pointers, "/dev/null"))
        guard end.status == 0 else { throw BenchmarkError(description: "openssl made no certificate") }
        return (certificate, key)
    }
}

/// Sends frames once the connection is a WebSocket's, as long as the socket takes them.
private final class Sender: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    private let message: ByteBuffer
    private var left: Int

    init(_ size: Int, _ count: Int) {
        message = ByteBuffer(repeating: 0x61, count: size)
        left = count
    }

    func handlerAdded(context: ChannelHandlerContext) {
        // After the answer to the upgrade has left.
        context.eventLoop.assumeIsolated().execute { self.send(context) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) { send(context) }

    private func send(_ context: ChannelHandlerContext) {
        while left > 0, context.channel.isWritable {
            for _ in 0..<min(50, left) {
                let frame = WebSocketFrame(fin: true, opcode: .text, data: message)
                context.write(NIOAny(frame), promise: nil)
                left -= 1
            }
            context.flush()
        }
    }
}
