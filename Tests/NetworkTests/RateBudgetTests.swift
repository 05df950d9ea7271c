import Testing

@testable import Network

@Suite("the weight budget")
struct RateBudgetTests {
    private let start = ContinuousClock.now

    /// `take` in a form that expectations can hold.
    private func take(
        _ budget: inout RateBudget, _ weight: Int64, _ priority: RequestPriority, at now: ContinuousClock.Instant
    ) -> ContinuousClock.Instant? { budget.take(weight, priority, at: now) }

    private func at(_ seconds: Double) -> ContinuousClock.Instant { start + .milliseconds(Int64(seconds * 1_000)) }

    @Test(
        "each priority has its share of the limit, and a fifth is for cancels alone",
        arguments: [
            (RequestPriority.data, 700), (.open, 740), (.question, 760), (.reduce, 770), (.protective, 800),
            (.cancel, 1_000),
        ])
    func shares(_ priority: RequestPriority, _ share: Int) {
        var budget = RateBudget(limit: 1_000)
        for _ in 0..<share { #expect(take(&budget, 1, priority, at: start) == nil) }
        #expect(take(&budget, 1, priority, at: start) != nil)
        for higher in RequestPriority.allCases where higher > priority {
            var rest = budget
            #expect(take(&rest, 1, higher, at: start) == nil)
        }
    }

    @Test("a request counts until a window after its answer, not after its start")
    func counting() {
        var budget = RateBudget(limit: 10)
        #expect(take(&budget, 7, .data, at: at(0)) == nil)
        budget.answer(7, used: nil, at: at(20))
        #expect(take(&budget, 1, .data, at: at(79.9)) == at(80))
        #expect(take(&budget, 1, .data, at: at(80)) == nil)
    }

    @Test("what is in flight counts however long it takes")
    func inFlight() {
        var budget = RateBudget(limit: 10)
        #expect(take(&budget, 7, .data, at: at(0)) == nil)
        #expect(take(&budget, 1, .data, at: at(500)) != nil)
    }

    @Test("what others on the address use is held against the limit for a window")
    func others() {
        var budget = RateBudget(limit: 1_000)
        #expect(take(&budget, 20, .data, at: at(0)) == nil)
        budget.answer(20, used: 695, at: at(1))
        #expect(take(&budget, 6, .data, at: at(2)) == at(61))
        #expect(take(&budget, 5, .data, at: at(2)) == nil)
        #expect(take(&budget, 305, .cancel, at: at(2)) != nil)
        budget.answer(5, used: nil, at: at(3))
        #expect(take(&budget, 690, .data, at: at(61)) == nil)
    }

    @Test("the venue's count of the own requests is not taken for others'")
    func ownCount() {
        var budget = RateBudget(limit: 100)
        for number in 1...30 {
            #expect(take(&budget, 2, .data, at: at(Double(number) * 0.1)) == nil)
            budget.answer(2, used: Int64(number) * 2, at: at(Double(number) * 0.1))
        }
        #expect(take(&budget, 10, .data, at: at(4)) == nil)
    }

    @Test(
        "during a pause nothing passes, a cancel neither, until the instant it ends",
        arguments: RequestPriority.allCases)
    func pause(_ priority: RequestPriority) {
        var budget = RateBudget(limit: 1_000)
        budget.block(until: at(37))
        for second in stride(from: 0, to: 37, by: 0.5) { #expect(take(&budget, 1, priority, at: at(second)) == at(37)) }
        #expect(take(&budget, 1, priority, at: at(37)) == nil)
    }

    @Test("a shorter pause does not end a longer one")
    func pauses() {
        var budget = RateBudget(limit: 1_000)
        budget.block(until: at(100))
        budget.block(until: at(10))
        #expect(take(&budget, 1, .cancel, at: at(50)) == at(100))
    }

    @Test("a request heavier than its share passes when nothing else counts")
    func heavy() {
        var budget = RateBudget(limit: 10)
        #expect(take(&budget, 20, .data, at: start) == nil)
        #expect(take(&budget, 1, .data, at: start) != nil)
    }

    @Test("the limit that the venue says holds at once; nonsense does not")
    func limits() {
        var budget = RateBudget(limit: 10)
        budget.setLimit(0)
        #expect(budget.limit == 10)
        budget.setLimit(1_200)
        #expect(take(&budget, 800, .data, at: start) == nil)
    }

    @Test(
        "wherever the venue's windows begin and however long answers take, its limit is never passed", arguments: 0..<40
    )
    func property(_ seed: UInt64) {
        var random = SeededRandom(seed)
        let limit = Int64.random(in: 20...400, using: &random)
        let phase = Double.random(in: 0..<60, using: &random)
        var budget = RateBudget(limit: limit)
        var counts: [Int: Int64] = [:]
        var data: [Int: Int64] = [:]
        var now = 0.0
        var underWay: [(end: Double, weight: Int64)] = []
        for _ in 0..<4_000 {
            now += Double.random(in: 0..<0.6, using: &random)
            for ended in underWay where ended.end <= now { budget.answer(ended.weight, used: nil, at: at(ended.end)) }
            underWay.removeAll { $0.end <= now }
            let weight = Int64.random(in: 1...10, using: &random)
            let priority = RequestPriority.allCases.randomElement(using: &random)!
            guard budget.take(weight, priority, at: at(now)) == nil else { continue }
            let took = Double.random(in: 0...5, using: &random)
            let arrival = now + Double.random(in: 0...took, using: &random)
            let window = Int(((arrival + phase) / 60).rounded(.down))
            counts[window, default: 0] += weight
            if priority == .data { data[window, default: 0] += weight }
            underWay.append((now + took, weight))
        }
        #expect(counts.count > 10)
        #expect(counts.values.allSatisfy { $0 <= limit })
        #expect(data.values.allSatisfy { $0 <= max(10, limit * 70 / 100) })
    }

    @Test("what is used is told: under way, answered, and by others, until a window has passed")
    func use() {
        var budget = RateBudget(limit: 100)
        _ = budget.take(10, .data, at: start)
        #expect(budget.use(at: start) == 10)
        budget.answer(10, used: 25, at: start)
        #expect(budget.use(at: start) == 25)
        #expect(budget.use(at: start + .seconds(59)) == 25)
        #expect(budget.use(at: start + .seconds(60)) == 0)
    }

    @Test("whoever asks again when told to gets through in the end", arguments: 0..<10)
    func progress(_ seed: UInt64) {
        var random = SeededRandom(seed)
        var budget = RateBudget(limit: 100)
        var now = start
        for _ in 0..<500 {
            let weight = Int64.random(in: 1...30, using: &random)
            var refusals = 0
            while let next = budget.take(weight, .data, at: now) {
                #expect(next > now)
                now = next
                refusals += 1
                guard refusals < 100 else { break }
            }
            #expect(refusals < 100)
            budget.answer(weight, used: nil, at: now)
        }
    }
}
