import Bytes
import Glibc

/// One connection to an engine's screen socket. Belongs to one thread at a time.
final class RemoteLink {
    /// What the engine said first.
    let welcome: ScreenWelcome
    /// What all snapshots so far add up to.
    var snapshot = Snapshot.blank
    private let descriptor: Int32
    private var input = FrameReader(maximumBytes: ScreenProtocol.maximumAnswerBytes)
    private var output = ByteWriter()
    private var sentBytes = 0

    /// Connects, says hello, and waits for the first snapshot.
    init(directory: String, hello: ScreenHello, timeoutSeconds: Double) throws(AttachError) {
        switch UnixSocket.connect(path: directory + "/" + ScreenProtocol.socketName) {
        case .success(let descriptor): self.descriptor = descriptor
        case .failure(let error):
            switch error.code {
            case ENOENT, ECONNREFUSED, ENOTDIR: throw .noEngine(directory: directory)
            default: throw .unreachable(reason: error.text)
            }
        }
        Descriptors.prepare(descriptor)
        ScreenRequest.hello(hello).frame(to: &output)
        let deadline = EngineClock.monotonic() + Int64(timeoutSeconds * 1e9)
        var input = FrameReader(maximumBytes: ScreenProtocol.maximumAnswerBytes)
        do throws(AttachError) {
            welcome = try RemoteLink.handshake(descriptor, output.bytes, &input, &snapshot, deadline)
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        self.input = input
        output.removeAll()
        queue([.next])
    }

    deinit { Glibc.close(descriptor) }

    private static func handshake(
        _ descriptor: Int32, _ hello: [UInt8], _ input: inout FrameReader, _ snapshot: inout Snapshot, _ deadline: Int64
    ) throws(AttachError) -> ScreenWelcome {
        // A greeting is shorter than any socket's buffer.
        _ = hello.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        var welcome: ScreenWelcome?
        while true {
            switch try next(&input) {
            case nil:
                let left = (deadline - EngineClock.monotonic()) / 1_000_000
                guard left > 0 else { throw .unreachable(reason: "it takes the connection and says nothing") }
                var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                if poll(&entry, 1, Int32(clamping: left)) > 0 { try read(descriptor, &input) }
            case .welcome(let said)?: welcome = said
            case .refusal(let text)?: throw .refused(text)
            case .snapshot(let bytes)?:
                guard let welcome else { throw .unreachable(reason: "its first message is no welcome") }
                var reader = ByteReader(bytes)
                do {
                    snapshot = try SnapshotDelta.read(&reader, applyingTo: snapshot)
                } catch {
                    throw .unreachable(reason: error.description)
                }
                return welcome
            case .end(let text)?: throw .unreachable(reason: text)
            default: break
            }
        }
    }

    private static func next(_ input: inout FrameReader) throws(AttachError) -> ScreenAnswer? {
        do {
            return try input.next().map { frame throws(MalformedBytes) in try ScreenAnswer(frame) }
        } catch {
            throw .unreachable(reason: "its message can't be read: \(error)")
        }
    }

    private static func read(_ descriptor: Int32, _ input: inout FrameReader) throws(AttachError) {
        var buffer = [UInt8](repeating: 0, count: 262_144)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count > 0 { return input.append(buffer[..<count]) }
        if count == 0 { throw .unreachable(reason: "it closed the connection") }
        if errno != EAGAIN && errno != EINTR { throw .unreachable(reason: String(cString: strerror(errno))) }
    }

    // MARK: Talking

    /// Queues messages.
    func queue(_ requests: [ScreenRequest]) {
        for request in requests { request.frame(to: &output) }
    }

    /// Sends what can be sent without waiting.
    func flush() throws(AttachError) {
        while sentBytes < output.count {
            let count = output.bytes.withUnsafeBytes {
                send(descriptor, $0.baseAddress.map { $0 + sentBytes }, $0.count - sentBytes, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                sentBytes += count
            } else if errno == EAGAIN {
                return
            } else if errno != EINTR {
                throw .unreachable(reason: String(cString: strerror(errno)))
            }
        }
        output.removeAll()
        sentBytes = 0
    }

    /// Waits until something can be read, what is queued can be sent, or there is something new to send; reads.
    func wait(orFor outgoing: WakeDescriptor) throws(AttachError) {
        let events = Int16(POLLIN) | Int16(sentBytes < output.count ? POLLOUT : 0)
        var entries = [
            pollfd(fd: descriptor, events: events, revents: 0),
            pollfd(fd: outgoing.readEnd, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&entries, 2, -1) > 0 else { return }
        if entries[1].revents != 0 { outgoing.drain() }
        if Int32(entries[0].revents) & (POLLIN | POLLHUP | POLLERR | POLLNVAL) != 0 {
            try RemoteLink.read(descriptor, &input)
        }
    }

    /// The next message, when it is there whole.
    func next() throws(AttachError) -> ScreenAnswer? { try RemoteLink.next(&input) }

    /// Says that the screen goes.
    func sayGoodbye() {
        queue([.goodbye])
        try? flush()
    }
}
