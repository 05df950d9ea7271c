import Foundation
import Testing

@testable import Terminal

extension ScreenTests {
    @Suite("On a pseudo terminal")
    struct OnPty {
        private func open(_ pty: Pty, _ change: (inout ScreenOptions) -> Void = { _ in }) throws -> Screen {
            var options = ScreenOptions(destination: .path(pty.path), terminalType: "xterm-256color")
            options.environment = [:]
            options.handlesSignals = false  // other suites run in this process as well
            change(&options)
            return try ScreenTests.opened(options)
        }

        private func picture(_ size: Size, _ text: String) -> Canvas {
            var canvas = Canvas(size: size)
            for y in 0..<size.height { canvas.put("\(text) row \(y)", x: 0, y: y, style: .plain) }
            return canvas
        }

        @Test("closing leaves the modes as they were and every private mode off")
        func restoresModes() throws {
            let pty = try Pty()
            let before = pty.modes()
            let screen = try open(pty) { $0.isMouseEnabled = true }
            #expect(pty.modes() != before)
            var terminal = VirtualTerminal(size: screen.size)
            screen.present(picture(screen.size, "hello"))
            terminal.write(pty.settledOutput())
            #expect(terminal.privateModes.isSuperset(of: [1049, 1000, 1002, 1006, 2004, 1004]))
            #expect(!terminal.privateModes.contains(25))
            screen.close()
            terminal.write(pty.settledOutput())
            #expect(terminal.privateModes.subtracting([7]) == [25])  // 7 is autowrap, as it was
            #expect(pty.modes() == before)
        }

        @Test("keys, pastes and focus come as events")
        func readsInput() throws {
            let pty = try Pty()
            let screen = try open(pty)
            defer { screen.close() }
            pty.type("a\u{1B}[1;5C\u{18}\u{1B}[200~x\ny\u{1B}[201~\u{1B}[I")
            var events: [InputEvent] = []
            while events.count < 5 {
                let more = screen.poll(timeout: .seconds(5))
                if more.isEmpty { break }
                events += more
            }
            #expect(
                events == [
                    .key(.character("a")), .key(Chord(.right, .control)), .key(.control("x")), .paste("x\ny"),
                    .focus(true),
                ])
        }

        @Test("a lone Escape becomes a key without waiting for the time-out of the caller")
        func readsEscape() throws {
            let pty = try Pty()
            let screen = try open(pty)
            defer { screen.close() }
            pty.type("\u{1B}")
            #expect(screen.poll(timeout: .seconds(30)) == [.key(Chord(.escape))])
        }

        @Test("another thread can end the waiting")
        func wakes() throws {
            let pty = try Pty()
            let screen = try open(pty)
            defer { screen.close() }
            let waker = Waker()
            let thread = Thread { waker.wake() }
            thread.start()
            #expect(screen.poll(timeout: .seconds(60), waker: waker) == [])
            waker.wake()
            waker.wake()
            #expect(screen.poll(timeout: .seconds(60), waker: waker) == [])
            #expect(screen.poll(timeout: .zero, waker: waker) == [])
        }

        @Test("a storm of sizes ends in one event with the last size, and a complete frame")
        func survivesResizeStorm() throws {
            let pty = try Pty()
            let screen = try open(pty)
            defer { screen.close() }
            screen.present(picture(screen.size, "before"))
            _ = pty.settledOutput()
            var events: [InputEvent] = []
            for step in 0..<60 {
                pty.resize(Size(width: 20 + step * 3 % 97, height: 5 + step % 31))
                events += screen.poll(timeout: .milliseconds(1))
            }
            // None, unless this thread was kept waiting in between: sizes have to settle first.
            #expect(events.count < 30)
            let last = Size(width: 101, height: 33)
            pty.resize(last)
            while events.last != .resize(last) {
                let more = screen.poll(timeout: .seconds(10))
                if more.isEmpty { break }
                events += more
            }
            #expect(events.last == .resize(last))
            #expect(screen.size == last)
            screen.present(picture(last, "after"))
            var terminal = VirtualTerminal(size: last)
            terminal.write(pty.settledOutput())
            #expect(terminal.canvas.text() == picture(last, "after").text())
        }

