import Foundation
import Testing

@Suite("the manual and the completions")
struct ManualTests {
    private let sandbox: Sandbox

    init() throws { sandbox = try Sandbox() }

    @Test("docs/wick.1 says what the program says")
    func page() throws {
        let dump = try sandbox.shell("wick --experimental-dump-help").output
        let version = try sandbox.wick("--version").output.trimmingCharacters(in: .whitespacesAndNewlines)
        let page = try Manual.page(dump, version: version)
        let file = Program.root.appendingPathComponent("docs/wick.1")
        if ProcessInfo.processInfo.environment["WICK_UPDATE_GOLDENS"] == "1" {
            try page.write(to: file, atomically: true, encoding: .utf8)
        }
        let kept = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        #expect(kept == page, "run WICK_UPDATE_GOLDENS=1 swift test --filter ManualTests, and look at what changed")
    }

    @Test("every command is described with an example in docs/commands.md")
    func commands() throws {
        let text = try String(contentsOf: Program.root.appendingPathComponent("docs/commands.md"), encoding: .utf8)
        let page = try String(contentsOf: Program.root.appendingPathComponent("docs/wick.1"), encoding: .utf8)
        let names = page.split(separator: "\n").filter { $0.hasPrefix(".SS \"") }.map { $0.dropFirst(5).dropLast() }
        #expect(names.count > 20)
        for name in names { #expect(text.contains("## `\(name)"), "\(name)") }
    }

    @Test("help has examples everywhere")
    func help() throws {
        let page = try String(contentsOf: Program.root.appendingPathComponent("docs/wick.1"), encoding: .utf8)
        for section in page.components(separatedBy: ".SS \"").dropFirst() {
            #expect(section.contains("Example"), "\(section.prefix(40))")
        }
    }

    @Test("completions are made for each shell", arguments: ["bash", "zsh", "fish"])
    func completion(_ shell: String) throws {
        let run = try sandbox.shell("wick --generate-completion-script \(shell)")
        #expect(run.status == 0)
        #expect(run.output.contains("backtest"))
    }
}
