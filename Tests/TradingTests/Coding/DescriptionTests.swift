import Bytes
import Market
import Testing

@testable import Trading

@Suite("Records in words")
struct DescriptionTests {
    private let describer = RecordDescriber(instruments: [Fixture.bitcoin, Fixture.perpetual])

    private func payload(_ effect: Effect) -> ArraySlice<UInt8> {
        var writer = ByteWriter()
        effect.writePayload(to: &writer)
        return writer.bytes[...]
    }

    @Test("an order says its prices in the decimals of its instrument")
    func order() {
        let order = Order(
            id: OrderID(rawValue: 12), owner: StrategyID(rawValue: 1),
            request: OrderRequest(
                instrument: Fixture.btc, side: .buy, type: .limit, quantity: Quantity(mantissa: 1_500),
                limitPrice: Price(mantissa: 10_050), purpose: .entry),
            quote: .usdt, decisionPrice: Price(mantissa: 10_100), createdAt: Fixture.start)
        let json = describer.describe(.submit, payload(.submit(order))).json
        #expect(json.contains(#""order":12"#) && json.contains(#""quantity":"1.50""#))
        #expect(json.contains(#""limit":"100.5""#) && json.contains(#""instrument":"TEST:BTCUSDT""#))
        #expect(json.contains(#""trigger":null"#))
        let text = describer.describe(.submit, payload(.submit(order))).text
        #expect(text.hasPrefix("order 12, state initialized, owner 1") && !text.contains("trigger"))
    }

    @Test("bytes that are no record say so instead of trapping", arguments: JournalKind.allCases)
    func unreadable(kind: JournalKind) {
        let value = describer.describe(kind, [0xFF, 0xFF, 0xFF])
        if kind.isEvent || kind.isEffect || kind == .marketBatch || kind == .finding {
            #expect(value.json.contains("unreadable"))
        } else {
            #expect(value == .none)
        }
    }

    @Test("whatever a record holds, it has a line of JSON without a line break", arguments: 0..<200)
    func anything(seed: Int) {
        var draw = Draw(seed: UInt64(seed))
        let json = [describer.describe(draw.event()).json, describer.describe(draw.effect()).json]
        for line in json {
            #expect(line.hasPrefix("{") && line.hasSuffix("}") && !line.contains("\n"))
            #expect(line.filter { $0 == "{" }.count == line.filter { $0 == "}" }.count)
        }
    }

    @Test("text in JSON is quoted")
    func quoting() {
        #expect(DescribedValue.text("a\"b\\c\n\u{1}").json == #""a\"b\\c\n\u0001""#)
    }
}
