import Ingestion
import Market
import Network
import Synchronization
import Venues

/// Listens to a market data connection: what came first and when, and whether books kept from it have the venue's tops.
///
/// Messages come on a thread of the network, one after the other; whoever looks at what was heard does so from another.
final class StreamProbe: Sendable {
    /// The kinds of messages that are waited for.
    enum Kind: String, CaseIterable {
        case trade
        case bookTicker
        case depth
        case kline
    }

    /// What was heard of a symbol.
    struct Heard {
        var first: [Kind: Duration] = [:]
        var book = LocalBook()
        var check = TopCheck()
        /// A top that was not the venue's.
        var disagreement: Disagreement?
        /// Why the last snapshot did not come.
        var snapshotProblem: String?

        /// Whether there is nothing more to wait for.
        var isComplete: Bool {
            disagreement != nil || first.count == Kind.allCases.count && check.compared >= StreamProbe.topsEnough
        }
    }

    /// The tops of both after an update.
    struct Disagreement {
        var id: Int64
        var book: BookTicker
        var venue: BookTicker
    }

    private struct State {
        var decoder: any MarketDecoder
        var heard: [Heard]
        var damage: StreamDamage?
        var closure: WebSocketClosure?
    }

    /// How many tops are compared before a book is believed.
    static let topsEnough = 3

    private let state: Mutex<State>
    private let began = ContinuousClock.now

    init(_ decoder: any MarketDecoder, count: Int) {
        state = Mutex(State(decoder: decoder, heard: Array(repeating: Heard(), count: count)))
    }

    /// Takes what the connection brings.
    func take(_ event: WebSocketEvent) {
        switch event {
        case .text(let bytes, _):
            let since = ContinuousClock.now - began
            state.withLock { state in
                do throws(StreamDamage) {
                    let message = try state.decoder.decode(bytes)
                    StreamProbe.note(message, since, &state)
                } catch {
                    state.damage = state.damage ?? error
                }
            }
        case .binary: break
        case .closed(let closure): state.withLock { $0.closure = closure }
        }
    }

    private static func note(_ message: MarketMessage, _ since: Duration, _ state: inout State) {
        func hear(_ kind: Kind, _ index: Int) {
            if state.heard[index].first[kind] == nil { state.heard[index].first[kind] = since }
        }
        switch message {
        case .trade(let trade): hear(.trade, trade.instrument)
        case .kline(let kline): hear(.kline, kline.instrument)
        case .bookTicker(let ticker):
            hear(.bookTicker, ticker.instrument)
            let result = state.heard[ticker.instrument].check.note(ticker)
            judge(result, &state.heard[ticker.instrument])
        case .depth:
            let index = state.decoder.depth.instrument
            hear(.depth, index)
            _ = state.heard[index].book.apply(state.decoder.depth)
            let result = state.heard[index].check.note(state.heard[index].book)
            judge(result, &state.heard[index])
        case .aggregateTrade, .serverShutdown, .answer, .other: break
        }
    }

    private static func judge(_ result: TopCheck.Result, _ heard: inout Heard) {
        guard case .disagreed(let id, let book, let venue) = result else { return }
        heard.disagreement = Disagreement(id: id, book: book, venue: venue)
    }

    /// The stream stands: what comes from now on is complete.
    func streamBegan() {
        state.withLock { state in
            for index in state.heard.indices { _ = state.heard[index].book.streamBegan() }
        }
    }

    /// The symbols whose books want a snapshot.
    var wanting: [Int] {
        state.withLock { state in
            state.heard.indices.filter {
                state.heard[$0].book.isSnapshotWanted && state.heard[$0].book.state != .live
            }
        }
    }

    /// Takes a snapshot.
    func take(_ snapshot: DepthSnapshot, of index: Int, at time: Timestamp) {
        state.withLock { state in
            state.heard[index].snapshotProblem = nil
            _ = state.heard[index].book.apply(snapshot, at: time)
            let result = state.heard[index].check.note(state.heard[index].book)
            StreamProbe.judge(result, &state.heard[index])
        }
    }

    /// Notes that a snapshot did not come.
    func missed(_ problem: String, _ index: Int) { state.withLock { $0.heard[index].snapshotProblem = problem } }

    /// What was heard so far, by symbol.
    var heard: [Heard] { state.withLock { $0.heard } }

    /// The first message that could not be read.
    var damage: StreamDamage? { state.withLock { $0.damage } }

    /// How the connection ended, where it did.
    var closure: WebSocketClosure? { state.withLock { $0.closure } }

    /// Whether there is nothing more to wait for.
    var isDone: Bool { state.withLock { $0.closure != nil || $0.heard.allSatisfy(\.isComplete) } }
}
