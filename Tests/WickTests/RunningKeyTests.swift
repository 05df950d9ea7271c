import Foundation
import Keys
import Testing

@testable import wick

@Suite("A key is taken away while an engine trades with it", .serialized, .timeLimit(.minutes(5)))
struct RunningKeyTests {
    private let other = "\(KeyExamples.otherKey)\n\(KeyExamples.otherSecret)\n"

    @Test("rotated, the old key is said to be in use until the engine is started again, and its process is named")
    func rotated() throws {
        let bench = try TradingBench()
        let engine = try bench.startTrading()
        let rotated = try bench.wick("keys rotate main --no-test", pipe: other, configured: true)
        #expect(rotated.status == 0, "\(rotated.errors)")
        for words in ["(process \(engine.process)) goes on with it until it is started again", "do NOT delete it"] {
            #expect(rotated.output.contains(words), "\(rotated.output)")
        }
        #expect(!rotated.output.contains(", delete it at the venue"))
        try bench.end(engine)
        let again = try bench.wick(
            "keys rotate main --no-test", pipe: "thirdThirdThird0003\nx-secret-of-the-third\n", configured: true)
        #expect(
            again.status == 0 && again.output.contains("is forgotten here, delete it at the venue"), "\(again.output)")
    }

    @Test("it is not removed before the engine has ended; another key of its world is")
    func removed() throws {
        let bench = try TradingBench(accounts: 2)
        try bench.add(bench.key("spare", account: 1))
        let engine = try bench.startTrading()
        let refused = try bench.wick("keys remove main --yes")
        #expect(refused.status == 75 && refused.errors.contains("kill \(engine.process)"), "\(refused.errors)")
        let spare = try bench.wick("keys remove spare --yes")
        #expect(spare.status == 0, "\(spare.errors)")
        #expect(try bench.wick("keys list --json").array().map { $0["name"] as? String } == ["main"])
        try bench.end(engine)
        let removed = try bench.wick("keys remove main --yes")
        #expect(removed.status == 0 && removed.output.contains("at the venue"), "\(removed.errors)")
    }

    @Test("an engine on paper holds no key back")
    func paper() throws {
        let bench = try TradingBench(mode: "paper")
        let engine = try bench.startTrading()
        #expect(try bench.wick("keys remove main --yes").status == 0)
        try bench.end(engine)
    }

    @Test("an engine that does not answer counts as one that trades with the key")
    func silent() throws {
        let bench = try TradingBench()
        let engine = try bench.startTrading()
        unlink(bench.sandbox.data + "/engine.sock")
        let refused = try bench.wick("keys remove main --yes")
        #expect(refused.status == 75 && refused.errors.contains("may trade with it"), "\(refused.errors)")
        try bench.end(engine)
    }

    @Test("what is known of an engine decides, and what is not known counts as use")
    func decisions() throws {
        let key = try StoredKey(
            venue: "binance", name: "main", environment: .live, kind: .hmac, apiKey: APIKey(KeyExamples.apiKey)!,
            secret: Secret(text: KeyExamples.secret), added: 0)
        #expect(RunningKey.of(key, 7, mode: "live", name: "main") == .used(7))
        #expect(RunningKey.of(key, 7, mode: "live", name: "other") == .unused)
        #expect(RunningKey.of(key, 7, mode: "live", name: nil) == .possible(7))
        #expect(RunningKey.of(key, 7, mode: nil, name: "main") == .possible(7))
        #expect(RunningKey.of(key, 7, mode: "testnet", name: "main") == .unused)
    }
}
