import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import Testing

/// A certificate that signed itself, for the names it is asked for; made for the tests and gone with them.
struct TestCertificate: Sendable {
    /// The file of the certificate, and that of its key.
    let file: String
    let key: String

    private static let made = Mutex<[String: TestCertificate]>([:])
    private static let directory: URL = {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("wick-wss-\(UUID().uuidString)")
        try? FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(at: TestCertificate.directory) }
        return directory
    }()

    /// The certificate for names, as the extension has them: `DNS:localhost,IP:127.0.0.1`. Made once.
    init(_ names: String) throws {
        self = try TestCertificate.made.withLock { made in
            if let certificate = made[names] { return certificate }
            let certificate = try TestCertificate(names, number: made.count)
            made[names] = certificate
            return certificate
        }
    }

    private init(_ names: String, number: Int) throws {
        file = TestCertificate.directory.appendingPathComponent("\(number).pem").path
        key = TestCertificate.directory.appendingPathComponent("\(number)-key.pem").path
        let maker = Process()
        maker.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        maker.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
            key, "-out", file, "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=\(names)",
        ]
        maker.standardError = FileHandle.nullDevice
        try maker.run()
        maker.waitUntilExit()
        try #require(maker.terminationStatus == 0)
    }
}

/// Takes TLS off connections and hands their bytes to a plain server behind it, and back. It stands until the tests have
/// ended.
struct SecureFront {
    let port: Int
    private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    /// - Parameter isAbrupt: whether the connection to the client is cut without TLS's goodbye when the server ends its.
    init(_ certificate: TestCertificate, before plain: RawServer, isAbrupt: Bool = false) throws {
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificate.file).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: certificate.key, format: .pem)))
        let context = try NIOSSLContext(configuration: configuration)
        let plainPort = plain.port
        let listener = try ServerBootstrap(group: SecureFront.group)
            .childChannelInitializer { client in
                let bootstrap = ClientBootstrap(group: client.eventLoop)
                return bootstrap.connect(host: "127.0.0.1", port: plainPort).flatMapThrowing { server in
                    let pipeline = client.pipeline.syncOperations
                    if isAbrupt { try pipeline.addHandler(Cutter(), position: .first) }
                    try pipeline.addHandlers([NIOSSLServerHandler(context: context), Pipe(to: server)])
                    try server.pipeline.syncOperations.addHandler(Pipe(to: client))
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
        port = try #require(listener.localAddress?.port)
    }
}

/// Hands what comes on one channel to another, and the end too.
private final class Pipe: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let other: any Channel

    init(to other: any Channel) { self.other = other }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { other.write(unwrapInboundIn(data), promise: nil) }
    func channelReadComplete(context: ChannelHandlerContext) { other.flush() }
    func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// Lets nothing out any more once the connection is to end, so that TLS's goodbye is never heard.
private final class Cutter: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    private var isCut = false

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // TLS's records of the kind "alert": the goodbye.
        if unwrapOutboundIn(data).readableBytesView.count < 40 { isCut = true }
        if isCut { context.close(promise: promise) } else { context.write(data, promise: promise) }
    }
}
