import Dispatch
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

    /// The file of the first part.
    public let path: String
    private let partBytes: Int64
    private let minimumFreeBytes: Int64
    private let capacity: Int
    private let queue = DispatchQueue(label: "wick.capture", qos: .utility)
    private let waiting = Mutex(Waiting())
    /// The files; `nil` once the capture has ended.
    private let disk: Mutex<CaptureDisk?>

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
            try CaptureDisk.make(path), path, partBytes: partBytes, minimumFreeBytes: minimumFreeBytes)
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
        disk = Mutex(try CaptureDisk(descriptor, path))
    }

    /// How far it has come.
    public var progress: Progress { waiting.withLock { $0.progress } }

    /// Says what the capture is of; nothing is taken before.
    func begin(_ head: CaptureHead) {
        let isFirst = waiting.withLock { waiting -> Bool in
            guard waiting.head == nil, !waiting.isClosed else { return false }
            waiting.head = head
            waiting.lastTime = head.begin
            return true
        }
        guard isFirst else { return }
        queue.async {
            self.write { disk throws(CaptureDisk.Stop) in
                try disk.begin(head, at: Timestamp(nanoseconds: head.begin))
            }
        }
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
            let (isFirst, begun, last, messages) = waiting.withLock { waiting in
                defer { waiting.isClosed = true }
                return (!waiting.isClosed, waiting.head != nil, waiting.lastTime, waiting.progress.messages)
            }
            if isFirst, begun {
                write { disk throws(CaptureDisk.Stop) in try disk.end(lastTime: last, messages: messages) }
            }
            disk.withLock { $0 = nil }
        }
    }

    // MARK: On the queue

    private func drain() {
        let (bytes, connections, head, last, messages) = waiting.withLock { waiting in
            waiting.isScheduled = false
            waiting.isHurried = false
            defer { waiting.bytes.removeAll(keepingCapacity: waiting.bytes.count <= CaptureWriter.batch * 2) }
            return (
                waiting.bytes, waiting.connections, waiting.head, waiting.lastTime, waiting.progress.messages
            )
        }
        guard !bytes.isEmpty, var head else { return }
        let (partBytes, minimumFreeBytes) = (partBytes, minimumFreeBytes)
        write { disk throws(CaptureDisk.Stop) in
            try disk.leave(minimumFreeBytes)
            try disk.add(bytes)
            guard disk.size >= partBytes else { return }
            try disk.goOn(lastTime: last, messages: messages)
            // Where a line of minutes stands by now is not known here: played alone, it begins with what it hears.
            head.next = head.next.map { _ in nil }
            (head.part, head.connections) = (disk.part, connections.sorted())
            try disk.begin(head, at: Timestamp(nanoseconds: last))
        }
    }

    /// Writes something, unless the capture has ended; a failure ends it.
    private func write(_ body: (CaptureDisk) throws(CaptureDisk.Stop) -> Void) {
        guard waiting.withLock({ $0.progress.problem == nil }) else { return }
        let (words, part, written) = disk.withLock { disk -> (String?, Int, Int64) in
            guard let disk else { return (nil, 1, 0) }
            let before = disk.written
            do throws(CaptureDisk.Stop) { try body(disk) } catch {
                return (error.words, disk.part, disk.written - before)
            }
            return (nil, disk.part, disk.written - before)
        }
        waiting.withLock { waiting in
            waiting.progress.parts = max(waiting.progress.parts, part)
            waiting.progress.written += written
            guard let words else { return }
            waiting.progress.problem =
                "\(words); the capture ends after \(waiting.progress.messages) messages, what is in the file can be played"
            waiting.bytes = []
        }
    }
}
