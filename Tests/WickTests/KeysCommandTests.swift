import Foundation
import LoopbackServer
import Synchronization
import Testing

@Suite("wick keys")
struct KeysCommandTests {
    private let sandbox: Sandbox
    private let venue: TestnetStandIn

    init() throws {
        sandbox = try Sandbox()
        venue = try TestnetStandIn()
        try sandbox.write("venues: {binance: {rest-url: \"\(venue.address)\"}}\n", "wick.yaml")
    }

    /// Runs `wick keys …` with something piped in.
    private func keys(
        _ arguments: String, pipe: String = "", passphrase: String? = KeyExamples.passphrase
    ) throws -> Run {
        try sandbox.write(pipe, "piped")
        let phrase = passphrase.map { "export WICK_KEYS_PASSPHRASE='\($0)'; " } ?? ""
        let words = arguments.split(separator: " ", maxSplits: 1).map(String.init)
        // Only what asks a venue takes a configuration.
        let asks = ["add", "test", "rotate"].contains(words[0]) ? "--config '\(sandbox.path("wick.yaml"))'" : ""
        return try sandbox.shell("\(phrase)wick keys \(arguments) \(asks) --data-dir '\(sandbox.data)' < piped")
    }

    private func add(_ name: String = "main", _ more: String = "") throws -> Run {
        try keys("add \(name) --environment testnet \(more)", pipe: "\(KeyExamples.apiKey)\n\(KeyExamples.secret)\n")
    }

    @Test("a key is tested, kept and listed, masked")
    func whole() throws {
        let run = try add()
        #expect(run.status == 0 && run.errors == "", "\(run.errors)")
        #expect(run.output == "main is kept: binance testnet, hmac, key exam…0001\n")
        #expect(venue.requests.map(\.path) == ["/api/v3/account"])
        #expect(venue.requests[0].headers["x-mbx-apikey"] == KeyExamples.apiKey)
        let rows = try keys("list --json").array()
        #expect(rows.count == 1 && rows[0]["name"] as? String == "main" && rows[0]["api_key"] as? String == "exam…0001")
        #expect(rows[0]["environment"] as? String == "testnet" && rows[0]["kind"] as? String == "hmac")
        let table = try keys("list")
        #expect(table.output.contains("main") && table.output.contains("exam…0001"))
    }

