import Market
import Network
import Testing

@testable import Venues

@Suite("How many orders an account may have")
struct OrderAllowanceTests {
    /// The beginning of a window of ten seconds.
    private static let start = Timestamp(seconds: 1_700_000_000)
    private static let limits =
        #"[{"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":20,"count":0},"#
        + #"{"rateLimitType":"ORDERS","interval":"DAY","intervalNum":1,"limit":1000,"count":12}]"#

    private func allowance(tenSeconds: Int = 0, day: Int = 0) -> OrderAllowance {
        let allowance = OrderAllowance()
        allowance.learn(
            [
                SpotOrderCount(window: .seconds(10), limit: 20, count: tenSeconds),
                SpotOrderCount(window: .seconds(86_400), limit: 1_000, count: day),
            ], at: Self.start)
        return allowance
    }

    @Test("without limits nothing is held back")
    func unknown() {
        let allowance = OrderAllowance()
        for _ in 0..<1_000 { #expect(allowance.begin(3, opens: true, at: Self.start) == nil) }
    }

    @Test("a tenth of a limit is left by what opens, to what closes")
    func reserve() {
        let allowance = allowance(tenSeconds: 17)
        #expect(allowance.begin(1, opens: true, at: Self.start) == nil)
        let denial = allowance.begin(1, opens: true, at: Self.start.adding(seconds: 4))
        #expect(denial?.reason == .tooManyOrders && denial?.retryAfter == .seconds(6))
        for _ in 0..<5 { #expect(allowance.begin(1, opens: false, at: Self.start) == nil) }
    }

    @Test("the orders of a list count each")
    func lists() {
        let allowance = allowance(tenSeconds: 16)
        #expect(allowance.begin(3, opens: true, at: Self.start) != nil)
        #expect(allowance.begin(2, opens: true, at: Self.start) == nil)
    }

    @Test("what is answered counts by what the venue says of it")
    func answered() {
        let allowance = allowance()
        for _ in 0..<18 { #expect(allowance.begin(1, opens: true, at: Self.start) == nil) }
        #expect(allowance.begin(1, opens: true, at: Self.start) != nil)
        for count in 1...18 {
            allowance.hear(["x-mbx-order-count-10s": "\(min(count, 9))", "x-mbx-order-count-1d": "9"], at: Self.start)
            allowance.end(1)
        }
        #expect(allowance.begin(9, opens: true, at: Self.start) == nil)
        #expect(allowance.begin(1, opens: true, at: Self.start) != nil)
    }

    @Test("a count is of its window, and is believed for a minute")
    func windows() {
        #expect(allowance(tenSeconds: 20).begin(1, opens: true, at: Self.start.adding(seconds: 9)) != nil)
        #expect(allowance(tenSeconds: 20).begin(1, opens: true, at: Self.start.adding(seconds: 10)) == nil)
        #expect(allowance(day: 900).begin(1, opens: true, at: Self.start.adding(seconds: 59)) != nil)
        #expect(allowance(day: 900).begin(1, opens: true, at: Self.start.adding(seconds: 60)) == nil)
    }

    @Test(
        "once the venue has said that there are too many, what opens is held back until then, and what closes is sent")
    func told() {
        let allowance = OrderAllowance()
        let now = ContinuousClock.now
        let many = VenueDenial(.tooManyOrders, retryAfter: .seconds(30), "")
        allowance.take(RequestOutcome<Int>.denied(many), at: now)
        #expect(allowance.denial(.place, .open, at: now)?.retryAfter == .seconds(30))
        #expect(allowance.denial(.replace, .open, at: now + .seconds(29)) != nil)
        for priority in [RequestPriority.reduce, .protective, .cancel] {
            #expect(allowance.denial(.place, priority, at: now) == nil)
        }
        #expect(allowance.denial(.place, .open, at: now + .seconds(30)) == nil)
    }

    @Test("an order that opens is denied before the venue would refuse it; what closes and what cancels is sent")
    func client() async throws {
        let bench = try SpotClientBench()
        let client = try bench.client()
        bench.standIn.answer(.init(200, Self.limits))
        guard case .confirmed(let counts) = await client.orderCounts() else {
            Issue.record("there are no limits")
            return
        }
        #expect(counts.map(\.limit) == [20, 1_000])
        let counted = ["X-MBX-ORDER-COUNT-10S": "18", "X-MBX-ORDER-COUNT-1D": "30"]
        bench.standIn.answer(
            .init(200, SpotClientBench.taken, counted), .init(200, SpotClientBench.taken, counted),
            .init(400, #"{"code":-2011,"msg":"Unknown order sent."}"#))
        #expect(bench.words(await client.place(SpotExamples.limit())) == "confirmed")
        #expect(bench.words(await client.place(SpotExamples.limit())) == "denied tooManyOrders")
        #expect(bench.standIn.requests.count == 2)
        #expect(bench.words(await client.place(SpotExamples.limit(), priority: .reduce)) == "confirmed")
        #expect(bench.words(await client.cancel(.id(7), of: SpotExamples.btc)) == "refused noSuchOrder")
        bench.standIn.stop()
    }
}
