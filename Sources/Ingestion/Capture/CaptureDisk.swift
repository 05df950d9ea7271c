import Glibc
import Market

/// The files of a capture: packs what comes, writes it, and goes on in another part. For one thread at a time.
final class CaptureDisk {
    /// Why nothing more can be written.
    struct Stop: Error {
        /// The file and what is wrong, in words.
        var words: String
    }

    /// How often a frame is flushed before it ends.
    private static let flushesPerFrame = 60

    /// The part that is written, from 1.
    private(set) var part = 1
    /// How many bytes of the part are on the disk.
    private(set) var size: Int64 = 0
    /// How many bytes of all parts are.
    private(set) var written: Int64 = 0

    private let first: String
    private var path: String
    private var descriptor: Int32
    private let packer: CapturePacker
    private var flushes = 0

    /// The first part, in a file that is open; it belongs to this from now on.
    init(_ descriptor: Int32, _ path: String) throws(IngestionError) {
        guard let packer = CapturePacker() else {
            close(descriptor)
            throw IngestionError(.cannotWrite, path, "there is no memory")
        }
        self.packer = packer
        self.descriptor = descriptor
        (first, self.path) = (path, path)
    }

    deinit { close(descriptor) }

    /// A new file; one that is there is left alone.
    static func make(_ path: String) throws(IngestionError) -> Int32 {
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

    /// Begins a part with its head.
    func begin(_ head: CaptureHead, at time: Timestamp) throws(Stop) {
        try write(CaptureFrames.beginning)
        var bytes: [UInt8] = []
        head.bytes.withUnsafeBytes { CaptureEntry.append(.capture, 0, [], $0, at: time, to: &bytes) }
        try add(bytes)
    }

    /// Packs entries and writes what comes of it.
    func add(_ bytes: [UInt8]) throws(Stop) { try pack(bytes, ends: flushes + 1 >= CaptureDisk.flushesPerFrame) }

    /// Ends the frame, says that the part is whole, and waits for the disk.
    func end(lastTime: Int64, messages: Int64, isFollowed: Bool = false) throws(Stop) {
        if flushes > 0 { try pack([], ends: true) }
        try write(CaptureFrames.end(lastTime: lastTime, messages: messages, isFollowed: isFollowed))
        // What is no file on a disk can't be waited for.
        if fsync(descriptor) != 0, errno != EINVAL { throw stop(errno) }
    }

    /// Ends the part and goes on in another, which begins with a head then. Where none can be made, the part is the last.
    func goOn(lastTime: Int64, messages: Int64) throws(Stop) {
        let next = CapturePath.part(part + 1, of: first)
        let made: Int32
        do throws(IngestionError) { made = try CaptureDisk.make(next) } catch {
            try end(lastTime: lastTime, messages: messages)
            throw Stop(words: error.description)
        }
        do throws(Stop) { try end(lastTime: lastTime, messages: messages, isFollowed: true) } catch {
            close(made)
            unlink(next)
            throw error
        }
        close(descriptor)
        descriptor = made
        (path, size, flushes) = (next, 0, 0)
        part += 1
    }

    /// Makes sure that so much is left on the disk.
    func leave(_ bytes: Int64) throws(Stop) {
        var status = statvfs()
        guard bytes > 0, fstatvfs(descriptor, &status) == 0 else { return }
        let (free, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        guard !overflow, free < UInt64(bytes) else { return }
        throw Stop(words: "\(path): less than \(bytes / 1_000_000) MB are free on its disk, which are for others")
    }

    private func pack(_ bytes: [UInt8], ends: Bool) throws(Stop) {
        var packed: [UInt8] = []
        packer.pack(bytes, ends: ends, into: &packed)
        flushes = ends ? 0 : flushes + 1
        try write(packed)
    }

    /// Writes bytes whole; a failure takes back what was written of them.
    private func write(_ bytes: [UInt8]) throws(Stop) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress! + done, bytes.count - done)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                let failure = stop(count < 0 ? errno : EIO)
                _ = ftruncate(descriptor, off_t(size))
                throw failure
            }
            done += count
        }
        size += Int64(bytes.count)
        written += Int64(bytes.count)
    }

    private func stop(_ code: Int32) -> Stop { Stop(words: "\(path): \(String(cString: strerror(code)))") }
}
