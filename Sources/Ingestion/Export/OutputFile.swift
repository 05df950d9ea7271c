import Glibc

/// A file that appears whole or not at all: written beside its place, made durable, then renamed into it. `-` is the
/// standard output, which is written as it comes.
struct OutputFile: ~Copyable {
    private let path: String
    private let temporary: String?
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private static let bufferSize = 256 << 10

    init(path: String) throws(IngestionError) {
        self.path = path
        guard path != "-" else {
            temporary = nil
            descriptor = STDOUT_FILENO
            return
        }
        let temporary = "\(path).\(getpid()).part"
        self.temporary = temporary
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw IngestionError(.cannotWrite, path, String(cString: strerror(errno)))
        }
    }

    deinit {
        guard let temporary else { return }
        close(descriptor)
        // Renamed into its place by `finish`, or half-written and to go.
        unlink(temporary)
    }

    /// Adds bytes.
    mutating func write(_ bytes: some Sequence<UInt8>) throws(IngestionError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= OutputFile.bufferSize { try flush() }
    }

    /// Puts the file in its place.
    mutating func finish() throws(IngestionError) {
        try flush()
        guard let temporary else { return }
        guard fsync(descriptor) == 0 || errno == EINVAL, rename(temporary, path) == 0 else { throw failure() }
    }

    private mutating func flush() throws(IngestionError) {
        var written = 0
        while written < buffer.count {
            let count = buffer.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written) }
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
