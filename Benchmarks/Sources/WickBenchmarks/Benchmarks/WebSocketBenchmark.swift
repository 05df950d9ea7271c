import CBaseline
import Network
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// What a message costs from the socket to the handler: CPU time of the network's thread, compared with a C loop that
/// reads the same bytes and finds where each frame ends, over OpenSSL where TLS is between.
enum WebSocketBenchmark: Benchmark {
    static let name = "websocket"

    private static let count = 200_000
    private static let size = 200

    static func run() throws -> [Figure] {
        let scratch = try Scratch("websocket")
        defer { scratch.remove() }
        return try figures("ws", nil) + figures("wss", scratch.directory.path)
    }

    private static func figures(_ scheme: String, _ scratch: String?) throws -> [Figure] {
        var own = Double.infinity
        var loop = Double.infinity
        var rate = 0.0
        for _ in 0..<5 {
            let feed = try WebSocketFeed(messageSize: size, count: count, scratch: scratch)
            let taken = baseline_read_websocket(Int32(feed.port), feed.certificate, count)
            guard taken > 0 else { throw BenchmarkError(description: "the C loop could not read \(scheme)") }
            loop = min(loop, Double(taken) / Double(count))
            let (processor, wall) = try read(feed, scheme)
            own = min(own, Double(processor) / Double(count))
            rate = max(rate, Double(count) / (Double(wall) / 1e9))
        }
        return [
            Figure(name: "\(scheme): a message of \(size) bytes", value: own, unit: "ns", baseline: .c(loop)),
            Figure(name: "\(scheme): messages taken", value: rate, unit: "1/s"),
        ]
    }

    /// Reads everything that a feed sends.
    private static func read(_ feed: WebSocketFeed, _ scheme: String) throws -> (processor: Int64, wall: Int64) {
        let meter = Meter(count)
        let address = "\(scheme)://localhost:\(feed.port)/"
        var options = WebSocketOptions()
        options.additionalTrust = feed.certificate
        options.pingInterval = nil
        let wish = options
        Task {
            do throws(WebSocketError) {
                let socket = try await WebSocket.connect(to: address, wish) { meter.take($0) }
                while !meter.isDone { try? await Task.sleep(for: .milliseconds(1)) }
                await socket.close()
            } catch {
                meter.fail(error.description)
            }
        }
        while !meter.isDone { usleep(1_000) }
        if let trouble = meter.trouble { throw BenchmarkError(description: trouble) }
        return (meter.processor, meter.wall)
    }
}

/// Counts messages, and takes the time from the first to the last. Messages come on one thread; its results are looked
/// at when they are done.
private final class Meter: @unchecked Sendable {
    private let count: Int
    private var seen = 0
    private var sum = 0
    private(set) var processor: Int64 = 0
    private(set) var wall: Int64 = 0
    private(set) var trouble: String?
    private let done = Atomic(false)

    init(_ count: Int) { self.count = count }

    var isDone: Bool { done.load(ordering: .acquiring) }

    func take(_ event: WebSocketEvent) {
        switch event {
        case .text(let bytes, _), .binary(let bytes, _):
            if seen == 0 {
                processor = baseline_thread_nanoseconds()
                wall = baseline_wall_nanoseconds()
            }
            sum += Int(bytes[0]) + Int(bytes[bytes.count - 1])
            seen += 1
            guard seen == count else { return }
            processor = baseline_thread_nanoseconds() - processor
            wall = baseline_wall_nanoseconds() - wall
            Measure.keep(sum)
            done.store(true, ordering: .releasing)
        case .closed(let closure): if seen < count { fail(closure.error?.description ?? "it was closed") }
        }
    }

    func fail(_ detail: String) {
        trouble = detail
        done.store(true, ordering: .releasing)
    }
}
