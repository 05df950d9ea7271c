import Storage

#if canImport(Glibc)
import Glibc
#endif

/// A directory for a benchmark's files, removed with everything in it.
struct Scratch {
    let directory: DataDirectory

    /// Makes one under `TMPDIR`, else `/tmp`.
    init(_ name: String) throws {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        directory = DataDirectory(path: "\(parent)/wick-bench-\(getpid())-\(name)")
        try directory.create()
    }

    /// Removes the files in it, and it.
    func remove() { Scratch.remove(directory.path) }

    private static func remove(_ path: String) {
        if let handle = opendir(path) {
            while let entry = readdir(handle) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name == "." || name == ".." { continue }
                if unlink("\(path)/\(name)") != 0 { remove("\(path)/\(name)") }
            }
            closedir(handle)
        }
        rmdir(path)
    }
}
