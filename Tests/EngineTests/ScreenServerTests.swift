import Bytes
import Glibc
import Market
import Synchronization
import Testing
import Trading

@testable import Engine

/// A hub with a socket in a directory of its own, over an engine that does nothing but publish what a test gives it.
private final class FakeEngine {
    let folder: TemporaryDirectory
    let hub: ScreenHub
    let outlet: SnapshotOutlet

    private final class Log: Sendable {
        let asked = Mutex<[(request: EngineRequest, origin: String)]>([])
        let lost = Mutex<[String]>([])
    }

    private let log = Log()

    init() throws {
        folder = try TemporaryDirectory()
        let outlet = try SnapshotOutlet()
        self.outlet = outlet
        let log = log
        hub = ScreenHub(
            target: ScreenTarget(
                snapshot: { outlet.snapshot },
                submit: { request, origin, reply in
                    log.asked.withLock { $0.append((request, origin)) }
                    reply?(.done("done"))
                },
                classes: [],
                series: {
                    [
                        StoredSeries(
                            name: "A:B", timeframe: .oneMinute, from: .epoch, to: Timestamp(seconds: 60), count: 1)
                    ]
                },
                wakeScreen: {}, reportLost: { name in log.lost.withLock { $0.append(name) } }))
        try hub.open(directory: folder.path, outlet: outlet)
    }

    deinit { hub.close() }

    var requests: [(request: EngineRequest, origin: String)] { log.asked.withLock { $0 } }
    var lostScreens: [String] { log.lost.withLock { $0 } }

    func screen(_ wish: ScreenWish = .control) throws -> RemoteEngine {
        try RemoteEngine(dataDirectory: folder.path, wish: wish, place: "pts/9")
    }

    /// A connection that says nothing by itself.
    func connection() throws -> Int32 {
        switch UnixSocket.connect(path: folder.path + "/" + ScreenProtocol.socketName) {
        case .success(let descriptor): return descriptor
        case .failure(let error): throw EngineError.system(action: "connect", code: error.code)
        }
    }
}

@Suite("Screens over a socket")
struct ScreenServerTests {
    private func eventually(_ isSo: () -> Bool) -> Bool {
        for _ in 0..<2_000 {
            if isSo() { return true }
            usleep(5_000)
        }
        return false
    }

    private func bytes(_ snapshot: Snapshot) -> [UInt8] {
        var writer = ByteWriter()
        writer.value(snapshot)
        return writer.bytes
    }

    private func reply(_ screen: RemoteEngine, _ request: EngineRequest) -> EngineReply? {
        let holder = AnswerBox()
        screen.send(request) { reply in holder.answer.withLock { $0 = reply } }
        _ = eventually { holder.answer.withLock { $0 } != nil }
        return holder.answer.withLock { $0 }
    }

    @Test("the socket is its owner's alone")
    func mode() throws {
        let engine = try FakeEngine()
        var status = stat()
        #expect(stat(engine.folder.path + "/" + ScreenProtocol.socketName, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test("what a screen shows in the end is what the engine published last")
    func stream() throws {
        let engine = try FakeEngine()
        var samples = SnapshotSamples(seed: 11)
        engine.outlet.publish(samples.snapshot)
        let screens = [try engine.screen(), try engine.screen(.watch)]
        defer { for screen in screens { screen.close() } }
        for _ in 0..<300 {
            samples.change()
            engine.outlet.publish(samples.snapshot)
        }
        for screen in screens {
            #expect(eventually { screen.snapshot.generation == samples.snapshot.generation })
            #expect(bytes(screen.snapshot) == bytes(samples.snapshot))
        }
    }

    @Test("a screen that does not read holds up nobody and costs one snapshot at most")
    func deafScreen() throws {
        let engine = try FakeEngine()
        var samples = SnapshotSamples(seed: 12)
        engine.outlet.publish(samples.snapshot)
        let deaf = try engine.connection()
        defer { close(deaf) }
        var hello = ByteWriter()
        ScreenRequest.hello(ScreenHello(wish: .watch, place: "")).frame(to: &hello)
        _ = hello.bytes.withUnsafeBytes { write(deaf, $0.baseAddress, $0.count) }
        let screen = try engine.screen()
        defer { screen.close() }
        for _ in 0..<2_000 {
            samples.change()
            engine.outlet.publish(samples.snapshot)
        }
        #expect(eventually { screen.snapshot.generation == samples.snapshot.generation })
        var waiting: Int32 = 0
        #expect(ioctl(deaf, UInt(FIONREAD), &waiting) == 0)
        #expect(waiting < 1 << 20, "\(waiting) bytes wait")
    }

    @Test("a watcher's requests are refused with a sentence, except the emergency stop; origins are the engine's")
    func watcher() throws {
        let engine = try FakeEngine()
        engine.outlet.publish(SnapshotSamples(seed: 1).snapshot)
        let holder = try engine.screen()
        let watcher = try engine.screen()
        defer {
            holder.close()
            watcher.close()
        }
        #expect(reply(watcher, .rearm)?.refusal?.contains("only watches") == true)
        #expect(
            reply(
                watcher,
                .placeOrder(
                    .init(
                        instrument: InstrumentID(0), side: .buy, type: .market, quantity: .zero, purpose: .manual)))?
                .refusal != nil)
        #expect(engine.requests.isEmpty)
        #expect(reply(watcher, .halt(origin: "keyboard"))?.isDone == true)
        guard case .halt(let origin)? = engine.requests.first?.request else {
            Issue.record("no halt")
            return
        }
        #expect(origin == "process \(getpid()) on pts/9")
        #expect(engine.requests.first?.origin == origin)
        #expect(reply(holder, .rearm)?.isDone == true)
    }

