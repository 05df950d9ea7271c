import CCurl
import Foundation
import Testing

@testable import Network

@Suite("whom the client trusts", .timeLimit(.minutes(5)))
struct TrustTests {
    private func answer(_ host: String, _ server: SecureServer, trusting file: String?) async throws(HTTPError)
        -> HTTPResponse
    {
        var options = HTTPOptions()
        options.additionalTrust = file
        return try await HTTPClient(options).send(HTTPRequest("https://\(host):\(server.port)/"))
    }

    @Test(
        "a certificate that nobody vouches for is refused; added ones are taken, for the names they are of",
        .enabled(if: SecureServer.isThere, "there is no openssl to make a certificate with"))
    func certificates() async throws {
        let server = try SecureServer()
        let stranger = await #expect(throws: HTTPError.self) {
            try await answer("localhost", server, trusting: nil)
        }
        #expect(stranger?.kind == .notTrusted)
        let response = try await answer("localhost", server, trusting: server.certificate)
        #expect(response.status == 200)
        #expect(String(decoding: response.body, as: UTF8.self).contains("s_server"))
        let misnamed = await #expect(throws: HTTPError.self) {
            try await answer("127.0.0.1", server, trusting: server.certificate)
        }
        #expect(misnamed?.kind == .notTrusted)
    }

    @Test("added certificates stand beside the system's, not in their place")
    func added() throws {
        let system = try #require(ccurl_trusted_file().map { String(cString: $0) })
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("wick-\(UUID().uuidString).pem").path
        let text = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let all = try TrustedCertificates.system(and: file)
        #expect(all == Array(try Data(contentsOf: URL(fileURLWithPath: system))) + [0x0A] + Array(text.utf8))
    }

    @Test("a file of certificates that is not there, or holds none, is named")
    func files() throws {
        for file in ["/nonexistent/ca.pem", "/etc/hostname", "/tmp"] {
            var options = HTTPOptions()
            options.additionalTrust = file
            let error = #expect(throws: HTTPError.self) { try HTTPClient(options) }
            #expect(error?.description.hasPrefix(file + ": ") == true)
        }
    }
}
