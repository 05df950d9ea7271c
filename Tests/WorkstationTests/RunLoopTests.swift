import Engine
import Market
import Synchronization
import Testing

@testable import Terminal
@testable import Workstation

/// A screen that plays a script of events and keeps what it was shown.
final class ScriptedDisplay: Display {
    enum Step {
        /// Events that come together.
        case events([InputEvent])
        /// Nothing for so many milliseconds.
        case pause(Int)
        /// The terminal does not take the next pictures.
        case block(Bool)
        /// Something done while the loop waits.
        case run(() -> Void)
    }

    var size: Size
    let colorDepth = ColorDepth.trueColor
    let supportsUnicode: Bool
    private var script: [Step]
    private(set) var pictures: [Canvas] = []
    private(set) var skipped = 0
    private(set) var repaints = 0
    private(set) var copied: [String] = []
    private var isBlocked = false

    init(_ size: Size = Size(width: 100, height: 30), supportsUnicode: Bool = true, script: [Step]) {
        self.size = size
        self.supportsUnicode = supportsUnicode
        self.script = script
    }

    /// Presses keys, with a pause after each that no dialog ignores.
    static func keys(_ text: String) -> [Step] {
        Session.chords(text).flatMap { [.events([.key($0)]), .pause(300)] }
    }

    func poll(timeout: Duration?, waker: Waker?, watching descriptor: Int32) -> [InputEvent] {
        guard !script.isEmpty else { return [.hangUp] }
        switch script.removeFirst() {
        case .events(let events):
            for case .resize(let size) in events { self.size = size }
            return events
        case .pause(let milliseconds):
            // Waits as the terminal does, but never longer than the loop asked for.
            let wanted = Duration.milliseconds(milliseconds)
            let wait = min(wanted, timeout ?? wanted)
            let rest = Int((wanted - wait) / .milliseconds(1))
            if rest > 0 { script.insert(.pause(rest), at: 0) }
            sleepBriefly(wait)
            return []
        case .block(let isBlocked):
            self.isBlocked = isBlocked
            return []
        case .run(let work):
            work()
            return []
        }
    }

    private func sleepBriefly(_ duration: Duration) {
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end {}
    }

    func present(_ canvas: Canvas) -> FrameReport {
        if isBlocked {
            skipped += 1
            return FrameReport(outcome: .skipped)
        }
        if pictures.last == canvas { return FrameReport(outcome: .unchanged) }
        pictures.append(canvas)
        return FrameReport(outcome: .presented)
    }

    func repaint() { repaints += 1 }

    func copyToClipboard(_ text: String) -> Bool {
        copied.append(text)
        return true
    }
}

@Suite("The run loop")
struct RunLoopTests {
    private func run(
        _ display: ScriptedDisplay, _ port: FakePort = FakePort(),
        _ change: (inout WorkstationSettings) -> Void = { _ in }
    ) -> ExitReason {
        var settings = WorkstationSettings()
        change(&settings)
        return RunLoop(port, settings, display, Mailbox()).run()
    }

    @Test("draws at once, ends when the terminal goes, and asks nothing of the engine")
    func endsAtHangUp() {
        let display = ScriptedDisplay(script: [.pause(20)])
        let port = FakePort()
        #expect(run(display, port) == .hangUp)
        #expect(display.pictures.first?.text().contains("BTC/USDT") == true)
        #expect(port.requests.isEmpty)
    }

    @Test("ends on the person's word and on a signal")
    func endsOnRequest() {
        #expect(run(ScriptedDisplay(script: ScriptedDisplay.keys("qQ"))) == .quit)
        #expect(run(ScriptedDisplay(script: [.events([.signal(.terminate)])])) == .signal(15))
    }

    @Test("answers a key with a picture though the frame is not due")
    func answersKeys() {
        let display = ScriptedDisplay(script: [.pause(5), .events([.key(.character("?"))]), .pause(1)])
        _ = run(display) { $0.framesPerSecond = 1 }
        #expect(display.pictures.last?.text().contains("Keys: Chart") == true)
    }

