import Dispatch
import Glibc
import Market
import Synchronization

/// Keeps what a followed market meets in a compressed file, beside whoever follows it.
///
/// Whoever hands something in never waits for the disk: it is copied into memory, and packed and written within a second
/// on a thread of its own. What was written can be played even when the process is killed. A disk that is full or fails
/// ends the capture, not the market.
///
/// **Overflow**: when more than `capacity` bytes wait for the disk, messages are left out, and how many is noted in their
/// place.
public final class CaptureWriter: Sendable {
    /// How many bytes wait for the disk at most, when nothing else is said.
    static let usualCapacity = 32 << 20
    /// With so many waiting they are written at once.
    private static let batch = 256 << 10
    /// How long they wait otherwise.
    private static let pause = DispatchTimeInterval.seconds(1)
    /// How often a frame is flushed before it ends.
    private static let flushesPerFrame = 60

    /// How large a part may grow before the next one begins, in bytes, when nothing else is said.
    public static let usualPartBytes: Int64 = 1 << 30

    /// How far a capture has come.
    public struct Progress: Sendable, Hashable {
        /// Messages of the stream that were handed in and not left out.
        public var messages: Int64 = 0
        /// Their bytes, before they are packed.
        public var bytes: Int64 = 0
        /// Bytes on the disk, in all parts.
        public var written: Int64 = 0
        /// Messages that were left out.
        public var lost: Int64 = 0
        /// How many parts there are.
        public var parts = 1
        /// What ended it, in words; `nil` while it goes on.
        public var problem: String?

        /// Nothing captured yet.
        public init() {}
    }

    /// What waits for the disk.
    private struct Waiting {
        var bytes: [UInt8] = []
        var isScheduled = false
        var isHurried = false
        /// Messages left out since the last entry.
        var lost = 0
        var connections: Set<Int> = []
        var lastTime: Int64 = 0
        var head: CaptureHead?
        var isClosed = false
        var progress = Progress()
    }

    /// The file; touched on the queue alone.
    private struct File {
        var descriptor: Int32
        var path: String
        var part = 1
        var size: Int64 = 0
        var flushes = 0
        var packer: CapturePacker
    }

    /// The file of the first part.
    public let path: String
    private let partBytes: Int64
    private let minimumFreeBytes: Int64
    private let capacity: Int
    private let queue = DispatchQueue(label: "wick.capture", qos: .utility)
    private let waiting = Mutex(Waiting())
    private let file: Mutex<File?>

    /// A capture into a new file, which is made now, so that what can't be written is known before anything begins.
    ///
    /// - Parameters:
    ///   - path: the file; it must not be there: a recording is never overwritten.
    ///   - partBytes: how large a part may grow before the next one begins.
    ///   - minimumFreeBytes: with less left on the disk the capture ends, so that others have room there.
    /// - Throws: `IngestionError` of the kind `cannotWrite`.
    public convenience init(
        to path: String, partBytes: Int64 = CaptureWriter.usualPartBytes, minimumFreeBytes: Int64 = 0
    ) throws(IngestionError) {
        try self.init(
            try CaptureWriter.make(path), path, partBytes: partBytes, minimumFreeBytes: minimumFreeBytes)
    }

    /// A capture into a file that is open; it belongs to the capture from now on.
    init(
        _ descriptor: Int32, _ path: String, partBytes: Int64 = CaptureWriter.usualPartBytes,
        minimumFreeBytes: Int64 = 0, capacity: Int = CaptureWriter.usualCapacity
    ) throws(IngestionError) {
        self.path = path
        self.partBytes = max(partBytes, 1)
        self.minimumFreeBytes = minimumFreeBytes
        self.capacity = capacity
        guard let packer = CapturePacker() else {
            Glibc.close(descriptor)
            throw IngestionError(.cannotWrite, path, "there is no memory")
        }
        file = Mutex(File(descriptor: descriptor, path: path, packer: packer))
    }

    deinit {
        // What waits holds on to the writer, so that nothing does any more.
        file.withLock { if let open = $0 { Glibc.close(open.descriptor) } }
    }

    /// How far it has come.
    public var progress: Progress { waiting.withLock { $0.progress } }

