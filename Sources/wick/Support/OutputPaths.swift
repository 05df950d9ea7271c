import Glibc

/// The files that options ask to be written.
enum OutputPaths {
    /// What is wrong where two options name one file: the later would take the place of the earlier.
    ///
    /// - Parameter options: options with their dashes, and the paths they name.
    static func problems(_ options: [(name: String, path: String?)]) -> [String] {
        var problems: [String] = []
        var seen: [(name: String, place: String)] = []
        for (name, path) in options {
            guard let path, let place = place(of: path) else { continue }
            if let other = seen.first(where: { $0.place == place }) {
                problems.append("both \(other.name) and \(name) name \(Table.plain(path))")
            } else {
                seen.append((name, place))
            }
        }
        return problems
    }

    /// Where a path leads to, however it is written; `nil` for what many may write to: the standard output, a pipe, a device.
    private static func place(of path: String) -> String? {
        var status = stat()
        if path == "-" || stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG { return nil }
        // A link itself is replaced, not the file that it leads to; those among its directories are the same place.
        let slash = path.lastIndex(of: "/")
        let directory = slash.map { String(path[...$0]) } ?? "."
        guard let whole = realpath(directory, nil) else { return nil }
        defer { free(whole) }
        return String(cString: whole) + "/" + (slash.map { path[path.index(after: $0)...] } ?? path[...])
    }
}
