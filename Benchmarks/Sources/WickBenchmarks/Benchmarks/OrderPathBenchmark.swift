import Engine
import Keys
import Market
import Network
import Synchronization
import Trading
import Venues

#if canImport(Glibc)
import Glibc
#endif

/// How long an order takes from being let out to its first byte at the venue's socket: the audit's line, signing and
/// sending, over a kept connection without TLS; compared with a bare write of as many bytes on such a connection. The wait
/// for the disk comes before it and is the journal's figure.
enum OrderPathBenchmark: Benchmark {
    static let name = "order"

    private static let count = 3_000

    static func run() throws -> [Figure] {
        let sink = try OrderSink()
        sink.start()
        let scratch = try Scratch("order")
        defer { scratch.remove() }
        let bare = try times(sink) { try bareWriter(sink.port) }
        let own = try times(sink) { try sender(sink.port, scratch.directory.path) }
        func share(_ times: [Double], _ part: Double) -> Double { times[Int(Double(times.count - 1) * part)] }
        return [
            Figure(
                name: "order: let out to request bytes at the socket, median", value: share(own, 0.5), unit: "µs",
                baseline: Baseline(name: "a bare write", value: share(bare, 0.5))),
            Figure(
                name: "order: let out to request bytes at the socket, 99th percentile", value: share(own, 0.99),
                unit: "µs",
                baseline: Baseline(name: "a bare write", value: share(bare, 0.99)), limit: 300),
        ]
    }

    /// Sends one order after the other, two milliseconds apart, and gives how long each took to arrive, sorted.
    private static func times(_ sink: OrderSink, _ make: () throws -> () -> Void) throws -> [Double] {
        let send = try make()
        var times: [Double] = []
        // The first ones make connections and ask for the time.
        for index in -200..<count {
            let started = OrderSink.now
            send()
            guard let arrived = sink.nextArrival() else {
                throw BenchmarkError(description: "an order did not arrive")
            }
            if index >= 0 { times.append(Double(arrived - started) / 1_000) }
            usleep(2_000)
        }
        return times.sorted()
    }

    private static func sender(_ port: UInt16, _ directory: String) throws -> () -> Void {
        let environment = try BinanceSpotEnvironment.loopback(rest: "http://127.0.0.1:\(port)")
        let key = try StoredKey(
            venue: "binance", name: "bench", environment: .testnet, kind: .hmac,
            apiKey: APIKey("benchBenchBenchBenchBench")!,
            secret: Secret(text: String(repeating: "benchmark-", count: 4)), added: 0)
        let log = RequestLog(directory: directory)
        let client = try SpotAccountClient(
            BinanceSpotAccess(key, at: environment),
            wall: {
                var time = timespec()
                clock_gettime(CLOCK_REALTIME, &time)
                return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
            },
            audit: SpotAudit(log))
        let instrument = Instrument(
            venue: "BINANCE", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt,
            rules: InstrumentRules(tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000)))
        let number = Mutex<UInt64>(0)
        let instance = ClientOrderID.Instance("K7Q")!
        return {
            let sequence = number.withLock { number in
                number += 1
                return number
            }
            // As the engine lets out what is alone.
            Task.immediate {
                _ = await client.place(
                    NewSpotOrder(
                        instrument, .buy, .quantity(Quantity(mantissa: 1_000_000)),
                        .limit(Price(mantissa: 6_500_000_000_000), .goodTilCancelled),
                        clientOrderID: ClientOrderID(instance, sequence: sequence, ordinal: 0).description))
            }
        }
    }

    private static func bareWriter(_ port: UInt16) throws -> () -> Void {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw BenchmarkError(description: "the server can't be reached") }
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, 4)
        let body = String(repeating: "x", count: 250)
        let request =
            "POST /api/v3/order HTTP/1.1\r\nHost: localhost\r\nContent-Length: 250\r\nX-MBX-APIKEY: "
            + String(repeating: "k", count: 64) + "\r\n\r\n" + body
        return {
            _ = write(descriptor, request, request.utf8.count)
            var answer = [UInt8](repeating: 0, count: 4_096)
            _ = read(descriptor, &answer, answer.count)
        }
    }
}