    /// Says what the capture is of; nothing is taken before.
    func begin(_ head: CaptureHead) {
        waiting.withLock { waiting in
            guard waiting.head == nil, !waiting.isClosed else { return }
            waiting.head = head
            waiting.lastTime = head.begin
        }
        queue.async { self.write(CaptureFrames.beginning) }
        add(.capture, bytes: head.bytes, at: Timestamp(nanoseconds: head.begin))
    }

    /// Takes something in.
    func add(
        _ kind: CaptureEntry.Kind, _ number: Int = 0, _ arguments: [Int64] = [], bytes: [UInt8], at time: Timestamp
    ) {
        bytes.withUnsafeBytes { add(kind, number, arguments, $0, at: time) }
    }

    /// Takes something in; the bytes are lent.
    func add(
        _ kind: CaptureEntry.Kind, _ number: Int = 0, _ arguments: [Int64] = [],
        _ bytes: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0), at time: Timestamp
    ) {
        let (isFirst, isMuch) = waiting.withLock { waiting -> (Bool, Bool) in
            guard waiting.head != nil, !waiting.isClosed, waiting.progress.problem == nil else { return (false, false) }
            if kind == .text {
                // Everything else is small, and a market that is played must not miss it.
                if waiting.bytes.count + bytes.count > capacity {
                    waiting.lost += 1
                    waiting.progress.lost += 1
                    return (false, false)
                }
                waiting.progress.messages += 1
                waiting.progress.bytes += Int64(bytes.count)
            }
            if waiting.lost > 0 {
                CaptureEntry.append(
                    .lost, waiting.lost, [], UnsafeRawBufferPointer(start: nil, count: 0), at: time, to: &waiting.bytes)
                waiting.lost = 0
            }
            switch kind {
            case .open: waiting.connections.insert(number)
            case .failed, .closed: waiting.connections.remove(number)
            default: break
            }
            waiting.lastTime = max(waiting.lastTime, time.nanoseconds)
            CaptureEntry.append(kind, number, arguments, bytes, at: time, to: &waiting.bytes)
            let (isScheduled, isHurried) = (waiting.isScheduled, waiting.isHurried)
            let isMuch = waiting.bytes.count >= CaptureWriter.batch
            waiting.isScheduled = true
            if isMuch { waiting.isHurried = true }
            return (!isScheduled, isMuch && !isHurried)
        }
        if isMuch {
            queue.async { self.drain() }
        } else if isFirst {
            queue.asyncAfter(deadline: .now() + CaptureWriter.pause) { self.drain() }
        }
    }

    /// Returns when what was handed in is on its way to the disk, or can't be.
    func flush() { queue.sync { self.drain() } }

    /// Ends the capture: what waits is written and made durable, and the file says that it was ended in order. Called
    /// again, it does nothing.
    public func close() {
        queue.sync {
            drain()
            let (isFirst, begun) = waiting.withLock { waiting in
                defer { waiting.isClosed = true }
                return (!waiting.isClosed, waiting.head != nil)
            }
            if isFirst, begun { endPart() }
            file.withLock { file in
                if let open = file { Glibc.close(open.descriptor) }
                file = nil
            }
        }
    }

    // MARK: On the queue

    private func drain() {
        let (bytes, connections) = waiting.withLock { waiting in
            waiting.isScheduled = false
            waiting.isHurried = false
            defer { waiting.bytes.removeAll(keepingCapacity: waiting.bytes.count <= CaptureWriter.batch * 2) }
            return (waiting.bytes, waiting.connections)
        }
        guard !bytes.isEmpty, let flushes = file.withLock({ $0?.flushes }) else { return }
        if isRoomScarce {
            let limit = minimumFreeBytes / 1_000_000
            return end("less than \(limit) MB are free on its disk, which are for others", path)
        }
        let ends = flushes + 1 >= CaptureWriter.flushesPerFrame
        pack(bytes, ends: ends)
        guard let size = file.withLock({ $0?.size }), size >= partBytes else { return }
        endPart()
        beginPart(connections)
    }

    private func pack(_ bytes: [UInt8], ends: Bool) {
        let packed = file.withLock { file -> [UInt8] in
            guard let open = file else { return [] }
            var packed: [UInt8] = []
            open.packer.pack(bytes, ends: ends, into: &packed)
            file?.flushes = ends ? 0 : open.flushes + 1
            return packed
        }
        write(packed)
    }

    /// Ends the frame, says that the part is whole, and waits for the disk.
    private func endPart() {
        if file.withLock({ ($0?.flushes ?? 0) > 0 }) { pack([], ends: true) }
        let (last, messages) = waiting.withLock { ($0.lastTime, $0.progress.messages) }
        write(CaptureFrames.end(lastTime: last, messages: messages))
        let failed = file.withLock { file -> (Int32, String)? in
            guard let open = file, fsync(open.descriptor) != 0, errno != EINVAL else { return nil }
            return (errno, open.path)
        }
        if let failed { fail(failed.0, failed.1) }
    }

    private func beginPart(_ connections: Set<Int>) {
        guard let part = file.withLock({ $0.map { $0.part + 1 } }), waiting.withLock({ $0.progress.problem == nil })
        else {
            return
        }
        let next = CapturePath.part(part, of: path)
        do throws(IngestionError) {
            let descriptor = try CaptureWriter.make(next)
            file.withLock { file in
                if let old = file?.descriptor { Glibc.close(old) }
                file?.descriptor = descriptor
                file?.path = next
                file?.part = part
                file?.size = 0
                file?.flushes = 0
            }
        } catch {
            let written = messages
            return waiting.withLock { $0.progress.problem = "\(error); the capture ends after \(written) messages" }
        }
        let (head, last) = waiting.withLock { waiting in
            waiting.progress.parts = part
            return (waiting.head, waiting.lastTime)
        }
        guard var head else { return }
        // Where a line of minutes stands by now is not known here: played alone, it begins with what it hears.
        head.next = head.next.map { _ in nil }
        (head.part, head.connections) = (part, connections.sorted())
        write(CaptureFrames.beginning)
        var bytes: [UInt8] = []
        head.bytes.withUnsafeBytes {
            CaptureEntry.append(.capture, 0, [], $0, at: Timestamp(nanoseconds: last), to: &bytes)
        }
        pack(bytes, ends: false)
    }

    private var messages: Int64 { waiting.withLock { $0.progress.messages } }

    /// Writes bytes whole; a failure takes back what was written of them and ends the capture.
    private func write(_ bytes: [UInt8]) {
        guard waiting.withLock({ $0.progress.problem == nil }) else { return }
        let failure = file.withLock { file -> (Int32, String)? in
            guard let open = file else { return nil }
            var written = 0
            while written < bytes.count {
                let count = bytes.withUnsafeBytes {
                    Glibc.write(open.descriptor, $0.baseAddress! + written, bytes.count - written)
                }
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else {
                    let code = count < 0 ? errno : EIO
                    _ = ftruncate(open.descriptor, off_t(open.size))
                    return (code, open.path)
                }
                written += count
            }
            file?.size += Int64(bytes.count)
            return nil
        }
        if let failure { return fail(failure.0, failure.1) }
        waiting.withLock { $0.progress.written += Int64(bytes.count) }
    }

    /// Whether others need what is left of the disk.
    private var isRoomScarce: Bool {
        guard minimumFreeBytes > 0 else { return false }
        return file.withLock { file in
            var status = statvfs()
            guard let open = file, fstatvfs(open.descriptor, &status) == 0 else { return false }
            let (free, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
            return !overflow && free < UInt64(minimumFreeBytes)
        }
    }

    private func fail(_ code: Int32, _ path: String) { end(String(cString: strerror(code)), path) }

    private func end(_ words: String, _ path: String) {
        waiting.withLock { waiting in
            guard waiting.progress.problem == nil else { return }
            waiting.progress.problem =
                "\(path): \(words); the capture ends after \(waiting.progress.messages) messages, "
                + "what is in the file can be played"
            waiting.bytes = []
        }
    }

    private static func make(_ path: String) throws(IngestionError) -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            let words =
                errno == EEXIST
                ? "it is there already; a recording is never overwritten, choose another name"
                : String(cString: strerror(errno))
            throw IngestionError(.cannotWrite, path, words)
        }
        return descriptor
    }
}
