#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Standard output and standard error, written at once and whole.
enum Output {
    /// Writes a text with a line break to standard output. A reader that went away ends the program quietly.
    static func line(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

    /// Writes a text with a line break to standard error.
    static func error(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    /// Writes a text as it is to standard error: progress that overwrites itself.
    static func progress(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Whether standard error is a terminal, where progress may overwrite itself.
    static var isProgressVisible: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes all bytes of a text to a descriptor; gives up where nobody reads.
    static func write(_ text: String, to descriptor: Int32) {
        var copy = text
        copy.withUTF8 { bytes in
            var offset = 0
            while offset < bytes.count {
                let count = writeBytes(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { return }
                offset += count
            }
        }
    }

    private static func writeBytes(_ descriptor: Int32, _ base: UnsafePointer<UInt8>, _ count: Int) -> Int {
        #if canImport(Glibc)
        return Glibc.write(descriptor, base, count)
        #else
        return Darwin.write(descriptor, base, count)
        #endif
    }
}
