import Market
import StandIn
import Testing
import Venues

@testable import Doctor

@Suite("The doctor's order", .serialized, .timeLimit(.minutes(5)))
struct FarOrderTests {
    /// Runs a doctor against a venue that misbehaves; requests are given up after two seconds.
    private func run(
        _ faults: String, _ change: (inout DoctorPlan) -> Void = { _ in },
        around: (Consultation) -> DoctorSurroundings? = { _ in nil }
    ) async throws -> (Consultation, Diagnosis) {
        let consultation = try Consultation { $0.symbols = ["BTCUSDT"] }
        try consultation.server.misbehave(faults)
        let diagnosis = try await consultation.run(
            consultation.access(),
            { plan in
                plan.http.totalTimeout = .seconds(2)
                plan.streamPatience = .seconds(1)
                change(&plan)
            }, around(consultation))
        return (consultation, diagnosis)
    }

    @Test(
        "taken while the answer was lost, it is looked up and cancelled",
        arguments: [
            "error-after=503 rest:POST:/api/v3/order n=1", "drop-after rest:POST:/api/v3/order n=1",
            "hang-after rest:POST:/api/v3/order n=1", "truncate rest:POST:/api/v3/order n=1",
        ])
    func answerLost(fault: String) async throws {
        let (consultation, diagnosis) = try await run(fault)
        let finding = try #require(diagnosis.finding("far order"))
        #expect(finding.status == .warning && finding.found.contains("nobody knew"), "\(finding)")
        #expect(finding.found.hasSuffix("cancelled; nothing remains"), "\(finding)")
        #expect(diagnosis.remaining.isEmpty && !diagnosis.hasFailed)
        #expect(try await consultation.openOrders().isEmpty)
        #expect(consultation.audit.count { $0.request == "POST /api/v3/order" && $0.phase == .leaving } == 1)
    }

    @Test("refused by a failing venue, it is looked for, not found, and not sent again")
    func neverTaken() async throws {
        let (consultation, diagnosis) = try await run("error=503 rest:POST:/api/v3/order n=1")
        let finding = try #require(diagnosis.finding("far order"))
        #expect(finding.status == .warning && finding.found.contains("the venue does not know it"), "\(finding)")
        #expect(finding.advice.contains("client order wick-doctor-"), "\(finding)")
        #expect(consultation.audit.count { $0.request == "POST /api/v3/order" && $0.phase == .leaving } == 1)
        #expect(try await consultation.openOrders().isEmpty)
    }

    @Test(
        "a cancel that fails is sent again, and one that was done without an answer is found out",
        arguments: [
            "error=503 rest:DELETE:/api/v3/order n=2", "error-after=503 rest:DELETE:/api/v3/order n=1",
            "drop-after rest:DELETE:/api/v3/order n=1",
        ])
    func cancelFails(fault: String) async throws {
        let (consultation, diagnosis) = try await run(fault)
        let finding = try #require(diagnosis.finding("far order"))
        #expect(finding.status == .ok && finding.found.hasSuffix("cancelled; nothing remains"), "\(finding)")
        #expect(try await consultation.openOrders().isEmpty && diagnosis.remaining.isEmpty)
    }

    @Test("one that can't be cancelled is said to remain, with its number; the next doctor takes it back")
    func remains() async throws {
        let (consultation, diagnosis) = try await run("error=503 rest:DELETE:/api/v3/order")
        let finding = try #require(diagnosis.finding("far order"))
        #expect(finding.status == .failed && finding.found.contains("MAY STILL BE OPEN"), "\(finding)")
        let open = try await consultation.openOrders()
        #expect(open.map(\.clientOrderID) == diagnosis.remaining.map(\.clientOrderID) && open.count == 1)
        consultation.server.behave()
        let next = try await consultation.run(consultation.access()) { $0.streamPatience = .seconds(1) }
        let leftover = try #require(next.finding("leftover BTCUSDT"))
        #expect(leftover.status == .warning && leftover.found.contains(open[0].clientOrderID), "\(leftover)")
        #expect(try await consultation.openOrders().isEmpty && next.remaining.isEmpty)
    }

    @Test("interrupted while it is open, it is taken back all the same")
    func interrupted() async throws {
        let (consultation, diagnosis) = try await run("drop user:*") {
            $0.reportPatience = .seconds(30)
        } around: {
            $0.surroundings(isInterrupted: { audit in audit.contains { $0.phase != .leaving } })
        }
        #expect(diagnosis.isInterrupted)
        #expect(diagnosis.finding("far order")?.found.hasSuffix("cancelled; nothing remains") == true)
        #expect(try await consultation.openOrders().isEmpty)
    }

    @Test("what can't be written down is not sent")
    func auditFails() async throws {
        let (consultation, diagnosis) = try await run("") { _ in
        } around: {
            $0.surroundings(auditFails: true)
        }
        let finding = try #require(diagnosis.finding("far order"))
        #expect(finding.status == .failed && finding.found.contains("could not be written down"), "\(finding)")
        #expect(try await consultation.openOrders().isEmpty)
    }

    @Test("with real money it is placed only when a person says so", arguments: [false, true])
    func live(answer: Bool) async throws {
        let consultation = try Consultation { $0.symbols = ["BTCUSDT"] }
        let plan = consultation.plan(try consultation.access(environment: .live))
        let doctor = try BinanceDoctor(plan, consultation.surroundings(answer: answer))
        var diagnosis = Diagnosis()
        let symbols = await doctor.examineSymbols(&diagnosis)
        let client = try #require(doctor.client)
        let far = try FarOrder.plan(symbols[0], OrderCircumstances(), number: "wick-doctor-1").get()
        _ = await doctor.examineFarOrder(far, client, nil, &diagnosis)
        #expect(consultation.questions == [far])
        let finding = try #require(diagnosis.finding("far order"))
        if answer {
            #expect(finding.status == .ok && consultation.audit.map(\.environment) == Array(repeating: .live, count: 4))
        } else {
            #expect(finding.status == .skipped && finding.found.contains("nothing was placed"), "\(finding)")
            #expect(consultation.audit.isEmpty)
        }
        #expect(try await consultation.openOrders().isEmpty)
    }

    @Test("an account without money for it is told so")
    func noMoney() async throws {
        let consultation = try Consultation { options in
            options.symbols = ["BTCUSDT"]
            options.quoteBalance = 3
        }
        let diagnosis = try await consultation.run(consultation.access()) { $0.streamPatience = .seconds(1) }
        let finding = try #require(diagnosis.finding("far order"))
        #expect(finding.status == .skipped && finding.found.contains("balance"), "\(finding)")
        #expect(diagnosis.finding("filters BTCUSDT")?.advice.contains("not enough for one order") == true)
        #expect(consultation.audit.isEmpty)
    }
}
