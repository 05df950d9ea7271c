import Bytes
import Market
import Testing
import Trading

@testable import Engine

@Suite("Snapshots as bytes")
struct SnapshotDeltaTests {
    private func bytes(_ value: some BinaryCodable) -> [UInt8] {
        var writer = ByteWriter()
        writer.value(value)
        return writer.bytes
    }

    @Test("a snapshot read is the snapshot written, whatever is in it", arguments: 1...20)
    func whole(seed: UInt64) throws {
        var samples = SnapshotSamples(seed: seed)
        for _ in 0..<20 { samples.change() }
        let written = bytes(samples.snapshot)
        var reader = ByteReader(written)
        let read: Snapshot = try reader.value()
        #expect(reader.isAtEnd)
        // The second form is the first one's exactly when nothing was lost.
        #expect(bytes(read) == written)
        #expect(read.orders == samples.snapshot.orders)
        #expect(read.alerts == samples.snapshot.alerts)
        #expect(read.markets.map(\.minutes) == samples.snapshot.markets.map(\.minutes))
        #expect(read.markets.map(\.depthHistory) == samples.snapshot.markets.map(\.depthHistory))
        #expect(read.notices == samples.snapshot.notices && read.log == samples.snapshot.log)
    }

    @Test("who gets only what changed has what the engine has, also when snapshots are left out", arguments: 1...20)
    func stream(seed: UInt64) throws {
        var samples = SnapshotSamples(seed: seed)
        var client = Snapshot.blank
        var sent = Snapshot.blank
        for _ in 0..<200 {
            for _ in 0...samples.random.next(below: 4) { samples.change() }
            var writer = ByteWriter()
            SnapshotDelta.write(samples.snapshot, since: sent, to: &writer)
            sent = samples.snapshot
            var reader = ByteReader(writer.bytes)
            client = try SnapshotDelta.read(&reader, applyingTo: client)
            #expect(reader.isAtEnd)
            #expect(bytes(client) == bytes(samples.snapshot))
        }
    }

    @Test("nothing but the generation travels when nothing changed")
    func unchanged() {
        let samples = SnapshotSamples(seed: 3)
        var next = samples.snapshot
        next.generation += 1
        var writer = ByteWriter()
        SnapshotDelta.write(next, since: samples.snapshot, to: &writer)
        #expect(writer.count < 32, "\(writer.count) bytes")
    }

    @Test("a new minute of two thousand travels as one")
    func tail() {
        var samples = SnapshotSamples(seed: 4, markets: 1)
        var old = samples.snapshot
        let price = Price(mantissa: 5)
        func candle(_ minute: Int64) -> Candle {
            Candle(
                openTime: Timestamp(seconds: minute * 60), open: price, high: price, low: price, close: price,
                volume: .zero)
        }
        old.markets[0].minutes = (0..<2_880).map(candle)
        var new = old
        new.markets[0].minutes.removeFirst()
        new.markets[0].minutes.append(candle(2_880))
        var writer = ByteWriter()
        SnapshotDelta.write(new, since: old, to: &writer)
        #expect(writer.count < 100, "\(writer.count) bytes")
        samples.change()
    }

    @Test("bytes that are cut off anywhere are an error, never a crash", arguments: [1, 2])
    func cut(seed: UInt64) {
        let written = bytes(SnapshotSamples(seed: seed).snapshot)
        for length in 0..<min(written.count, 4_000) {
            var reader = ByteReader(written[..<length])
            #expect(throws: MalformedBytes.self) { let _: Snapshot = try reader.value() }
        }
    }

    @Test("bytes with a flipped bit are read or refused, never a crash", arguments: 1...5)
    func flipped(seed: UInt64) {
        let written = bytes(SnapshotSamples(seed: seed).snapshot)
        var random = Randomness(seed: seed)
        var refused = 0
        for _ in 0..<2_000 {
            var damaged = written
            damaged[random.next(below: damaged.count)] ^= UInt8(1 << random.next(below: 8))
            var reader = ByteReader(damaged)
            do { let _: Snapshot = try reader.value() } catch { refused += 1 }
        }
        #expect(refused > 0)
    }

    @Test("every request reads as what was written")
    func requests() throws {
        let registration = StrategyRegistration(
            id: StrategyID(rawValue: 3), name: "n", className: "c", parameters: Parameters([]),
            instrument: InstrumentID(1), timeframe: .oneMinute, sizing: .allIn)
        let order = OrderRequest(
            instrument: InstrumentID(2), side: .sell, type: .limit, quantity: Quantity(mantissa: 5),
            limitPrice: Price(mantissa: 9), purpose: .manual)
        let requests: [EngineRequest] = [
            .enableStrategy(StrategyID(rawValue: 1)), .disableStrategy(StrategyID(rawValue: 2)),
            .addStrategy(registration), .changeStrategy(registration), .removeStrategy(StrategyID(rawValue: 3)),
            .placeOrder(order), .cancelOrder(OrderID(rawValue: 7)), .cancelAll(nil), .cancelAll(InstrumentID(1)),
            .closePosition(.manual, InstrumentID(0)), .halt(origin: "o"),
            .emergencyStop(keepsProtection: true, origin: "p"), .emergencyFlatten(origin: ""), .rearm, .resetBreakers,
            .acknowledge([1, -2]), .shelve(4, seconds: 60), .addPriceAlert(InstrumentID(1), Price(mantissa: 3)),
            .runBacktest(BacktestRequest(className: "c", series: "s", timeframe: .oneMinute)), .cancelBacktest(-4),
            .pauseReplay(false), .stepReplay, .setReplaySpeed(nil), .setReplaySpeed(2.5),
            .acceptPosition(InstrumentID(2)), .acceptCash,
            .claimOrder("4711", cancels: true), .claimOrder("", cancels: false),
            .enableWaived(StrategyID(rawValue: 4), reason: "a small try"),
        ]
        for request in requests {
            let written = bytes(request)
            var reader = ByteReader(written)
            let read: EngineRequest = try reader.value()
            #expect(reader.isAtEnd)
            #expect(String(describing: read) == String(describing: request))
        }
    }

    @Test("who asks is what the engine knows of a screen, not what the screen says")
    func origin() {
        if case .halt(let origin) = EngineRequest.halt(origin: "keyboard").named("process 7") {
            #expect(origin == "process 7")
        } else {
            Issue.record("another request")
        }
    }
}
