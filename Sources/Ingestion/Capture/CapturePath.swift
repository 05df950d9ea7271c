import Glibc

/// Where the parts of a capture are.
public enum CapturePath {
    /// How a capture's name ends.
    public static let suffix = ".wickcap"

    /// The path of a part: the first has the name that was asked for, the others have their number before its ending,
    /// `btc.wickcap`, `btc.2.wickcap`, …
    static func part(_ number: Int, of path: String) -> String {
        guard number > 1 else { return path }
        guard path.hasSuffix(suffix) else { return "\(path).\(number)" }
        return "\(path.dropLast(suffix.count)).\(number)\(suffix)"
    }

    /// Whether a text names a file to play rather than a stored series: one that is there, or that has the ending of a
    /// capture.
    public static func isFile(_ text: String) -> Bool {
        if text.lowercased().hasSuffix(suffix) { return true }
        var status = stat()
        return stat(text, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR
    }
}
