import Glibc
import Market
import Storage
import Testing
import Trading

@testable import Engine

@Suite("Files of rules")
struct RulesWatchTests {
    private static func rules(_ entry: String) -> String {
        "rules:dips\nsummary\t\nentry\t\(entry)\nexit\tclose > open"
    }

    private func engine(_ folder: TemporaryDirectory, _ mode: RulesReload.Mode) throws -> Engine {
        var configuration = EngineConfiguration(directory: folder.directory)
        configuration.feed = .synthetic(SyntheticFeedOptions(seed: 3, historyMinutes: 10))
        configuration.registersStarters = false
        configuration.rulesReload = RulesReload(mode: mode) { path in
            guard let text = RulesWatchTests.contents(path) else { return .wrong("\(path): it can't be read") }
            return text.hasPrefix("rules:") ? .rules(text) : .wrong("\(path):1:2: entry: \(text)")
        }
        return try Engine.start(configuration)
    }

    private static func contents(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Puts a file in its place as editors do: another one under its name.
    private func write(_ text: String, _ path: String) throws {
        let file = try #require(fopen(path + ".new", "w"))
        fputs(text, file)
        fclose(file)
        rename(path + ".new", path)
    }

    /// An engine with a strategy of rules whose file is known, and the file.
    private func prepared(
        _ mode: RulesReload.Mode
    ) throws -> (engine: Engine, path: String, folder: TemporaryDirectory) {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/dips.rules"
        try write(Self.rules("close < open"), path)
        let store = try Store(directory: folder.directory)
        try RulesFile.remember(path, of: "dips", in: store, at: monday)
        #expect(try RulesFile.path(of: "dips", in: store) == path)
        try store.close()
        let engine = try engine(folder, mode)
        while engine.snapshot.markets.isEmpty { Poll.wait(engine) }
        let strategyClass = try #require(StrategyCatalog.bundled.strategyClass(named: Self.rules("close < open")))
        engine.send(
            .addStrategy(
                StrategyRegistration(
                    id: StrategyID(rawValue: 0), name: "dips", className: Self.rules("close < open"),
                    parameters: Parameters(strategyClass.descriptor.parameters), instrument: InstrumentID(0),
                    timeframe: .oneMinute, sizing: .equityShare(.percent(10)), status: .enabled)))
        while engine.snapshot.strategies.isEmpty { Poll.wait(engine) }
        return (engine, path, folder)
    }

    private func wait(_ engine: Engine, _ condition: (StrategyView) -> Bool) -> StrategyView? {
        for _ in 0..<6_000 {
            if let view = engine.snapshot.strategies.first, condition(view) { return view }
            Poll.wait(engine)
        }
        return nil
    }

    @Test("what changed in one is said and runs only when it is loaded, what is wrong with it is said, too")
    func ask() throws {
        let (engine, path, folder) = try prepared(.ask)
        let other = Self.rules("close < open and close > 1")
        try write(other, path)
        let changed = try #require(wait(engine) { $0.rules != nil })
        #expect(changed.rules == .changed(file: path, className: other))
        #expect(changed.registration.className == Self.rules("close < open"))
        #expect(engine.snapshot.alerts.contains { $0.alert.kind == "rules-changed" })

        try write("no rules", path)
        let wrong = try #require(
            wait(engine) {
                if case .wrong = $0.rules { return true }
                return false
            })
        #expect(wrong.rules == .wrong(file: path, problem: "\(path):1:2: entry: no rules"))

        try write(other, path)
        #expect(wait(engine) { $0.rules == .changed(file: path, className: other) } != nil)
        engine.send(.changeStrategy(try changed.registration.becoming(other, .bundled)))
        let loaded = try #require(wait(engine) { $0.registration.className == other && $0.rules == nil })
        #expect(loaded.registration.status == .enabled)
        engine.stop()
        // What was loaded is in the journal: the next session has it.
        let again = try self.engine(folder, .off)
        #expect(again.snapshot.strategies.first?.registration.className == other)
        again.stop()
    }

    @Test("is loaded at once where that is wanted, and an alert says so")
    func auto() throws {
        let (engine, path, folder) = try prepared(.auto)
        let other = Self.rules("close < open and close > 2")
        try write(other, path)
        #expect(wait(engine) { $0.registration.className == other } != nil)
        #expect(engine.snapshot.alerts.contains { $0.alert.kind == "rules-loaded" })
        engine.stop()
        withExtendedLifetime(folder) {}
    }

    @Test("with real money nothing is loaded without a question, whatever the configuration says")
    func live() throws {
        let rig = try EngineRig(in: try TemporaryDirectory()) { $0.registersStarters = false }
        let strategyClass = try #require(StrategyCatalog.bundled.strategyClass(named: Self.rules("close < open")))
        #expect(
            rig.ask(
                .addStrategy(
                    StrategyRegistration(
                        id: StrategyID(rawValue: 0), name: "dips", className: Self.rules("close < open"),
                        parameters: Parameters(strategyClass.descriptor.parameters), instrument: InstrumentID(0),
                        timeframe: .oneMinute, sizing: .equityShare(.percent(10)), status: .enabled))
            ).isDone)
        let id = try #require(rig.snapshot.strategies.first).registration.id
        let notice = RulesNotice.changed(file: "dips.yaml", className: Self.rules("close < open and close > 1"))
        rig.core.snapshot.mode = .live
        rig.core.rulesRead(id, notice, loads: true)
        #expect(rig.snapshot.strategies.first?.registration.className == Self.rules("close < open"))
        #expect(rig.snapshot.strategies.first?.rules == notice)
        rig.core.snapshot.mode = .paper
        rig.core.rulesRead(id, nil, loads: true)
        rig.core.rulesRead(id, notice, loads: true)
        #expect(rig.snapshot.strategies.first?.registration.className == Self.rules("close < open and close > 1"))
        #expect(rig.snapshot.strategies.first?.rules == nil)
    }

    @Test("a class can't become what is no text of rules")
    func becoming() throws {
        let registration = StrategyRegistration(
            id: StrategyID(rawValue: 1), name: "dips", className: Self.rules("close < open"),
            parameters: Parameters([]), instrument: InstrumentID(0), timeframe: .oneMinute,
            sizing: .equityShare(.percent(10)), status: .disabled)
        #expect(throws: RulesRefusal.self) { _ = try registration.becoming("rules:x\nnonsense", .bundled) }
    }
}
