import Market
import Testing

@testable import Trading

@Suite("Orders that nobody is sure about")
struct InquiryTests {
    /// A kernel with an order on its way that nobody answers.
    struct Doubt {
        var fixture = Fixture()
        var id = OrderID(rawValue: 0)
        var time = Fixture.start

        init(_ type: OrderType = .market) {
            fixture.candle(100)
            time = fixture.now
            id =
                fixture.place(fixture.request(.buy, 1_000, type: type, limit: type == .limit ? 90 : nil)).submitted[0]
                .id
        }

        var order: Order { fixture.kernel.order(id)! }

        /// Seconds pass one by one, with a timer at each.
        @discardableResult
        mutating func pass(_ seconds: Int) -> [Effect] {
            var effects: [Effect] = []
            for _ in 0..<seconds {
                time = time.adding(seconds: 1)
                effects += fixture.step(.timer(time))
            }
            return effects
        }

        @discardableResult
        mutating func hear(_ kind: OrderReport.Kind) -> [Effect] {
            fixture.step(.report(OrderReport(order: id, time: time, kind: kind)))
        }

        /// The venue counts so much filled, without a word of the trades, until it is believed.
        mutating func infer(_ filled: Int64) {
            for _ in 0..<4 {
                pass(1)
                hear(status(.partiallyFilled, filled: filled))
            }
        }

        func status(_ state: OrderState, filled: Int64 = 0) -> OrderReport.Kind {
            .status(
                OrderStatus(
                    state: state, quantity: Quantity(mantissa: 1_000), filled: Quantity(mantissa: filled),
                    filledNotional: Money(whole: filled / 10, .usdt)))
        }
    }

    @Test("after an unanswered request the venue is asked after 1, 2, 4, 8 … seconds")
    func questions() {
        var doubt = Doubt()
        #expect(doubt.hear(.unanswered).alerts.map(\.kind) == ["unanswered"])
        var asked: [Int] = []
        for second in 1...100 where !doubt.pass(1).questions.isEmpty { asked.append(second) }
        #expect(asked == [1, 3, 7, 15, 31, 61, 91])
        #expect(doubt.order.state == .unknown)
    }

    @Test("five seconds of silence are no answer either")
    func silence() {
        var doubt = Doubt()
        #expect(doubt.pass(4).alerts.isEmpty)
        #expect(doubt.pass(1).alerts.map(\.kind) == ["unanswered"])
        #expect(doubt.order.state == .unknown)
    }

    @Test("absence is believed after three proofs and sixty seconds, and not a moment earlier")
    func lost() {
        var doubt = Doubt()
        doubt.hear(.unanswered)
        for _ in 0..<10 { doubt.hear(.notFound) }
        doubt.pass(59)
        doubt.hear(.notFound)
        #expect(doubt.order.state == .unknown)
        doubt.pass(1)
        #expect(doubt.hear(.notFound).alerts.map(\.kind) == ["lost"])
        #expect(doubt.order.state == .lost && doubt.order.reason == .lost)
        #expect(doubt.fixture.kernel.inquiries.isEmpty && doubt.fixture.kernel.openOrderCount == 0)
    }

    @Test("sixty seconds without a proof lose nothing")
    func silenceIsNoProof() {
        var doubt = Doubt()
        doubt.hear(.unanswered)
        doubt.pass(3_600)
        doubt.hear(.notFound)
        doubt.hear(.notFound)
        #expect(doubt.order.state == .unknown)
    }

    @Test("a lost order that fills works again")
    func revived() {
        var doubt = Doubt()
        doubt.hear(.unanswered)
        doubt.pass(60)
        for _ in 0..<3 { doubt.hear(.notFound) }
        #expect(doubt.order.state == .lost)
        let effects = doubt.fixture.fill(doubt.id, at: 100, 200)
        #expect(effects.alerts.map(\.kind) == ["late-fill"])
        #expect(doubt.order.state == .partiallyFilled && doubt.fixture.kernel.openOrderCount == 1)
    }

