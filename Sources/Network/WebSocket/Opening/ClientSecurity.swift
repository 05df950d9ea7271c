import CCertificate
import NIOCore
import NIOSSL
import NIOTLS

/// How a connection is secured: whom it trusts, and whose name the certificate has to bear.
///
/// NIOSSL follows the certificate to somebody trusted. Whom it is for is judged by libcrypto: NIOSSL takes a name's
/// certificate also when it is only for the IP number that the connection happens to go to, which anybody who can bend
/// the look-up of names could have, and a proxy too.
struct ClientSecurity: Sendable {
    private let context: NIOSSLContext
    private let host: String
    private let isNumber: Bool

    /// Takes tens of milliseconds, for the system's certificates are read each time: they may have changed.
    init(_ address: WebSocketAddress, _ options: WebSocketOptions) throws(WebSocketTrouble) {
        isNumber = WebSocketAddress.isNumber(address.host)
        host = address.host
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .noHostnameVerification
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        // A server that does not say goodbye is not waited for.
        configuration.shutdownTimeout = .seconds(1)
        if let file = options.additionalTrust {
            configuration.additionalTrustRoots = [.certificates(try ClientSecurity.certificates(file))]
        }
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw WebSocketTrouble(.notTrusted, "TLS can't be set up: \(ConnectionFailure.text(error))")
        }
    }

    /// The handler that secures a connection, as far as somebody trusted vouches for the certificate.
    func handler() throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(context: context, serverHostname: isNumber ? nil : host)
    }

    /// Holds the certificate of a secured connection against the host that was asked for.
    func check(_ certificate: NIOSSLCertificate?) throws(WebSocketTrouble) {
        let der = (try? certificate?.toDERBytes()) ?? []
        guard ccertificate_is_for(der, der.count, host, isNumber ? 1 : 0) == 1 else {
            throw WebSocketTrouble(.notTrusted, "its certificate is of another name")
        }
    }

    private static func certificates(_ file: String) throws(WebSocketTrouble) -> [NIOSSLCertificate] {
        do {
            let found = try NIOSSLCertificate.fromPEMFile(file)
            if !found.isEmpty { return found }
        } catch let error as IOError {
            throw WebSocketTrouble(
                .notTrusted, "the certificates in \(file) can't be read: \(ConnectionFailure.text(error))")
        } catch {}
        throw WebSocketTrouble(.notTrusted, "there is no certificate in \(file); PEM was expected")
    }
}

/// Waits until a connection is secured and its certificate checked. Nothing is asked before that.
final class SecureGate: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let security: ClientSecurity
    private let handler: NIOSSLClientHandler
    private var done: ((SecureGate, Result<Void, WebSocketTrouble>) -> Void)?

    /// - Parameter done: told once.
    init(
        _ security: ClientSecurity, _ handler: NIOSSLClientHandler,
        done: @escaping (SecureGate, Result<Void, WebSocketTrouble>) -> Void
    ) {
        self.security = security
        self.handler = handler
        self.done = done
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event {
            tell(Result { () throws(WebSocketTrouble) in try security.check(handler.peerCertificate) })
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        tell(.failure(ConnectionFailure.trouble(error)))
    }

    func channelInactive(context: ChannelHandlerContext) {
        tell(.failure(WebSocketTrouble(.brokenAnswer, "it broke off while the connection was being secured")))
        context.fireChannelInactive()
    }

    private func tell(_ result: Result<Void, WebSocketTrouble>) {
        let done = self.done
        self.done = nil
        done?(self, result)
    }
}
