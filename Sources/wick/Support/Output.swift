import Glibc

/// Standard output and standard error, written at once and whole.
enum Output {
    /// Writes a text with a line break to standard output.
    ///
    /// A reader that went away ends the program quietly, as it ends other programs in a pipe; a disk that is full ends it
    /// with a message.
    static func line(_ text: String) { send(text + "\n") }

    /// Writes a text as it is to standard output.
    static func text(_ text: String) { send(text) }

    /// Writes a text with a line break to standard error.
    static func error(_ text: String) { _ = write(text + "\n", to: STDERR_FILENO) }

    /// Writes a text as it is to standard error: progress that overwrites itself.
    static func progress(_ text: String) { _ = write(text, to: STDERR_FILENO) }

    /// Whether standard error is a terminal, where progress may overwrite itself.
    static var isProgressVisible: Bool { isatty(STDERR_FILENO) == 1 }

    /// Whether a person can be asked.
    static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    /// Asks on standard error and reads a line.
    static func ask(_ question: String) -> String? {
        progress(question)
        return readLine(strippingNewline: true)
    }

    private static func send(_ text: String) {
        let error = write(text, to: STDOUT_FILENO)
        if error == 0 { return }
        if error == EPIPE { exit(128 + SIGPIPE) }
        CommandFailure(.inputOutput, "standard output can't be written: \(String(cString: strerror(error)))").end()
    }

    /// Writes all bytes of a text to a descriptor.
    ///
    /// - Returns: 0, or the error number that stopped it.
    static func write(_ text: String, to descriptor: Int32) -> Int32 {
        var copy = text
        return copy.withUTF8 { bytes in
            var offset = 0
            while offset < bytes.count {
                let count = writeBytes(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
                if count < 0 {
                    if errno == EINTR { continue }
                    return errno
                }
                offset += count
            }
            return 0
        }
    }

    private static func writeBytes(_ descriptor: Int32, _ base: UnsafePointer<UInt8>, _ count: Int) -> Int {
        Glibc.write(descriptor, base, count)
    }
}