    @Test("draws any number of snapshots in one frame")
    func coalesces() {
        let port = FakePort()
        let publish: [ScriptedDisplay.Step] = (0..<50).map { index in
            .run { port.publish { $0.markets[0].last = Price(mantissa: 6_000_000 + Int64(index) * 10) } }
        }
        let display = ScriptedDisplay(script: [.pause(5)] + publish)
        _ = run(display, port) { $0.framesPerSecond = 1 }
        #expect(display.pictures.count <= 3)
    }

    @Test("skips frames that the terminal can't take, and keys go on working")
    func skipsFrames() {
        let port = FakePort()
        let script = [.block(true)] + ScriptedDisplay.keys("<ctrl-x>y") + [.block(false), .pause(300)]
        let display = ScriptedDisplay(script: script)
        _ = run(display, port)
        #expect(display.skipped > 0)
        #expect(port.requests.count == 2)
        #expect(display.pictures.last?.text().contains("EMERGENCY STOP") == true)
    }

    @Test("sends the engine's requests and shows its answers")
    func sendsRequests() {
        let port = FakePort()
        let display = ScriptedDisplay(script: ScriptedDisplay.keys("6<Space>"))
        _ = run(display, port)
        guard case .disableStrategy? = port.requests.first else {
            Issue.record("\(port.requests)")
            return
        }
        #expect(display.pictures.last?.text().contains("Disabled momentum-1") == true)
    }

    @Test("begins as it was left, and writes down what changes")
    func remembers() {
        let saved = Mutex<[Preferences]>([])
        let display = ScriptedDisplay(script: ScriptedDisplay.keys(":eth<Enter>p"))
        _ = run(display) { settings in
            settings.preferences = Preferences(theme: "mono", layout: "ops", symbol: "SIM:SOLUSDT", timeframe: "5m")
            settings.save = { preferences in saved.withLock { $0.append(preferences) } }
        }
        #expect(display.pictures.first?.text().contains("SOL/USDT 5m") == true)
        let last = saved.withLock { $0.last }
        #expect(last == Preferences(theme: "mono", layout: "trade", symbol: "SIM:ETHUSDT", timeframe: "5m"))
    }

    @Test("draws in ASCII where there is nothing else, and says what is wrong with the configuration")
    func degrades() {
        let display = ScriptedDisplay(supportsUnicode: false, script: [.pause(5)])
        _ = run(display) { settings in
            settings.preferences.theme = "no-such-theme"
            settings.keys = ["no-such-action": ["x"]]
        }
        let text = display.pictures.last?.text() ?? ""
        #expect(!text.unicodeScalars.contains { !$0.isASCII })
        #expect(text.contains("no-such-action") && text.contains("there is no such theme"))
    }

    @Test("copies to the clipboard, repaints on request, follows a new size")
    func doesTheRest() {
        let steps = ScriptedDisplay.keys("5y<ctrl-l>") + [.events([.resize(Size(width: 61, height: 20))]), .pause(5)]
        let display = ScriptedDisplay(script: steps)
        _ = run(display)
        #expect(display.copied.first?.hasPrefix("14  BTC/USDT  BUY") == true)
        #expect(display.repaints == 1)
        #expect(display.pictures.last?.size == Size(width: 61, height: 20))
    }

    @Test("shows a stop from outside")
    func showsOutsideStop() {
        let mailbox = Mailbox()
        let display = ScriptedDisplay(script: [.pause(5), .run { mailbox.put(.outsideStop) }, .pause(5)])
        _ = RunLoop(FakePort(), WorkstationSettings(), display, mailbox).run()
        #expect(display.pictures.last?.text().contains("EMERGENCY STOP") == true)
    }

    @Test("counts frames and bytes over the last second only")
    func counts() {
        var meter = FrameMeter()
        for frame in 0..<20 {
            var report = FrameReport(outcome: .presented)
            report.bytes = 100
            meter.count(
                report, drawing: .microseconds(900), Fixture.now.adding(nanoseconds: Int64(frame) * 100_000_000))
        }
        #expect(meter.figures.framesPerSecond == 10 && meter.figures.bytesPerSecond == 1_000)
        #expect(meter.figures.lastBytes == 100 && meter.figures.frames == 20 && meter.figures.drawMicroseconds == 900)
        meter.count(FrameReport(outcome: .unchanged), drawing: .zero, Fixture.now.adding(seconds: 9))
        #expect(meter.figures.framesPerSecond == 0)
    }
}
