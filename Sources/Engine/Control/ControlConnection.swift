import Glibc

/// One client of the control socket: its unread input, its unsent output. Belongs to the server's thread.
final class ControlConnection {
    /// Answers waiting beyond this cut the client off: it does not read.
    private static let maximumOutputBytes = 8 * 1_024 * 1_024
    /// Requests under way beyond this make the client wait.
    private static let maximumPending = 64

    let number: UInt64
    let descriptor: Int32
    /// Requests that were handed to the engine and not answered yet.
    var pending = 0
    private var input: [UInt8] = []
    private var isSkipping = false
    private var output: [UInt8] = []
    private var isAtEnd = false
    private var isBroken = false

    /// What was read: a line, or that one was too long.
    enum Line {
        case text(ArraySlice<UInt8>)
        case tooLong
    }

    init(number: UInt64, descriptor: Int32) {
        self.number = number
        self.descriptor = descriptor
    }

    var hasOutput: Bool { !output.isEmpty }
    var wantsToRead: Bool { !isAtEnd && pending < ControlConnection.maximumPending }

    /// Whether the client is gone, or has closed its side and got every answer.
    var isDone: Bool { isBroken || isAtEnd && pending == 0 && output.isEmpty }

    func fail() { isBroken = true }

    func close() { _ = Glibc.close(descriptor) }

    /// Reads what there is and calls `body` with each complete line.
    func read(_ body: (Line) -> Void) {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count == 0 { isAtEnd = true }
        if count < 0 && errno != EAGAIN && errno != EINTR { isBroken = true }
        guard count > 0 else { return }
        for byte in buffer[..<count] {
            if byte == 0x0A {
                if !isSkipping { body(.text(input[...])) }
                isSkipping = false
                input.removeAll(keepingCapacity: true)
            } else if !isSkipping {
                input.append(byte)
                if input.count > ControlCoding.maximumLineBytes {
                    isSkipping = true
                    input.removeAll(keepingCapacity: true)
                    body(.tooLong)
                }
            }
        }
    }

    /// Queues an answer and sends what can be sent.
    func write(_ response: ControlResponse) {
        output.append(contentsOf: ControlCoding.line(response))
        flush()
        if output.count > ControlConnection.maximumOutputBytes { isBroken = true }
    }

    /// Sends what can be sent without waiting.
    func flush() {
        guard !output.isEmpty else { return }
        let count = output.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count > 0 {
            output.removeFirst(count)
        } else if errno != EAGAIN && errno != EINTR {
            isBroken = true
        }
    }
}
