import Testing

@testable import StandIn

@Suite("limits")
struct LimitTests {
    private func ledger(_ weight: Int64) -> AddressLedger {
        var limits = ExchangeLimits()
        limits.weightPerMinute = weight
        return AddressLedger(limits)
    }

    @Test("weight counts up to the limit and begins anew with the minute")
    func weight() {
        var ledger = ledger(10)
        #expect(ledger.admit("a", weight: 6, at: 60_500) == nil)
        #expect(ledger.used("a", at: 60_500) == 6)
        let refusal = ledger.admit("a", weight: 5, at: 60_500)
        #expect(refusal?.status == 429)
        #expect(refusal?.code == -1003)
        // Until 120 s, rounded up.
        #expect(refusal?.retryAfter == 60)
        #expect(ledger.admit("b", weight: 5, at: 60_500) == nil)
        #expect(ledger.admit("a", weight: 5, at: 120_000) == nil)
        #expect(ledger.used("a", at: 120_000) == 5)
    }

    @Test("who goes on asking is banned, the second time for twice as long")
    func ban() throws {
        var ledger = ledger(1)
        func insist(at time: Int64) -> APIError? {
            var last: APIError?
            for _ in 0..<(AddressLedger.patience + 2) { last = ledger.admit("a", weight: 2, at: time) ?? last }
            return last
        }
        let first = try #require(insist(at: 60_000))
        #expect(first.status == 418)
        #expect(first.retryAfter == 120)
        #expect(ledger.admit("a", weight: 0, at: 179_999)?.status == 418)
        #expect(ledger.admit("a", weight: 0, at: 180_000) == nil)
        let second = try #require(insist(at: 240_000))
        #expect(second.retryAfter == 240)
    }

    @Test("what succeeded for free is given back")
    func refund() {
        var ledger = ledger(10)
        _ = ledger.admit("a", weight: 4, at: 0)
        ledger.refund("a", weight: 4, at: 100)
        #expect(ledger.used("a", at: 100) == 0)
    }

    @Test("orders count in windows of ten seconds and of a day")
    func orders() {
        var counter = OrderCounter()
        counter.add(3, at: 9_999)
        #expect(counter.counts(at: 9_999) == (3, 3))
        #expect(counter.counts(at: 10_000) == (0, 3))
        counter.add(-5, at: 10_000)
        #expect(counter.counts(at: 10_000) == (0, 0))
    }
}
