import Bytes
import Market
import Synchronization
import Trading

@testable import Engine

/// A strategy that does what a test wants: hangs, throws, or opens and closes in turn.
final class WilfulStrategy: CompiledStrategy {
    /// What every strategy of this class does at its next candle.
    enum Mood: Int {
        /// In and out, one candle after the other.
        case trades
        /// It does not come back until the mood changes.
        case hangs
        /// It throws.
        case throwsAlways
    }

    /// A mood holds from the first candle on that is seen after it was set. The candles before see the mood of their time
    /// when they are followed in the journal: a strategy says the same to the same candles.
    private struct Entry {
        var mood = Mood.trades
        var since: Int64?
    }

    private static let moods = Mutex<[Int: Entry]>([:])
    private static let hanging = Atomic<Int>(0)

    /// Sets the mood of the strategies with a mark.
    static func set(_ mood: Mood, _ mark: Int) { moods.withLock { $0[mark] = Entry(mood: mood, since: nil) } }

    private static func mood(_ mark: Int, _ bar: Bar) -> Mood {
        moods.withLock { moods in
            var entry = moods[mark] ?? Entry()
            let since = entry.since ?? bar.openTime.nanoseconds
            entry.since = since
            moods[mark] = entry
            switch entry.mood {
            case .trades: return .trades
            case .throwsAlways: return bar.openTime.nanoseconds >= since ? .throwsAlways : .trades
            // Once is enough.
            case .hangs: return bar.openTime.nanoseconds == since ? .hangs : .trades
            }
        }
    }

    /// How many hang.
    static var hangingCount: Int { hanging.load(ordering: .acquiring) }

    static let descriptor = StrategyDescriptor(
        name: "wilful", summary: "Does what a test wants.",
        parameters: [.integer("mark", "Which test it belongs to.", unit: "", default: 0, in: 0...1_000_000)])

    static let stateVersion: UInt8? = 1
    let warmUp = 0
    private let mark: Int
    private var isIn = false

    init(_ parameters: Parameters) throws(ParameterErrors) { mark = parameters.integer("mark") }

    func onCandle(_ bar: Bar, _ context: StrategyContext) throws(StrategyFault) -> Signal? {
        let mood = WilfulStrategy.mood(mark, bar)
        if mood == .throwsAlways { throw StrategyFault("it did not want to") }
        if mood == .hangs {
            WilfulStrategy.hanging.add(1, ordering: .acquiringAndReleasing)
            while WilfulStrategy.mood(mark, bar) == .hangs {}
            WilfulStrategy.hanging.subtract(1, ordering: .acquiringAndReleasing)
        }
        isIn.toggle()
        return Signal(isIn ? .long : .flat, confidence: 1, rule: isIn ? "in" : "out", values: [])
    }

    func save(to writer: inout ByteWriter) { writer.bool(isIn) }
    func restore(from reader: inout ByteReader) throws(MalformedBytes) { isIn = try reader.bool() }
}
