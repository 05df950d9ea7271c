import Bytes
import Market
import Testing

@testable import Trading

@Suite("Binary forms of the kernel's values")
struct TradingCodingTests {
    private func bytes(_ value: some BinaryCodable) -> [UInt8] {
        var writer = ByteWriter()
        writer.value(value)
        return writer.bytes
    }

    private func copy<Value: BinaryCodable>(_ value: Value) throws -> Value {
        var reader = ByteReader(bytes(value))
        let copy = try reader.value(Value.self)
        try reader.expectEnd()
        return copy
    }

    @Test("every value comes back as it was", arguments: 0..<300)
    func valuesComeBack(seed: Int) throws {
        var draw = Draw(seed: UInt64(seed))
        let order = draw.fullOrder()
        #expect(try copy(order) == order)
        let report = draw.report()
        #expect(try copy(report) == report)
        let verdict = draw.verdict()
        #expect(try copy(verdict) == verdict)
        let position = draw.position()
        #expect(try copy(position) == position)
        let limits = draw.limits()
        #expect(try copy(limits) == limits)
        let alert = draw.alert()
        #expect(try copy(alert) == alert)
        let truth = draw.truth()
        #expect(try copy(truth) == truth)
    }

    @Test("what is read of an event or an effect is written again in the same bytes", arguments: 0..<500)
    func bytesComeBack(seed: Int) throws {
        var draw = Draw(seed: UInt64(seed))
        let event = draw.event()
        #expect(try bytes(copy(event)) == bytes(event))
        let effect = draw.effect()
        #expect(try bytes(copy(effect)) == bytes(effect))
    }

    @Test("a registration comes back with the meaning of its parameters once its class is known")
    func registrations() throws {
        var draw = Draw(seed: 7)
        for _ in 0..<50 {
            let registration = draw.registration()
            var copy = try copy(registration)
            copy.parameters = try copy.parameters.described(by: ScriptedStrategy.descriptor.parameters)
            #expect(copy == registration)
        }
    }

    @Test("bytes cut short are refused, whatever they are of", arguments: 0..<150)
    func truncation(seed: Int) {
        var draw = Draw(seed: UInt64(seed))
        for whole in [bytes(draw.event()), bytes(draw.effect())] {
            for length in 0..<whole.count {
                var reader = ByteReader(whole[..<length])
                #expect(throws: MalformedBytes.self) { try reader.value(Event.self) }
                reader = ByteReader(whole[..<length])
                #expect(throws: MalformedBytes.self) { try reader.value(Effect.self) }
            }
        }
    }

    @Test("flipped bits are refused or read as another value, and never trap", arguments: 0..<100)
    func bitFlips(seed: Int) {
        var draw = Draw(seed: UInt64(seed))
        let wholes = [bytes(draw.event()), bytes(draw.effect()), bytes(draw.command()), bytes(draw.registration())]
        for whole in wholes {
            for place in whole.indices {
                var damaged = whole
                damaged[place] ^= 1 << UInt8(draw.below(8))
                // What reads must be the whole value, and as such written again in no more bytes.
                var reader = ByteReader(damaged)
                if let event = try? reader.value(Event.self) { #expect(bytes(event).count <= damaged.count + 16) }
                reader = ByteReader(damaged)
                if let effect = try? reader.value(Effect.self) { #expect(bytes(effect).count <= damaged.count + 16) }
            }
        }
    }

    @Test("the numbers of enumerations are what they have always been")
    func enumerations() {
        #expect(OrderState.allCases.map(\.rawValue) == Array(0...11))
        #expect(OrderState.lost.rawValue == 11 && OrderState.filled.rawValue == 7)
        #expect(OrderReason.superseded.rawValue == 16 && OrderReason.groupFilled.rawValue == 6)
        #expect(OrderPurpose.reconciliation.rawValue == 7 && OrderPurpose.stopLoss.rawValue == 2)
        #expect(RiskCheck.unreconciled.rawValue == 24 && RiskCheck.balance.rawValue == 18)
        #expect(OrderType.takeProfit.rawValue == 4 && TimeInForce.fillOrKill.rawValue == 2)
        #expect(JournalKind.alert.rawValue == 48 && JournalKind.submit.rawValue == 16)
    }

    @Test("every kind of record is found by its name")
    func kindNames() {
        for kind in JournalKind.allCases { #expect(JournalKind(name: kind.name) == kind) }
    }

    @Test("the bytes of an order are what they have always been")
    func golden() {
        var order = Order(
            id: OrderID(rawValue: 300), owner: StrategyID(rawValue: 2),
            request: OrderRequest(
                instrument: InstrumentID(1), side: .sell, type: .stop, quantity: Quantity(mantissa: 5),
                triggerPrice: Price(mantissa: 100), isReduceOnly: true, purpose: .stopLoss, group: 9),
            quote: .usdt, decisionPrice: Price(mantissa: 110), createdAt: Timestamp(nanoseconds: 1))
        order.state = .accepted
        order.updatedAt = Timestamp(nanoseconds: 3)
        #expect(
            bytes(order) == [
                0x08, 0xAC, 0x02, 0x02, 0x04, 0x00, 1, 0, 0, 0, 0, 0, 0, 0, 0xDC, 0x01, 0x80, 0x33, 1, 2, 2, 0x0A, 0xC8,
                0x01, 9, 4,
            ])
        #expect(bytes(Event.timer(Timestamp(nanoseconds: 2))) == [5, 2, 0, 0, 0, 0, 0, 0, 0])
        #expect(bytes(Effect.cancel(OrderID(rawValue: 5))) == [17, 5])
        #expect(bytes(Effect.record(.refusal("no"))) == [41, 2, 0x6E, 0x6F])
    }
}
