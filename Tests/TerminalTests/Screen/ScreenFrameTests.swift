import Glibc
import Testing

@testable import Terminal

extension ScreenTests {
    @Suite("Frames")
    struct Frames {
        private func picture(_ size: Size, price: String = "64262.0") -> Canvas {
            var canvas = Canvas(size: size)
            canvas.box(Rect(size), borders: .rounded, title: "Chart", style: .plain)
            canvas.put(price, x: 4, y: 2, style: Style(foreground: .rgb(43, 182, 115), attributes: .bold))
            return canvas
        }

        @Test("a canvas like the last one writes nothing")
        func idleWritesNothing() throws {
            let screen = try ScreenTests.headless()
            defer { screen.close() }
            #expect(screen.present(picture(screen.size)).outcome == .presented)
            #expect(!screen.takeOutput().isEmpty)
            let report = screen.present(picture(screen.size))
            #expect(report.outcome == .unchanged)
            #expect(report.bytes == 0)
            #expect(screen.takeOutput().isEmpty)
        }

        @Test("a frame is one synchronised update, reported byte for byte")
        func isOneUpdate() throws {
            let screen = try ScreenTests.headless()
            defer { screen.close() }
            screen.present(picture(screen.size))
            let first = screen.takeOutput()
            var terminal = VirtualTerminal(size: screen.size)
            terminal.write(first)
            #expect(terminal.updates == 1)
            #expect(terminal.privateModes.isSuperset(of: [2004, 1004]))
            let report = screen.present(picture(screen.size, price: "64263.5"))
            let second = screen.takeOutput()
            #expect(report.bytes == second.count)
            #expect(report.changedCells > 0 && report.changedCells <= 7)
            #expect(second.starts(with: Array("\u{1B}[?2026h".utf8)))
            #expect(second.suffix(8).elementsEqual("\u{1B}[?2026l".utf8))
            terminal.write(second)
            #expect(terminal.updates == 2)
            #expect(!terminal.isUpdating)
        }

        @Test("consoles and VT terminals get no private modes", arguments: ["linux", "vt100", "vt220"])
        func plainTerminalsGetNoMarks(type: String) throws {
            let screen = try ScreenTests.headless(type: type)
            defer { screen.close() }
            screen.present(picture(screen.size))
            let text = String(decoding: screen.takeOutput(), as: UTF8.self)
            #expect(!text.contains("?2026"))
            #expect(!text.contains("?2004"))
            #expect(text.contains("64262.0"))
        }

        @Test("synchronised updates can be switched off")
        func marksCanBeOff() throws {
            let screen = try ScreenTests.headless { $0.synchronizesUpdates = false }
            defer { screen.close() }
            screen.present(picture(screen.size))
            #expect(!String(decoding: screen.takeOutput(), as: UTF8.self).contains("?2026"))
        }

        @Test("repaint writes the whole picture again")
        func repaintsEverything() throws {
            let screen = try ScreenTests.headless()
            defer { screen.close() }
            screen.present(picture(screen.size))
            _ = screen.takeOutput()
            screen.repaint()
            screen.present(picture(screen.size))
            var blank = VirtualTerminal(size: screen.size)
            blank.write(screen.takeOutput())
            #expect(blank.canvas.text() == picture(screen.size).text())
        }

        @Test("after a resize the next frame is complete at the new size")
        func resizesCompletely() throws {
            let screen = try ScreenTests.headless()
            defer { screen.close() }
            screen.present(picture(screen.size))
            _ = screen.takeOutput()
            for size in [Size(width: 1, height: 1), Size(width: 200, height: 60), Size(width: 20, height: 5)] {
                screen.resize(to: size)
                screen.present(picture(size))
                var terminal = VirtualTerminal(size: size)
                terminal.write(screen.takeOutput())
                #expect(terminal.canvas.text() == picture(size).text())
            }
        }

        @Test("a canvas of another size is clipped or surrounded by blanks")
        func fitsOtherSizes() throws {
            let screen = try ScreenTests.headless(Size(width: 10, height: 3))
            defer { screen.close() }
            var terminal = VirtualTerminal(size: screen.size)
            var large = Canvas(size: Size(width: 30, height: 9))
            large.put("0123456789ABCDEF", x: 0, y: 0, style: .plain)
            screen.present(large)
            terminal.write(screen.takeOutput())
            #expect(terminal.canvas.text() == "0123456789\n\n")
            var small = Canvas(size: Size(width: 4, height: 1))
            small.put("abcd", x: 0, y: 0, style: .plain)
            screen.present(small)
            terminal.write(screen.takeOutput())
            #expect(terminal.canvas.text() == "abcd\n\n")
        }

