import Foundation
import Ingestion
import Market
import StandIn
import Storage
import Testing
import Venues

@testable import Doctor

@Suite("A doctor at a venue that is not well", .serialized, .timeLimit(.minutes(5)))
struct VenueTroubleTests {
    @Test("a certificate of its own is not trusted before it is named")
    func trust() async throws {
        let consultation = try Consultation { $0.isPlain = false }
        let without = try await consultation.run(consultation.access())
        #expect(!without.isReachable && without.hasFailed)
        let finding = try #require(without.finding("server"))
        #expect(
            finding.found.contains("the connection is not safe") && finding.advice.contains("ca-file"), "\(finding)")
        #expect(without.findings.dropFirst(2).allSatisfy { $0.status == .skipped })
        let with = try await consultation.run(consultation.access()) {
            $0.http.additionalTrust = consultation.server.addresses.certificate
        }
        #expect(with.isReachable && !with.hasFailed, "\(with.findings.filter { $0.status == .failed })")
        #expect(with.finding("server")?.found.contains("over TLS") == true)
        #expect(with.finding("server")?.found.contains("HTTP/2") == true)
        #expect(with.status("private stream") == .ok && with.status("far order") == .ok)
    }

    @Test("a server that is not there can't be examined")
    func absent() async throws {
        let consultation = try Consultation()
        let access = try consultation.access()
        consultation.stop()
        let diagnosis = try await consultation.run(access)
        #expect(!diagnosis.isReachable && diagnosis.status("server") == .failed)
        #expect(diagnosis.status("far order") == .skipped && consultation.audit.isEmpty)
    }

    @Test("a ban is told, kept to, and remembered for the next who asks")
    func ban() async throws {
        let consultation = try Consultation()
        try consultation.server.misbehave("limit=418/300 rest:GET:/api/v3/time n=1")
        let folder = NSTemporaryDirectory() + "wick-doctor-store-" + UUID().uuidString
        let directory = DataDirectory(path: folder)
        try directory.create()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try Store(directory: directory)
        var around = consultation.surroundings()
        around.pauses = { PauseMemory(store, $0, Consultation.now) }
        let diagnosis = try await consultation.run(nil, { _ in }, around)
        let finding = try #require(diagnosis.finding("server"))
        #expect(!diagnosis.isReachable && finding.found.contains("banned"), "\(finding)")
        let kept = try store.value(for: "pause.\(consultation.server.addresses.rest)")
        #expect(kept?.hasPrefix("banned ") == true)
        try store.close()
    }

    @Test(
        "a clock that is off by more than half a second is told, by more than five seconds it fails",
        arguments: [
            (200, Finding.Status.ok), (-900, .warning), (900, .warning), (-9_000, .failed), (9_000, .failed),
        ])
    func clock(skew: Int, status: Finding.Status) async throws {
        let consultation = try Consultation()
        try consultation.server.misbehave("skew=\(skew)")
        let diagnosis = try await consultation.run(consultation.access())
        let finding = try #require(diagnosis.finding("clock"))
        #expect(finding.status == status && finding.found.contains(skew < 0 ? "behind" : "ahead of"), "\(finding)")
        #expect(finding.advice.isEmpty == (status == .ok))
        // Requests carry the venue's own time, so that nothing else suffers.
        #expect(diagnosis.status("key") == .ok && diagnosis.status("far order") == .ok)
    }

    @Test("a wrong secret fails, and nothing is ordered with it")
    func wrongKey() async throws {
        let consultation = try Consultation()
        let diagnosis = try await consultation.run(
            consultation.access(secret: "another-secret-that-the-venue-does-not-know"))
        let finding = try #require(diagnosis.finding("key"))
        #expect(finding.status == .failed && finding.found.contains("-1022"), "\(finding)")
        #expect(diagnosis.hasFailed && diagnosis.isReachable)
        for check in ["account", "fees", "private stream", "test order", "far order"] {
            #expect(diagnosis.status(check) == .skipped)
        }
        #expect(diagnosis.status("book BTCUSDT") == .ok && consultation.audit.isEmpty)
    }

    @Test("one symbol that does not exist leaves the others examined")
    func unknownSymbol() async throws {
        let consultation = try Consultation()
        let diagnosis = try await consultation.run(nil) { $0.symbols = ["BTCUSDT", "NONEUSDT"] }
        #expect(diagnosis.status("symbol NONEUSDT") == .failed && diagnosis.status("symbol BTCUSDT") == .ok)
        #expect(diagnosis.status("book BTCUSDT") == .ok && diagnosis.hasFailed)
    }

    @Test("streams that stay silent fail")
    func silence() async throws {
        let consultation = try Consultation()
        try consultation.server.misbehave("drop stream:*")
        let diagnosis = try await consultation.run(nil) { $0.streamPatience = .seconds(2) }
        let finding = try #require(diagnosis.finding("streams"))
        #expect(finding.status == .failed && finding.found.contains("nothing came in 2 s"), "\(finding)")
    }

    @Test(
        "streams that can't be opened, end, or make no sense fail",
        arguments: [
            ("drop connect:*", "did not last"), ("disconnect stream:* n=1", "did not last"),
            ("truncate stream:*depth* n=1", "can't be read"),
        ])
    func brokenStreams(fault: String, words: String) async throws {
        let consultation = try Consultation()
        try consultation.server.misbehave(fault)
        let diagnosis = try await consultation.run(nil) { $0.streamPatience = .seconds(20) }
        let finding = try #require(diagnosis.finding("streams"))
        #expect(finding.status == .failed && finding.found.contains(words), "\(finding)")
    }

    @Test("streams at an address where nobody is fail")
    func noStreams() async throws {
        let consultation = try Consultation()
        let diagnosis = try await consultation.run(nil) { $0.streams = "ws://127.0.0.1:1" }
        let finding = try #require(diagnosis.finding("streams"))
        #expect(finding.status == .failed && finding.advice.contains("stream-url"), "\(finding)")
        #expect(diagnosis.isReachable && diagnosis.hasFailed)
    }

    @Test("a book without a snapshot fails")
    func noSnapshot() async throws {
        let consultation = try Consultation()
        try consultation.server.misbehave("error=503 rest:GET:/api/v3/depth")
        let diagnosis = try await consultation.run(nil) { $0.streamPatience = .seconds(5) }
        let finding = try #require(diagnosis.finding("book BTCUSDT"))
        #expect(finding.status == .failed && finding.found.contains("no snapshot"), "\(finding)")
    }

    @Test(
        "a private stream that is refused, or does not tell of orders, fails and stops nothing",
        arguments: [
            ("error=503/-1000 api:userDataStream.subscribe.signature", "refuses"),
            ("hang api:userDataStream.subscribe.signature", "no answer"),
            ("drop user:executionReport", "did not tell of the far order and its cancel"),
        ])
    func privateStream(fault: String, words: String) async throws {
        let consultation = try Consultation()
        try consultation.server.misbehave(fault)
        let diagnosis = try await consultation.run(consultation.access()) { $0.reportPatience = .seconds(1) }
        let finding = try #require(diagnosis.finding("private stream"))
        #expect(finding.status == .failed && finding.found.contains(words), "\(finding)")
        #expect(diagnosis.status("far order") == .ok)
        #expect(try await consultation.openOrders().isEmpty)
    }

    @Test("interrupted, it ends early and says what it left out")
    func interrupted() async throws {
        let consultation = try Consultation()
        let diagnosis = try await consultation.run(
            consultation.access(), { _ in }, consultation.surroundings(isInterrupted: { _ in true }))
        #expect(diagnosis.isInterrupted && diagnosis.status("server") == .ok)
        for check in ["clock", "key", "streams", "far order"] { #expect(diagnosis.status(check) == .skipped) }
        #expect(consultation.audit.isEmpty)
    }
}
