import Glibc

@testable import Terminal

/// A pseudo terminal: the screen opens the far end by its path, the test holds the near end.
final class Pty {
    private(set) var near: Int32
    let path: String

    init(size: Size = Size(width: 80, height: 24)) throws {
        // The calls behind posix_openpt, unlockpt and ptsname, which the module map leaves out.
        near = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var lock: Int32 = 0
        var number: Int32 = 0
        guard near >= 0, ioctl(near, 0x4004_5431, &lock) == 0, ioctl(near, 0x8004_5430, &number) == 0 else {
            throw PtyError()
        }
        path = "/dev/pts/\(number)"
        _ = fcntl(near, F_SETFL, fcntl(near, F_GETFL) | O_NONBLOCK)
        resize(size)
    }

    deinit {
        hangUp()
    }

    struct PtyError: Error {}

    /// Opens the far end the way a program started in the terminal has it.
    func openFar() -> Int32 {
        open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    }

    func resize(_ size: Size) {
        var window = winsize(
            ws_row: UInt16(size.height), ws_col: UInt16(size.width), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(near, UInt(TIOCSWINSZ), &window)
    }

    func type(_ bytes: [UInt8]) {
        _ = write(near, bytes, bytes.count)
    }

    func type(_ text: String) {
        type(Array(text.utf8))
    }

    /// What the program has written, as far as it has arrived.
    func output() -> [UInt8] {
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let got = read(near, &chunk, chunk.count)
            if got <= 0 { return result }
            result += chunk[..<got]
        }
    }

    /// What the program writes until nothing more comes for a moment.
    func settledOutput() -> [UInt8] {
        var result: [UInt8] = []
        var entry = pollfd(fd: near, events: Int16(POLLIN), revents: 0)
        while poll(&entry, 1, result.isEmpty ? 300 : 50) > 0, Int32(entry.revents) & POLLIN != 0 {
            let more = output()
            if more.isEmpty { break }
            result += more
        }
        return result
    }

    /// The modes of the far end, in a form that can be compared.
    func modes() -> [UInt32] {
        let far = openFar()
        defer { close(far) }
        var modes = termios()
        tcgetattr(far, &modes)
        var result = [modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag]
        withUnsafeBytes(of: modes.c_cc) { result += $0.map { UInt32($0) } }
        return result
    }

    /// Closes the near end: the terminal vanishes.
    func hangUp() {
        if near >= 0 { close(near) }
        near = -1
    }
}
