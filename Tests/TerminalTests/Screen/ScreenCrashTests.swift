import Glibc
import Testing

@testable import Terminal

extension ScreenTests {
    /// What happens to the terminal when the program dies: tried in a process of its own.
    @Suite("Dying")
    struct Dying {
        private func expectRestored(_ pty: Pty, _ modes: [UInt32]) {
            var terminal = VirtualTerminal(size: Size(width: 80, height: 24))
            terminal.write(pty.settledOutput().filter { $0 != 0x18 })
            #expect(terminal.privateModes.subtracting([7]) == [25])
            #expect(pty.modes() == modes)
        }

        @Test("a crash restores the terminal, then kills as it would have", arguments: [SIGSEGV, SIGBUS, SIGFPE])
        func restoresAfterSignal(number: Int32) async throws {
            let pty = try Pty()
            let keepOpen = pty.openFar()
            defer { close(keepOpen) }
            let modes = pty.modes()
            let path = pty.path
            let result = await #expect(processExitsWith: .failure) {
                [path = path as String, number = number as Int32] in
                try Fixture.openAndPresent(path)
                raise(number)
            }
            #expect(result?.exitStatus == .signal(number))
            expectRestored(pty, modes)
        }

        @Test("an abort restores the terminal")
        func restoresAfterAbort() async throws {
            let pty = try Pty()
            let keepOpen = pty.openFar()
            defer { close(keepOpen) }
            let modes = pty.modes()
            let path = pty.path
            let result = await #expect(processExitsWith: .failure) { [path = path as String] in
                try Fixture.openAndPresent(path)
                abort()
            }
            #expect(result?.exitStatus == .signal(SIGABRT))
            expectRestored(pty, modes)
        }

        @Test("a trap in Swift code restores the terminal")
        func restoresAfterTrap() async throws {
            let pty = try Pty()
            let keepOpen = pty.openFar()
            defer { close(keepOpen) }
            let modes = pty.modes()
            let path = pty.path
            await #expect(processExitsWith: .failure) { [path = path as String] in
                try Fixture.openAndPresent(path)
                fatalError("on purpose")
            }
            expectRestored(pty, modes)
        }

        @Test("a fault in memory restores the terminal")
        func restoresAfterFault() async throws {
            let pty = try Pty()
            let keepOpen = pty.openFar()
            defer { close(keepOpen) }
            let modes = pty.modes()
            let path = pty.path
            let result = await #expect(processExitsWith: .failure) { [path = path as String] in
                try Fixture.openAndPresent(path)
                UnsafeMutablePointer<Int>(bitPattern: 8)?.pointee = 1
            }
            #expect(result?.exitStatus == .signal(SIGSEGV))
            expectRestored(pty, modes)
        }

        @Test("leaving without closing restores the terminal")
        func restoresAtExit() async throws {
            let pty = try Pty()
            let keepOpen = pty.openFar()
            defer { close(keepOpen) }
            let modes = pty.modes()
            let path = pty.path
            await #expect(processExitsWith: .exitCode(7)) { [path = path as String] in
                try Fixture.openAndPresent(path)
                exit(7)
            }
            expectRestored(pty, modes)
        }

        @Test("requests to end come as events, and a hang-up signal as a hang-up")
        func readsSignals() async throws {
            let pty = try Pty()
            let keepOpen = pty.openFar()
            defer { close(keepOpen) }
            let path = pty.path
            await #expect(processExitsWith: .exitCode(0)) { [path = path as String] in
                let screen = try Screen.open(
                    ScreenOptions(destination: .path(path), terminalType: "xterm-256color"))
                var events: [InputEvent] = []
                for number in [SIGTERM, SIGINT, SIGHUP] {
                    kill(getpid(), number)
                    events += screen.poll(timeout: .seconds(10))
                }
                screen.close()
                exit(events == [.signal(.terminate), .signal(.interrupt), .hangUp] ? 0 : 1)
            }
        }

        @Test("stray prints land in the log, and standard output comes back")
        func redirectsOutput() async throws {
            let pty = try Pty()
            let keepOpen = pty.openFar()
            defer { close(keepOpen) }
            let path = pty.path
            let log = "/tmp/wick-terminal-log-\(getpid())"
            unlink(log)
            defer { unlink(log) }
            await #expect(processExitsWith: .success) { [path = path as String, log = log as String] in
                var options = ScreenOptions(destination: .path(path), terminalType: "xterm-256color")
                options.logPath = log
                let screen = try Screen.open(options)
                print("stray")
                fflush(nil)
                screen.close()
                var text = [UInt8](repeating: 0, count: 64)
                let file = open(log, O_RDONLY)
                let count = read(file, &text, text.count)
                exit(String(decoding: text.prefix(max(0, count)), as: UTF8.self) == "stray\n" ? 0 : 1)
            }
        }
    }

    enum Fixture {
        /// Opens a screen that nobody closes.
        static func openAndPresent(_ path: String) throws {
            let screen = try Screen.open(ScreenOptions(destination: .path(path), terminalType: "xterm-256color"))
            var canvas = Canvas(size: screen.size)
            canvas.put("up", x: 0, y: 0, style: .plain)
            screen.present(canvas)
            _ = Unmanaged.passRetained(screen)
        }
    }
}
