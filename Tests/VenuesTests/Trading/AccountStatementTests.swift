import Market
import Testing
import Trading

@testable import Venues

@Suite("a statement becomes what the kernel compares itself with")
struct AccountStatementTests {
    private static let btc = Currency("BTC")!
    private static let bnb = Currency("BNB")!
    private let other = SpotExamples.instrument("BTCEUR", "BTC", "EUR")

    private func execution(_ id: UInt64, external: Bool?, fee: Money = .zero(.usdt)) -> VenueExecution {
        VenueExecution(
            instrument: SpotExamples.btc, venueOrderID: "77", clientOrderID: external == nil ? nil : "my-1",
            isExternal: external, side: .buy, time: .epoch, tradeID: id, price: SpotExamples.price("35000"),
            quantity: SpotExamples.quantity("0.004"), fee: fee, liquidity: .taker)
    }

    private func statement(
        _ executions: [VenueExecution]? = [], steady: Bool = true, balances: [(String, Currency)] = []
    ) throws -> AccountStatement {
        AccountStatement(
            time: .epoch, openOrders: [], executions: executions,
            balances: try balances.map { VenueBalance(free: try Money($0.0, $0.1), locked: try Money("0.5", $0.1)) },
            isSteady: steady)
    }

    private let numbers = [SpotExamples.btc: InstrumentID(3)]

    @Test("what is held of the base asset is the position, free and locked")
    func positions() throws {
        let view = try statement(balances: [("1.00000001", Self.btc), ("100", .usdt)]).view(numbers) { _ in nil }
        #expect(
            view.positions == [
                VenuePosition(instrument: InstrumentID(3), quantity: SpotExamples.quantity("1.50000001"))
            ])
        #expect(view.cash == (try Money("100.5", .usdt)))
    }

    @Test("of two instruments of one asset nobody knows whose it is")
    func shared() throws {
        var numbers = numbers
        numbers[other] = InstrumentID(4)
        let view = try statement(balances: [("1", Self.btc)]).view(numbers) { _ in nil }
        #expect(view.positions == nil && view.cash == nil && view.openOrders == [])
    }

    @Test("what changed while it was read is no position")
    func unsteady() throws {
        let view = try statement(steady: false, balances: [("1", Self.btc)]).view(numbers) { _ in nil }
        #expect(view.positions == nil && view.cash == nil && view.fills == [])
    }

    @Test("fills of others belong to nobody here")
    func external() throws {
        let executions = [execution(1, external: false), execution(2, external: true)]
        let view = try statement(executions).view(numbers) { _ in OrderID(rawValue: 9) }
        #expect(view.fills?.map(\.order) == [OrderID(rawValue: 9), nil])
    }

    @Test("fills of which it is not known whose they are, or what they cost, are not told as if it were")
    func incomplete() throws {
        let unknown = try statement([execution(1, external: nil)]).view(numbers) { _ in nil }
        #expect(unknown.fills == nil)
        let fee = try Money("0.01", Self.bnb)
        let dear = try statement([execution(1, external: false, fee: fee)])
        #expect(dear.view(numbers) { _ in OrderID(rawValue: 9) }.fills == nil)
        let worth = Money(whole: 6, .usdt)
        #expect(dear.view(numbers, order: { _ in nil }, valuing: { _ in worth }).fills?.first?.fill.quoteFee == worth)
    }

    @Test("what others' fills cost has to be known to nobody")
    func dearToOthers() throws {
        let fee = try Money("0.01", Self.bnb)
        let statement = try statement([execution(1, external: true, fee: fee), execution(2, external: false)])
        let view = statement.view(numbers) { _ in OrderID(rawValue: 9) }
        #expect(view.fills?.map(\.fill.tradeID) == [2])
    }

    @Test("what could not be read stays unread")
    func unread() throws {
        var statement = try statement(nil)
        statement.openOrders = nil
        statement.balances = nil
        let view = statement.view(numbers) { _ in nil }
        #expect(view.openOrders == nil && view.fills == nil && view.positions == nil && view.cash == nil)
    }

    // MARK: - What others have locked

    private func sale(
        _ number: String, _ quantity: String, filled: String = "0", list: String? = nil, side: Side = .sell,
        isExternal: Bool = false
    ) -> StandingOrder {
        StandingOrder(
            instrument: SpotExamples.btc, venueID: number, clientOrderID: number, isExternal: isExternal, listID: list,
            side: side, type: .limit,
            status: OrderStatus(
                state: .accepted, quantity: SpotExamples.quantity(quantity), filled: SpotExamples.quantity(filled)),
            time: .epoch)
    }

    @Test("others have locked what is locked beyond our own sales, of which a pair locks once")
    func locked() throws {
        var statement = try statement(balances: [("1", Self.btc)])
        statement.openOrders = [
            sale("mine-1", "0.15", filled: "0.05"), sale("mine-2", "0.2", list: "7"), sale("mine-3", "0.2", list: "7"),
            sale("mine-4", "5", side: .buy), sale("web", "0.2", isExternal: true), sale("forgotten", "0.01"),
        ]
        let locked = statement.lockedByOthers(SpotExamples.btc) { $0.hasPrefix("mine") }
        #expect(locked == SpotExamples.quantity("0.2"))
        #expect(statement.lockedByOthers(other) { _ in true } == SpotExamples.quantity("0.5"))
        let nothing = try self.statement(balances: [("1", .usdt)])
        #expect(nothing.lockedByOthers(SpotExamples.btc) { _ in true } == .zero)
    }

    @Test("of what was not read in one moment nobody knows what is locked")
    func lockedUnsteady() throws {
        var statement = try statement(steady: false, balances: [("1", Self.btc)])
        #expect(statement.lockedByOthers(SpotExamples.btc) { _ in true } == nil)
        statement.isSteady = true
        statement.openOrders = nil
        #expect(statement.lockedByOthers(SpotExamples.btc) { _ in true } == nil)
    }
}
