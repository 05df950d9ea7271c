import Foundation
import Market
import StandIn
import Storage
import Testing

/// A venue on this machine with a certificate of its own, and the program pointed at it.
private final class DoctorBench {
    let sandbox: Sandbox
    let server: StandInServer

    init(isPlain: Bool = false, isTrusted: Bool = true) throws {
        sandbox = try Sandbox()
        var options = StandInOptions(directory: sandbox.path("stand-in"))
        options.symbols = ["BTCUSDT"]
        options.isPlain = isPlain
        server = try StandInServer(options) {
            Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
        }
        let trust = isTrusted ? server.addresses.certificate.map { "\n    ca-file: \($0)" } ?? "" : ""
        try sandbox.write(
            """
            feed: {symbols: BTCUSDT}
            venues:
              binance:
                rest-url: \(server.addresses.rest)
                stream-url: \(server.addresses.streams)\(trust)

            """, "wick.yaml")
    }

    deinit { server.stop() }

    var account: StandInAccount { server.accounts[0] }

    /// Runs the program with the configuration and a pass phrase, something piped in.
    func wick(_ arguments: String, pipe: String = "") throws -> Run {
        try sandbox.write(pipe, "piped")
        return try sandbox.shell(
            "export WICK_KEYS_PASSPHRASE='\(KeyExamples.passphrase)'; wick \(arguments) --config "
                + "'\(sandbox.path("wick.yaml"))' --data-dir '\(sandbox.data)' < piped")
    }

    /// Where the audit of the testnet's account is, in the sandbox.
    static let account = "data/binance-spot-testnet"

    /// The lines of the audit of the testnet's account.
    func audit() throws -> [String] {
        let folder = sandbox.path(DoctorBench.account)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return try names.filter { $0.hasPrefix("requests-") }.flatMap { name in
            try String(contentsOfFile: folder + "/" + name, encoding: .utf8).split(separator: "\n").map(String.init)
        }
    }

    /// Keeps the account's key, tested.
    func addKey(_ name: String = "main", isEd25519: Bool = false, secret: String? = nil, _ more: String = "--test")
        throws -> Run
    {
        let own = isEd25519 ? try String(contentsOfFile: account.ed25519File, encoding: .utf8) : account.secret
        return try wick(
            "keys add \(name) --environment testnet \(more)",
            pipe: "\(isEd25519 ? account.ed25519Key : account.apiKey)\n\(secret ?? own)\n")
    }
}

