import Ingestion
import Market
import Synchronization
import Venues

/// A venue's market that says what a test wants.
final class ScriptedSource: LiveSource {
    let account = "binance-spot"
    let venue = "BINANCE"
    let instruments: [Instrument]
    private let waiting = Mutex<[LiveUpdate]>([])
    private let past: [[Candle]]
    private let state = Mutex<(wake: (@Sendable () -> Void)?, isClosed: Bool)>((nil, false))

    init(_ symbols: [String] = ["BTCUSDT", "ETHUSDT"], history: [[Candle]] = []) {
        instruments = symbols.map { symbol in
            Instrument(
                venue: "BINANCE", symbol: symbol, base: Currency(String(symbol.dropLast(4)))!, quote: .usdt,
                rules: InstrumentRules(tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000)))
        }
        past = history
    }

    /// Of instruments as a venue has them.
    init(of instruments: [Instrument]) {
        self.instruments = instruments
        past = []
    }

    /// How near its server's limits are.
    var limits: VenueLimits? {
        get { near.withLock { $0 } }
        set { near.withLock { $0 = newValue } }
    }
    private let near = Mutex<VenueLimits?>(nil)

    var isClosed: Bool { state.withLock { $0.isClosed } }

    func open(wake: @escaping @Sendable () -> Void) { state.withLock { $0.wake = wake } }

    /// Has it say something.
    func say(_ updates: LiveUpdate...) {
        waiting.withLock { $0 += updates }
        state.withLock { $0.wake }?()
    }

    func take(into updates: inout [LiveUpdate]) {
        updates += waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }

    func history(_ index: Int, minutes: Int) -> [Candle] {
        past.indices.contains(index) ? Array(past[index].suffix(minutes)) : []
    }

    func close() { state.withLock { $0.isClosed = true } }
}
