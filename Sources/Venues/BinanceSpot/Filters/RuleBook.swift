import Network
import Synchronization

/// The rules of the symbols that are traded, as they were read last.
///
/// Venues change rules while one runs. They are read anew after a day, and where they and the venue may not agree: it refused
/// what they allow, or they object to an order. No order waits for that.
final class RuleBook: Sendable {
    private struct Entry {
        var rules: SymbolRules
        var readAt: ContinuousClock.Instant
        /// When it was tried last.
        var triedAt: ContinuousClock.Instant
    }

    private let state: Mutex<[String: Entry]>
    private let options: BinanceSpotVenue.Options
    private let time: NetworkTime
    private let reading: @Sendable ([String]) async -> [String: SymbolRules]
    private let observer = Mutex<(@Sendable (SymbolRules) -> Void)?>(nil)

    init(
        _ rules: [String: SymbolRules], _ options: BinanceSpotVenue.Options, _ time: NetworkTime,
        reading: @escaping @Sendable ([String]) async -> [String: SymbolRules]
    ) {
        let now = time.now()
        state = Mutex(rules.mapValues { Entry(rules: $0, readAt: now, triedAt: now) })
        self.options = options
        self.time = time
        self.reading = reading
    }

    /// Has somebody told of rules that were read anew, whether they are others or not.
    func tellReadings(to observer: @escaping @Sendable (SymbolRules) -> Void) {
        self.observer.withLock { $0 = observer }
    }

    /// The rules of a symbol; has those that are old read anew.
    subscript(symbol: String) -> SymbolRules? {
        let now = time.now()
        let lifetime = options.ruleLifetime
        let retry = min(lifetime, .seconds(3_600))
        let (rules, due) = state.withLock { state in
            var due: [String] = []
            for (symbol, entry) in state where now - entry.readAt > lifetime && now - entry.triedAt > retry {
                due.append(symbol)
            }
            for symbol in due { state[symbol]?.triedAt = now }
            return (state[symbol]?.rules, due.sorted())
        }
        if !due.isEmpty { read(due) }
        return rules
    }

    /// Whether a symbol's rules were read so lately that its state, which changes within the day, is taken from them.
    func isFresh(_ symbol: String) -> Bool {
        let now = time.now()
        return state.withLock { state in state[symbol].map { now - $0.readAt <= options.rulePause } ?? false }
    }

    /// Has the rules of a symbol read anew where the venue refused something for one of them, or for the symbol's state.
    func learn<Value>(from outcome: RequestOutcome<Value>, of symbol: String) {
        guard case .refused(let refusal) = outcome,
            [.filter, .symbol, .marketClosed].contains(refusal.reason)
        else { return }
        renew(symbol, pause: .seconds(1))
    }

    /// Has the rules of a symbol read anew, unless that was tried a moment ago.
    func renew(_ symbol: String, pause: Duration? = nil) {
        let now = time.now()
        let isDue = state.withLock { state in
            guard let entry = state[symbol], now - entry.triedAt > min(pause ?? options.rulePause, options.rulePause)
            else { return false }
            state[symbol]?.triedAt = now
            return true
        }
        if isDue { read([symbol]) }
    }

    private func read(_ symbols: [String]) {
        Task {
            let fresh = await reading(symbols)
            let now = time.now()
            state.withLock { state in
                for (symbol, rules) in fresh where state[symbol] != nil {
                    state[symbol]?.rules = rules
                    state[symbol]?.readAt = now
                }
            }
            guard let observer = observer.withLock({ $0 }) else { return }
            for symbol in symbols { if let rules = fresh[symbol] { observer(rules) } }
        }
    }
}
