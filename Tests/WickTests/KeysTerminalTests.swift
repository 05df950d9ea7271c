import Foundation
import Testing

@Suite(
    "wick keys at a terminal", .serialized, .enabled(if: Tmux.isAvailable, "tmux can't be started here"),
    .timeLimit(.minutes(5)))
struct KeysTerminalTests {
    private let sandbox: Sandbox

    init() throws { sandbox = try Sandbox() }

    private func terminal() throws -> Tmux {
        try Tmux(
            sandbox, ["add", "main", "--environment", "testnet", "--no-test"], command: "keys", showsErrors: true)
    }

    private func type(_ text: String, _ terminal: Tmux, after prompt: String) {
        let shown = terminal.wait(for: prompt)
        #expect(shown.isThere, "\(shown.screen)")
        terminal.press(text.replacingOccurrences(of: " ", with: "Space"), "Enter")
    }

    @Test("what is typed is not shown, and the terminal is as it was")
    func typed() throws {
        let terminal = try terminal()
        type("a-pass-phrase", terminal, after: "New pass phrase for the keys:")
        type("a-pass-phrase", terminal, after: "The same again:")
        type(KeyExamples.apiKey, terminal, after: "API key:")
        type(KeyExamples.secret, terminal, after: "Secret, or private key (PEM):")
        let end = terminal.wait(for: "status 0")
        #expect(end.isThere && end.screen.contains("main is kept"), "\(end.screen)")
        for word in ["a-pass-phrase", KeyExamples.apiKey, KeyExamples.secret] {
            #expect(!end.screen.contains(word))
        }
        terminal.wait { _ in (try? sandbox.text("after"))?.isEmpty == false }
        #expect(try sandbox.text("before") == sandbox.text("after"))
    }

    @Test("a private key is pasted, all its lines at once")
    func privateKey() throws {
        let terminal = try terminal()
        type("a-pass-phrase", terminal, after: "New pass phrase for the keys:")
        type("a-pass-phrase", terminal, after: "The same again:")
        type(KeyExamples.apiKey, terminal, after: "API key:")
        let shown = terminal.wait(for: "Secret, or private key (PEM):")
        #expect(shown.isThere)
        terminal.paste(KeyExamples.privateKey)
        let end = terminal.wait(for: "status 0")
        #expect(end.isThere && end.screen.contains("ed25519") && !end.screen.contains("MC4C"), "\(end.screen)")
    }

    @Test("Ctrl-C gives up, keeps nothing, and leaves the terminal as it was")
    func givenUp() throws {
        let terminal = try terminal()
        #expect(terminal.wait(for: "New pass phrase for the keys:").isThere)
        terminal.press("abc", "C-c")
        let end = terminal.wait(for: "status 1")
        #expect(end.isThere && end.screen.contains("given up") && !end.screen.contains("abc"), "\(end.screen)")
        terminal.wait { _ in (try? sandbox.text("after"))?.isEmpty == false }
        #expect(try sandbox.text("before") == sandbox.text("after"))
    }

    @Test("two pass phrases that differ keep nothing")
    func differing() throws {
        let terminal = try terminal()
        type("a-pass-phrase", terminal, after: "New pass phrase for the keys:")
        type("a-pass-phrasf", terminal, after: "The same again:")
        #expect(terminal.wait(for: "the two differ; nothing was kept").isThere)
        #expect(terminal.wait(for: "status 65").isThere)
    }
}
