import FoundationEssentials
import Glibc

/// Where Wick keeps its data and where it looks for its configuration, after the XDG Base Directory Specification.
public struct DataDirectory: Sendable, Hashable {
    /// The absolute or relative path of the directory.
    public let path: String

    /// A directory at `path`. Nothing is created; see `create()`.
    public init(path: String) { self.path = path }

    /// The data directory: `override` (`--data-dir`), else `$XDG_DATA_HOME/wick`, else `~/.local/share/wick`.
    ///
    /// A relative `XDG_DATA_HOME` is ignored, as the specification asks.
    public static func data(override: String? = nil, environment: [String: String]) -> DataDirectory {
        if let override, !override.isEmpty { return DataDirectory(path: override) }
        return DataDirectory(path: base("XDG_DATA_HOME", fallback: ".local/share", environment) + "/wick")
    }

    /// The configuration directory: `$XDG_CONFIG_HOME/wick`, else `~/.config/wick`.
    public static func configuration(environment: [String: String]) -> DataDirectory {
        DataDirectory(path: base("XDG_CONFIG_HOME", fallback: ".config", environment) + "/wick")
    }

    private static func base(_ variable: String, fallback: String, _ environment: [String: String]) -> String {
        if let value = environment[variable], value.hasPrefix("/") { return value }
        return (environment["HOME"] ?? ".") + "/" + fallback
    }

    /// The file `name` in the directory.
    public func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : path + "/" + name }

    /// The database file.
    public var databasePath: String { file("wick.sqlite") }

    /// Makes the directory and those above it where they are missing, readable by the owner alone (0700).
    ///
    /// - Throws: `StoreError` when it can't be made, or when something else stands at its path.
    public func create() throws(StoreError) {
        var made = ""
        for component in path.split(separator: "/", omittingEmptySubsequences: true) {
            made += made.isEmpty && !path.hasPrefix("/") ? String(component) : "/" + component
            if mkdir(made, 0o700) == 0 || errno == EEXIST || errno == EISDIR { continue }
            // A directory above may be unwritable and there all the same; only the missing one matters.
            let code = errno
            var status = stat()
            if stat(made, &status) == 0 { continue }
            throw StoreError(.cannotOpen, path: path, detail: "can't make \(made): \(String(cString: strerror(code)))")
        }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw StoreError(.cannotOpen, path: path, detail: "it is not a directory")
        }
    }
}
