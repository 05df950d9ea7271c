#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A file that is either whole or not there: written beside its place and moved there at the end.
///
/// What is no regular file (a pipe, `/dev/stdout`) is written directly.
final class OutputFile {
    private let path: String
    private let temporary: String?
    private var descriptor: Int32
    private var isFinished = false

    /// Opens a file for writing, so that what can't be written is known before the work begins.
    init(_ path: String) throws(CommandFailure) {
        self.path = path
        var status = stat()
        let isSpecial = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
        let opened = isSpecial ? path : "\(path).\(getpid()).partial"
        temporary = isSpecial ? nil : opened
        descriptor = open(opened, O_WRONLY | O_CREAT | O_CLOEXEC | (isSpecial ? 0 : O_TRUNC), 0o644)
        if descriptor < 0 { throw OutputFile.failure(.cannotCreate, path) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if let temporary, !isFinished { unlink(temporary) }
    }

    /// Appends a text.
    func write(_ text: String) throws(CommandFailure) {
        let error = Output.write(text, to: descriptor)
        guard error != 0 else { return }
        errno = error
        throw OutputFile.failure(.inputOutput, path)
    }

    /// Puts the file in its place.
    func finish() throws(CommandFailure) {
        if let temporary {
            guard fsync(descriptor) == 0, rename(temporary, path) == 0 else {
                throw OutputFile.failure(.inputOutput, path)
            }
        }
        isFinished = true
        close(descriptor)
        descriptor = -1
    }

    private static func failure(_ status: ExitStatus, _ path: String) -> CommandFailure {
        CommandFailure(status, "\(path): can't be written: \(String(cString: strerror(errno)))")
    }
}
