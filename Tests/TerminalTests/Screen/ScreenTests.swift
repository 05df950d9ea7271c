import Glibc
import Testing

@testable import Terminal

/// Everything that opens a screen: there is one at a time, so these run one after the other.
@Suite("Screen", .serialized)
struct ScreenTests {
    /// A screen without a terminal, and the virtual terminal its bytes are replayed on.
    static func headless(
        _ size: Size = Size(width: 40, height: 12), type: String = "xterm-256color",
        _ change: (inout ScreenOptions) -> Void = { _ in }
    ) throws -> Screen {
        var options = ScreenOptions(destination: .headless(size), terminalType: type)
        options.environment = [:]
        options.handlesSignals = false
        change(&options)
        return try opened(options)
    }

    /// Opens a screen, waiting for those of other suites of this process to close.
    static func opened(_ options: ScreenOptions) throws -> Screen {
        for _ in 0..<3000 {
            do { return try Screen.open(options) } catch ScreenError.alreadyOpen { usleep(10_000) }
        }
        return try Screen.open(options)
    }
}

extension ScreenTests {
    @Suite("Encoding")
    struct Encoding {
        @Test("the bytes of any change, replayed, give the canvas", arguments: 1...40 as ClosedRange<UInt64>)
        func replaysExactly(seed: UInt64) throws {
            var generator = SeededGenerator(seed: seed)
            let size = Size(
                width: Int.random(in: 1...90, using: &generator), height: Int.random(in: 1...30, using: &generator))
            let screen = try ScreenTests.headless(size)
            defer { screen.close() }
            var terminal = VirtualTerminal(size: size)
            for _ in 0..<6 {
                let canvas = Canvas.random(size: size, using: &generator)
                screen.present(canvas)
                terminal.write(screen.takeOutput())
                #expect(terminal.canvas.text() == canvas.text())
                expectSameLook(terminal.canvas, canvas)
                #expect(terminal.unknown == [])
            }
        }

        @Test("small changes between random pictures replay as well", arguments: 1...20 as ClosedRange<UInt64>)
        func replaysSmallChanges(seed: UInt64) throws {
            var generator = SeededGenerator(seed: seed &* 977)
            let size = Size(width: 60, height: 20)
            let screen = try ScreenTests.headless(size)
            defer { screen.close() }
            var terminal = VirtualTerminal(size: size)
            var canvas = Canvas.random(size: size, using: &generator)
            for _ in 0..<20 {
                let patch = Canvas.random(
                    size: Size(width: Int.random(in: 1...12, using: &generator), height: 3), using: &generator)
                canvas.blit(
                    patch,
                    at: Point(
                        x: Int.random(in: -3..<60, using: &generator), y: Int.random(in: -1..<20, using: &generator)))
                screen.present(canvas)
                terminal.write(screen.takeOutput())
                #expect(terminal.canvas.text() == canvas.text())
                expectSameLook(terminal.canvas, canvas)
            }
            #expect(terminal.unknown == [])
        }

        /// Colours and attributes agree wherever they can be seen.
        private func expectSameLook(
            _ shown: Canvas, _ wanted: Canvas, sourceLocation: SourceLocation = #_sourceLocation
        ) {
            var wrong: [String] = []
            for y in 0..<wanted.size.height {
                for x in 0..<wanted.size.width where visible(shown[x, y]) != visible(wanted[x, y]) {
                    wrong.append("(\(x), \(y)): \(shown[x, y]) is not \(wanted[x, y])")
                }
            }
            #expect(wrong.prefix(3) == [], sourceLocation: sourceLocation)
        }

        /// A cell without what nobody can see: the glyph colour of a blank, the numbering of the first 16 colours.
        private func visible(_ cell: Cell) -> Cell {
            var cell = cell
            func same(_ color: Color) -> Color {
                if case .palette(let index) = color.kind, index < 16 { return .ansi(index) }
                return color
            }
            if cell.scalar == 0x20, cell.style.attributes.isDisjoint(with: [.underline, .reverse]) {
                cell.style.foreground = .terminalDefault
                cell.style.attributes = []
            }
            cell.style.foreground = same(cell.style.foreground)
            cell.style.background = same(cell.style.background)
            return cell
        }
    }
}
