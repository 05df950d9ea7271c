import Glibc
import Keys

/// Reads what must not be seen: from the terminal without showing it, or from a pipe.
enum SecretInput {
    /// What to do where nobody can type a pass phrase.
    static let passphraseHint =
        "there is no terminal to ask for the pass phrase; give it by \(PassphraseSource.variable), "
        + "\(PassphraseSource.fileVariable) or --passphrase-file"

    /// The same where an engine is started.
    static let engineHint =
        "there is no terminal to ask for the pass phrase of the keys; give it by \(PassphraseSource.variable) or "
        + "\(PassphraseSource.fileVariable)"

    /// No key and secret are longer together.
    private static let largestPipe = 32 << 10

    /// Both halves of a key: typed at the terminal, or piped, the API key in the first line and the secret after it.
    static func key() throws -> (apiKey: APIKey, secret: Secret) {
        let halves: (key: Secret, secret: Secret)
        if isatty(STDIN_FILENO) == 1 {
            halves = try atTerminal(orElse: "there is no terminal to type at") { terminal in
                let key = try line("API key: ", terminal).trimmed()
                return (key, try secret(terminal))
            }
        } else {
            let piped = try PassphraseSource.read(STDIN_FILENO, atMost: largestPipe, from: "standard input")
            let parts = piped.firstLine()
            halves = (parts.line.trimmed(), parts.rest.trimmed())
        }
        guard !halves.key.isEmpty, !halves.secret.isEmpty else {
            throw CommandFailure(
                .data, "there is no key; expected the API key in one line and the secret after it, typed or piped")
        }
        let text = halves.key.withBytes { String(decoding: $0, as: UTF8.self) }
        guard let apiKey = APIKey(text) else {
            throw CommandFailure(
                .data, "this is no API key; expected 16 to 256 letters and digits, as the venue showed it")
        }
        return (apiKey, halves.secret)
    }

    /// A secret of one line, or a private key of several, however fast they are pasted.
    private static func secret(_ terminal: Int32) throws -> Secret {
        let first = try line("Secret, or private key (PEM): ", terminal).trimmed()
        let begin = Secret(text: "-----BEGIN")
        guard first.count > begin.count, first.part(0..<begin.count) == begin else { return first }
        var text = first
        while !isEnd(text) {
            guard text.count < largestPipe else { throw CommandFailure(.data, "the private key does not end") }
            text = joined(text, try line("", terminal).trimmed())
        }
        return text
    }

    private static func isEnd(_ text: Secret) -> Bool {
        let end = Secret(text: "-----END")
        let lines = text.withBytes { $0.lastIndex(of: 0x0A) }
        guard let lines, text.count - lines - 1 >= end.count else { return false }
        return text.part((lines + 1)..<(lines + 1 + end.count)) == end
    }

    private static func joined(_ first: Secret, _ second: Secret) -> Secret {
        Secret(count: first.count + 1 + second.count) { bytes in
            first.withBytes { UnsafeMutableRawBufferPointer(rebasing: bytes[..<$0.count]).copyMemory(from: $0) }
            bytes[first.count] = 0x0A
            second.withBytes {
                UnsafeMutableRawBufferPointer(rebasing: bytes[(first.count + 1)...]).copyMemory(from: $0)
            }
        }
    }

    /// A line that is typed at the terminal and not shown.
    ///
    /// - Parameters:
    ///   - prompt: what is asked.
    ///   - hint: what to say where there is no terminal.
    static func typed(_ prompt: String, orElse hint: String) throws -> Secret {
        try atTerminal(orElse: hint) { terminal in try line(prompt, terminal) }
    }

    /// Does something with a terminal that shows nothing of what is typed; whatever ends the process meanwhile finds it
    /// as it was.
    private static func atTerminal<Result>(orElse hint: String, _ body: (Int32) throws -> Result) throws -> Result {
        let terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { throw CommandFailure(.unavailable, hint) }
        defer { close(terminal) }
        var before = termios()
        guard tcgetattr(terminal, &before) == 0 else {
            throw CommandFailure(.unavailable, "the terminal can't be told to show nothing")
        }
        var signals = sigset_t()
        var signalsBefore = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP] { sigaddset(&signals, signal) }
        pthread_sigmask(SIG_BLOCK, &signals, &signalsBefore)
        defer { pthread_sigmask(SIG_SETMASK, &signalsBefore, nil) }
        var silent = before
        // Letter by letter, since a terminal's own lines are cut at four thousand; Ctrl-C is read as a letter.
        silent.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | ISIG)
        guard tcsetattr(terminal, TCSAFLUSH, &silent) == 0 else {
            throw CommandFailure(.unavailable, "the terminal can't be told to show nothing")
        }
        defer { tcsetattr(terminal, TCSADRAIN, &before) }
        return try body(terminal)
    }

    private static func line(_ prompt: String, _ terminal: Int32) throws -> Secret {
        _ = Output.write(prompt, to: terminal)
        let line = try readLine(terminal)
        _ = Output.write("\n", to: terminal)
        guard let line else { throw CommandFailure(.refused, "given up; nothing was changed") }
        return line
    }

    /// A line; `nil` when it was given up with Ctrl-C or Ctrl-D, or the terminal went away.
    private static func readLine(_ terminal: Int32) throws -> Secret? {
        let most = 8_192
        var count = 0
        var isGivenUp = false
        let buffer = try Secret(count: most) { bytes in
            while true {
                var byte: UInt8 = 0
                let got = read(terminal, &byte, 1)
                if got < 0 && errno == EINTR { continue }
                guard got == 1 else {
                    isGivenUp = true
                    return
                }
                switch byte {
                case 0x0A, 0x0D: return
                case 0x03, 0x04:
                    isGivenUp = true
                    return
                case 0x08, 0x7F: count = max(0, count - 1)
                case 0x15: count = 0
                default:
                    guard count < most else { throw CommandFailure(.data, "the line is longer than any secret") }
                    bytes[count] = byte
                    count += 1
                }
            }
        }
        return isGivenUp ? nil : buffer.part(0..<count)
    }
}