    @Test("control passes by taking and by leaving; a screen that goes without a word is reported")
    func control() throws {
        let engine = try FakeEngine()
        engine.outlet.publish(SnapshotSamples(seed: 1).snapshot)
        let first = try engine.screen()
        #expect(first.link.role == .control)
        let taker = try engine.screen(.take)
        #expect(eventually { first.link.role != .control })
        taker.close()
        #expect(eventually { first.link.role == .control })
        #expect(engine.lostScreens.isEmpty)
        let raw = try engine.connection()
        var hello = ByteWriter()
        ScreenRequest.hello(ScreenHello(wish: .take, place: "")).frame(to: &hello)
        _ = hello.bytes.withUnsafeBytes { write(raw, $0.baseAddress, $0.count) }
        #expect(eventually { first.link.role != .control })
        close(raw)
        #expect(eventually { first.link.role == .control })
        #expect(engine.lostScreens.count == 1)
        first.close()
    }

    @Test("a screen of another version is told both versions, in a form that every version reads")
    func versions() throws {
        let engine = try FakeEngine()
        engine.outlet.publish(SnapshotSamples(seed: 1).snapshot)
        for (version, release) in [(UInt16(99), WickRelease.version), (ScreenProtocol.version, "9.9.9")] {
            let raw = try engine.connection()
            defer { close(raw) }
            var hello = ScreenHello(wish: .control, place: "")
            hello.version = version
            hello.release = release
            var writer = ByteWriter()
            ScreenRequest.hello(hello).frame(to: &writer)
            _ = writer.bytes.withUnsafeBytes { write(raw, $0.baseAddress, $0.count) }
            var answer = FrameReader(maximumBytes: 10_000)
            var refusal = ""
            while refusal.isEmpty {
                var buffer = [UInt8](repeating: 0, count: 4_096)
                let count = read(raw, &buffer, buffer.count)
                guard count > 0 else { break }
                answer.append(buffer[..<count])
                if let frame = try answer.next(), case .refusal(let text) = try ScreenAnswer(frame) { refusal = text }
            }
            #expect(refusal.contains("protocol \(version)") && refusal.contains(release), "\(refusal)")
            #expect(refusal.contains("protocol \(ScreenProtocol.version)"))
        }
        #expect(engine.hub.screens.isEmpty)
    }

    @Test("bytes that are no screen's get an answer or the door, and others go on", arguments: 1...8)
    func nonsense(seed: UInt64) throws {
        let engine = try FakeEngine()
        engine.outlet.publish(SnapshotSamples(seed: 1).snapshot)
        var random = Randomness(seed: seed)
        let raw = try engine.connection()
        defer { close(raw) }
        let garbage = (0..<300).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        _ = garbage.withUnsafeBytes { send(raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        let screen = try engine.screen()
        #expect(reply(screen, .resetBreakers)?.isDone == true)
        screen.close()
    }

    @Test("the stored series and what the last screen looked like travel too")
    func seriesAndView() throws {
        let engine = try FakeEngine()
        engine.outlet.publish(SnapshotSamples(seed: 1).snapshot)
        let first = try engine.screen()
        #expect(first.storedSeries().map(\.name) == ["A:B"])
        #expect(first.keptView == nil)
        first.keepView([1, 2, 3])
        let watcher = try engine.screen(.watch)
        watcher.keepView([9])
        #expect(reply(watcher, .rearm) != nil)
        first.close()
        watcher.close()
        #expect(eventually { engine.hub.screens.isEmpty })
        let next = try engine.screen()
        #expect(next.keptView == [1, 2, 3])
        next.close()
    }

    @Test("an engine that ends says so; what is asked afterwards is refused at once; a new one is found")
    func reconnects() throws {
        let engine = try FakeEngine()
        engine.outlet.publish(SnapshotSamples(seed: 1).snapshot)
        let screen = try engine.screen()
        defer { screen.close() }
        engine.hub.close()
        #expect(eventually { screen.link.lostSeconds != nil })
        #expect(reply(screen, .halt(origin: "keyboard"))?.refusal?.contains("wick stop") == true)
        try engine.hub.open(directory: engine.folder.path, outlet: engine.outlet)
        #expect(eventually { screen.link.lostSeconds == nil })
        #expect(reply(screen, .rearm)?.isDone == true)
    }

    @Test("only a screen in control may end the engine")
    func ends() throws {
        let engine = try FakeEngine()
        engine.outlet.publish(SnapshotSamples(seed: 1).snapshot)
        let watcher = try engine.screen(.watch)
        defer { watcher.close() }
        #expect(!watcher.endEngine(timeoutSeconds: 0.2))
        #expect(engine.hub.endAskedBy == nil)
        let holder = try engine.screen()
        defer { holder.close() }
        _ = holder.endEngine(timeoutSeconds: 0.1)
        #expect(eventually { engine.hub.endAskedBy != nil })
    }
}

private final class AnswerBox: Sendable {
    let answer = Mutex<EngineReply?>(nil)
}
