import NIOCore
import NIOSSL

/// How a connection is secured: whom it trusts, and whose name the certificate has to bear.
struct ClientSecurity: Sendable {
    private let context: NIOSSLContext
    /// The name that is asked for and checked; `nil` for an IP number, which is held against the number the connection
    /// goes to.
    private let name: String?

    /// Takes tens of milliseconds, for the system's certificates are read each time: they may have changed.
    ///
    /// - Parameter isTunnelled: whether the connection goes to a proxy first.
    init(
        _ address: WebSocketAddress, _ options: WebSocketOptions, isTunnelled: Bool
    ) throws(WebSocketTrouble) {
        let isNumber = WebSocketAddress.isNumber(address.host)
        guard !(isNumber && isTunnelled) else {
            throw WebSocketTrouble(
                .notTrusted, "a certificate for an IP number can't be checked through a proxy; name it in no_proxy")
        }
        name = isNumber ? nil : address.host
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .fullVerification
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

    /// The handler that secures a connection.
    func handler() throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(context: context, serverHostname: name)
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
