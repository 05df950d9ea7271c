import Market
import StandIn
import Testing
import Venues

@testable import Doctor

@Suite("A doctor at a venue that is well", .serialized, .timeLimit(.minutes(5)))
struct HealthyVenueTests {
    @Test("everything is found in order with a key of either kind", arguments: [false, true])
    func healthy(ed25519: Bool) async throws {
        let consultation = try Consultation()
        let diagnosis = try await consultation.run(consultation.access(ed25519: ed25519))
        for finding in diagnosis.findings {
            // A trade may take its time, and nobody waits for it for ever.
            #expect(finding.status == .ok || finding.check == "streams", "\(finding)")
        }
        let checks = diagnosis.findings.map(\.check)
        #expect(
            checks == [
                "addresses", "server", "clock", "symbol BTCUSDT", "symbol ETHUSDT", "weight", "key", "account",
                "fees BTCUSDT", "fees ETHUSDT", "filters BTCUSDT", "filters ETHUSDT", "streams", "book BTCUSDT",
                "book ETHUSDT", "private stream", "test order", "far order",
            ])
        #expect(!diagnosis.hasFailed && diagnosis.isReachable && !diagnosis.isInterrupted)
        #expect(diagnosis.remaining.isEmpty && consultation.questions.isEmpty)
        #expect(try await consultation.openOrders().isEmpty)
    }

    @Test("without a key only what everybody may ask is examined, and that is said")
    func publicOnly() async throws {
        let consultation = try Consultation()
        let diagnosis = try await consultation.run(nil)
        for check in ["key", "account", "fees", "private stream", "test order", "far order"] {
            let finding = try #require(diagnosis.finding(check))
            #expect(finding.status == .skipped && finding.advice.contains("--key"), "\(finding)")
        }
        #expect(diagnosis.status("book BTCUSDT") == .ok && diagnosis.status("filters BTCUSDT") == .ok)
        #expect(!diagnosis.hasFailed && consultation.audit.isEmpty)
    }

    @Test("the far order is half a market away, as small as it may be, and told by the private stream")
    func farOrder() async throws {
        let consultation = try Consultation()
        let diagnosis = try await consultation.run(consultation.access())
        let far = try #require(diagnosis.finding("far order"))
        #expect(far.found.contains("50 % below the market (5."), "\(far)")
        #expect(far.found.hasSuffix("was placed and cancelled; nothing remains"), "\(far)")
        let stream = try #require(diagnosis.finding("private stream"))
        #expect(stream.found.hasSuffix("it told of the far order and of its cancel"), "\(stream)")
    }

    @Test("what moves money is written down before it leaves and after, the key masked")
    func audit() async throws {
        let consultation = try Consultation()
        _ = try await consultation.run(consultation.access())
        let audit = consultation.audit
        #expect(
            audit.map(\.request) == ["POST /api/v3/order", "POST /api/v3/order"]
                + Array(repeating: "DELETE /api/v3/order", count: 2))
        #expect(audit.map { $0.phase == .leaving } == [true, false, true, false])
        #expect(audit[1].phase == .ended("confirmed") && audit[3].phase == .ended("confirmed"))
        let account = consultation.server.accounts[0]
        for entry in audit {
            #expect(entry.description.contains("…") && !entry.description.contains(account.apiKey))
            #expect(!entry.description.contains("signature"))
        }
    }

    @Test("no order is placed when none is wanted")
    func noOrder() async throws {
        let consultation = try Consultation()
        let diagnosis = try await consultation.run(consultation.access()) { $0.placesOrders = false }
        #expect(diagnosis.status("far order") == .skipped && diagnosis.status("test order") == .ok)
        #expect(consultation.audit.isEmpty)
    }

    @Test("it asks for no more than five hundred of the venue's weight")
    func weight() async throws {
        let consultation = try Consultation()
        _ = try await consultation.run(consultation.access())
        let venue = try BinanceSpot(at: consultation.server.addresses.rest)
        #expect(venue.weightUse.weight > 0 && venue.weightUse.weight <= 500, "\(venue.weightUse)")
    }
}
