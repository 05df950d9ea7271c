import Foundation
import Testing

@Suite("wick venue serve", .serialized)
struct VenueServeTests {
    private let sandbox: Sandbox

    init() throws { sandbox = try Sandbox() }

    /// Runs a line of shell while a stand-in serves, whose description is in `serve.json`; gives what the line printed and
    /// the server's end.
    private func whileServing(_ options: String, _ line: String) throws -> Run {
        try sandbox.shell(
            """
            '\(Program.path)' venue serve binance-spot --port 0 \(options) --directory "$PWD/own" --json > serve.json &
            server=$!
            i=0
            while [ ! -s serve.json ] && [ $i -lt 1200 ] && kill -0 $server; do sleep 0.05; i=$((i + 1)); done
            \(line)
            kill -TERM $server
            wait $server
            """)
    }

    @Test("it says where it is and who may come, and ends in order when told to")
    func serving() throws {
        let run = try whileServing("--seed 7 --accounts 2", "cat serve.json; ls -l own")
        #expect(run.status == 0)
        let json = try #require(run.output.split(separator: "\n").first)
        let row = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let rest = try #require(row["rest"] as? String)
        #expect(rest.hasPrefix("https://localhost:"))
        #expect(row["streams"] as? String == rest.replacingOccurrences(of: "https", with: "wss"))
        #expect((row["accounts"] as? [[String: Any]])?.count == 2)
        #expect(row["is_seeded"] as? Bool == true)
        #expect(run.output.contains("-rw------- 1") && run.output.contains("ed25519-2.pem"))
        #expect(!run.output.contains("key.pem"))
        #expect(run.errors.contains("told by SIGTERM"))
    }

    @Test("wick fetches its candles from it over TLS, with its certificate in the configuration")
    func download() throws {
        let run = try whileServing(
            "--seed 7",
            """
            address=$(sed 's/.*"rest":"\\([^"]*\\)".*/\\1/' serve.json)
            printf 'venues:\\n  binance:\\n    rest-url: %s\\n    ca-file: own/certificate.pem\\n' "$address" > wick.yaml
            wick data download --venue binance --symbol BTCUSDT --from 2024-01-01 --to 2024-01-02 --config wick.yaml --json
            """)
        let rows = try #require(
            try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]], "\(run.errors)")
        #expect(rows.first?["taken"] as? Int == 1_440)
        #expect(rows.first?["missing"] as? Int == 0)
    }

    @Test(
        "what can't be served is said at once, all of it",
        arguments: [
            (["nowhere"], 64), (["binance-spot", "--instruments", "NOPE", "--accounts", "0"], 64),
            (["binance-spot", "--seed", "x"], 64), (["binance-spot", "--faults", "sulk rest:*"], 64),
            (["binance-spot", "--faults", "missing/file"], 66),
            (["binance-spot", "--directory", "/proc/nothing"], 73), (["binance-spot", "--port", "1"], 69),
        ] as [([String], Int32)])
    func refusals(_ arguments: [String], _ status: Int32) throws {
        // Port 1 is free to whoever is root.
        if arguments.contains("1"), getuid() == 0 { return }
        let run = try sandbox.wick(["venue", "serve"] + arguments)
        #expect(run.status == status, "\(run.errors)")
        #expect(run.output.isEmpty)
    }

    @Test("a port that somebody has is said, with what to do")
    func takenPort() throws {
        let run = try whileServing(
            "--seed 7",
            """
            port=$(sed 's/.*localhost:\\([0-9]*\\)".*/\\1/' serve.json)
            wick venue serve binance-spot --port $port --directory other; echo "ended with $?"
            """)
        #expect(run.output.contains("ended with 69"))
        #expect(run.errors.contains("choose another with --port"))
    }
}