        @Test("an ordinary tick at 120x40 takes at most 2 kB")
        func staysInBudget() throws {
            let size = Size(width: 120, height: 40)
            let theme = Theme.standard
            let screen = try ScreenTests.headless(size)
            defer { screen.close() }
            var generator = SeededGenerator(seed: 7)
            var canvas = Canvas(size: size)
            canvas.box(Rect(x: 0, y: 1, width: 80, height: 22), borders: .rounded, style: theme[.border])
            func drawLevel(_ row: Int) {
                let amount = Int.random(in: 100...9999, using: &generator)
                let look = theme[row < 12 ? .bookAsk : .bookBid]
                canvas.fill(Rect(x: 82, y: row, width: 38, height: 1), .blank)
                canvas.put("64\(200 + row).5   \(amount / 1000).\(amount % 1000)", x: 82, y: row, style: look)
                canvas.hline(x: 100, y: row, width: amount / 600, scalar: "█", style: look)
            }
            for row in 2..<22 { drawLevel(row) }
            screen.present(canvas)
            for tick in 0..<50 {
                for row in 2..<22 where (row + tick) % 3 == 0 { drawLevel(row) }
                canvas.put("6426\(tick % 10).0", x: 20, y: 0, style: theme[tick % 2 == 0 ? .priceUp : .priceDown])
                canvas.put("14:04:\(10 + tick)", x: 8, y: 39, style: theme[.status])
                canvas.vline(x: 70, y: 5, height: 1 + tick % 4, scalar: "┃", style: theme[.candleUp])
                let report = screen.present(canvas)
                #expect(report.bytes <= 2048, "tick \(tick)")
            }
        }

        @Test("more colour pairs than the terminal has lose ground colours, never glyphs")
        func survivesPairExhaustion() throws {
            let size = Size(width: 60, height: 20)
            let screen = try ScreenTests.headless(size, type: "linux")
            defer { screen.close() }
            #expect(screen.colorDepth == .ansi16)
            var canvas = Canvas(size: size)
            for y in 0..<20 {
                for x in 0..<60 {
                    canvas[x, y] = Cell(
                        "x", style: Style(foreground: .ansi(UInt8(x % 16)), background: .ansi(UInt8(y % 16))))
                }
            }
            var terminal = VirtualTerminal(size: size)
            for round in 0..<250 {
                canvas[round % 60, 0].scalar = 0x79
                screen.present(canvas)
            }
            terminal.write(screen.takeOutput())
            #expect(terminal.canvas.text().filter { $0 == "x" || $0 == "y" }.count == 1200)
        }

        @Test("without colours only attributes are sent")
        func sendsNoColors() throws {
            let screen = try ScreenTests.headless { $0.environment = ["NO_COLOR": "1"] }
            defer { screen.close() }
            #expect(screen.colorDepth == .none)
            screen.present(picture(screen.size))
            var terminal = VirtualTerminal(size: screen.size)
            terminal.write(screen.takeOutput())
            #expect(terminal.canvas[4, 2].style == Style(attributes: .bold))
        }

        @Test("24-bit colours come as the nearest of 256, or of 16 where there are no more")
        func quantizesColors() throws {
            // True colour itself hangs on which terminal descriptions are installed; these two never do.
            for (depth, expected) in [(ColorDepth.palette256, Color.palette(35)), (.ansi16, .ansi(2))] {
                let screen = try ScreenTests.headless { $0.colorDepth = depth }
                defer { screen.close() }
                screen.present(picture(screen.size))
                var terminal = VirtualTerminal(size: screen.size)
                terminal.write(screen.takeOutput())
                #expect(terminal.canvas[4, 2].style.foreground == expected, "\(depth)")
            }
        }

        @Test("without signal handling no handler of the process changes")
        func leavesHandlersAlone() throws {
            func handlers() -> [UInt] {
                [SIGINT, SIGTERM, SIGTSTP, SIGWINCH, SIGSEGV, SIGPIPE].map { number in
                    var action = sigaction()
                    sigaction(number, nil, &action)
                    return unsafeBitCast(action.__sigaction_handler, to: UInt.self)
                }
            }
            let before = handlers()
            let screen = try ScreenTests.headless()
            #expect(handlers() == before)
            screen.close()
            #expect(handlers() == before)
        }

        @Test("a second screen is refused while one is open, and welcome afterwards")
        func refusesASecond() throws {
            let screen = try ScreenTests.headless()
            #expect(throws: ScreenError.alreadyOpen) {
                try Screen.open(ScreenOptions(destination: .headless(screen.size), terminalType: "vt100"))
            }
            screen.close()
            screen.close()
            try ScreenTests.headless().close()
        }

        @Test(
            "a terminal type that cannot place characters is refused with what to do",
            arguments: [
                ("", "TERM is not set"), ("dumb", "TERM=dumb"), ("no-such-terminal", "ncurses-term"),
            ])
        func refusesSimpleTerminals(type: String, fragment: String) throws {
            let error = #expect(throws: ScreenError.self) { try ScreenTests.headless(type: type) }
            #expect(error?.description.contains(fragment) == true)
            try ScreenTests.headless().close()
        }
    }
}
