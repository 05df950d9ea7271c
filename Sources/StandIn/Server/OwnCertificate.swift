import CStandIn
import NIOSSL

/// The certificate of a stand-in: made at every start, signed by itself, for this machine only.
struct OwnCertificate {
    /// Where it is, for clients to trust.
    let path: String
    let context: NIOSSLContext

    /// Makes one and writes it into a directory. Its key is never written.
    init(directory: String) throws(StandInError) {
        var certificate = [CChar](repeating: 0, count: 8_192)
        var key = [CChar](repeating: 0, count: 8_192)
        var certificateCount = 0
        var keyCount = 0
        guard
            standin_certificate(90, &certificate, certificate.count, &certificateCount, &key, key.count, &keyCount) == 1
        else { throw .crypto("a certificate") }
        let pem = certificate.prefix(certificateCount).map { UInt8(bitPattern: $0) }
        path = "\(directory)/certificate.pem"
        try PrivateFile.write(pem, to: path, mode: 0o644)
        do {
            let chain = try NIOSSLCertificate.fromPEMBytes(pem).map { NIOSSLCertificateSource.certificate($0) }
            let privateKey = try NIOSSLPrivateKey(
                bytes: key.prefix(keyCount).map { UInt8(bitPattern: $0) }, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain, privateKey: .privateKey(privateKey))
            // Clients that keep a connection for later do not answer its end; nobody waits for them for long.
            configuration.shutdownTimeout = .milliseconds(100)
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw .crypto("a TLS context")
        }
    }
}
