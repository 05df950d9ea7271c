import CJournal
import Glibc
import Synchronization

/// Compresses closed segments, on a thread that gives way to every other one. A process that ends in the middle leaves a
/// file under another name, or a segment in both forms; either is cleared up when the journal is opened.
final class Compressor: Sendable {
    private let directory: String
    private let options: JournalOptions
    private let files: any JournalFiles
    private let bell = Condition()
    private let isRung = Atomic<Bool>(true)
    private let isStopping = Atomic<Bool>(false)
    private let finished = Condition()
    private let isFinished = Atomic<Bool>(false)
    /// Segments from these on are being written.
    private let activeDecisions = Atomic<UInt64>(0)
    private let activeMarket = Atomic<UInt64>(0)

    init(directory: String, options: JournalOptions, files: any JournalFiles) {
        self.directory = directory
        self.options = options
        self.files = files
    }

    func setActive(_ stream: JournalStream, _ number: UInt64) {
        bell.broadcast {
            switch stream {
            case .decisions: activeDecisions.store(number, ordering: .releasing)
            case .market: activeMarket.store(number, ordering: .releasing)
            }
            isRung.store(true, ordering: .releasing)
        }
    }

    func start() throws(JournalError) { try JournalThread.start(isBackground: true) { self.run() } }

    /// Ends the thread, a segment half-compressed being left alone, and waits for it that long at most.
    func stop(milliseconds: Int32) {
        bell.broadcast { isStopping.store(true, ordering: .releasing) }
        finished.wait(milliseconds: milliseconds) { isFinished.load(ordering: .acquiring) }
    }

    private func run() {
        defer { finished.broadcast { isFinished.store(true, ordering: .releasing) } }
        while true {
            bell.wait(milliseconds: 60_000) {
                isRung.load(ordering: .acquiring) || isStopping.load(ordering: .acquiring)
            }
            isRung.store(false, ordering: .releasing)
            for stream in JournalStream.allCases { compress(stream) }
            if isStopping.load(ordering: .acquiring) { return }
        }
    }

    /// A failure leaves the plain segment, which is as good; the next round tries again.
    private func compress(_ stream: JournalStream) {
        let bound =
            switch stream {
            case .decisions: activeDecisions.load(ordering: .acquiring)
            case .market: activeMarket.load(ordering: .acquiring)
            }
        guard let segments = try? JournalCatalog(directory, files: files).segments[stream] else { return }
        for segment in segments where !segment.isCompressed && segment.number < bound {
            if isStopping.load(ordering: .acquiring) { return }
            do throws(FileFailure) {
                try compress(segment.path)
            } catch {
                try? files.remove(segment.path + ".zst.tmp")
                return
            }
        }
    }

    private func compress(_ path: String) throws(FileFailure) {
        let target = path + ".zst"
        let unfinished = target + ".tmp"
        let source = try files.open(path, flags: O_RDONLY | O_CLOEXEC, mode: 0)
        defer { files.close(source) }
        let output = try files.open(unfinished, flags: O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, mode: 0o600)
        defer { files.close(output) }
        try pack(source, into: output)
        try files.sync(output)
        options.crashPoint?(.compressionPrepared)
        try files.rename(unfinished, to: target)
        try files.syncDirectory(directory)
        options.crashPoint?(.compressionDone)
        try files.remove(path)
        try files.syncDirectory(directory)
    }

    private func pack(_ source: Int32, into output: Int32) throws(FileFailure) {
        guard let context = ZSTD_createCCtx() else { throw FileFailure("compress", code: ENOMEM) }
        defer { ZSTD_freeCCtx(context) }
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 3)
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        var input = [UInt8](repeating: 0, count: 1 << 20)
        var packed = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())
        var readPlace = 0
        var writePlace = 0
        while true {
            if isStopping.load(ordering: .relaxed) { throw FileFailure("compress", code: ECANCELED) }
            let count = try read(source, &input, at: readPlace)
            readPlace += count
            let directive = count == 0 ? ZSTD_e_end : ZSTD_e_continue
            var used = 0
            while true {
                var produced = 0
                let left = input.withUnsafeBytes { source in
                    packed.withUnsafeMutableBytes { target in
                        var from = ZSTD_inBuffer(src: source.baseAddress, size: count, pos: used)
                        var to = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                        let left = ZSTD_compressStream2(context, &to, &from, directive)
                        used = from.pos
                        produced = to.pos
                        return left
                    }
                }
                guard ZSTD_isError(left) == 0 else { throw FileFailure("compress", code: EIO) }
                try files.writeAll(output, Array(packed[..<produced]), at: writePlace)
                writePlace += produced
                if count == 0 ? left == 0 : used == count { break }
            }
            if count == 0 { return }
        }
    }

    private func read(_ file: Int32, _ buffer: inout [UInt8], at offset: Int) throws(FileFailure) -> Int {
        let result: Result<Int, FileFailure> = buffer.withUnsafeMutableBytes { raw in
            do throws(FileFailure) { return .success(try files.read(file, into: raw, at: offset)) } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
