import Market
import Testing
import Trading

@testable import Storage

@Suite struct StrategyStoreTests {
    @Test func aStrategyComesBackAsItWasRegistered() throws {
        let store = try Store.inMemory()
        let stored = try store.add(Sample.strategy(), at: Sample.now)
        #expect(stored.id.rawValue == 1 && stored.revision == 1 && stored.createdAt == Sample.now)
        var expected = Sample.strategy()
        expected.id = stored.id
        expected.revision = 1
        expected.createdAt = Sample.now
        expected.updatedAt = Sample.now
        #expect(stored == expected)
        #expect(try store.strategies() == [expected])
        #expect(try store.strategy(named: "alpha") == expected)
    }

    @Test func aNameIsTakenOnceAndFreeAfterRemoval() throws {
        let store = try Store.inMemory()
        let first = try store.add(Sample.strategy(), at: Sample.now)
        let error = #expect(throws: StoreError.self) { try store.add(Sample.strategy(), at: Sample.now) }
        #expect(error?.kind == .conflict)
        try store.removeStrategy(named: "alpha", at: Sample.now)
        let second = try store.add(Sample.strategy(), at: Sample.now)
        #expect(second.id > first.id)
        #expect(try store.strategies().map(\.id) == [second.id])
        #expect(try store.strategies(includingRemoved: true).map(\.isRemoved) == [true, false])
    }

    @Test func aNumberIsNeverUsedAgain() throws {
        let store = try Store.inMemory()
        let table = try store.declare([Sample.instrument])
        let stored = try store.add(Sample.strategy(), at: Sample.now)
        try store.removeStrategy(named: "alpha", at: Sample.now)
        try store.write { try $0.execute(sql: "DELETE FROM strategies") }
        #expect(try store.recover(table).nextStrategyID.rawValue == stored.id.rawValue + 1)
        #expect(try store.add(Sample.strategy(), at: Sample.now).id.rawValue == 2)
    }

    @Test func aChangedStatusCountsUpTheRevisionOnce() throws {
        let store = try Store.inMemory()
        _ = try store.add(Sample.strategy(), at: Sample.now)
        let enabled = try store.setStatus(.enabled, ofStrategyNamed: "alpha", at: Sample.now)
        #expect(enabled.status == .enabled && enabled.revision == 2)
        #expect(try store.setStatus(.enabled, ofStrategyNamed: "alpha", at: Sample.now).revision == 2)
        let halted = try store.setStatus(.halted, ofStrategyNamed: "alpha", reason: "drawdown", at: Sample.now)
        #expect(halted.reason == "drawdown" && halted.revision == 3)
    }

    @Test func anUnknownStrategyIsNamedWithThoseThereAre() throws {
        let store = try Store.inMemory()
        _ = try store.add(Sample.strategy("alpha"), at: Sample.now)
        _ = try store.add(Sample.strategy("beta"), at: Sample.now)
        let error = #expect(throws: StoreError.self) {
            try store.setStatus(.enabled, ofStrategyNamed: "gamma", at: Sample.now)
        }
        #expect(error?.kind == .notFound && error?.exitCode == 66)
        #expect(error?.description.contains("known: alpha, beta") == true)
    }

    @Test func changedTermsKeepTheStatus() throws {
        let store = try Store.inMemory()
        var strategy = try store.add(Sample.strategy(), at: Sample.now)
        try store.setStatus(.enabled, ofStrategyNamed: "alpha", at: Sample.now)
        strategy.parameters["fast"] = "12"
        strategy.sizing = .quantity(Quantity(mantissa: 5_000))
        let changed = try store.change(strategy, at: Sample.now)
        #expect(changed.status == .enabled && changed.parameters["fast"] == "12")
        #expect(changed.sizing == .quantity(Quantity(mantissa: 5_000)))
        strategy.id = StrategyID(rawValue: 99)
        #expect(throws: StoreError.self) { try store.change(strategy, at: Sample.now) }
    }

    @Test func whatTheKernelRecordsReachesTheStrategy() throws {
        let store = try Store.inMemory()
        let table = try store.declare([Sample.instrument])
        let stored = try store.add(Sample.strategy(), at: Sample.now)
        let descriptors = [
            ParameterDescriptor.integer("fast", "", default: 5, in: 1...100),
            ParameterDescriptor.integer("slow", "", default: 20, in: 1...100),
        ]
        var registration = try stored.registration(descriptors: descriptors, instrument: InstrumentID(0))
        #expect(registration.parameters.integer("fast") == 10 && registration.sizing == stored.sizing)
        registration.status = .halted
        try store.write([.strategy(registration, reason: "strategy drawdown")], at: Sample.now, table)
        let halted = try store.strategy(named: "alpha")
        #expect(halted?.status == .halted && halted?.reason == "strategy drawdown" && halted?.revision == 2)
        // The same again is no change.
        try store.write([.strategy(registration, reason: "strategy drawdown")], at: Sample.now, table)
        #expect(try store.strategy(named: "alpha")?.revision == 2)
        try store.write([.strategyRemoved(registration.id)], at: Sample.now, table)
        #expect(try store.strategies().isEmpty)
    }

    @Test func aStrategyThatTheKernelNumberedIsStoredWithThatNumber() throws {
        let store = try Store.inMemory()
        let table = try store.declare([Sample.instrument])
        let registration = StrategyRegistration(
            id: StrategyID(rawValue: 5), name: "delta", className: "macd", parameters: Parameters([]),
            instrument: InstrumentID(0), timeframe: .oneMinute, sizing: .allIn)
        try store.write([.strategy(registration, reason: "")], at: Sample.now, table)
        #expect(try store.strategy(named: "delta")?.id.rawValue == 5)
        #expect(try store.recover(table).nextStrategyID.rawValue == 6)
    }

    @Test(arguments: ["all-in", "fixed:0.5", "percent:12.5"])
    func sizingsComeBack(text: String) throws {
        let sizing = try #require(Sizing(text: text, Sample.instrument))
        #expect(sizing.text(Sample.instrument) == text)
    }

    @Test(arguments: ["", "all", "fixed:", "fixed:-1", "fixed:0", "percent:x", "percent:0", "fixed:0.000000001"])
    func whatIsNoSizingIsRefused(text: String) {
        #expect(Sizing(text: text, Sample.instrument) == nil)
    }
}
