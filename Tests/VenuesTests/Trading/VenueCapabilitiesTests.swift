import Market
import Testing
import Trading

@testable import Venues

@Suite("what a venue does not declare is objected to before it is sent")
struct VenueCapabilitiesTests {
    private let poor = VenueCapabilities(
        orderTypes: [.market, .limit], timesInForce: [.goodTilCancelled], features: [], longestClientOrderID: 20)

    private func order(_ change: (inout OrderPlacement) -> Void = { _ in }) -> OrderPlacement {
        var order = OrderPlacement(
            SpotExamples.btc, clientOrderID: "my-1", .buy, .limit, quantity: SpotExamples.quantity("1"),
            limitPrice: SpotExamples.price("35000"))
        change(&order)
        return order
    }

    @Test("a plain limit order is taken by all")
    func plain() { #expect(poor.objection(to: order()) == nil) }

    @Test("types, times and extras that are not there are named", arguments: 0..<6)
    func missing(_ kind: Int) {
        let orders = [
            order {
                $0.type = .stopLimit
                $0.triggerPrice = $0.limitPrice
            },
            order { $0.timeInForce = .fillOrKill }, order { $0.isPostOnly = true },
            order { $0.selfTradePrevention = .expireBoth },
            order {
                $0.type = .market
                $0.quantity = .zero
                $0.limitPrice = nil
                $0.spend = SpotExamples.usdt("10")
            },
            order { $0.trailing = 50 },
        ]
        #expect(poor.objection(to: orders[kind]) != nil)
    }

    @Test("an order that contradicts itself is taken by none", arguments: 0..<7)
    func contradictions(_ kind: Int) {
        let orders = [
            order { $0.quantity = .zero }, order { $0.spend = SpotExamples.usdt("10") }, order { $0.limitPrice = nil },
            order { $0.type = .market }, order { $0.triggerPrice = $0.limitPrice },
            order {
                $0.isPostOnly = true
                $0.timeInForce = .immediateOrCancel
            },
            order { $0.type = .stop },
        ]
        #expect(orders[kind].contradiction != nil)
    }

    @Test("lists need what they are", arguments: OrderListPlacement.Kind.allCases)
    func lists(_ kind: OrderListPlacement.Kind) {
        let list = OrderListPlacement(clientListID: "l-1", kind, [order(), order()])
        #expect(poor.objection(to: list) != nil)
    }

    @Test("the kernel's order keeps all its terms, and its purpose decides who goes first")
    func request() throws {
        let number = ClientOrderID(try #require(ClientOrderID.Instance("K7Q")), sequence: 5, ordinal: 1)
        var request = OrderRequest(
            instrument: InstrumentID(0), side: .sell, type: .stopLimit, quantity: SpotExamples.quantity("1"),
            limitPrice: SpotExamples.price("34000"), triggerPrice: SpotExamples.price("34100"), purpose: .stopLoss)
        let placement = OrderPlacement(request, of: SpotExamples.btc, clientOrderID: number)
        #expect(placement.clientOrderID == number.description && placement.priority == .protective)
        #expect(placement.limitPrice == request.limitPrice && placement.triggerPrice == request.triggerPrice)
        #expect(placement.side == .sell && placement.type == .stopLimit && placement.quantity == request.quantity)
        request.purpose = .exit
        #expect(OrderPlacement(request, of: SpotExamples.btc, clientOrderID: number).priority == .reduce)
        request.purpose = .entry
        #expect(OrderPlacement(request, of: SpotExamples.btc, clientOrderID: number).priority == .open)
    }
}
