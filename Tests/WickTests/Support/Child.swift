import Foundation

/// A process under way. What it writes goes to files, so that nobody waits for a reader.
///
/// Spawned directly: Foundation's own waits until nobody holds a descriptor that it hands down, and a terminal
/// multiplexer's server holds it for ever.
final class Child {
    /// The process number.
    let process: pid_t
    private let output: String
    private let errors: String
    private var status: Int32?

    init(_ executable: String, _ arguments: [String], _ environment: [String: String], in directory: URL) throws {
        let name = UUID().uuidString
        output = directory.appendingPathComponent(name + ".out").path
        errors = directory.appendingPathComponent(name + ".err").path
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        // A thread of a pool has most signals blocked, and a program would inherit that: a multiplexer that can't be told
        // to end keeps its terminals open for ever.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        // A server in the process of the tests ignores broken pipes, and a program would inherit that, too.
        var broken = sigset_t()
        sigemptyset(&broken)
        sigaddset(&broken, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &broken)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let words = ([executable] + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var number = pid_t()
        let error = posix_spawn(&number, executable, &actions, &attributes, words, variables)
        guard error == 0 else { throw POSIXError(POSIXErrorCode(rawValue: error) ?? .ENOENT) }
        process = number
    }

    deinit {
        if status == nil {
            kill(process, SIGKILL)
            _ = wait()
        }
        unlink(output)
        unlink(errors)
    }

    /// Waits for its end.
    ///
    /// - Returns: the exit status; 128 and the signal's number where a signal ended it.
    func wait() -> Int32 {
        if let status { return status }
        var raw: Int32 = 0
        while waitpid(process, &raw, 0) < 0 && errno == EINTR {}
        return end(raw)
    }

    private func end(_ raw: Int32) -> Int32 {
        let ended = raw & 0x7F == 0 ? raw >> 8 & 0xFF : 128 + raw & 0x7F
        status = ended
        return ended
    }

    /// Whether it has not ended yet.
    var isRunning: Bool {
        var raw: Int32 = 0
        guard status == nil, waitpid(process, &raw, WNOHANG) == process else { return status == nil }
        _ = end(raw)
        return false
    }

    /// What it has written on standard error so far.
    var errorsSoFar: String { (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "" }

    /// Waits until it has written a line with these words on standard output, a minute at most, and gives that line.
    func line(containing words: String) throws -> String {
        let end = Date().addingTimeInterval(60)
        while Date() < end {
            let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
            // Only what ends with a line break is whole.
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            if let line = lines.first(where: { $0.contains(words) }) { return String(line) }
            usleep(20_000)
        }
        throw POSIXError(.ETIMEDOUT)
    }

    /// Waits for its end and gives what it left.
    func finished() throws -> Run {
        let status = wait()
        func text(_ path: String) throws -> String {
            String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        }
        return Run(status: status, output: try text(output), errors: try text(errors))
    }
}
