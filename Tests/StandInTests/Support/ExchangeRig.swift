import Market
import Simulation
import Testing

import struct Trading.InstrumentID

@testable import StandIn

/// An exchange of one symbol whose market the test tells: BTCUSDT around 100, tick 0.01, step 0.00001, both commissions
/// ten basis points, two accounts with 10,000 USDT and 5 BTC each.
final class ExchangeRig {
    let exchange: Exchange
    private(set) var time = Timestamp(seconds: 1_700_000_000)
    private var taken: [ExchangeEvent] = []

    init(limits: ExchangeLimits = ExchangeLimits()) {
        let profiles = [SyntheticInstrument.defaults[0]]
        let market = SyntheticMarket(seed: 1, instruments: profiles, start: time)
        exchange = Exchange(market, profiles.map(\.instrument), limits: limits, start: time)
        exchange.markets[0].lastPrice = ExchangeRig.price("100")
        exchange.accounts = (0..<2).map { number in
            Account(
                id: number, keys: [],
                balances: [
                    (ExchangeRig.btc, Money(whole: 5, ExchangeRig.btc).units),
                    (.usdt, Money(whole: 10_000, .usdt).units),
                ])
        }
        show(bids: [("99.99", "1"), ("99.98", "2")], asks: [("100.01", "1"), ("100.02", "2")])
        taken.removeAll()
    }

    static let btc = Currency("BTC")!

    static func price(_ text: String) -> Price { Price(mantissa: units(text)) }
    static func quantity(_ text: String) -> Quantity { Quantity(mantissa: units(text)) }
    private static func units(_ text: String) -> Int64 {
        guard let units = try? DecimalText.mantissa(text, scale: 8) else {
            preconditionFailure("'\(text)' is a decimal")
        }
        return units
    }

    var account: Account { exchange.accounts[0] }
    var other: Account { exchange.accounts[1] }

    /// Lets time go on.
    func wait(milliseconds: Int64) {
        time = time.adding(nanoseconds: milliseconds * 1_000_000)
        exchange.setTime(time)
    }

    /// The market shows a book.
    func show(bids: [(String, String)], asks: [(String, String)]) {
        wait(milliseconds: 100)
        func levels(_ pairs: [(String, String)]) -> [BookLevel] {
            pairs.map { BookLevel(price: ExchangeRig.price($0.0), quantity: ExchangeRig.quantity($0.1)) }
        }
        exchange.take(.depth(InstrumentID(0), BookDepth(time: time, bids: levels(bids), asks: levels(asks))))
    }

    /// The market trades.
    func trade(_ price: String, _ quantity: String, _ aggressor: Side) {
        wait(milliseconds: 1)
        exchange.take(
            .print(
                InstrumentID(0),
                TradePrint(
                    time: time, price: ExchangeRig.price(price), quantity: ExchangeRig.quantity(quantity),
                    aggressor: aggressor, id: 0)))
    }

    /// Parameters out of pairs written as `side=BUY type=LIMIT`.
    static func parameters(_ text: String) -> Parameters {
        var parameters = Parameters()
        parameters.add("symbol", "BTCUSDT")
        for word in text.split(separator: " ") {
            let sides = word.split(separator: "=", maxSplits: 1).map(String.init)
            parameters.add(sides[0], sides.count == 2 ? sides[1] : "")
        }
        return parameters
    }

    /// Places an order and gives it.
    @discardableResult
    func place(_ text: String, _ account: Account? = nil) throws(APIError) -> Order {
        let account = account ?? self.account
        let parameters = ExchangeRig.parameters(text)
        let id = exchange.nextOrderID
        _ = try exchange.placeChecked(try OrderReading(parameters: parameters).terms(), 0, account)
        guard let order = account.order(id) else { preconditionFailure("a placed order is kept") }
        return order
    }

    /// The code of the refusal of an order, or `nil` when it was taken.
    func refusal(_ text: String) -> String? {
        do throws(APIError) {
            try place(text)
            return nil
        } catch {
            return "\(error.code) \(error.message)"
        }
    }

    /// What an account has free and locked, as texts.
    func balance(_ asset: Currency, _ account: Account? = nil) -> [String] {
        let balance = (account ?? self.account)[asset]
        return [balance.free, balance.locked].map { Money(units: $0, asset).decimalText }
    }

    /// What has happened since the last time somebody asked.
    private func gather() { taken += exchange.takeEvents() }

    /// The execution reports of an account since the last time, each as `TRADE/FILLED` and its last quantity and price.
    func reports(_ account: Account? = nil) -> [String] {
        gather()
        let id = (account ?? self.account).id
        var lines: [String] = []
        for case .user(id, let event) in taken where event["e"]?.string == "executionReport" {
            var line = "\(event["x"]?.string ?? "")/\(event["X"]?.string ?? "")"
            if event["x"]?.string == "TRADE" {
                line += " \(ExchangeRig.plain(event["l"]))@\(ExchangeRig.plain(event["L"]))"
            }
            lines.append(line)
        }
        taken.removeAll()
        return lines
    }

    /// The user data of an account since the last time, of one name.
    func told(_ name: String, _ account: Account? = nil) -> [JSONValue] {
        gather()
        let id = (account ?? self.account).id
        var events: [JSONValue] = []
        for case .user(id, let event) in taken where event["e"]?.string == name { events.append(event) }
        taken.removeAll()
        return events
    }

    private static func plain(_ value: JSONValue?) -> String {
        guard let text = value?.string, let units = try? DecimalText.mantissa(text, scale: 8) else { return "?" }
        return DecimalText.text(Int128(units), scale: 8)
    }

    /// The trades of the tape since it began, `quantity@price`.
    var tape: [String] {
        exchange.markets[0].tape.trades.map {
            DecimalText.text(Int128($0.quantity.mantissa), scale: 8) + "@"
                + DecimalText.text(Int128($0.price.mantissa), scale: 8)
        }
    }

    /// The public book, `quantity@price` of each level.
    func book(_ side: Side) -> [String] {
        (side == .buy ? exchange.markets[0].book.bids : exchange.markets[0].book.asks).map {
            DecimalText.text(Int128($0.quantity.mantissa), scale: 8) + "@"
                + DecimalText.text(Int128($0.price.mantissa), scale: 8)
        }
    }
}

extension Order {
    /// What has filled of it, as a text.
    var executedText: String { DecimalText.text(Int128(executed.mantissa), scale: 8) }
}
