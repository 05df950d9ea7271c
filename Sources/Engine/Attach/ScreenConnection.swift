import Bytes
import Glibc

/// One screen at the other end of the socket. Belongs to the server's thread.
final class ScreenConnection {
    /// Answers waiting beyond this cut the screen off: it does not read. Snapshots don't count, there is one at most.
    private static let maximumOutputBytes = 1 << 22
    /// Requests under way beyond this make the screen wait.
    private static let maximumPending = 64
    /// How long a connection may be silent before it says what it is, in nanoseconds.
    private static let patience: Int64 = 5_000_000_000

    let number: UInt64
    let descriptor: Int32
    /// The process at the other end.
    let process: Int32
    /// Its number at the desk, once it was let in.
    var screen: UInt64?
    /// Its name for people and for the audit.
    var name = ""
    /// What it was told of its role last.
    var role: ScreenRole?
    /// The snapshot that it has or will have when it has read everything.
    var sent = Snapshot.blank
    /// Whether it wants the next snapshot.
    var wantsSnapshot = false
    /// Whether it said that it goes.
    var saidGoodbye = false
    /// Requests that were handed to the engine and not answered yet.
    var pending = 0
    private var input = FrameReader(maximumBytes: ScreenProtocol.maximumRequestBytes)
    private var output = ByteWriter()
    private var sentBytes = 0
    /// Bytes up to here belong to a snapshot.
    private var snapshotBytes = 0
    private var isClosing = false
    private var isGone = false
    private let since = EngineClock.monotonic()

    init(number: UInt64, descriptor: Int32) {
        self.number = number
        self.descriptor = descriptor
        process = UnixSocket.peerProcess(descriptor)
    }

    var hasOutput: Bool { output.count > sentBytes }
    var wantsToRead: Bool { !isClosing && !isGone && pending < ScreenConnection.maximumPending }
    /// Whether it is gone, or has been told everything before the end.
    var isDone: Bool { isGone || isClosing && !hasOutput }
    /// Whether it should have said by now what it is.
    var isOverdue: Bool { screen == nil && EngineClock.monotonic() - since > ScreenConnection.patience }

    func fail() { isGone = true }

    /// Closes once everything was sent.
    func finish() { isClosing = true }

    func close() { _ = Glibc.close(descriptor) }

    /// Reads what there is and calls `body` with each message.
    func read(_ body: (ScreenRequest) -> Void) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count == 0 || count < 0 && errno != EAGAIN && errno != EINTR { isGone = true }
        guard count > 0 else { return }
        input.append(buffer[..<count])
        do {
            while !isClosing, let frame = try input.next() { body(try ScreenRequest(frame)) }
        } catch {
            // Whatever that is, it is no screen of ours.
            write(.refusal("this is no message of a screen: \(error)"))
            finish()
        }
    }

    /// Queues an answer and sends what can be sent.
    func write(_ answer: ScreenAnswer) {
        answer.frame(to: &output)
        if case .snapshot = answer { snapshotBytes = output.count }
        flush()
        if output.count - max(sentBytes, snapshotBytes) > ScreenConnection.maximumOutputBytes { isGone = true }
    }

    /// Sends what can be sent without waiting.
    func flush() {
        while hasOutput {
            let count = output.bytes.withUnsafeBytes {
                send(descriptor, $0.baseAddress.map { $0 + sentBytes }, $0.count - sentBytes, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                sentBytes += count
            } else {
                if count < 0 && errno != EAGAIN && errno != EINTR { isGone = true }
                break
            }
        }
        if !hasOutput {
            output.removeAll()
            sentBytes = 0
            snapshotBytes = 0
        }
    }
}