    @Test("the venue's view ends the questions")
    func answered() {
        var doubt = Doubt(.limit)
        doubt.hear(.unanswered)
        doubt.pass(1)
        doubt.hear(doubt.status(.accepted))
        #expect(doubt.order.state == .accepted && doubt.order.isAcknowledged)
        #expect(doubt.pass(100).questions.isEmpty)
    }

    @Test("nothing opens beside an unknown order; what reduces passes")
    func noDoubledIntent() throws {
        var doubt = Doubt()
        doubt.fixture.fill(doubt.id, at: 100)
        let second = doubt.fixture.place(doubt.fixture.request(.buy, 1_000)).submitted[0].id
        doubt.fixture.report(second, .unanswered)
        let denied = doubt.fixture.place(doubt.fixture.request(.buy, 1_000))
        #expect(denied.submitted.isEmpty)
        let verdict = try #require(denied.verdicts.first)
        #expect(verdict.outcomes.filter { !$0.isPassed }.map(\.check) == [.unknownOrder])
        #expect(doubt.fixture.place(doubt.fixture.request(.sell, 500, reduceOnly: true)).submitted.count == 1)
        #expect(doubt.fixture.place(doubt.fixture.request(.buy, 1_000, on: Fixture.perp)).submitted.isEmpty)
        doubt.fixture.report(second, .accepted)
        #expect(doubt.fixture.place(doubt.fixture.request(.buy, 1_000)).submitted.count == 1)
    }

    @Test("a cancel that nobody answered is sent again once the order is seen to work")
    func cancelAgain() {
        var doubt = Doubt(.limit)
        doubt.hear(.accepted)
        doubt.fixture.step(.command(.cancel(doubt.id), at: doubt.time))
        doubt.hear(.cancelUnanswered)
        #expect(doubt.order.isCancelPending && doubt.order.isCancelUnanswered)
        #expect(doubt.pass(1).questions == [doubt.id])
        #expect(doubt.hear(doubt.status(.accepted)).cancelled == [doubt.id])
        #expect(doubt.order.isCancelPending && !doubt.order.isCancelUnanswered)
        doubt.hear(.canceled(.none))
        #expect(doubt.order.state == .canceled && doubt.order.reason == .cancelledByOperator)
    }

    @Test("a cancel that overtook its order stays wanted")
    func overtaken() {
        var doubt = Doubt(.limit)
        doubt.fixture.step(.command(.cancel(doubt.id), at: doubt.time))
        doubt.hear(.cancelRejected)
        #expect(doubt.hear(.accepted).cancelled == [doubt.id])
    }

    @Test("the venue's terms answer an amendment that nobody answered")
    func amendment() {
        var doubt = Doubt(.limit)
        doubt.hear(.accepted)
        var effects: [Effect] = []
        doubt.fixture.kernel.amend(doubt.id, OrderAmendment(limitPrice: Price(mantissa: 9_100)), &effects)
        doubt.pass(5)
        #expect(doubt.order.isAmendUnanswered)
        doubt.hear(
            .status(
                OrderStatus(
                    state: .accepted, quantity: Quantity(mantissa: 1_000), limitPrice: Price(mantissa: 9_100))))
        #expect(!doubt.order.isAmendPending && !doubt.order.isAmendUnanswered)
        #expect(doubt.order.request.limitPrice == Price(mantissa: 9_100))
    }

    @Test("an acceptance later than the cancel is asked about, and the answer brings the order back")
    func worksAfterAll() {
        var doubt = Doubt(.limit)
        doubt.hear(.accepted)
        doubt.hear(.canceled(.venue))
        doubt.hear(.accepted)
        #expect(doubt.fixture.kernel.inquiries.isEmpty)
        doubt.pass(2)
        #expect(doubt.hear(.accepted).alerts.map(\.kind) == ["works-after-all"])
        #expect(doubt.order.state == .canceled)
        #expect(doubt.pass(1).questions == [doubt.id])
        #expect(doubt.hear(doubt.status(.accepted)).alerts.map(\.kind) == ["revived"])
        #expect(doubt.order.state == .accepted && doubt.fixture.kernel.inquiries.isEmpty)
    }

