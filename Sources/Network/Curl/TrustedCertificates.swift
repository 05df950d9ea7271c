import CCurl
import Glibc

/// The certificates that are trusted when some are added to those of the system.
enum TrustedCertificates {
    /// No bundle of certificates is larger.
    private static let largestFile = 16 << 20

    /// The system's certificates with those of a file behind them.
    ///
    /// libcurl replaces its certificates by those it is given, so they are given together. Those of the system's
    /// directory, where it has one, stay trusted anyway.
    /// - Throws: `HTTPError` when the file can't be read or holds no certificate.
    static func system(and file: String) throws(HTTPError) -> [UInt8] {
        let added = try contents(file)
        guard String(decoding: added, as: UTF8.self).contains("-----BEGIN CERTIFICATE-----") else {
            throw HTTPError(.notTrusted, file, "there is no certificate in it; PEM was expected")
        }
        guard let path = ccurl_trusted_file() else { return added }
        let system = try contents(String(cString: path))
        return system + [0x0A] + added
    }

    private static func contents(_ path: String) throws(HTTPError) -> [UInt8] {
        func failure(_ what: String) -> HTTPError { HTTPError(.notTrusted, path, what) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw failure("the certificates can't be opened: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure("the certificates can't be read: \(String(cString: strerror(errno)))")
            }
            bytes += chunk[..<count]
            guard bytes.count <= largestFile else { throw failure("it is larger than any file of certificates") }
        }
    }
}
