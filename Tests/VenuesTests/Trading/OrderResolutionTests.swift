import Market
import Testing
import Trading

@testable import Venues

@Suite("what became of an order is found out step by step")
struct OrderResolutionTests {
    private let order = StandingOrder(
        instrument: SpotExamples.btc, venueID: "1", clientOrderID: "my-1", isExternal: false, side: .buy, type: .limit,
        status: OrderStatus(state: .accepted, quantity: SpotExamples.quantity("1")), time: .epoch)

    /// Walks to the question of a number, each before it having been answered with nothing.
    private func walked(to question: Int) -> OrderResolution {
        var resolution = OrderResolution()
        for _ in 0..<question {
            resolution.waited()
            resolution.answered(nil)
        }
        return resolution
    }

    @Test("the pauses are those of the venue's checklist, and then come the open orders")
    func pauses() {
        var resolution = OrderResolution()
        var pauses: [Duration] = []
        while case .pause(let pause) = resolution.next {
            pauses.append(pause)
            resolution.waited()
            #expect(resolution.next == .askForOrder)
            resolution.answered(nil)
        }
        #expect(pauses == [.milliseconds(500), .seconds(1), .seconds(2), .seconds(5), .seconds(10)])
        #expect(resolution.next == .askForOpenOrders && resolution.absences == 5)
        resolution.listed(nil)
        #expect(resolution.next == .absent)
    }

    @Test("an answer that knows the order ends it", arguments: 0..<5)
    func found(_ question: Int) {
        var resolution = walked(to: question)
        resolution.waited()
        resolution.answered(order)
        #expect(resolution.next == .found(order))
    }

    @Test("an order among the open ones is there, whatever was answered before")
    func listed() {
        var resolution = walked(to: 5)
        resolution.listed(order)
        #expect(resolution.next == .found(order))
    }

    @Test("the stream's word ends it at any time", arguments: 0...5)
    func told(_ question: Int) {
        var resolution = walked(to: question)
        resolution.told(order)
        #expect(resolution.next == .found(order))
    }

    @Test("a question without an answer is asked again and counts for nothing")
    func unanswered() {
        var resolution = walked(to: 2)
        for _ in 0..<50 {
            #expect(resolution.next == .pause(.seconds(2)))
            resolution.waited()
            resolution.unanswered()
        }
        #expect(resolution.absences == 2)
    }

    @Test("open orders that could not be read prove nothing")
    func unlisted() {
        var resolution = walked(to: 5)
        resolution.unanswered()
        #expect(resolution.next == .pause(.seconds(10)))
    }

    @Test("when events may have been missed the last question is asked once more")
    func missed() {
        var resolution = walked(to: 3)
        resolution.missed()
        for _ in 0..<2 {
            resolution.waited()
            resolution.answered(nil)
        }
        resolution.listed(nil)
        #expect(resolution.next == .pause(.seconds(10)))
        resolution.waited()
        resolution.answered(nil)
        resolution.listed(nil)
        #expect(resolution.next == .absent)
    }

    @Test("an absence is never proved before the last pause is over, whatever happens", arguments: UInt64(1)...200)
    func property(_ seed: UInt64) {
        var state = seed
        func draw(_ count: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % count
        }
        var resolution = OrderResolution()
        var waited = Duration.zero
        var lastAnswers: [OrderResolution.Step] = []
        for _ in 0..<1_000 {
            let step = resolution.next
            switch step {
            case .pause(let pause):
                waited += pause
                resolution.waited()
            case .askForOrder: draw(4) == 0 ? resolution.unanswered() : resolution.answered(nil)
            case .askForOpenOrders: draw(4) == 0 ? resolution.unanswered() : resolution.listed(nil)
            case .found: Issue.record("nobody found it")
            case .absent:
                #expect(waited >= .milliseconds(18_500) && resolution.absences >= 5)
                #expect(lastAnswers.suffix(2) == [.askForOrder, .askForOpenOrders])
                return
            }
            if case .pause = step {} else { lastAnswers.append(step) }
            if draw(10) == 0 { resolution.missed() }
        }
        Issue.record("it never ends")
    }
}
