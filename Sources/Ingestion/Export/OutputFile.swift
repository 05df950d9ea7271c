import Glibc

/// A file that appears whole or not at all: written beside its place, made durable, then renamed into it. `-` is the
/// standard output; it and what is no regular file (a pipe, `/dev/null`) are written as it comes.
public struct OutputFile: ~Copyable {
    private let path: String
    private let temporary: String?
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private static let bufferSize = 256 << 10

    /// Opens a file for writing, so that what can't be written is known before the work begins.
    ///
    /// - Throws: `IngestionError` when it can't be made.
    public init(path: String) throws(IngestionError) {
        self.path = path
        guard path != "-" else {
            temporary = nil
            descriptor = STDOUT_FILENO
            return
        }
        var status = stat()
        // Renaming a file into the place of a device or a pipe would take that away.
        let isSpecial = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
        let opened = isSpecial ? path : "\(path).\(getpid()).part"
        temporary = isSpecial ? nil : opened
        descriptor = open(opened, O_WRONLY | O_CREAT | O_CLOEXEC | (isSpecial ? 0 : O_TRUNC), 0o644)
        guard descriptor >= 0 else {
            throw IngestionError(.cannotWrite, path, String(cString: strerror(errno)))
        }
    }

    deinit {
        if descriptor != STDOUT_FILENO { close(descriptor) }
        guard let temporary else { return }
        // Renamed into its place by `finish`, or half-written and to go.
        unlink(temporary)
    }

    /// Adds bytes.
    ///
    /// - Throws: `IngestionError` when the disk is full or failed.
    public mutating func write(_ bytes: some Sequence<UInt8>) throws(IngestionError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= OutputFile.bufferSize { try flush() }
    }

    /// Puts the file in its place.
    ///
    /// - Throws: `IngestionError` when the disk is full or failed; what was there before is there still.
    public mutating func finish() throws(IngestionError) {
        try flush()
        guard let temporary else { return }
        guard fsync(descriptor) == 0 || errno == EINVAL, rename(temporary, path) == 0 else { throw failure() }
    }

    private mutating func flush() throws(IngestionError) {
        var written = 0
        while written < buffer.count {
            let count = buffer.withUnsafeBytes { bytes in
                Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure() }
            written += count
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private func failure() -> IngestionError {
        IngestionError(.cannotWrite, path, "\(String(cString: strerror(errno))); nothing was left behind")
    }
}
