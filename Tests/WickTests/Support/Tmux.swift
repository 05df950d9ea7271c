import Foundation

/// The workstation in a terminal multiplexer of its own.
final class Tmux {
    /// Whether a multiplexer can be started here at all.
    static let isAvailable: Bool = {
        guard let sandbox = try? Sandbox() else { return false }
        let probe = Tmux.tool(["-L", "probe", "new-session", "-d", "sleep 1"], sandbox)
        _ = Tmux.tool(["-L", "probe", "kill-server"], sandbox)
        return probe.status == 0
    }()

    private var isHungUp = false
    private let server = UUID().uuidString.prefix(8)
    /// Holds the server's socket, so it has to stay until the server is gone.
    private let sandbox: Sandbox

    /// Starts the program in a shell, so that what it leaves of the terminal can be looked at.
    ///
    /// - Parameters:
    ///   - command: the command, where it is not the workstation itself.
    ///   - prefix: what stands before the program: variables, `exec`.
    ///   - showsErrors: whether standard error is the terminal, too; otherwise it goes to the file `stderr`.
    init(
        _ sandbox: Sandbox, _ arguments: [String] = [], command: String? = nil, width: Int = 120, height: Int = 40,
        prefix: String = "", showsErrors: Bool = false
    ) throws {
        self.sandbox = sandbox
        let variables = sandbox.environment.filter { $0.key != "TERM" }.map { "\($0.key)='\($0.value)'" }
        let words = ([Program.path] + (command.map { [$0] } ?? []) + arguments + ["--data-dir", sandbox.data]).map {
            "'\($0)'"
        }
        let script = """
            #!/bin/sh
            export \(variables.sorted().joined(separator: " "))
            stty -g > '\(sandbox.path("before"))'
            \(prefix) \(words.joined(separator: " ")) \(showsErrors ? "" : "2> '\(sandbox.path("stderr"))'")
            status=$?
            echo "status $status"
            echo "$status" > '\(sandbox.path("status"))'
            stty -g > '\(sandbox.path("after"))'
            sleep 600
            """
        let file = try sandbox.write(script, "session-\(server).sh")
        let started = tmux([
            "-f", "/dev/null", "new-session", "-d", "-x", "\(width)", "-y", "\(height)", "/bin/sh '\(file)'",
        ])
        guard started.status == 0 else { throw CocoaError(.executableLoad) }
        tmux(["set-option", "-g", "status", "off"])
        resize(width, height)
    }

    deinit {
        // The engine would outlive its terminal.
        if !isHungUp, let process { kill(process, SIGKILL) }
        tmux(["kill-server"])
    }

    /// Takes the terminal away from the program.
    func hangUp() {
        isHungUp = true
        tmux(["kill-server"])
    }

    /// Makes the terminal another size.
    func resize(_ width: Int, _ height: Int) { tmux(["resize-window", "-x", "\(width)", "-y", "\(height)"]) }

    /// Presses keys, named as tmux names them.
    func press(_ keys: String...) {
        for key in keys { tmux(["send-keys", key]) }
    }

    /// Pastes a text, as fast as a terminal does.
    func paste(_ text: String) {
        tmux(["set-buffer", "--", text])
        tmux(["paste-buffer"])
    }

    /// Presses a key that answers a question, once a fresh question takes keys.
    func answer(_ key: String) {
        Thread.sleep(forTimeInterval: 0.4)
        press(key)
    }

    /// What the screen shows.
    var screen: String { tmux(["capture-pane", "-p"]).output }

    /// The process number of the program in the session, once it runs.
    var process: Int32? {
        let shell = tmux(["list-panes", "-F", "#{pane_pid}"]).output.trimmingCharacters(in: .whitespacesAndNewlines)
        let children = try? String(contentsOfFile: "/proc/\(shell)/task/\(shell)/children", encoding: .utf8)
        return children?.split(separator: " ").first.flatMap { Int32($0) }
    }

    /// Waits until the screen shows what is wanted; the screen as it was last.
    @discardableResult
    func wait(_ seconds: Double = 20, until isWanted: (String) -> Bool) -> (isThere: Bool, screen: String) {
        let end = Date().addingTimeInterval(seconds)
        var shown = screen
        while Date() < end {
            if isWanted(shown) { return (true, shown) }
            Thread.sleep(forTimeInterval: 0.05)
            shown = screen
        }
        return (isWanted(shown), shown)
    }

    /// Waits until the screen shows a text, with however many blanks between its words.
    @discardableResult
    func wait(for text: String, _ seconds: Double = 20) -> (isThere: Bool, screen: String) {
        wait(seconds) { screen in
            screen.split(separator: "\n").contains { line in
                line.split(separator: " ").joined(separator: " ").contains(text.trimmingCharacters(in: .whitespaces))
            }
        }
    }

    @discardableResult
    private func tmux(_ arguments: [String]) -> (status: Int32, output: String) {
        Tmux.tool(["-u", "-L", "\(server)"] + arguments, sandbox)
    }

    private static func tool(_ arguments: [String], _ sandbox: Sandbox) -> (status: Int32, output: String) {
        var environment = ProcessInfo.processInfo.environment
        environment["LANG"] = "C.UTF-8"
        environment["TMUX"] = nil
        environment["TMUX_TMPDIR"] = sandbox.directory.path
        guard let child = try? Child("/usr/bin/env", ["tmux"] + arguments, environment, in: sandbox.directory),
            let run = try? child.finished()
        else { return (127, "") }
        return (run.status, run.output)
    }
}