    @Test("no file, no message and no argument ever has a secret in it")
    func scan() throws {
        var texts: [String] = []
        var statuses: [Int32] = []
        for run in [
            try add(), try add(), try keys("list"), try keys("list --json"), try keys("test main"),
            try keys("test main --json"),
            try keys("rotate main", pipe: "\(KeyExamples.otherKey)\n\(KeyExamples.otherSecret)\n"),
            try keys("add second --environment testnet", pipe: "thirdThirdThirdThird0003\n\(KeyExamples.privateKey)"),
            try keys(
                "add bad --environment testnet", pipe: "fourthFourthFourth0004\n\(KeyExamples.secret) with a blank\n"),
            try keys("list", passphrase: "another pass phrase"), try keys("remove main --yes"),
        ] {
            texts += [run.output, run.errors]
            statuses.append(run.status)
        }
        #expect(statuses == [0, 1, 0, 0, 0, 0, 0, 0, 65, 77, 0])
        var files = 0
        for name in try FileManager.default.subpathsOfDirectory(atPath: sandbox.data) {
            guard let data = FileManager.default.contents(atPath: sandbox.data + "/" + name) else { continue }
            texts.append(String(decoding: data, as: UTF8.self))
            texts.append(data.map { String(Int($0) + 256, radix: 16).dropFirst() }.joined())
            files += 1
        }
        #expect(files >= 1)
        let body = KeyExamples.privateKey.split(separator: "\n")[1]
        for secret in [
            KeyExamples.secret, KeyExamples.otherSecret, KeyExamples.passphrase, String(body), KeyExamples.apiKey,
            KeyExamples.otherKey,
        ] {
            let bytes = Data(secret.utf8)
            let hexadecimal = bytes.map { String(Int($0) + 256, radix: 16).dropFirst() }.joined()
            for form in [secret, hexadecimal, hexadecimal.uppercased(), bytes.base64EncodedString()] {
                for text in texts { #expect(!text.contains(form), "\(form.prefix(6))… in \(text.prefix(80))") }
            }
        }
    }

    @Test("the file and its directory are their owner's alone")
    func modes() throws {
        _ = try add()
        var status = stat()
        #expect(stat(sandbox.data + "/keys", &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(stat(sandbox.data, &status) == 0 && status.st_mode & 0o777 == 0o700)
        chmod(sandbox.data, 0o755)
        let run = try keys("list")
        #expect(run.status == 77 && run.errors.contains("chmod 700"), "\(run.errors)")
    }

    @Test("a private key is told by its form, and signs")
    func privateKey() throws {
        let run = try keys("add main --environment testnet", pipe: "\(KeyExamples.apiKey)\n\(KeyExamples.privateKey)")
        #expect(run.output == "main is kept: binance testnet, ed25519, key exam…0001\n", "\(run.errors)")
        #expect(venue.requests[0].query["signature"]?.hasSuffix("==") == true)
    }

    @Test("a wrong pass phrase, a damaged file and no store end differently")
    func troubles() throws {
        #expect(try keys("test main").status == 66)
        let none = try keys("list")
        #expect(none.status == 0 && none.output.contains("there are no keys"))
        #expect(try keys("list --json").output == "[]\n")
        _ = try add()
        let wrong = try keys("list", passphrase: "another pass phrase")
        #expect(wrong.status == 77 && wrong.errors.contains("the pass phrase is not the one"))
        var bytes = try Data(contentsOf: URL(fileURLWithPath: sandbox.data + "/keys"))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: sandbox.data + "/keys"))
        let damaged = try keys("list")
        #expect(damaged.status == 65 && damaged.errors.contains("damaged"))
    }

    @Test("a name is given once; rotating keeps it; removing asks")
    func changes() throws {
        _ = try add()
        let again = try add()
        #expect(again.status == 1 && again.errors.contains("wick keys rotate main"))
        let rotated = try keys("rotate main", pipe: "\(KeyExamples.otherKey)\n\(KeyExamples.otherSecret)\n")
        #expect(rotated.status == 0 && rotated.output.contains("key exam…0001 is forgotten here"), "\(rotated.errors)")
        #expect(try keys("list --json").array().map { $0["api_key"] as? String } == ["anot…0002"])
        let unasked = try keys("remove main")
        #expect(unasked.status == 64 && unasked.errors.contains("--yes"))
        let unknown = try keys("remove other --yes")
        #expect(unknown.status == 1 && unknown.errors.contains("there is main"))
        #expect(try keys("remove main --yes").status == 0)
        #expect(try keys("list --json").output == "[]\n")
    }

    @Test(
        "what is no key is refused and not kept",
        arguments: [
            "", "exampleExampleExample0001", "short\nsecret-secret-secret\n", "exampleExampleExample0001\nshort\n",
            "exampleExampleExample0001\n-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n",
        ])
    func malformed(_ pipe: String) throws {
        let run = try keys("add main --environment testnet", pipe: pipe)
        #expect(run.status == 65, "\(run.errors)")
        #expect(venue.requests.isEmpty && !FileManager.default.fileExists(atPath: sandbox.data + "/keys"))
    }

    @Test("a key that the venue does not take is not kept")
    func refused() throws {
        venue.answer(401, #"{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}"#)
        let run = try add()
        #expect(run.status == 1 && run.errors.contains("code -2015") && run.errors.contains("not kept"))
        #expect(!FileManager.default.fileExists(atPath: sandbox.data + "/keys"))
    }

    @Test("a ban that a test is told of is kept by the next: nothing is asked again")
    func banned() throws {
        #expect(try add("main", "--no-test").status == 0)
        venue.answer(418, #"{"code":-1003,"msg":"Way too much request weight used; IP banned."}"#)
        let first = try keys("test main")
        #expect(first.status == 75 && first.errors.contains("banned"), "\(first.errors)")
        #expect(venue.requests.count == 1)
        let second = try keys("test main")
        #expect(second.status == 75 && second.errors.contains("banned"), "\(second.errors)")
        #expect(venue.requests.count == 1)
    }

    @Test("without a way to the venue a key is kept and said to be untested; with --test it is not kept")
    func offline() throws {
        venue.stop()
        let strict = try add("main", "--test")
        #expect(strict.status == 69 && strict.errors.contains("not kept"), "\(strict.errors)")
        let run = try add()
        #expect(run.status == 0 && run.errors.contains("NOT TESTED") && run.errors.contains("wick keys test main"))
        #expect(try keys("list --json").array().count == 1)
        #expect(try keys("test main").status == 69)
    }

    @Test("with --no-test nobody is asked")
    func untested() throws {
        #expect(try add("main", "--no-test").status == 0)
        #expect(venue.requests.isEmpty)
    }

    @Test("a live key is not sent to a server of one's own")
    func live() throws {
        let run = try keys("add main --environment live", pipe: "\(KeyExamples.apiKey)\n\(KeyExamples.secret)\n")
        #expect(run.status == 1 && run.errors.contains("a live key is not sent there"), "\(run.errors)")
        #expect(venue.requests.isEmpty && !FileManager.default.fileExists(atPath: sandbox.data + "/keys"))
    }

    @Test("what a key may do is told, and one that may not trade fails the test")
    func permissions() throws {
        _ = try add()
        let object = try keys("test main --json").object()
        #expect(object["may_trade"] as? Bool == true && object["may_withdraw"] is NSNull)
        #expect(object["server"] as? String == venue.address && object["clock_skew_milliseconds"] is Int)
        venue.answer(200, #"{"canTrade":false}"#)
        let run = try keys("test main")
        #expect(run.status == 1 && run.output.contains("note: it may not trade"))
    }

    @Test("every problem of the command line is said at once, and nothing is asked")
    func usage() throws {
        let more = try sandbox.wick("keys", "add", "a b", "--venue", "kraken", "--environment", "paper")
        #expect(more.status == 64)
        for word in ["name:", "--venue: 'kraken'", "--environment: 'paper'"] { #expect(more.errors.contains(word)) }
    }

    @Test("without a terminal and without a pass phrase it says how to give one")
    func noPassphrase() throws {
        let run = try sandbox.shell(
            "setsid '\(Program.path)' keys add main --environment testnet --no-test --data-dir '\(sandbox.data)' < /dev/null"
        )
        #expect(run.status == 69 && run.errors.contains("WICK_KEYS_PASSPHRASE"), "\(run.errors)")
    }

    @Test("a pass phrase comes from a file that nobody else may read")
    func passphraseFile() throws {
        try sandbox.write(KeyExamples.passphrase + "\n", "phrase")
        chmod(sandbox.path("phrase"), 0o600)
        let pipe = "\(KeyExamples.apiKey)\n\(KeyExamples.secret)\n"
        let file = "--passphrase-file '\(sandbox.path("phrase"))'"
        #expect(try keys("add main --environment testnet \(file)", pipe: pipe, passphrase: nil).status == 0)
        #expect(try keys("list").status == 0)
        chmod(sandbox.path("phrase"), 0o644)
        let run = try keys("list \(file)", passphrase: nil)
        #expect(run.status == 77 && run.errors.contains("chmod 600"))
    }
}