    @Test("fills that the venue counts and never reports are inferred in the end, once, and stand for late ones")
    func inferred() {
        var doubt = Doubt()
        doubt.hear(.unanswered)
        for _ in 0..<3 {
            doubt.pass(1)
            doubt.hear(doubt.status(.filled, filled: 1_000))
            #expect(doubt.order.state == .unknown)
        }
        let effects = doubt.hear(doubt.status(.filled, filled: 1_000))
        #expect(effects.alerts.map(\.kind) == ["inferred-fill"])
        #expect(doubt.order.state == .filled)
        #expect(doubt.fixture.kernel.account.cash == Money(whole: 9_900, .usdt))
        #expect(doubt.fixture.fill(doubt.id, at: 100, 1_000).alerts.map(\.kind) == ["inferred-fill"])
        #expect(doubt.fixture.kernel.position(.manual, Fixture.btc).quantity.mantissa == 1_000)
    }

    @Test(
        "a trade that an inferred fill of a working order stands for is told late and not booked again; the next one is"
    )
    func inferredAndTold() {
        var doubt = Doubt(.limit)
        doubt.hear(.accepted)
        doubt.infer(400)
        #expect(doubt.fixture.fill(doubt.id, at: 90, 400, trade: 1).alerts.map(\.kind) == ["inferred-fill"])
        #expect(doubt.order.filled.mantissa == 400)
        #expect(doubt.pass(1).questions == [doubt.id])
        #expect(doubt.hear(doubt.status(.partiallyFilled, filled: 400)).alerts.isEmpty)
        // Once more the same, as a stream that begins anew tells it.
        #expect(doubt.fixture.fill(doubt.id, at: 90, 400, trade: 1).alerts.map(\.kind) == ["duplicate-fill"])
        #expect(doubt.fixture.fill(doubt.id, at: 90, 300, trade: 2).alerts.isEmpty)
        #expect(doubt.order.filled.mantissa == 700 && doubt.order.state == .partiallyFilled)
        #expect(doubt.fixture.kernel.position(.manual, Fixture.btc).quantity.mantissa == 700)
    }

    @Test("a new trade taken for the one inferred is booked when the venue's count shows that it was another")
    func inferredAndAnother() {
        var doubt = Doubt(.limit)
        doubt.hear(.accepted)
        doubt.infer(400)
        doubt.fixture.fill(doubt.id, at: 90, 300, trade: 2)
        #expect(doubt.order.filled.mantissa == 400)
        doubt.infer(700)
        #expect(doubt.order.filled.mantissa == 700)
        doubt.fixture.fill(doubt.id, at: 90, 400, trade: 1)
        #expect(doubt.order.filled.mantissa == 700)
        #expect(doubt.fixture.kernel.position(.manual, Fixture.btc).quantity.mantissa == 700)
        #expect(doubt.fixture.fill(doubt.id, at: 90, 300, trade: 3).alerts.isEmpty)
        #expect(doubt.order.state == .filled)
        #expect(doubt.fixture.kernel.position(.manual, Fixture.btc).quantity.mantissa == 1_000)
    }

    @Test("a refused cancel is not asked for again at once, and its order is asked about")
    func refusedCancel() {
        var doubt = Doubt(.limit)
        doubt.hear(.accepted)
        doubt.fixture.step(.command(.cancel(doubt.id), at: doubt.time))
        #expect(doubt.hear(.cancelRejected).cancelled.isEmpty)
        #expect(!doubt.order.isCancelPending && doubt.order.reason == .none)
        #expect(doubt.pass(1).questions == [doubt.id])
    }
}

extension [Effect] {
    var questions: [OrderID] { compactMap { if case .query(let id) = $0 { id } else { nil } } }
}
