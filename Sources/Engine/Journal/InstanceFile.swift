import Glibc
import Trading

/// The engine's own name within its client order ids: three characters in the journal's directory, made once.
///
/// Chance is asked for here alone, at the edge; from then on the name is read, so that a restart, a replay and a copy of
/// the directory make the same ids.
enum InstanceFile {
    /// The file's name within the journal's directory.
    static let fileName = "instance"

    /// The name that is kept, or a new one that is kept from now on.
    ///
    /// - Parameter renewing: whether a new one takes the place of the one that is kept.
    /// - Throws: `EngineError` when the file can't be read or written, or holds no name. Nothing is put in its place then:
    ///   orders may be at a venue under the one that was there.
    static func take(directory: String, renewing: Bool = false) throws(EngineError) -> ClientOrderID.Instance {
        let path = directory + "/" + fileName
        if renewing { return try make(path, in: directory) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw failure(path) }
            return try make(path, in: directory)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw failure(path) }
        let text = String(decoding: bytes.prefix(count), as: UTF8.self)
        guard let instance = ClientOrderID.Instance(text.hasSuffix("\n") ? text.dropLast() : Substring(text)) else {
            throw .journal(
                "the file '\(path)' holds no name of an engine: expected three of 0–9 A–Z without I, L, O and U",
                remedy: "put it back from a copy: the orders of earlier sessions are known to their venue under it")
        }
        return instance
    }

    /// The name that is kept, where there is a usable one; for whoever only reads.
    static func read(directory: String) -> ClientOrderID.Instance? {
        access(directory + "/" + fileName, R_OK) == 0 ? try? take(directory: directory) : nil
    }

    private static func make(_ path: String, in directory: String) throws(EngineError) -> ClientOrderID.Instance {
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        let text = String((0..<3).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
        guard let instance = ClientOrderID.Instance(text) else { preconditionFailure("'\(text)' is a name") }
        // Under another name first: a kill in between must not leave half a file.
        let unfinished = path + ".new"
        let descriptor = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(unfinished) }
        defer { close(descriptor) }
        let bytes = Array((text + "\n").utf8)
        guard bytes.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) }) == bytes.count,
            fsync(descriptor) == 0, rename(unfinished, path) == 0
        else { throw failure(path) }
        // The name is durable only when the directory is.
        let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
        return instance
    }

    private static func failure(_ path: String) -> EngineError {
        .unusableDirectory(path: path, reason: String(cString: strerror(errno)))
    }
}
