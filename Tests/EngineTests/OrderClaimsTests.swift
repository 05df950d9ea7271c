import Market
import Testing

@testable import Engine

/// What is kept of orders of other clients that a person has claimed.
@Suite("Claims of orders of other clients")
struct OrderClaimsTests {
    private let time = Timestamp(seconds: 1_700_000_000)
    private let bitcoin = OrderClaims.Key(instrument: "BINANCE:BTCUSDT", venueID: "7")
    private let ether = OrderClaims.Key(instrument: "BINANCE:ETHUSDT", venueID: "7")

    @Test("two instruments may have orders of one number")
    func numbers() {
        var claims = OrderClaims()
        claims.add(bitcoin, since: time, cancels: false)
        #expect(claims.since(bitcoin) == time && claims.since(ether) == nil)
    }

    @Test("what a person wants cancelled stays wanted until it has ended, also over a restart")
    func unwanted() {
        var claims = OrderClaims()
        claims.add(bitcoin, since: time, cancels: true)
        claims.add(bitcoin, since: time.adding(seconds: 5), cancels: false)
        var again = OrderClaims(text: claims.text, now: .epoch)
        #expect(again.isUnwanted(bitcoin, isProtective: true) && again.since(bitcoin) == time)
        again.ended(bitcoin)
        #expect(!again.isUnwanted(bitcoin, isProtective: false))
    }

    @Test("an emergency stop takes claimed orders along until it is lifted, also those claimed after it")
    func stopped() {
        var claims = OrderClaims()
        claims.add(bitcoin, since: time, cancels: false)
        claims.stop = .unprotective
        #expect(claims.isUnwanted(bitcoin, isProtective: false) && !claims.isUnwanted(bitcoin, isProtective: true))
        #expect(!claims.isUnwanted(ether, isProtective: false))
        claims.add(ether, since: time, cancels: false)
        var again = OrderClaims(text: claims.text, now: .epoch)
        #expect(again.isUnwanted(ether, isProtective: false))
        again.stop = .everything
        #expect(again.isUnwanted(ether, isProtective: true))
        again.stop = nil
        #expect(!again.isUnwanted(ether, isProtective: false) && !again.isUnwanted(bitcoin, isProtective: false))
    }

    @Test("claims of before instruments were kept are those of the first order of their number")
    func older() {
        var claims = OrderClaims(text: "7 1700000000000000000\n8", now: time.adding(seconds: 9))
        claims.meet(ether)
        #expect(claims.since(ether) == time && claims.since(bitcoin) == nil)
        claims.meet(OrderClaims.Key(instrument: "BINANCE:BTCUSDT", venueID: "8"))
        let other = OrderClaims.Key(instrument: "BINANCE:BTCUSDT", venueID: "8")
        #expect(claims.since(other) == time.adding(seconds: 9))
    }

    @Test("a claim ends with its order, unless something of it is not booked yet")
    func pruned() {
        var claims = OrderClaims()
        claims.add(bitcoin, since: time, cancels: false)
        claims.add(ether, since: time, cancels: false)
        claims.unvalued = [ether]
        claims.prune(open: [])
        #expect(claims.since(bitcoin) == nil && claims.since(ether) == time)
        claims.unvalued = []
        claims.prune(open: [])
        #expect(claims.isEmpty)
    }
}
