import Testing

@testable import Network

@Suite("the circuit breaker")
struct CircuitBreakerTests {
    private let start = ContinuousClock.now

    private func at(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

    private func opened(_ priority: RequestPriority = .data) -> CircuitBreaker {
        var breaker = CircuitBreaker()
        for second in 0..<5 { breaker.end(priority, isTrial: false, hasFailed: true, at: at(second)) }
        return breaker
    }

    @Test("five failures within a minute open it for thirty seconds")
    func opens() {
        var breaker = CircuitBreaker()
        for second in [0, 15, 30, 45] { breaker.end(.data, isTrial: false, hasFailed: true, at: at(second)) }
        #expect(breaker.pause(.data, at: at(59)) == nil)
        breaker.end(.data, isTrial: false, hasFailed: true, at: at(60))
        #expect(breaker.pause(.data, at: at(60)) == at(90))
        #expect(breaker.pause(.data, at: at(89)) == at(90))
        #expect(breaker.pause(.data, at: at(90)) == nil)
    }

    @Test("five failures over more than a minute do not")
    func slowFailures() {
        var breaker = CircuitBreaker()
        for second in [0, 20, 40, 60, 80, 100, 120] {
            breaker.end(.data, isTrial: false, hasFailed: true, at: at(second))
            #expect(breaker.pause(.data, at: at(second)) == nil)
        }
    }

    @Test("answers in between do not make failures unhappened")
    func mixed() {
        var breaker = CircuitBreaker()
        for second in 0..<5 {
            breaker.end(.data, isTrial: false, hasFailed: true, at: at(second))
            breaker.end(.data, isTrial: false, hasFailed: false, at: at(second))
        }
        #expect(breaker.pause(.data, at: at(5)) != nil)
    }

    @Test("one trial passes, the others wait for it")
    func trial() {
        var breaker = opened()
        #expect(breaker.pause(.data, at: at(34)) == nil)
        let isTrial = breaker.begin(.data)
        #expect(isTrial)
        #expect(breaker.pause(.data, at: at(34)) == at(35))
        #expect(breaker.pause(.data, at: at(50)) == at(51))
    }

    @Test("a trial that is answered closes it; one that fails opens it for thirty seconds more")
    func verdict() {
        var good = opened()
        _ = good.begin(.data)
        good.end(.data, isTrial: true, hasFailed: false, at: at(40))
        #expect(good.pause(.data, at: at(40)) == nil)
        let isTrial = good.begin(.data)
        #expect(!isTrial)
        var bad = opened()
        _ = bad.begin(.data)
        bad.end(.data, isTrial: true, hasFailed: true, at: at(40))
        #expect(bad.pause(.data, at: at(69)) == at(70))
    }

    @Test("a trial that was given up is made again")
    func givenUp() {
        var breaker = opened()
        _ = breaker.begin(.data)
        breaker.end(.data, isTrial: true, hasFailed: nil, at: at(40))
        #expect(breaker.pause(.data, at: at(40)) == nil)
        let isTrial = breaker.begin(.data)
        #expect(isTrial)
    }

    @Test("what was under way when it opened neither closes nor prolongs it")
    func late() {
        var breaker = opened()
        breaker.end(.data, isTrial: false, hasFailed: false, at: at(10))
        breaker.end(.data, isTrial: false, hasFailed: true, at: at(20))
        #expect(breaker.pause(.data, at: at(20)) == at(34))
    }

    @Test("each class has its own: data that fail keep no order back")
    func classes() {
        let data = opened(.data)
        for priority in RequestPriority.allCases where priority != .data {
            #expect(data.pause(priority, at: at(5)) == nil)
        }
        let reducing = opened(.reduce)
        #expect(reducing.pause(.protective, at: at(5)) != nil)
        #expect(reducing.pause(.open, at: at(5)) == nil)
        let asking = opened(.question)
        #expect(asking.pause(.question, at: at(5)) != nil)
        #expect(asking.pause(.reduce, at: at(5)) == nil && asking.pause(.protective, at: at(5)) == nil)
    }

    @Test("no failures ever keep a cancel back", arguments: 0..<20)
    func cancels(_ seed: UInt64) {
        var random = SeededRandom(seed)
        var breaker = CircuitBreaker()
        for second in 0..<300 {
            let priority = RequestPriority.allCases.randomElement(using: &random)!
            if breaker.pause(priority, at: at(second)) == nil {
                let isTrial = breaker.begin(priority)
                breaker.end(priority, isTrial: isTrial, hasFailed: Bool.random(using: &random), at: at(second))
            }
            #expect(breaker.pause(.cancel, at: at(second)) == nil)
            let isTrial = breaker.begin(.cancel)
            #expect(!isTrial)
        }
    }
}

@Suite("the back-off")
struct BackoffTests {
    @Test("the first is at once, the others are about 1, 2, 4 … 60 seconds, never longer", arguments: 0..<200)
    func waits(_ seed: UInt64) {
        var random = SeededRandom(seed)
        var backoff = Backoff()
        let first = backoff.next(using: &random)
        #expect(first == .zero)
        for whole in [1, 2, 4, 8, 16, 32, 60, 60, 60, 60] {
            let wait = backoff.next(using: &random)
            #expect(wait >= .milliseconds(whole * 500) && wait <= .seconds(whole))
        }
    }

    @Test("many who failed together do not come back together")
    func jitter() {
        var random = SeededRandom(1)
        let waits = (0..<100).map { _ in
            var backoff = Backoff()
            _ = backoff.next(using: &random)
            return backoff.next(using: &random)
        }
        #expect(Set(waits).count > 50)
    }
}
