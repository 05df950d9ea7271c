import CBaseline
import Market
import Storage

#if canImport(Glibc)
import Glibc
#endif

/// An engine that follows ten symbols of a venue in real time: what that costs, whether its memory grows, how soon a closed
/// minute is stored, and how soon a cut connection is back. The venue is a process of its own on this machine.
enum LiveBenchmark: Benchmark {
    static let name = "live"

    private static let symbols = [
        "BTCUSDT", "ETHUSDT", "SOLUSDT", "BNBUSDT", "XRPUSDT", "ADAUSDT", "DOGEUSDT", "AVAXUSDT", "LINKUSDT", "DOTUSDT",
    ]
    /// How long it is watched, in seconds; long enough for two minutes to close.
    private static let seconds = 130.0
    /// When books and charts have come and memory is what it will be, in seconds.
    private static let settled = 20.0

    static func run() throws -> [Figure] {
        let scratch = try Scratch("live")
        defer { scratch.remove() }
        setenv("WICK_OFFLINE", "0", 1)
        let venue = try VenueProgram(symbols, in: scratch)
        let more = """

            feed:
              source: binance
              symbols: \(symbols.joined(separator: " "))
              history-minutes: 120
            venues:
              binance: {rest-url: "\(venue.rest)", stream-url: "\(venue.streams)"}
            """
        let data = DataDirectory(path: scratch.directory.file("data"))
        try data.create()
        let engine = try EngineProgram(following: more, data)
        try engine.ready()
        while engine.seconds < settled { usleep(100_000) }
        let cpu = engine.cpuSeconds
        let start = engine.seconds
        let memory = try engine.residentBytes()
        let store = try Store(directory: data)
        var delays: [Double] = []
        while engine.seconds - start < seconds {
            try delays += delayOfNextMinute(store, until: { engine.seconds - start < seconds })
        }
        let share = (engine.cpuSeconds - cpu) / (engine.seconds - start) * 100
        let growth = (try engine.residentBytes() - memory) / (engine.seconds - start) * 3_600
        guard !delays.isEmpty else { throw BenchmarkError(description: "no minute was stored") }
        let back = try secondsUntilBack(venue, data, scratch)
        try engine.stop()
        return [
            Figure(name: "live: ten symbols, share of a core", value: share, unit: "%", limit: 10),
            Figure(name: "live: growth of memory, by the hour", value: growth / 1e6, unit: "MB/h"),
            Figure(
                name: "live: a minute's end to its candle in the store", value: delays.max() ?? 0, unit: "ms", limit: 50
            ),
            Figure(
                name: "live: cut connection to data again, what was missed filled in", value: back, unit: "s", limit: 10
            ),
        ]
    }

    /// Waits for the next minute and for its candle; how long after the minute's end it could be read, in milliseconds. The
    /// venue's own time to tell it is in it.
    private static func delayOfNextMinute(_ store: Store, until goesOn: () -> Bool) throws -> [Double] {
        guard let instrument = try store.instrument(venue: "BINANCE", symbol: "BTCUSDT") else { return [] }
        let minute: Int64 = 60_000_000_000
        let next = (wall() / minute + 1) * minute
        while wall() < next {
            guard goesOn() else { return [] }
            usleep(1_000)
        }
        while wall() - next < 10_000_000_000 {
            let newest = try store.newestRun(1, of: instrument, .oneMinute).last
            if let newest, newest.openTime.nanoseconds + minute >= next { return [Double(wall() - next) / 1e6] }
            usleep(500)
        }
        throw BenchmarkError(description: "a minute was not stored within ten seconds")
    }

    private static func wall() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Cuts the connection, and waits until the engine says that data come again.
    private static func secondsUntilBack(
        _ venue: VenueProgram, _ data: DataDirectory, _ scratch: Scratch
    ) throws -> Double {
        let log = data.file("wick.log")
        let start = wall()
        try venue.misbehave("disconnect stream:btcusdt@trade n=1", in: scratch)
        while !Program.output(log).contains("data come again") {
            guard wall() - start < 60_000_000_000 else {
                throw BenchmarkError(description: "the connection did not come back: \(Program.output(log))")
            }
            usleep(5_000)
        }
        return Double(wall() - start) / 1e9
    }
}
