import CTerminal
import Glibc

/// The terminal as a file, in raw mode, never blocking; or none at all, keeping what is written.
///
/// The descriptor is an opening of our own: making it non-blocking must not change the shell's standard input.
final class TerminalDevice {
    /// -1 without a terminal.
    private(set) var descriptor: Int32 = -1
    /// Bytes that the kernel did not take yet.
    private(set) var unsent: [UInt8] = []
    private var sentCount = 0
    /// What a headless device was given.
    var kept: [UInt8] = []
    /// Whether the other end hung up.
    private(set) var isGone = false
    private var formerFlags: Int32?

    var isHeadless: Bool { descriptor < 0 }
    var isDraining: Bool { sentCount < unsent.count }

    init(_ destination: ScreenOptions.Destination) throws(ScreenError) {
        switch destination {
        case .headless: return
        case .standard:
            try TerminalDevice.checkStandard()
            try reopen(STDIN_FILENO)
        case .descriptor(let other):
            guard isatty(other) != 0 else { throw .cannotUse("descriptor \(other)", reason: "it is not a terminal") }
            try reopen(other)
        case .path(let path):
            descriptor = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
            guard descriptor >= 0 else { throw .cannotUse(path, reason: String(cString: strerror(errno))) }
            guard isatty(descriptor) != 0 else {
                close(descriptor)
                throw .cannotUse(path, reason: "it is not a terminal")
            }
        }
        let error = ct_make_raw(descriptor)
        guard error == 0 else {
            closeFile()
            throw .cannotUse("descriptor", reason: String(cString: strerror(error)))
        }
    }

    /// Makes sure that standard input and output are a terminal.
    static func checkStandard() throws(ScreenError) {
        for (stream, name) in [(STDIN_FILENO, "standard input"), (STDOUT_FILENO, "standard output")]
        where isatty(stream) == 0 {
            let controlling = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
            if controlling >= 0 { close(controlling) }
            throw .notATerminal(stream: name, hasControllingTerminal: controlling >= 0)
        }
    }

    private func reopen(_ other: Int32) throws(ScreenError) {
        descriptor = open("/proc/self/fd/\(other)", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
        if descriptor >= 0 { return }
        descriptor = fcntl(other, F_DUPFD_CLOEXEC, 3)
        guard descriptor >= 0 else { throw .cannotUse("descriptor \(other)", reason: String(cString: strerror(errno))) }
        let flags = fcntl(descriptor, F_GETFL)
        formerFlags = flags
        _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
    }

    /// The size of the terminal; nil when it does not know, or there is none.
    var size: Size? {
        var rows: Int32 = 0
        var columns: Int32 = 0
        guard descriptor >= 0, ct_size(descriptor, &rows, &columns) == 0 else { return nil }
        return Size(width: min(Int(columns), 1000), height: min(Int(rows), 500))
    }

    /// Whether everything written so far has left the process and, where the kernel can tell, its queue.
    var isDrained: Bool {
        drain()
        return !isDraining && (isHeadless || isGone || ct_queued_output(descriptor) == 0)
    }

    /// Sends bytes: one `write` when the terminal keeps up; what it does not take is kept for ``drain()``.
    func send(_ bytes: [UInt8]) {
        if isGone || bytes.isEmpty { return }
        if isHeadless {
            kept += bytes
            return
        }
        if isDraining {
            unsent += bytes
        } else {
            unsent = bytes
            sentCount = 0
        }
        drain()
    }

    /// Sends what is left over, as far as the terminal takes it.
    func drain() {
        while isDraining, !isGone {
            let wrote = unsent.withUnsafeBytes { buffer in
                write(descriptor, buffer.baseAddress! + sentCount, buffer.count - sentCount)
            }
            if wrote > 0 {
                sentCount += wrote
            } else if wrote < 0, errno == EINTR {
                continue
            } else {
                if wrote < 0, errno != EAGAIN { isGone = true }
                break
            }
        }
        if !isDraining || isGone {
            unsent.removeAll(keepingCapacity: true)
            sentCount = 0
        }
    }

    /// Waits at most half a second for what is left over to go out.
    func finish() {
        for _ in 0..<10 where isDraining && !isGone {
            var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            _ = poll(&wait, 1, 50)
            drain()
        }
    }

    /// Everything there is to read now; empty when nothing.
    func receive() -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while !isHeadless, !isGone, bytes.count < 1 << 20 {
            let got = read(descriptor, &chunk, chunk.count)
            if got > 0 {
                bytes += chunk[..<got]
                if got < chunk.count { break }
            } else if got < 0, errno == EINTR {
                continue
            } else {
                if got == 0 || errno != EAGAIN { isGone = true }
                break
            }
        }
        return bytes
    }

    func markGone() {
        isGone = true
    }

    /// Puts the modes back and lets go of the terminal.
    func closeFile() {
        guard descriptor >= 0 else { return }
        ct_make_cooked()
        if let formerFlags { _ = fcntl(descriptor, F_SETFL, formerFlags) }
        close(descriptor)
        descriptor = -1
        isGone = true
    }
}
