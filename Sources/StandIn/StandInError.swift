/// Why the stand-in exchange can't start or can't be told something.
public enum StandInError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Options that are out of range, in words.
    case options([String])
    /// Lines of a fault script that can't be read, in words.
    case faults([String])
    /// The port can't be listened at.
    case port(Int, String)
    /// A file of its directory can't be written.
    case file(String, String)
    /// libcrypto failed at what it was asked for.
    case crypto(String)

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .options(let problems): return problems.joined(separator: "\n")
        case .faults(let problems): return problems.map { "faults: " + $0 }.joined(separator: "\n")
        case .port(let port, let reason):
            return "127.0.0.1:\(port) can't be listened at (\(reason)); choose another with --port, or 0 for any"
        case .file(let path, let reason): return "'\(path)' can't be written (\(reason)); choose another --directory"
        case .crypto(let what): return "libcrypto could not make \(what); please report it if it stays"
        }
    }
}
