import Glibc

/// Why an engine could not start or do what was asked, with what to do about it.
public enum EngineError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Another engine runs on the same data directory.
    case alreadyRunning(directory: String, detail: String)
    /// The data directory or a file in it can't be used.
    case unusableDirectory(path: String, reason: String)
    /// The store could not be opened or read.
    case store(reason: String)
    /// The configuration contradicts itself; every problem found.
    case configuration([String])
    /// There is no series to replay under that name and in that time.
    case noRecording(series: String, reason: String)
    /// The journal can't be taken up: what is wrong, and what to do.
    case journal(String, remedy: String)
    /// The operating system refused something.
    case system(action: String, code: Int32)

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .alreadyRunning(let directory, let detail):
            return "another engine is running on '\(directory)'\(detail.isEmpty ? "" : " (\(detail))"); "
                + "stop it first, or give this one its own directory with --data-dir"
        case .unusableDirectory(let path, let reason):
            return "the data directory '\(path)' can't be used: \(reason); "
                + "check that it exists, belongs to you and has room, or choose another with --data-dir"
        case .store(let reason):
            return "the store can't be used: \(reason)"
        case .configuration(let problems):
            return problems.joined(separator: "\n")
        case .noRecording(let series, let reason):
            return "nothing to replay of '\(series)': \(reason); 'wick data status' lists what is stored, "
                + "'wick data import' adds more, 'wick data capture' keeps a market in a file"
        case .journal(let reason, let remedy):
            return "the journal can't be taken up, and trading does not start: \(reason); \(remedy)"
        case .system(let action, let code):
            return "could not \(action): \(String(cString: strerror(code)))"
        }
    }
}
