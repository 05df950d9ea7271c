import Foundation
import Market
import Testing
import Trading

@testable import Venues

@Suite("events of the account are read")
struct UserMessageTests {
    private func event(_ text: String) throws(UnreadableAnswer) -> UserEvent? {
        if case .event(let event) = try UserMessage.read(Array(text.utf8), UserExamples.known) { return event }
        return nil
    }

    private func report(_ changes: [String: String?] = [:]) throws -> ExecutionReport {
        let message = try UserMessage.read(UserExamples.report(changes), UserExamples.known)
        guard case .event(.execution(let report, _)) = message else { throw Misfit("it is no report of an order") }
        return report
    }

    @Test("a trade has its number, its price, its fee and who was there first")
    func trade() throws {
        let report = try report()
        let trade = try #require(report.trade)
        #expect(trade.id == 555 && trade.orderID == 77 && trade.isMaker && trade.side == .buy)
        #expect(trade.price == SpotExamples.price("35000") && trade.quantity == SpotExamples.quantity("0.004"))
        #expect(trade.commission == (try Money("0.000004", Currency("BTC")!)))
        #expect(report.order.executed == SpotExamples.quantity("0.004") && report.order.status == .partiallyFilled)
        #expect(report.order.clientOrderID == "my-1" && report.order.listID == nil)
    }

    @Test("a fee in the venue's coin is told as it is")
    func coin() throws {
        let fee = try report(["n": "\"0.00123000\"", "N": "\"BNB\""]).trade?.commission
        #expect(fee == (try Money("0.00123", Currency("BNB")!)))
    }

    @Test("no fee is none")
    func free() throws {
        let trade = try report(["n": "\"0\"", "N": "null"]).trade
        #expect(trade?.commission == .zero(.usdt))
    }

    @Test("a cancel is told under the number of the order, not its own")
    func cancelNumber() throws {
        let cancel: [String: String?] = [
            "x": "\"CANCELED\"", "X": "\"CANCELED\"", "c": "\"cancel-9\"", "C": "\"my-1\"", "t": "-1",
        ]
        #expect(try report(cancel).order.clientOrderID == "my-1")
        #expect(try report(cancel).order.changeID == "cancel-9")
        // The venue itself cancelled it: there is no other number.
        #expect(try report(cancel.merging(["C": "\"\""]) { $1 }).order.clientOrderID == "cancel-9")
    }

    @Test("what stands beside the number of anything but a cancel means nothing")
    func otherNumber() throws {
        #expect(try report(["C": "\"elsewhere\""]).order.clientOrderID == "my-1")
    }

    @Test(
        "what is missing is not made up",
        arguments: ["s", "c", "C", "S", "o", "f", "q", "p", "x", "X", "i", "l", "z", "L", "T", "t"])
    func missing(_ key: String) {
        #expect(throws: UnreadableAnswer.self) { try report([key: nil]) }
    }

    @Test(
        "what can't be is refused",
        arguments: [
            ("x", "\"SOMETHING\""), ("X", "\"SOMETHING\""), ("S", "\"HOLD\""), ("q", "0.01"), ("l", "\"0\""),
            ("l", "\"-1\""), ("t", "-1"), ("T", "-5"), ("L", "\"35000,5\""), ("N", "null"), ("z", "\"0.000000001\""),
            ("i", "\"77\""), ("V", "\"SOMETHING\""),
        ])
    func impossible(_ key: String, _ value: String) {
        #expect(throws: UnreadableAnswer.self) { try report([key: value]) }
    }

    @Test("fields that nobody knows are passed over")
    func further() throws { #expect(try report(["zz": "[1,{\"a\":null}]"]).order.id == 77) }

    @Test("an order of a symbol that is not known is told of, without its numbers")
    func elsewhere() throws {
        let message = try UserMessage.read(UserExamples.report(["s": "\"ETHUSDT\""]), UserExamples.known)
        guard case .event(.elsewhere("ETHUSDT")) = message else { throw Misfit("it is elsewhere") }
    }

    @Test("balances are read, assets without a readable name left out")
    func balances() throws {
        let text = """
            {"subscriptionId":0,"event":{"e":"outboundAccountPosition","E":1700000000000,"u":1700000000000,"B":[
            {"a":"BTC","f":"1.50000000","l":"0.25000000"},{"a":"币安人生","f":"1","l":"0"}]}}
            """
        guard case .balances(let balances, _)? = try event(text) else { throw Misfit("they are balances") }
        #expect(balances.map(\.total) == [try Money("1.75", Currency("BTC")!)])
    }

    @Test("money that goes is below zero")
    func transfer() throws {
        let text =
            #"{"subscriptionId":0,"event":{"e":"balanceUpdate","E":1700000000000,"a":"BTC","d":"-0.5","T":1700000000000}}"#
        guard case .transfer(let amount, _)? = try event(text) else { throw Misfit("it is a transfer") }
        #expect(amount == (try Money("-0.5", Currency("BTC")!)))
    }

    @Test("what somebody else locks or frees is told of, so that the account is looked at")
    func locked() throws {
        let text =
            #"{"subscriptionId":0,"event":{"e":"externalLockUpdate","E":1700000000000,"a":"NEO","d":"10.0","T":1700000000000}}"#
        guard case .elsewhere("NEO")? = try event(text) else { throw Misfit("it is elsewhere") }
        #expect(throws: UnreadableAnswer.self) { try event(text.replacing(#""a":"NEO","#, with: "")) }
    }

    @Test("an answer has its number, its status and what went wrong")
    func answer() throws {
        let text =
            #"{"id":"u7","status":429,"error":{"code":-1003,"msg":"Too much","data":{"serverTime":1700000000000,"retryAfter":1700000060000}}}"#
        guard case .answer(let answer) = try UserMessage.read(Array(text.utf8), [:]) else {
            throw Misfit("it is an answer")
        }
        #expect(answer.id == "u7" && answer.error?.code == -1003 && answer.retryAfter == .seconds(60))
    }

    @Test("a refusal without an error is no answer")
    func brokenAnswer() {
        #expect(throws: UnreadableAnswer.self) { try UserMessage.read(Array(#"{"id":"u7","status":400}"#.utf8), [:]) }
    }

    @Test("no prefix of a message is taken for one")
    func prefixes() {
        let whole = UserExamples.report()
        for count in 0..<whole.count {
            #expect(throws: UnreadableAnswer.self) {
                try UserMessage.read(Array(whole.prefix(count)), UserExamples.known)
            }
        }
    }

