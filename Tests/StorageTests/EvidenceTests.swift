import Market
import Testing

@testable import Storage

@Suite("Evidence for strategies")
struct EvidenceTests {
    private let subject = EvidenceGate.Subject(
        name: "trend", className: "sma-crossover", parameters: [("fast", 20), ("slow", 50)],
        series: "BINANCE:BTCUSDT", timeframe: .oneMinute)

    private func record(
        _ check: EvidenceCheck, daysAgo: Int64 = 1, passed: Bool = true, parameters: String = "fast=20.0 slow=50.0",
        className: String = "sma-crossover", series: String = "BINANCE:BTCUSDT", timeframe: Timeframe = .oneMinute
    ) -> EvidenceRecord {
        EvidenceRecord(
            time: Sample.now.adding(seconds: -86_400 * daysAgo), check: check, className: className,
            parameters: EvidenceParameters(parameters)!, series: series, timeframe: timeframe, value: 0.97,
            passed: passed, source: "optimize-1", detail: "0.97 of 0.95")
    }

    private var all: [EvidenceRecord] { EvidenceCheck.allCases.filter { $0 != .waiver }.map { record($0) } }

    @Test("what is kept is found by class, series and candles, the newest first")
    func kept() throws {
        let store = try Store.inMemory()
        try store.keep([
            record(.delay, daysAgo: 3), record(.truncation), record(.delay, className: "other"),
            record(.delay, series: "BINANCE:ETHUSDT"), record(.delay, timeframe: Timeframe("5m")!),
        ])
        let found = try store.evidence(of: "sma-crossover", series: "BINANCE:BTCUSDT", .oneMinute)
        #expect(found.map(\.check) == [.truncation, .delay])
        var expected = record(.truncation)
        expected.id = found[0].id
        #expect(found[0] == expected)
    }

    @Test(
        "ranges are written and read, and hold what lies within for the same names",
        arguments: [
            ("fast=5.0..50.0 slow=50.0", true), ("fast=20.0 slow=50.0", true), ("fast=21.0..50.0 slow=50.0", false),
            ("fast=20.0", false), ("fast=20.0 slow=50.0 third=1.0", false), ("fast=20.0 slow=51.0", false),
        ])
    func ranges(_ text: String, _ holds: Bool) throws {
        let parameters = try #require(EvidenceParameters(text))
        #expect(parameters.text == text)
        #expect(parameters.hold(subject.parameters) == holds)
    }

    @Test("text that is none is refused", arguments: ["fast", "fast=", "fast=x", "fast=1..", "=..", "fast=1..2..3"])
    func malformed(_ text: String) { #expect(EvidenceParameters(text) == nil) }

    @Test(
        "with all of it nothing is denied; without one the denial names it and its command",
        arguments: EvidenceCheck.allCases)
    func denial(_ missing: EvidenceCheck) throws {
        let gate = EvidenceGate()
        #expect(gate.denial(of: subject, all, at: Sample.now) == nil)
        guard missing != .waiver else { return }
        let text = try #require(gate.denial(of: subject, all.filter { $0.check != missing }, at: Sample.now))
        #expect(text.contains("\(missing.rawValue): there is none"))
        #expect(text.contains(subject.command(for: missing)))
        #expect(text.contains("--waive"))
    }

    @Test("evidence of another class, instrument, timeframe or other parameters is none")
    func others() {
        let gate = EvidenceGate()
        for other in [
            record(.delay, className: "ema-crossover"), record(.delay, series: "BINANCE:ETHUSDT"),
            record(.delay, timeframe: Timeframe("5m")!), record(.delay, parameters: "fast=19.0 slow=50.0"),
        ] {
            #expect(gate.denial(of: subject, all.filter { $0.check != .delay } + [other], at: Sample.now) != nil)
        }
    }

    @Test("the newest counts, failed or not, and what is too old does not")
    func age() {
        let gate = EvidenceGate(days: 30)
        let without = all.filter { $0.check != .overfitting }
        func isDenied(_ records: [EvidenceRecord]) -> Bool {
            gate.denial(of: subject, without + records, at: Sample.now) != nil
        }
        #expect(!isDenied([record(.overfitting, daysAgo: 9, passed: false), record(.overfitting, daysAgo: 8)]))
        #expect(isDenied([record(.overfitting, daysAgo: 9), record(.overfitting, daysAgo: 8, passed: false)]))
        #expect(!isDenied([record(.overfitting, daysAgo: 30)]))
        #expect(isDenied([record(.overfitting, daysAgo: 31)]))
    }

    @Test("a waiver stands for everything, for just these parameters and as long as evidence does")
    func waiver() {
        let gate = EvidenceGate(days: 30)
        #expect(gate.denial(of: subject, [record(.waiver)], at: Sample.now) == nil)
        #expect(gate.denial(of: subject, [record(.waiver, daysAgo: 31)], at: Sample.now) != nil)
        #expect(
            gate.denial(of: subject, [record(.waiver, parameters: "fast=20.0 slow=51.0")], at: Sample.now) != nil)
    }
}
