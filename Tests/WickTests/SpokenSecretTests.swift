import Bytes
import Foundation
import Keys
import Testing

@testable import Engine

/// Engines that trade with a key of either kind, and everything that can be seen of them: files, output, answers, and what a
/// crash prints.
@Suite("Nothing that is seen of an engine holds a secret", .serialized, .timeLimit(.minutes(10)))
struct SpokenSecretTests {
    /// All that opens an account: the halves of its key, and the pass phrase over them. The public half is one of them
    /// because it is shown masked everywhere.
    private func scan(_ bench: TradingBench, _ kind: KeyKind) throws -> SecretScan {
        let account = bench.server.accounts[0]
        var secrets = [("the pass phrase", Data(KeyExamples.passphrase.utf8))]
        switch kind {
        case .hmac:
            secrets += [("the API key", Data(account.apiKey.utf8)), ("the secret", Data(account.secret.utf8))]
        case .ed25519:
            let text = try String(contentsOfFile: account.ed25519File, encoding: .utf8)
            let body = try #require(text.split(separator: "\n").dropFirst().first)
            let seed = try #require(Data(base64Encoded: String(body))).suffix(32)
            secrets += [
                ("the API key", Data(account.ed25519Key.utf8)), ("the text of the private key", Data(body.utf8)),
                ("the private key", Data(seed)),
            ]
        }
        return SecretScan(secrets)
    }

    /// Everything that an engine says to whoever asks by a socket.
    private func said(by socket: String, to question: [UInt8], seconds: Double) throws -> Data {
        let descriptor: Int32
        switch UnixSocket.connect(path: socket) {
        case .success(let connected): descriptor = connected
        case .failure(let error):
            Issue.record("\(socket): \(error.text)")
            return Data()
        }
        defer { close(descriptor) }
        try #require(question.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, 0) } == question.count)
        var answer = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let end = Date().addingTimeInterval(seconds)
        while Date() < end {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, 100) > 0 else { continue }
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            answer += buffer[..<count]
        }
        return answer
    }

    /// The answers of both sockets.
    private func expectSilence(of bench: TradingBench, _ scan: SecretScan) throws {
        let commands = [
            "status", "order.list", "order.external", "position.list", "strategy.list", "alert.list", "nonsense",
        ]
        let lines = commands.enumerated().map { "{\"id\":\($0 + 1),\"command\":\"\($1)\",\"all\":true}\n" }.joined()
        let answers = try said(by: bench.sandbox.data + "/engine.sock", to: Array(lines.utf8), seconds: 3)
        #expect(String(decoding: answers, as: UTF8.self).split(separator: "\n").count == commands.count)
        scan.expectNone(in: answers, "the control socket")
        var hello = ByteWriter()
        ScreenRequest.hello(ScreenHello(wish: .watch, place: "")).frame(to: &hello)
        for _ in 0..<5 { ScreenRequest.next.frame(to: &hello) }
        let frames = try said(by: bench.sandbox.data + "/screen.sock", to: hello.bytes, seconds: 3)
        #expect(frames.range(of: Data("BTCUSDT".utf8)) != nil, "a screen was told nothing")
        scan.expectNone(in: frames, "the screen socket")
    }

    @Test("files, output, answers of commands and of both sockets", arguments: [KeyKind.hmac, .ed25519])
    func whole(kind: KeyKind) throws {
        let bench = try TradingBench(kind)
        try bench.configure(mode: "testnet", feed: "capture: on", more: "journal: {segment-megabytes: 1}")
        let scan = try scan(bench, kind)
        for round in 0..<2 {
            let engine = try bench.startTrading()
            var runs: [(String, Run)] = []
            for (command, configured) in [
                ("order place --symbol BTCUSDT --side buy --type limit --quantity 0.01 --price 50000", false),
                ("order place --symbol BTCUSDT --side buy --quantity 0.01", false),
                ("order place --symbol BTCUSDT --side buy --quantity 100000", false),
                ("status --json", false), ("status", false), ("order list --all --json", false),
                ("position list --json", false), ("health check --json", true), ("keys list", false),
                ("keys list --json", false), ("keys test main --json", true),
                ("venue doctor binance --key main --json", true), ("venue doctor binance --key main", true),
                ("journal show", false),
            ] { runs.append((command, try bench.wick(command, configured: configured))) }
            try expectSilence(of: bench, scan)
            runs.append(("the engine", try bench.end(engine)))
            for (what, run) in runs {
                scan.expectNone(in: run.output, "\(what), round \(round)")
                scan.expectNone(in: run.errors, "\(what), round \(round), errors")
            }
            #expect(runs.first { $0.0 == "keys list" }?.1.output.contains("main") == true)
            #expect(runs.first { $0.0.hasPrefix("venue doctor") }?.1.status == 0)
        }
        let files = try scan.expectNone(below: bench.sandbox.directory.path, leaving: ["venue/"])
        for part in ["wick.log", "requests-", ".wj", "wick.sqlite", "captures/"] {
            #expect(files.contains { $0.contains(part) }, "there is no \(part) in \(files)")
        }
        let captured = try #require(files.first { $0.contains("captures/") })
        let bytes = try Data(contentsOf: bench.sandbox.directory.appendingPathComponent(captured))
        #expect(SecretScan.unpacked(bytes).contains { !$0.isEmpty }, "nothing was unpacked")
    }

    @Test(
        "what a crash prints, and the files that it leaves",
        .enabled(if: Backtraces.areThere, "nothing here prints a crash"),
        arguments: [KeyKind.hmac, .ed25519])
    func crash(kind: KeyKind) throws {
        let bench = try TradingBench(kind)
        let scan = try scan(bench, kind)
        // No dump of memory is left by a test; what it starts inherits that.
        var cores = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &cores)
        cores.rlim_cur = 0
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &cores)
        let engine = try bench.startTrading([
            "SWIFT_BACKTRACE":
                "enable=yes,interactive=no,color=no,threads=crashed,registers=crashed,images=none,symbolicate=off,unwind=fast,cache=no"
        ])
        kill(engine.process, SIGABRT)
        // Where the kernel does not let the runtime stop every thread, the process prints and does not end.
        for _ in 0..<50 where engine.isRunning { Thread.sleep(forTimeInterval: 0.5) }
        if engine.isRunning { kill(engine.process, SIGKILL) }
        let run = try engine.finished()
        #expect([128 + SIGABRT, 128 + SIGKILL].contains(run.status))
        for words in ["Program crashed", "Thread 0", "Registers:"] {
            #expect(run.errors.contains(words), "there is no '\(words)' in \(run.errors.suffix(2_000))")
        }
        scan.expectNone(in: run.output, "the output of a crash")
        scan.expectNone(in: run.errors, "the text of a crash")
        try scan.expectNone(below: bench.sandbox.directory.path, leaving: ["venue/"])
    }
}

/// Whether the runtime of this machine prints what a crashed process was doing.
private enum Backtraces {
    static let areThere: Bool = {
        guard
            let library = try? ProcessMemory.libraries(of: getpid()).first(where: { $0.hasSuffix("/libswiftCore.so") })
        else { return false }
        let folder = URL(fileURLWithPath: library).resolvingSymlinksInPath().deletingLastPathComponent()
        let tool = folder.appendingPathComponent("../../../libexec/swift/linux/swift-backtrace").standardized.path
        return FileManager.default.isExecutableFile(atPath: tool)
    }()
}
