import Bytes
import Market
import Simulation
import Trading

/// What it costs to put records into bytes and to take them out again.
enum CodingBenchmark: Benchmark {
    static let name = "coding"

    static func run() throws -> [Figure] {
        try orders() + market()
    }

    private static func orders() throws -> [Figure] {
        let order = sample()
        let count = 10_000
        var writer = ByteWriter(capacity: 256 * count)
        let write = Measure.nanoseconds {
            writer.removeAll()
            for _ in 0..<count { Effect.submit(order).writePayload(to: &writer) }
            Measure.keep(writer.count)
        }
        let bytes = writer.bytes
        let read = try Measure.nanoseconds {
            var reader = ByteReader(bytes)
            for _ in 0..<count { Measure.keep(try Effect(.submit, from: &reader).journalKind) }
        }
        let size = Double(bytes.count) / Double(count)
        return [
            Figure(
                name: "write an order of \(Int(size)) bytes", value: write / Double(count), unit: "ns",
                baseline: Baseline(name: "allowed", value: 300), limit: 300),
            Figure(
                name: "read an order", value: read / Double(count), unit: "ns",
                baseline: Baseline(name: "allowed", value: 300), limit: 600),
        ]
    }

    private static func sample() -> Order {
        var order = Order(
            id: OrderID(rawValue: 12_345), owner: StrategyID(rawValue: 3),
            request: OrderRequest(
                instrument: InstrumentID(1), side: .sell, type: .stop, quantity: Quantity(mantissa: 153_000),
                triggerPrice: Price(mantissa: 6_512_300), isReduceOnly: true, purpose: .stopLoss, group: 17),
            quote: .usdt, decisionPrice: Price(mantissa: 6_530_000),
            createdAt: Timestamp(nanoseconds: 1_700_000_000_000_000_000))
        order.state = .partiallyFilled
        order.filled = Quantity(mantissa: 53_000)
        order.filledNotional = Money(units: 3_451_519_000_000_000_000_000, .usdt)
        order.quoteFees = Money(units: 3_451_519_000_000_000_000, .usdt)
        order.updatedAt = order.createdAt.adding(seconds: 1)
        return order
    }

    private static func market() throws -> [Figure] {
        let inputs = syntheticInputs(500_000)
        let count = Double(inputs.count)
        var writer = MarketBatchWriter(capacity: inputs.count * 16)
        let write = Measure.nanoseconds {
            writer.removeAll()
            for input in inputs { writer.append(input) }
            Measure.keep(writer.byteCount)
        }
        let bytes = writer.bytes
        let read = try Measure.nanoseconds {
            var reader = MarketBatchReader(bytes)
            var read = 0
            while try reader.next() != nil { read += 1 }
            Measure.keep(read)
        }
        return [
            Figure(
                name: "bytes of a market update", value: Double(bytes.count) / count, unit: "bytes",
                baseline: Baseline(name: "allowed", value: 12), limit: 12),
            Figure(
                name: "write a market update", value: write / count, unit: "ns",
                baseline: Baseline(name: "allowed", value: 50), limit: 50),
            Figure(
                name: "read a market update", value: read / count, unit: "ns",
                baseline: Baseline(name: "allowed", value: 50), limit: 50),
        ]
    }

    /// The quotes and prints of a synthetic market, as the engine journals them.
    private static func syntheticInputs(_ count: Int) -> [MarketInput] {
        let start = Timestamp(seconds: 1_700_000_040)
        var market = SyntheticMarket(seed: 1, start: start)
        var inputs: [MarketInput] = []
        inputs.reserveCapacity(count + 10_000)
        while inputs.count < count {
            market.advance(to: market.now.adding(seconds: 1)) { event in
                switch event {
                case .quote(let id, let quote): inputs.append(.quote(id, quote))
                case .print(let id, let print): inputs.append(.print(id, print))
                case .depth, .closedCandle: break
                }
            }
        }
        return inputs
    }
}