        @Test("a reader that takes nothing costs frames, not keys; the picture is right when it reads again")
        func survivesSlowReader() throws {
            let size = Size(width: 200, height: 60)
            let pty = try Pty(size: size)
            let screen = try open(pty)
            defer { screen.close() }
            var generator = SeededGenerator(seed: 3)
            var reports: [FrameReport] = []
            for _ in 0..<40 { reports.append(screen.present(.random(size: size, using: &generator))) }
            #expect(reports.last?.outcome == .skipped)
            #expect(reports.last?.isLinkSlow == true)
            #expect(reports.last.map { $0.skippedFrames > 30 } == true)
            pty.type("\u{18}")
            #expect(screen.poll(timeout: .seconds(10)) == [.key(.control("x"))])

            #expect(screen.owesFrame)
            var terminal = VirtualTerminal(size: size)
            while screen.unsentBytes > 0 {
                terminal.write(pty.settledOutput())
                #expect(screen.poll(timeout: .milliseconds(1)) == [])
            }
            let final = picture(size, "final")
            var outcome = FrameReport.Outcome.skipped
            while outcome == .skipped {
                _ = screen.poll(timeout: .zero)
                terminal.write(pty.settledOutput())
                outcome = screen.present(final).outcome
            }
            while screen.unsentBytes > 0 {
                terminal.write(pty.settledOutput())
                _ = screen.poll(timeout: .zero)
            }
            terminal.write(pty.settledOutput())
            #expect(!screen.owesFrame)
            #expect(terminal.canvas.text() == final.text())
            #expect(terminal.unknown == [])
        }

        @Test("a vanished terminal is one hang-up event, then silence, and frames go nowhere")
        func reportsHangUp() throws {
            let pty = try Pty()
            let screen = try open(pty)
            defer { screen.close() }
            screen.present(picture(screen.size, "x"))
            pty.hangUp()
            #expect(screen.poll(timeout: .seconds(10)) == [.hangUp])
            #expect(screen.poll(timeout: .milliseconds(1)) == [])
            #expect(screen.present(picture(screen.size, "y")).outcome == .gone)
        }

        @Test("keys typed before the terminal vanished still arrive")
        func readsKeysBeforeHangUp() throws {
            let pty = try Pty()
            let screen = try open(pty)
            defer { screen.close() }
            pty.type("q")
            var events = screen.poll(timeout: .seconds(10))
            pty.hangUp()
            while !events.contains(.hangUp) {
                let more = screen.poll(timeout: .seconds(10))
                if more.isEmpty { break }
                events += more
            }
            #expect(events == [.key(.character("q")), .hangUp])
        }

        @Test("a screen can open on a descriptor, whose flags stay untouched, again and again")
        func opensOnDescriptor() throws {
            let pty = try Pty()
            let far = pty.openFar()
            defer { Glibc.close(far) }
            let before = pty.modes()
            for round in 0..<5 {
                var options = ScreenOptions(destination: .descriptor(far), terminalType: "xterm-256color")
                options.environment = [:]
                options.handlesSignals = false
                let screen = try ScreenTests.opened(options)
                screen.present(picture(screen.size, "round \(round)"))
                #expect(fcntl(far, F_GETFL) & O_NONBLOCK == 0)
                _ = pty.settledOutput()
                screen.close()
                #expect(pty.modes() == before)
            }
        }

        @Test("what is no terminal is refused, and nothing stays behind")
        func refusesFiles() throws {
            let error = #expect(throws: ScreenError.self) {
                try ScreenTests.opened(
                    ScreenOptions(destination: .path("/dev/null"), terminalType: "xterm-256color"))
            }
            #expect(error?.description.contains("not a terminal") == true)
            try ScreenTests.headless().close()
        }
    }
}
