import CTerminal
import Glibc
import Synchronization

/// The real terminal: shows canvases, gives input events, and leaves everything as it was.
///
/// A screen belongs to the thread that opened it, and there is one at a time, because ncurses is neither
/// thread-safe nor shareable. Frames are never queued: when the terminal has not taken the last one, the next is
/// skipped and its successor drawn instead, so keys are answered however slow the line is.
///
/// ```swift
/// let screen = try Screen.open(options)
/// defer { screen.close() }
/// while !isDone {
///     for event in screen.poll(timeout: .milliseconds(250), waker: waker) { handle(event) }
///     screen.present(draw(screen.size))
/// }
/// ```
public final class Screen {
    /// Columns and rows to draw. Changes only when ``poll(timeout:waker:)`` gives a resize event.
    public internal(set) var size: Size
    /// How many colours frames are shown with; use ``Theme/adapted(to:)`` with it.
    public let colorDepth: ColorDepth
    /// Whether characters beyond ASCII can be written. If not, draw with ``GlyphSet/ascii``.
    public let supportsUnicode: Bool
    /// Whether the last frame was skipped, so that what is on the screen is not the latest. ``poll(timeout:waker:)``
    /// returns as soon as the terminal has caught up; present a frame then, even when nothing else happened.
    public internal(set) var owesFrame = false
    /// The terminal type in use.
    public let terminalType: String

    let device: TerminalDevice
    let options: ScreenOptions
    let isSynchronizing: Bool
    let signals: Int32
    var pairs: PairTable
    var last: Canvas?
    var needsRepaint = false
    var preamble: [UInt8]
    var skippedFrames = 0
    var framesSinceSkip = Int.max
    var framesSinceForget = 0
    var decoder = InputDecoder()
    var decoderDeadline: ContinuousClock.Instant?
    var announcedSize: (size: Size, since: ContinuousClock.Instant)?
    var hasReportedHangUp = false
    var cells: [ct_cell] = []
    private var isOpen = true

    private static let isOneOpen = Mutex(false)

    /// Takes over the terminal: raw mode, alternate screen, paste and focus reports.
    ///
    /// - Throws: ``ScreenError``, with the terminal left as it was.
    public static func open(_ options: ScreenOptions = ScreenOptions()) throws(ScreenError) -> Screen {
        let isFree = isOneOpen.withLock { isOpen in
            defer { isOpen = true }
            return !isOpen
        }
        guard isFree else { throw .alreadyOpen }
        do throws(ScreenError) {
            return try Screen(options)
        } catch {
            isOneOpen.withLock { $0 = false }
            throw error
        }
    }

    private init(_ options: ScreenOptions) throws(ScreenError) {
        let type = try Screen.usableType(options.terminalType ?? options.variable("TERM") ?? "", options)
        self.options = options
        device = try TerminalDevice(options.destination)
        if case .headless(let wanted) = options.destination {
            size = wanted
        } else {
            size = device.size ?? Size(width: 80, height: 24)
        }
        if let path = options.logPath {
            do throws(ScreenError) { try Screen.redirectOutput(path) } catch {
                device.closeFile()
                throw error
            }
        }
        // Handlers before ncurses, which would install its own where it finds none.
        signals = options.handlesSignals ? ct_catch_signals() : -1
        supportsUnicode = ct_use_utf8() == 1
        var facts = ct_terminal()
        guard ct_open(type, Int32(size.height), Int32(size.width), &facts) == 0 else {
            ct_release_signals()
            ct_restore_output()
            device.closeFile()
            throw .unknownTerminalType(type)
        }
        terminalType = type
        let isWithoutColor = options.colorDepth == nil && !(options.variable("NO_COLOR") ?? "").isEmpty
        let wanted = isWithoutColor ? .none : options.colorDepth ?? .trueColor
        colorDepth = min(wanted, Screen.depth(of: facts))
        pairs = PairTable(
            colors: Int(facts.colors), pairs: Int(facts.pairs), isDirect: facts.direct != 0, depth: colorDepth)
        let isPlain = type == "linux" || type.hasPrefix("vt") || type.hasPrefix("cons")
        isSynchronizing = options.synchronizesUpdates ?? !isPlain
        preamble = Array((isPlain ? "" : Screen.modesOn(mouse: options.isMouseEnabled)).utf8)
        armRestore()
    }

    /// Gives the terminal back: modes, screen contents, cursor, handlers, standard output. Safe to call twice.
    public func close() {
        guard isOpen else { return }
        isOpen = false
        let count = ct_close()
        var farewell = Array(Screen.modesOff.utf8)
        if count > 0 {
            var bytes = [UInt8](repeating: 0, count: count)
            ct_take(&bytes, count)
            farewell += bytes
        }
        ct_discard()
        if !device.isGone {
            device.send(farewell + Array("\u{1B}[0m\u{1B}[?25h".utf8))
            device.finish()
        }
        ct_disarm_restore()
        if options.handlesSignals {
            ct_release_crashes()
            ct_release_signals()
        }
        device.closeFile()
        ct_restore_output()
        Screen.isOneOpen.withLock { $0 = false }
    }

    deinit {
        close()
    }

    /// What was written to a headless screen since the last call.
    public func takeOutput() -> [UInt8] {
        defer { device.kept.removeAll(keepingCapacity: true) }
        return device.kept
    }

    /// Bytes of frames that the terminal has not taken yet.
    public var unsentBytes: Int { device.unsent.count }

    private func armRestore() {
        guard !device.isHeadless else { return }
        var leave = [CChar](repeating: 0, count: 256)
        let count = ct_leave_sequence(&leave, leave.count)
        // CAN ends a sequence that was cut in two.
        var bytes: [UInt8] = [0x18] + Array(Screen.modesOff.utf8)
        bytes += leave.prefix(count).map { UInt8(bitPattern: $0) }
        bytes += Array("\u{1B}[0m\u{1B}[?25h\r\n".utf8)
        bytes.withUnsafeBytes { buffer in
            buffer.withMemoryRebound(to: CChar.self) {
                ct_arm_restore(device.descriptor, $0.baseAddress, $0.count)
            }
        }
        if options.handlesSignals { ct_catch_crashes() }
    }

    private static func modesOn(mouse: Bool) -> String {
        "\u{1B}[?2004h\u{1B}[?1004h" + (mouse ? "\u{1B}[?1000h\u{1B}[?1002h\u{1B}[?1006h" : "")
    }

    /// Everything that may have been switched on, whether it was or not.
    private static let modesOff =
        "\u{1B}[?2026l\u{1B}[?1000l\u{1B}[?1002l\u{1B}[?1003l\u{1B}[?1006l\u{1B}[?2004l\u{1B}[?1004l"
}
