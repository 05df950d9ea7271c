import Market
import Synchronization
import Testing
import Trading

@testable import Venues

@Suite("whoever waits for news of an order hears of it")
struct OrderBoardTests {
    private func order(_ number: String, _ state: OrderState = .accepted, filled: String = "0") -> StandingOrder {
        StandingOrder(
            instrument: SpotExamples.btc, venueID: "77", clientOrderID: number, isExternal: false, side: .buy,
            type: .limit,
            status: OrderStatus(
                state: state, quantity: SpotExamples.quantity("1"), filled: SpotExamples.quantity(filled)),
            time: .epoch)
    }

    /// A pause that lasts until it is cancelled.
    private static let forever: @Sendable () async -> Void = { try? await Task.sleep(for: .seconds(3_600)) }

    @Test("what was told before is heard at once")
    func known() async {
        let board = OrderBoard(capacity: 100)
        board.tell(order("my-1"))
        #expect(await board.wait(for: "my-1", Self.forever) == order("my-1"))
    }

    @Test("what is told while somebody waits ends the wait, for all who wait for it")
    func told() async {
        let board = OrderBoard(capacity: 100)
        async let first = board.wait(for: "my-1", Self.forever)
        async let second = board.wait(for: "my-1", Self.forever)
        // Whether it is told before or while they wait: they hear of it.
        await Task.yield()
        board.tell(order("my-2"))
        board.tell(order("my-1", .filled))
        #expect(await first?.status.state == .filled)
        #expect(await second?.status.state == .filled)
    }

    @Test("a wait ends when its time is over", arguments: 0..<20)
    func over(_ yields: Int) async {
        let order = await OrderBoard(capacity: 100).wait(for: "my-1") {
            for _ in 0..<yields { await Task.yield() }
        }
        #expect(order == nil)
    }

    @Test("a wait ends when its task is cancelled", arguments: 0..<20)
    func cancelled(_ yields: Int) async {
        let board = OrderBoard(capacity: 100)
        let task = Task { await board.wait(for: "my-1", Self.forever) }
        for _ in 0..<yields { await Task.yield() }
        task.cancel()
        #expect(await task.value == nil)
    }

    @Test("numbers of orders are known by the venue's own, symbol by symbol")
    func numbers() {
        let board = OrderBoard(capacity: 100)
        board.learn(order("my-1"))
        #expect(board.clientOrderID(of: "77", in: "BTCUSDT") == "my-1")
        #expect(board.clientOrderID(of: "77", in: "ETHUSDT") == nil && board.last("my-1") == nil)
    }

    @Test("heard is what was told as far as it is known otherwise")
    func heard() {
        let board = OrderBoard(capacity: 100)
        #expect(!board.hasHeard(order("my-1")))
        board.tell(order("my-1", .partiallyFilled, filled: "0.5"))
        #expect(board.hasHeard(order("my-1")) && board.hasHeard(order("my-1", .partiallyFilled, filled: "0.5")))
        #expect(!board.hasHeard(order("my-1", .partiallyFilled, filled: "0.6")))
        #expect(!board.hasHeard(order("my-1", .canceled, filled: "0.5")))
    }
}
