import Glibc
import Market
import Terminal

/// Themes loaded once and fitted to the terminal; a file that is saved anew counts at once.
struct ThemeCache {
    /// Where themes are.
    let library: ThemeLibrary
    /// How many colours the terminal shows.
    let depth: ColorDepth
    /// Whether everything is drawn in ASCII.
    let isASCII: Bool

    private var loaded: [String: (theme: Theme, stamp: Int64)] = [:]
    private var lastLook = Timestamp.epoch

    init(library: ThemeLibrary, depth: ColorDepth, isASCII: Bool) {
        self.library = library
        self.depth = depth
        self.isASCII = isASCII
    }

    /// The theme of a name, and what is wrong with its file when it was read just now.
    mutating func theme(_ name: String) -> (theme: Theme, problems: [String]) {
        if let known = loaded[name] { return (known.theme, []) }
        let result = library.load(name)
        var theme = result.theme.adapted(to: depth)
        if isASCII {
            theme.glyphs = .ascii
            theme.borders = .ascii
        }
        loaded[name] = (theme, stamp(name))
        return (theme, result.problems.map(\.description))
    }

    /// Whether the file of a theme was changed since it was read; looks every two seconds at most, and forgets it then.
    mutating func hasChanged(_ name: String, _ now: Timestamp) -> Bool {
        guard now.nanoseconds(since: lastLook) > 2_000_000_000, let known = loaded[name] else { return false }
        lastLook = now
        guard stamp(name) != known.stamp else { return false }
        loaded[name] = nil
        return true
    }

    /// When the file was changed last, in nanoseconds; 0 when there is none.
    private func stamp(_ name: String) -> Int64 {
        guard let path = library.path(of: name) else { return 0 }
        var status = stat()
        guard stat(path, &status) == 0 else { return 0 }
        return Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    }
}
