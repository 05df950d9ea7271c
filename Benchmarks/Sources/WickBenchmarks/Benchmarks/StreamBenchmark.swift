import CBaseline
import Ingestion
import Market
import Venues

/// From the bytes of a market stream's messages to a book and to trades.
enum StreamBenchmark: Benchmark {
    static let name = "streams"

    static func run() throws -> [Figure] {
        let messages = StreamMessages(4_000)
        return try depth(messages) + trades(messages)
    }

    private static func depth(_ messages: StreamMessages) throws -> [Figure] {
        var fresh = LocalBook()
        _ = fresh.streamBegan()
        _ = fresh.apply(messages.snapshot, at: .epoch)
        var decoder = MarketStreamDecoder([StreamMessages.instrument])
        var last = fresh
        let whole = try Measure.nanoseconds {
            var book = fresh
            for message in messages.depths {
                try message.withUnsafeBytes { _ = try decoder.decode($0) }
                guard book.apply(decoder.depth) == .applied else {
                    throw BenchmarkError(description: "a change of the book was not applied: \(book.state)")
                }
            }
            last = book
        }
        let read = try Measure.nanoseconds {
            for message in messages.depths { try message.withUnsafeBytes { _ = try decoder.decode($0) } }
        }
        let allocations = try Measure.allocations {
            for message in messages.depths { try message.withUnsafeBytes { _ = try decoder.decode($0) } }
        }
        let plain = plainBook(messages)
        guard plain.bids == last.reach(of: .buy).levels, plain.asks == last.reach(of: .sell).levels else {
            throw BenchmarkError(description: "the plain loop's book has other levels")
        }
        let count = Double(messages.depths.count)
        let bytes = messages.depths.reduce(0) { $0 + $1.count } / messages.depths.count
        return [
            Figure(
                name: "depth message of \(bytes) bytes to updated book", value: whole / count, unit: "ns",
                baseline: .c(plain.nanoseconds / count), limit: 5_000),
            Figure(
                name: "read it", value: read / count, unit: "ns", baseline: .c(plainReading(messages.depths) / count)),
            Figure(
                name: "allocations of reading it", value: Double(allocations) / count, unit: "allocations", limit: 0),
            Figure(
                name: "book levels a second from bytes", value: whole / Double(messages.levels), unit: "ns/level",
                baseline: .c(plain.nanoseconds / Double(messages.levels)), limit: 5_000),
        ]
    }

    private static func trades(_ messages: StreamMessages) throws -> [Figure] {
        var decoder = MarketStreamDecoder([StreamMessages.instrument])
        var volume: Int64 = 0
        let read = try Measure.nanoseconds {
            for message in messages.trades {
                guard case .trade(let trade) = try message.withUnsafeBytes({ try decoder.decode($0) }) else {
                    throw BenchmarkError(description: "a trade was not read as one")
                }
                volume &+= trade.print.quantity.mantissa
            }
            Measure.keep(volume)
        }
        let count = Double(messages.trades.count)
        let bytes = messages.trades.reduce(0) { $0 + $1.count } / messages.trades.count
        return [
            Figure(
                name: "trade message of \(bytes) bytes to event", value: read / count, unit: "ns",
                baseline: .c(plainReading(messages.trades) / count), limit: 20_000)
        ]
    }

    /// What C needs to take the numbers out of the messages.
    private static func plainReading(_ messages: [[UInt8]]) -> Double {
        var numbers = [Int64](repeating: 0, count: 16_384)
        var found = 0
        return Measure.nanoseconds {
            for message in messages { Measure.keep(baseline_read_numbers(message, message.count, &numbers, &found)) }
        }
    }

    /// The same book in C: numbers without names, levels in two plain arrays, nothing checked.
    private static func plainBook(_ messages: StreamMessages) -> (nanoseconds: Double, bids: Int, asks: Int) {
        let most = 5_000
        func side(_ levels: [BookLevel], _ sign: Int64) -> [baseline_level] {
            var side = levels.reversed().map {
                baseline_level(price: sign * $0.price.mantissa, quantity: $0.quantity.mantissa)
            }
            side.append(contentsOf: repeatElement(baseline_level(), count: most - side.count))
            return side
        }
        let (bids, asks) = (side(messages.snapshot.bids, 1), side(messages.snapshot.asks, -1))
        let middle = (messages.snapshot.bids[0].price.mantissa + messages.snapshot.asks[0].price.mantissa) / 2
        var numbers = [Int64](repeating: 0, count: 16_384)
        var counts = (bids: 0, asks: 0)
        let nanoseconds = Measure.nanoseconds {
            var (bids, asks) = (bids, asks)
            var (bidCount, askCount) = (messages.snapshot.bids.count, messages.snapshot.asks.count)
            for message in messages.depths {
                var found = 0
                _ = baseline_read_numbers(message, message.count, &numbers, &found)
                for index in stride(from: 0, to: found, by: 2) {
                    // Which side a level is of is told by its price here.
                    if numbers[index] < middle {
                        bidCount = baseline_set_level(&bids, bidCount, most, numbers[index], numbers[index + 1])
                    } else {
                        askCount = baseline_set_level(&asks, askCount, most, -numbers[index], numbers[index + 1])
                    }
                }
            }
            counts = (bidCount, askCount)
        }
        return (nanoseconds, counts.bids, counts.asks)
    }
}
