import Foundation
import Market
import Testing

@testable import StandIn

@Suite("public requests of the stand-in", .serialized)
struct MarketRequestTests {
    private let rig: ServerRig

    init() throws { rig = try ServerRig() }

    private func get(_ path: String) throws -> JSONText { try #require(rig.get("/api/v3/" + path)).json }

    @Test(
        "a symbol whose status is another one is refused by itself and left out among others",
        arguments: [
            "depth", "ticker/24hr", "ticker/price", "ticker/bookTicker", "ticker/tradingDay", "ticker",
        ])
    func status(_ path: String) throws {
        #expect(rig.control("POST /stand-in/symbol?symbol=BTCUSDT&status=HALT")?.status == 200)
        #expect(try get(path + "?symbol=BTCUSDT&symbolStatus=TRADING")["code"].integer == -1_220)
        #expect(try get(path + "?symbol=BTCUSDT&symbolStatus=HALT")["code"].isMissing)
        #expect(try get(path + "?symbol=BTCUSDT&symbolStatus=ASLEEP")["code"].integer == -1_122)
        guard path != "depth" else { return }
        let both = path + "?symbols=%5B%22BTCUSDT%22,%22ETHUSDT%22%5D"
        #expect(try get(both).elements.count == 2)
        #expect(try get(both + "&symbolStatus=TRADING").elements.map { $0["symbol"].string } == ["ETHUSDT"])
    }

    @Test("a window of days is the sum of the candles that it covers")
    func longWindow() throws {
        let ticker = try get("ticker?symbol=BTCUSDT&windowSize=3d")
        let open = try #require(ticker["openTime"].integer)
        #expect(open % 60_000 == 0)
        let candles = try get("klines?symbol=BTCUSDT&interval=1h&limit=80").elements
        // Whole hours within the window hold no more trades than it, and most of them.
        let inside = candles.filter { ($0[0].integer ?? 0) >= open }
        #expect((71...72).contains(inside.count))
        let count = inside.compactMap { $0[8].integer }.reduce(0, +)
        let total = try #require(ticker["count"].integer)
        #expect(total >= inside.dropLast().compactMap { $0[8].integer }.reduce(0, +))
        #expect(total <= count + count / 20 + 1_000)
        #expect(ticker["openPrice"].string != nil)
        #expect(try get("ticker?symbol=BTCUSDT&windowSize=8d")["code"].integer == -1_130)
    }

    @Test(
        "the short form of a ticker leaves out what is derived",
        arguments: [
            "ticker/24hr?symbol=BTCUSDT", "ticker?symbol=BTCUSDT&windowSize=2h", "ticker/tradingDay?symbol=BTCUSDT",
        ])
    func mini(_ path: String) throws {
        #expect(
            try get(path + "&type=MINI").names == [
                "closeTime", "count", "firstId", "highPrice", "lastId", "lastPrice", "lowPrice", "openPrice",
                "openTime",
                "quoteVolume", "symbol", "volume",
            ])
        #expect(try get(path + "&type=FULL")["weightedAvgPrice"].string != nil)
        #expect(try get(path + "&type=TINY")["code"].integer == -1_139)
    }

    @Test("a trading day begins with the day of its zone", arguments: [("0", 0), ("8", 8), ("-3:30", -3.5)])
    func zone(_ name: String, _ hours: Double) throws {
        // More than a day of minutes: what a day began with is there.
        let rig = try ServerRig { $0.minutesBefore = 1_500 }
        let ticker = try #require(rig.get("/api/v3/ticker/tradingDay?symbol=BTCUSDT&timeZone=\(name)")).json
        let open = try #require(ticker["openTime"].integer)
        #expect((open + Int64(hours * 3_600_000)) % 86_400_000 == 0)
        #expect(try get("ticker/tradingDay?symbol=BTCUSDT&timeZone=15")["code"].integer == -1_130)
    }

    @Test("permissions are asked for without symbols")
    func permissions() throws {
        #expect(try get("exchangeInfo?permissions=SPOT")["symbols"].elements.count == 2)
        #expect(try get("exchangeInfo?permissions=MARGIN")["symbols"].elements.isEmpty)
        #expect(try get("exchangeInfo?permissions=SPOT&symbol=BTCUSDT")["code"].integer == -1_128)
    }

    @Test("there are no rules of execution, no reference prices and no block trades, and that is what is answered")
    func nothing() throws {
        let rules = try get("executionRules")["symbolRules"].elements
        #expect(rules.map { $0["symbol"].string } == ["BTCUSDT", "ETHUSDT"])
        #expect(rules.allSatisfy { $0["rules"].elements.isEmpty })
        #expect(try get("executionRules?symbol=ETHUSDT")["symbolRules"].elements.count == 1)
        let price = try #require(rig.get("/api/v3/referencePrice?symbol=BTCUSDT"))
        #expect(price.status == 400)
        #expect(price.json["code"].integer == -2_043)
        #expect(try get("referencePrice/calculation?symbol=BTCUSDT")["code"].integer == -2_043)
        #expect(try get("referencePrice?symbol=NOPEUSDT")["code"].integer == -1_121)
        #expect(rig.get("/api/v3/historicalBlockTrades?symbol=BTCUSDT&fromId=1")?.body == "[]")
        #expect(try get("historicalBlockTrades?symbol=BTCUSDT")["code"].integer == -1_102)
    }

    @Test(
        "every documented method of the WebSocket API is one",
        arguments: [
            "ping", "time", "exchangeInfo", "executionRules", "depth", "trades.recent", "trades.historical",
            "trades.aggregate", "blockTrades.historical", "klines", "uiKlines", "avgPrice", "referencePrice",
            "referencePrice.calculation", "ticker.24hr", "ticker.tradingDay", "ticker", "ticker.price", "ticker.book",
            "session.logon", "session.status", "session.logout", "session.subscriptions", "order.place", "order.test",
            "order.cancel", "order.cancelReplace", "order.amend.keepPriority", "order.amendments", "order.status",
            "openOrders.cancelAll", "openOrders.status", "allOrders", "myTrades", "myPreventedMatches", "myAllocations",
            "myFilters", "account.status", "account.rateLimits.orders", "account.commission", "orderList.place.oco",
            "orderList.place.oto", "orderList.place.otoco", "orderList.place.opo", "orderList.place.opoco",
            "orderList.cancel", "orderList.status", "openOrderLists.status", "allOrderLists", "sor.order.place",
            "sor.order.test", "userDataStream.subscribe", "userDataStream.subscribe.signature",
            "userDataStream.unsubscribe",
        ])
    func methods(_ method: String) throws {
        let socket = try rig.socket("/ws-api/v3")
        socket.send(ServerRig.request(1, method))
        let answer = try #require(socket.receive { $0["id"].integer == 1 })
        // Whatever it answers without parameters and signature, it is not that there is no such method.
        #expect(answer["error"]["code"].integer != -1_020)
        #expect(answer["status"].integer != 404)
    }
}
