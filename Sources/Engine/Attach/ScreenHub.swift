import Synchronization
import Trading

/// What screens need of an engine.
struct ScreenTarget: Sendable {
    /// The newest snapshot.
    var snapshot: @Sendable () -> Snapshot
    /// Asks for something in somebody's name.
    var submit: @Sendable (EngineRequest, String, (@Sendable (EngineReply) -> Void)?) -> Void
    /// The strategy classes there are.
    var classes: [StrategyDescriptor]
    /// The stored series; may read the disk.
    var series: @Sendable () -> [StoredSeries]
    /// Wakes the screen of this process.
    var wakeScreen: @Sendable () -> Void
    /// Says that a screen went without a word.
    var reportLost: @Sendable (String) -> Void
}

/// The screens of an engine, that of its own process and those over the socket: who has control, what the last one looked
/// like, and whether somebody asked the engine to end.
public final class ScreenHub: Sendable {
    let target: ScreenTarget
    private let desk = Mutex(ControlDesk())
    private let view = Mutex<[UInt8]?>(nil)
    private let server = Mutex<ScreenServer?>(nil)
    private let ending = Mutex<String?>(nil)
    private let whenAskedToEnd = Mutex<(@Sendable (String) -> Void)?>(nil)

    init(target: ScreenTarget) { self.target = target }

    /// Opens the socket in a directory.
    func open(directory: String, outlet: SnapshotOutlet) throws(EngineError) {
        let server = try ScreenServer(directory: directory, hub: self)
        outlet.observe(server.wake)
        try server.start()
        self.server.withLock { $0 = server }
    }

    /// Tells every screen that nothing follows, and closes the socket.
    func close() {
        let server = server.withLock { server in
            defer { server = nil }
            return server
        }
        server?.stop()
    }

    // MARK: The desk

    func enter(_ name: String, _ wish: ScreenWish) -> UInt64 {
        defer { changed() }
        return desk.withLock { $0.enter(name, wish) }
    }

    func leave(_ id: UInt64) {
        desk.withLock { $0.leave(id) }
        changed()
    }

    func role(of id: UInt64) -> ScreenRole { desk.withLock { $0.role(of: id) } }

    /// Why a screen may not ask for this, or `nil` when it may: the emergency stop is everybody's.
    func refusal(of id: UInt64, _ request: EngineRequest) -> String? {
        if request.isEmergency { return nil }
        return desk.withLock { $0.holder == id ? nil : $0.refusal(of: id) }
    }

    /// The screens there are, in the order in which they came.
    public var screens: [(name: String, isInControl: Bool)] { desk.withLock { $0.screens } }

    private func changed() {
        target.wakeScreen()
        server.withLock { $0 }?.wake.signal()
    }

    // MARK: What the last screen looked like

    /// What the last screen looked like; bytes that only screens understand.
    var keptView: [UInt8]? { view.withLock { $0 } }

    func keepView(_ bytes: [UInt8], of id: UInt64) {
        guard desk.withLock({ $0.mayKeepView(id) }) else { return }
        view.withLock { $0 = bytes }
    }

    // MARK: The end

    /// Who asked the engine to end, if anybody did.
    var endAskedBy: String? { ending.withLock { $0 } }

    /// What is called, on any thread, when a screen asks the engine to end in order; at once when one has already.
    public func whenAskedToEnd(_ body: @escaping @Sendable (String) -> Void) {
        whenAskedToEnd.withLock { $0 = body }
        if let name = endAskedBy { body(name) }
    }

    /// Asks the engine to end in order, in somebody's name.
    func askToEnd(_ name: String) {
        ending.withLock { $0 = $0 ?? name }
        whenAskedToEnd.withLock { $0 }?(name)
        changed()
    }
}
