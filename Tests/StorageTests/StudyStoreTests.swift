import Market
import Testing

@testable import Storage

@Suite("Studies in the store")
struct StudyStoreTests {
    private func study(_ name: String = "", kind: String = "optimize") -> StudyRecord {
        StudyRecord(
            name: name, kind: kind, createdAt: Sample.now, className: "sma-crossover", series: "BINANCE:BTCUSDT",
            timeframe: .oneMinute, firstOpen: Sample.start, lastClose: Sample.now, dataHash: "00ff", seed: .max,
            space: "fast=5..50/5", definition: "cash: 10000\nseed: 1")
    }

    private func trial(_ number: Int, stage: Int = 0, _ state: TrialRecord.State = .complete, sharpe: Double? = 1.5)
        -> TrialRecord
    {
        TrialRecord(
            stage: stage, number: number, state: state, time: Sample.now, parameters: "{\"fast\":\(number)}",
            objective: sharpe, violation: 0, looks: "[0.5,null]",
            metrics: sharpe.map { "{\"sharpe\":\($0)}" } ?? "{\"sharpe\":null}")
    }

    private func take(
        _ store: Store, _ id: Int64, _ range: Range<Int>, _ limit: Int, owner: String = "a:1",
        ended: [TrialRecord] = [],
        isAbandoned: Bool = false
    ) throws -> [Int] {
        try store.exchangeTrials(
            of: id, stage: 0, ended: ended, takeFrom: range, limit: limit, owner: owner, now: Sample.now,
            isAbandoned: { _, _ in isAbandoned })
    }

    @Test("a study is found by its name, and one without gets one")
    func names() throws {
        let store = try Store.inMemory()
        let first = try store.open(study())
        #expect(first.isNew && first.study.name == "optimize-1" && first.study.seed == .max)
        let again = try store.open(study("optimize-1", kind: "sweep"))
        #expect(!again.isNew && again.study == first.study)
        #expect(try store.open(study(kind: "sweep")).study.name == "sweep-2")
        #expect(try store.study(named: "nothing") == nil)
        #expect(try store.studies().map(\.name) == ["sweep-2", "optimize-1"])
    }

    @Test("no number is taken twice, and what has ended is never taken again")
    func taking() throws {
        let store = try Store.inMemory()
        let id = try store.open(study()).study.id
        #expect(try take(store, id, 0..<10, 3) == [0, 1, 2])
        #expect(try take(store, id, 0..<10, 3, owner: "b:2") == [3, 4, 5])
        #expect(try take(store, id, 0..<4, 3, owner: "b:2") == [])
        #expect(try store.trials(of: id) == [])
        #expect(try take(store, id, 0..<10, 1, ended: [trial(0), trial(2, .pruned, sharpe: nil)]) == [6])
        #expect(try store.trials(of: id) == [trial(0), trial(2, .pruned, sharpe: nil)])
        #expect(try store.trials(of: id, stage: 0, from: 1).map(\.number) == [2])
        #expect(try store.trials(of: id, stage: 1) == [])
        // What nobody works on any more is anybody's; what has ended is not.
        #expect(try take(store, id, 0..<7, 9, owner: "c:3", isAbandoned: true) == [1, 3, 4, 5, 6])
        try store.withdrawTrials(of: id, owner: "c:3")
        #expect(try take(store, id, 0..<7, 9) == [1, 3, 4, 5, 6])
    }

    @Test("the ledger counts what ran: trials, different combinations, the best that ran to its end")
    func ledger() throws {
        let store = try Store.inMemory()
        let first = try store.open(study()).study.id
        let second = try store.open(study()).study.id
        _ = try take(
            store, first, 0..<9, 1,
            ended: [trial(0), trial(1, sharpe: nil), trial(2, .pruned, sharpe: 9), trial(3, .invalid, sharpe: nil)])
        _ = try take(store, second, 0..<9, 0, ended: [trial(0, sharpe: 2), trial(0, stage: 1, sharpe: -1)])
        let summary = try #require(try store.trialSummaries().first)
        #expect(summary.studies == 2 && summary.trials == 5 && summary.combinations == 3)
        #expect(summary.bestSharpe == 2 && summary.lastTime == Sample.now && summary.className == "sma-crossover")
    }

    @Test("a store of an older release gets the tables")
    func migration() throws {
        let directory = TemporaryDirectory()
        try directory.directory.create()
        let path = directory.file("old.db")
        try Store(path: path, directory: directory.directory.path, upTo: 5).close()
        let store = try Store(path: path, directory: directory.directory.path)
        #expect(try store.open(study()).isNew && store.trialSummaries().isEmpty)
    }
}
