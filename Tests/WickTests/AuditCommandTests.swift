import Foundation
import Testing

@Suite("wick backtest audit and cross-validate, and the evidence they keep")
struct AuditCommandTests {
    private let sandbox: Sandbox
    private let file: String

    init() throws {
        sandbox = try Sandbox()
        file = try sandbox.write(Samples.minutes(3_000), "minutes.csv")
    }

    private func run(_ command: String, _ more: [String]) throws -> Run {
        try sandbox.wick(
            ["backtest", command, "--csv", file, "--symbol", "BTCUSDT", "--strategy", "sma-crossover"] + more)
    }

    private let quickly = ["--cuts", "10", "--noises", "8", "--hunted-candles", "600"]

    @Test("an honest strategy ends with 0 and a finding for each check, the same with any workers")
    func audit() throws {
        let options = quickly + ["--param", "fast=5", "--param", "slow=30", "--json"]
        let one = try run("audit", options + ["--workers", "1"])
        #expect(one.status == 0, "\(one.errors)")
        let object = try one.object()
        let checks = try #require(object["checks"] as? [[String: Any]])
        #expect(checks.count == 10 && checks.allSatisfy { $0["verdict"] as? String != "failed" })
        #expect(checks.first { $0["check"] as? String == "truncation" }?["figure"] as? Int == 0)
        let two = try run("audit", options + ["--workers", "3"])
        func plain(_ run: Run) -> String { run.output.replacing(/"seconds":[-0-9.e]+/, with: "") }
        #expect(plain(one) == plain(two))
    }

    @Test("everything that is wrong is said at once")
    func wrong() throws {
        let run = try run("audit", ["--cuts", "none", "--noises", "1", "--param", "fast=0", "--workers", "0"])
        #expect(run.status == 64)
        for name in ["--cuts", "--noises", "--param", "--workers"] where name != "--param" {
            #expect(run.errors.contains(name))
        }
    }

    @Test("a cross-validation has its splits and paths, and folds that can't be are refused")
    func crossValidation() throws {
        let options = ["--param", "fast=5,10", "--param", "slow=30", "--sampler", "grid", "--json"]
        let run = try run("cross-validate", options + ["--folds", "4", "--test-folds", "2", "--purge", "30m"])
        #expect(run.status == 0, "\(run.errors)")
        let object = try run.object()
        #expect((object["splits"] as? [Any])?.count == 6 && (object["paths"] as? [Any])?.count == 3)
        #expect(object["purge_candles"] as? Int == 30)
        #expect(try self.run("cross-validate", options + ["--folds", "3", "--test-folds", "3"]).status == 64)
        #expect(try self.run("cross-validate", options + ["--folds", "5", "--purge", "10h"]).status == 64)
    }

    @Test(
        "an audit of stored candles is evidence; what is missing is named with its command, and a waiver stands for it")
    func evidence() throws {
        #expect(
            try sandbox.wick(
                "strategy", "add", "trend", "--class", "sma-crossover", "--symbol", "SYNTHETIC:BTCUSDT",
                "--timeframe", "1h", "--param", "fast=5", "--param", "slow=30"
            ).status == 0)
        let none = try sandbox.wick("strategy", "evidence", "trend", "--json")
        #expect(none.status == 1)
        #expect(
            (try none.object()["checks"] as? [[String: Any]])?.allSatisfy { $0["is_met"] as? Bool == false } == true)
        let audit = try sandbox.wick(
            [
                "backtest", "audit", "--symbol", "SYNTHETIC:BTCUSDT", "--timeframe", "1h", "--from", "2024-01-01",
                "--to",
                "2024-01-20", "--strategy", "sma-crossover", "--param", "fast=5", "--param", "slow=30",
            ] + quickly)
        #expect(audit.status == 0, "\(audit.errors)")
        let some = try sandbox.wick("strategy", "evidence", "trend", "--json").object()
        let checks = try #require(some["checks"] as? [[String: Any]])
        #expect(checks.first { $0["check"] as? String == "truncation" }?["is_met"] as? Bool == true)
        let missing = checks.first { $0["check"] as? String == "walk-forward" }
        #expect(
            (missing?["command"] as? String)?.hasPrefix("wick backtest walk-forward --symbol SYNTHETIC:BTC") == true)
        #expect(try sandbox.wick("strategy", "enable", "trend", "--waive", "  ").status == 64)
        #expect(try sandbox.wick("strategy", "enable", "trend", "--waive", "a small try").status == 0)
        let waived = try sandbox.wick("strategy", "evidence", "trend", "--json")
        #expect(waived.status == 0)
        #expect(try waived.object()["waiver"] as? String == "a small try")
    }
}
