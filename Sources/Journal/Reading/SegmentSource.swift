import CJournal
import Glibc

/// The bytes of a segment in order, whether it is compressed or not, a part at a time.
final class SegmentSource {
    /// The segment that was opened.
    let segment: SegmentFile
    private let files: any JournalFiles
    private var path: String { segment.path }
    private let file: Int32
    private var place = 0
    private var inflater: Inflater?

    private static let part = 1 << 18

    /// Opens a segment; its compressed form where the plain one is gone: it may have been compressed since the directory
    /// was read.
    init(_ segment: SegmentFile, files: any JournalFiles) throws(JournalError) {
        self.files = files
        let packed = SegmentFile(number: segment.number, path: segment.path + ".zst", isCompressed: true)
        do throws(FileFailure) {
            do throws(FileFailure) {
                file = try files.open(segment.path, flags: O_RDONLY | O_CLOEXEC, mode: 0)
                self.segment = segment
            } catch {
                guard error.code == ENOENT, !segment.isCompressed else { throw error }
                file = try files.open(packed.path, flags: O_RDONLY | O_CLOEXEC, mode: 0)
                self.segment = packed
            }
        } catch { throw JournalError(error, segment.path) }
        if self.segment.isCompressed { inflater = Inflater() }
    }

    /// How many bytes it takes on the disk.
    func size() throws(JournalError) -> Int {
        do throws(FileFailure) { return try files.size(file) } catch { throw JournalError(error, path) }
    }

    deinit { files.close(file) }

    /// Appends the next part to `buffer`; false at the end.
    func read(into buffer: inout [UInt8]) throws(JournalError) -> Bool {
        guard let inflater else { return try readPlain(into: &buffer) }
        while true {
            if try inflater.inflate(into: &buffer, path: path) { return true }
            var input: [UInt8] = []
            guard try readPlain(into: &input) else {
                guard inflater.isBetweenFrames else {
                    throw JournalError(.torn, path, "the compressed file ends in the middle")
                }
                return false
            }
            inflater.feed(input)
        }
    }

    /// Whether bytes of a segment that is being written are still zeros; what was read of it before may be older than what
    /// stands behind it. True for a compressed one, which nobody writes.
    func isStillZero(at offset: Int, count: Int) throws(JournalError) -> Bool {
        guard inflater == nil else { return true }
        var bytes = [UInt8](repeating: 0, count: count)
        var failure: FileFailure?
        bytes.withUnsafeMutableBytes { target in
            do throws(FileFailure) { _ = try files.read(file, into: target, at: offset) } catch { failure = error }
        }
        if let failure { throw JournalError(failure, path) }
        return bytes.allSatisfy { $0 == 0 }
    }

    private func readPlain(into buffer: inout [UInt8]) throws(JournalError) -> Bool {
        let start = buffer.count
        var count = 0
        var failure: FileFailure?
        let part = [UInt8](unsafeUninitializedCapacity: Self.part) { target, initialized in
            do throws(FileFailure) {
                count = try files.read(file, into: UnsafeMutableRawBufferPointer(target), at: place)
            } catch { failure = error }
            initialized = count
        }
        if let failure { throw JournalError(failure, path) }
        if start == 0 { buffer = part } else { buffer.append(contentsOf: part) }
        place += count
        return count > 0
    }
}

/// zstd, a part at a time.
private final class Inflater {
    private let stream = ZSTD_createDStream()
    private var input: [UInt8] = []
    private var used = 0
    /// Whether the last frame is complete.
    private(set) var isBetweenFrames = true
    private var mayHoldMore = false

    deinit { ZSTD_freeDStream(stream) }

    func feed(_ bytes: [UInt8]) {
        input = bytes
        used = 0
    }

    /// Appends what the input gives; false when it needs more of it.
    func inflate(into buffer: inout [UInt8], path: String) throws(JournalError) -> Bool {
        while used < input.count || mayHoldMore {
            var status = 0
            var produced = 0
            let room = 1 << 18
            let part = [UInt8](unsafeUninitializedCapacity: room) { target, initialized in
                input.withUnsafeBytes { source in
                    var output = ZSTD_outBuffer(dst: target.baseAddress, size: room, pos: 0)
                    var taken = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: used)
                    status = ZSTD_decompressStream(stream, &output, &taken)
                    used = taken.pos
                    produced = output.pos
                }
                initialized = produced
            }
            if ZSTD_isError(status) != 0 {
                let reason = String(cString: ZSTD_getErrorName(status))
                throw JournalError(.checksum, path, "the compressed file is damaged: \(reason)")
            }
            isBetweenFrames = status == 0
            mayHoldMore = produced == room
            if produced > 0 {
                if buffer.isEmpty { buffer = part } else { buffer.append(contentsOf: part) }
                return true
            }
        }
        return false
    }
}