    @Test("a damaged byte is read strictly or not at all: never another symbol, never more than was said")
    func damage() {
        let whole = UserExamples.report()
        for index in whole.indices {
            for bit in [UInt8(0x01), 0x10, 0x80] {
                var bytes = whole
                bytes[index] ^= bit
                guard
                    case .event(.execution(let report, let instrument))? = try? UserMessage.read(
                        bytes, UserExamples.known)
                else { continue }
                #expect(instrument == SpotExamples.btc && report.order.executed.mantissa >= 0)
            }
        }
    }

    @Test(
        "every documented event of the account is read",
        .enabled(if: CapturedPayloads.isThere, "no documented payloads here"))
    func documented() throws {
        let instruments = ["ETHBTC": SpotExamples.instrument("ETHBTC", "ETH", "BTC")]
        let marked = ["\"subscriptionId\"", "\"serverShutdown\""]
        let texts = try CapturedPayloads.documentedStreams() + CapturedPayloads.documentedAPI()
        var kinds: Set<String> = []
        for text in texts where marked.contains(where: text.contains) && text.contains("\"event\"") {
            guard case .event(let event) = try UserMessage.read(Array(text.utf8), instruments) else {
                throw Misfit("no event: \(text)")
            }
            kinds.insert(String("\(event)".prefix { $0 != "(" }))
        }
        let expected: Set = ["execution", "balances", "transfer", "list", "terminated", "shutdown", "elsewhere"]
        #expect(kinds == expected)
    }

    @Test(
        "every documented answer about sessions and subscriptions is read",
        .enabled(if: CapturedPayloads.isThere, "no documented payloads here"))
    func documentedAnswers() throws {
        var count = 0
        for text in try CapturedPayloads.documentedAPI() where text.contains("\"status\":") && text.hasPrefix("{\"id\"")
        {
            guard case .answer(let answer) = try UserMessage.read(Array(text.utf8), [:]) else {
                throw Misfit("no answer: \(text)")
            }
            #expect(answer.status == 200 || answer.error != nil)
            count += 1
        }
        #expect(count > 50, "\(count)")
    }
}

/// An execution report whose fields a test changes.
enum UserExamples {
    static let known = ["BTCUSDT": SpotExamples.btc]

    private static let fields: [(String, String)] = [
        ("e", "\"executionReport\""), ("E", "1700000001000"), ("s", "\"BTCUSDT\""), ("c", "\"my-1\""), ("S", "\"BUY\""),
        ("o", "\"LIMIT\""), ("f", "\"GTC\""), ("q", "\"0.01000\""), ("p", "\"35000.00\""), ("P", "\"0.00\""),
        ("F", "\"0.00\""), ("g", "-1"), ("C", "\"\""), ("x", "\"TRADE\""), ("X", "\"PARTIALLY_FILLED\""),
        ("r", "\"NONE\""), ("i", "77"), ("l", "\"0.00400\""), ("z", "\"0.00400\""), ("L", "\"35000.00\""),
        ("n", "\"0.00000400\""), ("N", "\"BTC\""), ("T", "1700000000999"), ("t", "555"), ("I", "9001"), ("w", "true"),
        ("m", "true"), ("M", "true"), ("O", "1700000000500"), ("Z", "\"140.00\""), ("Y", "\"140.00\""),
        ("Q", "\"0.00\""), ("W", "1700000000500"), ("V", "\"EXPIRE_MAKER\""),
    ]

    /// The bytes of a report; a change to `nil` leaves a field out.
    static func report(_ changes: [String: String?] = [:]) -> [UInt8] {
        var members = fields.compactMap { name, value -> String? in
            guard let change = changes[name] else { return "\"\(name)\":\(value)" }
            return change.map { "\"\(name)\":\($0)" }
        }
        for (name, value) in changes.sorted(by: { $0.key < $1.key }) where !fields.contains(where: { $0.0 == name }) {
            if let value { members.append("\"\(name)\":\(value)") }
        }
        return Array("{\"subscriptionId\":0,\"event\":{\(members.joined(separator: ","))}}".utf8)
    }

    /// A report as the adapter has it.
    static func read(_ changes: [String: String?] = [:]) throws -> ExecutionReport {
        guard case .event(.execution(let report, _)) = try UserMessage.read(report(changes), known) else {
            throw Misfit("it is no report of an order")
        }
        return report
    }
}
