import Synchronization
public import Trading

/// The screen of the engine's own process: as an engine, but subject to who has control like any other.
public final class LocalScreen: EnginePort {
    private let engine: Engine
    private let hub: ScreenHub
    private let number: UInt64
    private let isClosed = Atomic<Bool>(false)

    /// A screen that asks for control.
    public init(_ engine: Engine) {
        self.engine = engine
        hub = engine.screens
        number = hub.enter("the engine's own screen", .control)
    }

    deinit { close() }

    /// Gives control back; calling it again does nothing.
    public func close() {
        if !isClosed.exchange(true, ordering: .acquiringAndReleasing) { hub.leave(number) }
    }

    /// The newest snapshot.
    public var snapshot: Snapshot { engine.snapshot }
    /// Readable when a newer snapshot is out, or something about the screens changed.
    public var wakeDescriptor: Int32 { engine.wakeDescriptor }
    /// Makes the wake descriptor quiet.
    public func drainWake() { engine.drainWake() }
    /// The strategy classes.
    public var strategyClasses: [StrategyDescriptor] { engine.strategyClasses }
    /// The series in the store.
    public func storedSeries() -> [StoredSeries] { engine.storedSeries() }

    /// Asks for something, unless another screen has control.
    public func send(_ request: EngineRequest, reply: (@Sendable (EngineReply) -> Void)?) {
        if let refusal = hub.refusal(of: number, request) {
            reply?(.refused(refusal))
        } else {
            engine.send(request, reply: reply)
        }
    }

    /// How the screen stands.
    public var link: ScreenLink {
        ScreenLink(state: hub.endAskedBy.map { .ending(by: $0) } ?? .live, role: hub.role(of: number))
    }

    /// What the last screen looked like.
    public var keptView: [UInt8]? { hub.keptView }
    /// Says what the next screen is to look like.
    public func keepView(_ bytes: [UInt8]) { hub.keepView(bytes, of: number) }
}