@Suite("wick venue doctor", .serialized, .timeLimit(.minutes(5)))
struct DoctorCommandTests {
    @Test(
        "keys of either kind are added, tested and examined at a venue with its own certificate",
        arguments: [
            false, true,
        ])
    func whole(isEd25519: Bool) throws {
        let bench = try DoctorBench()
        let added = try bench.addKey(isEd25519: isEd25519)
        #expect(added.status == 0 && added.output.hasPrefix("main is kept: binance testnet"), "\(added.errors)")
        let tested = try bench.wick("keys test main --json")
        #expect(tested.status == 0, "\(tested.errors)")
        #expect(try tested.object()["may_trade"] as? Bool == true)
        let run = try bench.wick("venue doctor binance --key main --json")
        let report = try run.object()
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.output) \(run.errors)")
        #expect(report["healthy"] as? Bool == true && report["environment"] as? String == "testnet")
        let checks = try #require(report["checks"] as? [[String: Any]])
        let far = try #require(checks.last)
        #expect(far["check"] as? String == "far order" && far["status"] as? String == "ok", "\(far)")
        #expect((report["remaining"] as? [Any])?.isEmpty == true)
        #expect(bench.server.openOrders == 0)
        let lines = try bench.audit()
        #expect(lines.count == 4 && lines.allSatisfy { $0.hasPrefix("doctor #") && $0.contains(" testnet main (") })
        #expect(lines.first?.hasSuffix(": leaving") == true && lines.last?.hasSuffix(": confirmed") == true)
    }

    @Test("its requests are in the audit of the key's account, whichever account was used last, and before they leave")
    func audit() throws {
        let bench = try DoctorBench(isPlain: true)
        #expect(try bench.addKey().status == 0)
        // Paper money was traded with last, on the same prices.
        let paper = bench.sandbox.path("data/binance-spot")
        try FileManager.default.createDirectory(atPath: paper, withIntermediateDirectories: true)
        try bench.sandbox.write("binance-spot\n", "data/account")
        try bench.server.misbehave("delay=4000 rest:POST:/api/v3/order n=1")
        let child = try bench.sandbox.started(
            ["venue", "doctor", "binance", "--key", "main", "--config", bench.sandbox.path("wick.yaml")],
            ["WICK_KEYS_PASSPHRASE": KeyExamples.passphrase])
        while bench.server.openOrders == 0 && child.isRunning { usleep(10_000) }
        let before = try bench.audit()
        #expect(before.count == 1 && before[0].hasSuffix(": leaving"), "\(before)")
        let run = try child.finished()
        #expect(run.status == 0, "\(run.output) \(run.errors)")
        #expect(try bench.audit().count == 4)
        var status = stat()
        #expect(stat(bench.sandbox.path(DoctorBench.account), &status) == 0 && status.st_mode & 0o077 == 0)
        for directory in [bench.sandbox.data, paper] {
            let files = try FileManager.default.contentsOfDirectory(atPath: directory)
            #expect(!files.contains { $0.hasPrefix("requests-") }, "\(files)")
        }
        let store = try Store(directory: DataDirectory(path: bench.sandbox.data))
        #expect(try store.auditTrail().allSatisfy { $0.action != "venue request" })
        try store.close()
    }

    @Test("an audit that can't be written keeps the order from leaving")
    func noAudit() throws {
        let bench = try DoctorBench(isPlain: true)
        #expect(try bench.addKey().status == 0)
        // A folder where the file is to be, of this month and, at its last midnight, of the next.
        let now = Date()
        for date in [now, now.addingTimeInterval(86_400)] {
            let month = ISO8601DateFormatter().string(from: date).prefix(7)
            try FileManager.default.createDirectory(
                atPath: bench.sandbox.path(DoctorBench.account) + "/requests-\(month).log",
                withIntermediateDirectories: true)
        }
        let run = try bench.wick("venue doctor binance --key main --json")
        #expect(run.status == 1, "\(run.output) \(run.errors)")
        let checks = try #require(try run.object()["checks"] as? [[String: Any]])
        let far = try #require(checks.last)
        #expect(far["check"] as? String == "far order" && far["status"] as? String == "failed", "\(far)")
        #expect((try run.object()["remaining"] as? [Any])?.isEmpty == true && bench.server.openOrders == 0)
    }

    @Test("no file and no output of it has a key or a secret in it")
    func secrets() throws {
        let bench = try DoctorBench()
        var texts: [String] = []
        for run in [
            try bench.addKey(), try bench.wick("venue doctor binance --key main"),
            try bench.wick("venue doctor binance --key main --json"),
        ] {
            #expect(run.status == 0, "\(run.errors)")
            texts += [run.output, run.errors]
        }
        for name in try FileManager.default.subpathsOfDirectory(atPath: bench.sandbox.data) {
            let path = bench.sandbox.data + "/" + name
            if let data = FileManager.default.contents(atPath: path) {
                texts.append(String(decoding: data, as: UTF8.self))
            }
        }
        #expect(texts.count > 6)
        for text in texts {
            for secret in [bench.account.apiKey, bench.account.secret, KeyExamples.passphrase] {
                #expect(!text.contains(secret))
            }
        }
    }

    @Test("without a key the rest is examined, in a table")
    func publicOnly() throws {
        let bench = try DoctorBench()
        let run = try bench.wick("venue doctor binance")
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.output) \(run.errors)")
        let lines = run.output.split(separator: "\n")
        #expect(lines[0].hasPrefix("check") && lines[0].hasSuffix("what to do"))
        #expect(lines.contains { $0.hasPrefix("book BTCUSDT") && $0.contains("all equal to the venue's") })
        #expect(lines.contains { $0.hasPrefix("far order") && $0.contains("no key was given") })
    }

    @Test("a certificate that nobody trusts ends it with 69, and no key is kept")
    func untrusted() throws {
        let bench = try DoctorBench(isTrusted: false)
        let run = try bench.wick("venue doctor binance --json")
        #expect(run.status == 69, "\(run.output) \(run.errors)")
        #expect(try run.object()["reachable"] as? Bool == false)
        let added = try bench.addKey()
        #expect(added.status == 69 && added.errors.contains("it is not kept"), "\(added.errors)")
        #expect(try bench.wick("venue doctor binance --key main").status == 66)
    }

    @Test("a wrong secret is not kept; kept untested, it fails the examination with 1")
    func wrongSecret() throws {
        let bench = try DoctorBench(isPlain: true)
        let wrong = "another-secret-that-the-venue-does-not-know"
        let refused = try bench.addKey(secret: wrong)
        #expect(refused.status == 1 && refused.errors.contains("does not take the key"), "\(refused.errors)")
        #expect(try bench.addKey(secret: wrong, "--no-test").status == 0)
        #expect(try bench.wick("keys test main").status == 1)
        let run = try bench.wick("venue doctor binance --key main --json")
        #expect(run.status == 1)
        #expect(try run.object()["healthy"] as? Bool == false)
    }

    @Test("interrupted while its order is open, it takes it back and says how it ended", arguments: [SIGINT, SIGTERM])
    func interrupted(signal: Int32) throws {
        let bench = try DoctorBench(isPlain: true)
        #expect(try bench.addKey().status == 0)
        // The order is open while its answer is held back. A busy machine may not look in that time: then once more, longer.
        var milliseconds = 3_000
        var run: Run
        repeat {
            try bench.server.misbehave("delay=\(milliseconds) rest:POST:/api/v3/order n=1")
            let child = try bench.sandbox.started(
                ["venue", "doctor", "binance", "--key", "main", "--config", bench.sandbox.path("wick.yaml")],
                ["WICK_KEYS_PASSPHRASE": KeyExamples.passphrase])
            while bench.server.openOrders == 0 && child.isRunning { usleep(10_000) }
            if child.isRunning { kill(child.process, signal) }
            run = try child.finished()
            milliseconds *= 3
        } while run.status == 0 && milliseconds < 30_000
        #expect(run.status == 128 + signal, "\(run.output) \(run.errors)")
        #expect(run.errors.contains("an order that is open is taken back first"))
        #expect(run.output.contains("was placed and cancelled; nothing remains"), "\(run.output)")
        #expect(bench.server.openOrders == 0)
    }

    @Test("an order that can't be cancelled is named on standard error")
    func remains() throws {
        let bench = try DoctorBench(isPlain: true)
        #expect(try bench.addKey().status == 0)
        try bench.server.misbehave("error=503 rest:DELETE:/api/v3/order")
        let run = try bench.wick("venue doctor binance --key main --json")
        #expect(run.status == 1 && run.errors.contains("MAY STILL BE OPEN"), "\(run.errors)")
        let remaining = try #require(try run.object()["remaining"] as? [[String: Any]])
        let number = try #require(remaining.first?["client_order"] as? String)
        #expect(number.hasPrefix("wick-doctor-") && run.errors.contains(number))
        #expect(bench.server.openOrders == 1)
    }

    @Test("what the command line says wrong is said, and a live key never meets a server of one's own")
    func refusals() throws {
        let bench = try DoctorBench(isPlain: true)
        let unknown = try bench.wick("venue doctor kraken --environment nowhere")
        #expect(unknown.status == 64 && unknown.errors.contains("kraken") && unknown.errors.contains("nowhere"))
        #expect(try bench.addKey().status == 0)
        let other = try bench.wick("venue doctor binance --key main --environment live")
        #expect(other.status == 64 && other.errors.contains("'main' is for testnet"), "\(other.errors)")
        let live = try bench.wick("venue doctor binance --environment live")
        #expect(live.status == 1 && live.errors.contains("counts as a testnet"), "\(live.errors)")
        #expect(try bench.wick("venue doctor binance --yes").status == 64)
    }
}
