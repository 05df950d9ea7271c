import CBaseline
import Engine
import Market
import Simulation

#if canImport(Glibc)
import Glibc
#endif

/// The emergency stop of a running engine: from the request until the receipt says that every order is cancelled, while
/// something else fails; of a venue that fails itself, until every cancel has left.
enum StopBenchmark: Benchmark {
    static let name = "stop"

    static func run() throws -> [Figure] {
        [
            try stop("20 orders", orders: 20) { _, _ in },
            try stop("1,000 orders", orders: 1_000) { _, _ in },
            try stop("20 orders, the store locked", orders: 20) { _, directory in
                let lock = baseline_lock_database(directory + "/wick.sqlite-shm")
                guard lock >= 0 else { throw BenchmarkError(description: "the store could not be locked") }
            },
            try stop("20 orders, no file can be written", orders: 20) { program, _ in
                guard baseline_forbid_writing(program.process) == 0 else {
                    throw BenchmarkError(description: "the limit could not be set")
                }
            },
            try stop("20 orders, a venue that is silent", venue: "silent"),
            try stop("20 orders, a venue that refuses", venue: "refusing"),
        ]
    }

    /// Orders that were placed while all was well, at a venue that does nothing of what it is asked.
    private static func stop(_ what: String, venue: String) throws -> Figure {
        let count = 20
        let scratch = try Scratch("stop")
        defer { scratch.remove() }
        try { () throws in
            let sound = try EngineProgram(scratch.directory, [])
            try sound.ready()
            try place(count, sound.client())
            sound.kill()
        }()
        let program = try EngineProgram(scratch.directory, [], faults: venue)
        defer { program.kill() }
        try program.ready()
        let (receipt, milliseconds) = try timedStop(program.client())
        let row = receipt.venues.first
        guard row?.sent == count, row?.confirmed == 0, row?.remaining == count else {
            throw BenchmarkError(description: "\(what): not every cancel was sent, or some were confirmed: \(receipt)")
        }
        return Figure(name: "emergency stop: \(what)", value: milliseconds, unit: "ms", limit: 1_000)
    }

    private static func timedStop(_ client: EngineClient) throws -> (ReceiptMessage, milliseconds: Double) {
        let start = baseline_wall_nanoseconds()
        let receipt = try client.stop()
        return (receipt, Double(baseline_wall_nanoseconds() - start) / 1e6)
    }

    private static func stop(
        _ what: String, orders: Int, _ breaking: (EngineProgram, String) throws -> Void
    ) throws -> Figure {
        let scratch = try Scratch("stop")
        defer { scratch.remove() }
        let program = try EngineProgram(scratch.directory, [])
        defer { program.kill() }
        try program.ready()
        let client = try program.client()
        try place(orders, client)
        try breaking(program, scratch.directory.path)
        let (receipt, milliseconds) = try timedStop(client)
        let sent = receipt.venues.reduce(0) { $0 + $1.sent }
        let confirmed = receipt.venues.reduce(0) { $0 + $1.confirmed }
        guard sent == orders, confirmed == orders else {
            throw BenchmarkError(
                description: "\(what): \(sent) cancels were sent and \(confirmed) confirmed: \(receipt)")
        }
        return Figure(name: "emergency stop: \(what)", value: milliseconds, unit: "ms", limit: 1_000)
    }

    /// Bids that rest far below the market.
    private static func place(_ count: Int, _ client: EngineClient) throws {
        let instrument = SyntheticMarket(seed: 1, start: .epoch).instruments[0]
        var request = ControlRequest(command: "order.place")
        request.symbol = instrument.name
        request.side = "buy"
        request.type = "limit"
        request.quantity = "0.001"
        request.price = try bid(client, instrument)
        var placed = 0
        var refused = 0
        while placed < count {
            let order = try client.placeOrder(request)
            if order.state == "accepted" {
                placed += 1
                continue
            }
            // Under load the disk may have taken too long; the engine opens again once it has caught up.
            refused += 1
            guard order.state == "rejected", refused < 50 else {
                throw BenchmarkError(description: "an order was \(order.state): \(order.verdict ?? "") \(order.reason)")
            }
            usleep(100_000)
        }
    }

    private static func bid(_ client: EngineClient, _ instrument: Instrument) throws -> String {
        for _ in 0..<200 {
            let market = try client.status().markets.first { $0.symbol == instrument.name }
            if let text = market?.last, let last = try? instrument.price(text) {
                let price = last.moved(by: -.percent(5), rounding: .down)
                return instrument.text(price.rounded(toTick: instrument.rules.tick, .down))
            }
            usleep(50_000)
        }
        throw BenchmarkError(description: "\(instrument.name) had no price after ten seconds")
    }
}
