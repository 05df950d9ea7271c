import Engine
import Market
import Synchronization
import Terminal
import Trading

@testable import Workstation

/// A screen without a terminal: scripted keys go in, view state, requests and pictures come out. Its clock moves only
/// when it is told to.
struct Session {
    var view = ViewState()
    var snapshot: Snapshot
    var now = Fixture.now
    let reducer: Reducer
    /// What was asked of the engine, oldest first.
    private(set) var requests: [EngineRequest] = []
    /// Everything else that was asked of the run loop.
    private(set) var effects: [ScreenEffect] = []

    init(
        _ width: Int = 120, _ height: Int = 40, snapshot: Snapshot = Fixture.snapshot(),
        remapping: [String: [String]] = [:]
    ) {
        self.snapshot = snapshot
        reducer = Reducer(table: BindingTable(remapping: remapping))
        view.size = Size(width: width, height: height)
        view.themes = ["default", "mono", "night"]
        view.catalog = Catalog(classes: Fixture.classes, series: [])
        view.lastNotice = 0
    }

    /// Hands an event over.
    mutating func send(_ event: ScreenEvent) {
        for effect in reducer.reduce(&view, event, snapshot, now) {
            if case .send(let request) = effect { requests.append(request) } else { effects.append(effect) }
        }
    }

    /// Presses keys written as `<Tab>6<Space>y<ctrl-x>`, a third of a second apart, as a person does.
    mutating func steps(_ script: String) {
        for chord in Session.chords(script) { press(chord, after: 300) }
    }

    /// Presses a key some milliseconds after the last one.
    mutating func press(_ chord: Chord, after milliseconds: Int64) {
        now = now.adding(nanoseconds: milliseconds * 1_000_000)
        send(.tick)
        send(.input(.key(chord)))
    }

    /// The chords of a script.
    static func chords(_ script: String) -> [Chord] {
        var chords: [Chord] = []
        var rest = Substring(script)
        while let first = rest.first {
            if first == "<", let end = rest.firstIndex(of: ">"),
                let chord = try? Chord(parsing: rest[rest.index(after: rest.startIndex)..<end].lowercased())
            {
                chords.append(chord)
                rest = rest[rest.index(after: end)...]
            } else {
                chords.append(first == " " ? Chord(.character(" ")) : try! Chord(parsing: String(first)))
                rest = rest.dropFirst()
            }
        }
        return chords
    }

    /// The picture now.
    func screen(_ theme: Theme = .standard) -> Canvas {
        var view = view
        view.borders = theme.borders
        return Screenful(snapshot: snapshot, view: view, theme: theme, now: now, table: reducer.table).draw()
    }

    /// Whether a message with these words is up.
    func hasToast(_ words: String) -> Bool { view.toasts.contains { $0.text.contains(words) } }
}

/// An engine that answers from a fixed snapshot and remembers what it was asked.
final class FakePort: EnginePort {
    private let waker = Waker()
    private struct State {
        var snapshot: Snapshot
        var requests: [EngineRequest] = []
    }
    private let state: Mutex<State>

    init(_ snapshot: Snapshot = Fixture.snapshot()) { state = Mutex(State(snapshot: snapshot)) }

    var snapshot: Snapshot { state.withLock { $0.snapshot } }
    var wakeDescriptor: Int32 { waker.descriptor }
    func drainWake() { waker.drain() }
    var strategyClasses: [StrategyDescriptor] { Fixture.classes }
    func storedSeries() -> [StoredSeries] { [] }

    /// What was asked so far, oldest first.
    var requests: [EngineRequest] { state.withLock { $0.requests } }

    func send(_ request: EngineRequest, reply: (@Sendable (EngineReply) -> Void)?) {
        state.withLock { $0.requests.append(request) }
        reply?(.done(""))
    }

    /// Publishes a changed snapshot.
    func publish(_ change: (inout Snapshot) -> Void) {
        state.withLock { state in
            change(&state.snapshot)
            state.snapshot.generation += 1
        }
        waker.wake()
    }
}
