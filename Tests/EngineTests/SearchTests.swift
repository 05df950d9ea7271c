import Bytes
import Market
import Simulation
import Storage
import Testing
import Trading

@testable import Engine

@Suite("Searches in the background")
struct SearchRunnerTests {
    private func engine(_ folder: TemporaryDirectory) throws -> Engine {
        var configuration = EngineConfiguration(directory: folder.directory)
        configuration.feed = .synthetic(SyntheticFeedOptions(seed: 3, historyMinutes: 10))
        configuration.registersStarters = false
        return try Engine.start(configuration)
    }

    /// A directory with days of minutes.
    private func prepared(days: Int64 = 2) throws -> TemporaryDirectory {
        let folder = try TemporaryDirectory()
        let store = try Store(directory: folder.directory)
        let market = SyntheticMarket(seed: 9, start: monday)
        let candles = market.candles(InstrumentID(0), from: monday, to: monday.adding(seconds: days * 86_400))
        try store.write(candles, of: market.instruments[0], .oneMinute, at: monday)
        try store.close()
        return folder
    }

    private func request(_ kind: SearchRequest.Kind = .sweep, timeframe: Timeframe = .oneMinute) -> SearchRequest {
        SearchRequest(
            kind,
            BacktestRequest(
                className: "sma-crossover", parameters: ["fast": "5..15/5", "slow": "20,40"],
                series: "SYNTHETIC:BTCUSDT", timeframe: timeframe))
    }

    private func isRunning(_ view: SearchView) -> Bool {
        if case .running = view.state { return true }
        return false
    }

    /// The newest search once it has ended.
    private func finished(_ engine: Engine) throws -> SearchView {
        while engine.snapshot.searches.first.map(isRunning) ?? true { Poll.wait(engine) }
        return try #require(engine.snapshot.searches.first)
    }

    @Test("a sweep tries every combination, keeps them in the ledger, and is there again in the next session")
    func sweep() throws {
        let folder = try prepared()
        let first = try engine(folder)
        first.send(.runSearch(request()))
        let view = try finished(first)
        #expect(view.state == .done)
        #expect(view.id > 0 && view.name == "sweep-1")
        #expect(view.board.axes.map(\.name) == ["fast", "slow"])
        #expect(view.board.axes.map(\.values) == [["5", "10", "15"], ["20", "40"]])
        #expect(
            view.board.trials.map(\.values) == [
                ["5", "20"], ["5", "40"], ["10", "20"], ["10", "40"], ["15", "20"], ["15", "40"],
            ])
        let best = try #require(view.board.best)
        #expect(view.board.trials.allSatisfy { $0.objective ?? -.infinity <= view.board.trials[best].objective! })
        #expect(!view.board.verdicts.isEmpty)
        first.stop()

        let store = try Store(directory: folder.directory)
        let study = try #require(try store.study(named: "sweep-1"))
        #expect(study.kind == "sweep" && study.space == "fast=5..15/5 slow=20,40")
        #expect(try store.trials(of: study.id).count == 6)
        try store.close()

        let second = try engine(folder)
        let kept = try finished(second)
        #expect(kept.state == .done && kept.name == view.name)
        #expect(kept.board.trials == view.board.trials)
        #expect(kept.board.verdicts == view.board.verdicts)
        #expect(kept.board.best == view.board.best)
        second.stop()
    }

    @Test("a study that another program began is shown from the ledger, and goes on here")
    func otherProgram() throws {
        let folder = try prepared()
        let first = try engine(folder)
        first.send(.runSearch(request()))
        let view = try finished(first)
        first.stop()
        let store = try Store(directory: folder.directory)
        // What the command line leaves behind: study and trials, and no word of what came of them.
        try store.setValue(nil, for: "search.\(view.name)", at: monday)
        try store.close()

        let second = try engine(folder)
        let kept = try finished(second)
        #expect(kept.state == .kept && kept.name == view.name)
        #expect(kept.request.run.parameters == request().run.parameters)
        #expect(kept.request.objective == "sharpe" && kept.request.kind == .sweep)
        #expect(kept.board.axes == view.board.axes && kept.board.trials == view.board.trials)
        #expect(kept.board.verdicts.isEmpty)
        second.send(.runSearch(kept.request))
        while second.snapshot.searches.first?.state != .done { Poll.wait(second) }
        #expect(second.snapshot.searches.first?.board == view.board)
        #expect(second.snapshot.searches.count == 1)
        second.stop()
    }

    @Test("a walk-forward measures every window on what follows it, and says what that is worth")
    func walkForward() throws {
        let folder = try prepared(days: 6)
        let engine = try engine(folder)
        var request = request(.walkForward, timeframe: Timeframe("5m")!)
        request.train = "2d"
        request.test = "1d"
        request.trials = 4
        request.sampler = "random"
        engine.send(.runSearch(request))
        let view = try finished(engine)
        #expect(view.state == .done)
        #expect(view.board.windows.count == 4)
        #expect(view.board.trials.count == 16)
        #expect(Set(view.board.trials.map(\.window)) == [1, 2, 3, 4])
        #expect(view.board.best == nil)
        #expect(view.board.windows.allSatisfy { $0.chosen.count == 2 && $0.returnOutside != nil })
        #expect(view.board.windows[0].testTo == view.board.windows[1].testFrom)
        #expect(!view.board.stitched.isEmpty)
        #expect(view.board.stitchedFigures.contains { $0.key == "total_return" && $0.value != nil })
        #expect(view.board.verdicts.first?.name == "Out of sample")
        engine.stop()
    }

    @Test("what can't be searched says why, everything at once")
    func failures() throws {
        let folder = try prepared()
        let engine = try engine(folder)
        var requests: [(SearchRequest, String)] = []
        func add(_ words: String, _ change: (inout SearchRequest) -> Void) {
            var request = request(.optimize)
            change(&request)
            requests.append((request, words))
        }
        add("no-such") { $0.run.className = "no-such" }
        add("50..5") { $0.run.parameters["fast"] = "50..5" }
        add("objective") { $0.objective = "sharp" }
        add("is none of tpe, random, grid") { $0.sampler = "best" }
        add("DOGE") { $0.run.series = "SYNTHETIC:DOGEUSDT" }
        add("whole number from 1 to 4000") { $0.trials = 1_000_000 }
        add("constraints") { $0.constraints = ["trade_count >"] }
        add("no whole window") {
            $0.kind = .walkForward
            $0.train = "90d"
            $0.test = "30d"
        }
        for (request, words) in requests {
            engine.send(.runSearch(request))
            func reason() -> String? {
                guard let view = engine.snapshot.searches.first(where: { $0.request == request }),
                    case .failed(let reason) = view.state
                else { return nil }
                return reason
            }
            while reason() == nil { Poll.wait(engine) }
            #expect(reason()?.contains(words) == true, "\(reason() ?? "")")
        }
        engine.stop()
    }

    @Test("a full queue is refused, and a search that waits is cancelled")
    func queue() throws {
        let rig = try EngineRig(in: try TemporaryDirectory())
        let runner = try SearchRunner(
            store: rig.store, synthetic: nil, catalog: .bundled, clock: EngineClock { monday }, inbox: rig.inbox)
        #expect(rig.ask(.runSearch(request())).refusal != nil)
        rig.core.connect(runner)
        for _ in 0..<SearchRunner.capacity { #expect(rig.ask(.runSearch(request())).isDone) }
        #expect(rig.ask(.runSearch(request())).refusal?.contains("wait already") == true)
        rig.pump()
        #expect(rig.snapshot.searches.count == SearchRunner.capacity)
        for view in rig.snapshot.searches { #expect(rig.ask(.cancelSearch(view.id)).isDone) }
        #expect(rig.ask(.cancelSearch(-77)).refusal != nil)
        try runner.start()
        while !rig.snapshot.searches.allSatisfy({ $0.state == .cancelled }) { rig.pump() }
        #expect(rig.snapshot.searches.count == SearchRunner.capacity)
        runner.stop()
    }

    @Test("one that its engine ended under is said to be interrupted, and goes on to the same result")
    func interrupted() throws {
        var request = request(.optimize)
        request.run.parameters = ["fast": "2..60", "slow": "61..400"]
        request.trials = 60
        let whole = try prepared()
        let undisturbed = try engine(whole)
        undisturbed.send(.runSearch(request))
        let expected = try finished(undisturbed)
        undisturbed.stop()

        let folder = try prepared()
        let first = try engine(folder)
        first.send(.runSearch(request))
        while first.snapshot.searches.first?.name.isEmpty ?? true { Poll.wait(first) }
        first.stop()
        let second = try engine(folder)
        let view = try finished(second)
        // A fast machine may have been through before the end came.
        #expect(view.state == .interrupted || view.state == .done)
        var again = view.request
        again.study = view.name
        second.send(.runSearch(again))
        while second.snapshot.searches.first?.state != .done { Poll.wait(second) }
        let done = try #require(second.snapshot.searches.first)
        #expect(second.snapshot.searches.count == 1)
        #expect(done.board.trials == expected.board.trials)
        #expect(done.board.verdicts == expected.board.verdicts)
        second.stop()
    }

    @Test("what was running when its engine was killed is said to be interrupted, with the trials that it has")
    func killed() throws {
        let store = try Store.inMemory()
        let archive = SearchArchive(store: store, catalog: .bundled)
        let record = StudyRecord(
            name: "", kind: "sweep", createdAt: monday, className: "sma-crossover", series: "SYNTHETIC:BTCUSDT",
            timeframe: .oneMinute, firstOpen: monday, lastClose: monday.adding(seconds: 60), dataHash: "x", seed: 0,
            space: "fast=5..15/5 slow=20,40", definition: "search: fast=5..15/5 slow=20,40")
        let study = try store.open(record).study
        _ = try store.exchangeTrials(
            of: study.id, stage: 0,
            ended: [
                TrialRecord(
                    stage: 0, number: 3, state: .complete, time: monday, parameters: #"{"fast":10,"slow":40}"#,
                    objective: 1.5, violation: 0, looks: "[]", metrics: #"{"sharpe":1.5,"trade_count":7}"#)
            ], takeFrom: 4..<5, limit: 1, owner: "gone:1", now: monday, isAbandoned: { _, _ in false })
        var view = SearchView(
            id: study.id, name: study.name, request: request(), state: .running(ended: 1, total: 6, secondsLeft: nil))
        view.board.axes = [SearchAxis(name: "fast", values: []), SearchAxis(name: "slow", values: [])]
        try archive.keep(view, at: monday)
        let again = try #require(try archive.views().first)
        #expect(again.state == .interrupted && again.name == "sweep-1" && again.request.study == "sweep-1")
        #expect(again.board.trials.map(\.values) == [["10", "40"]])
        #expect(again.board.trials.first?.trips == 7 && again.board.best == 0)
        // Bytes of another version are no answer: what the study itself says is.
        try store.setValue("0:AAAA", for: "search.sweep-1", at: monday)
        #expect(try archive.views().first?.state == .kept)
    }

    @Test("cancelling one that runs keeps what has ended")
    func cancelRunning() throws {
        let folder = try prepared()
        let engine = try engine(folder)
        var request = request(.optimize)
        request.run.parameters = ["fast": "2..60", "slow": "61..400"]
        request.trials = 4_000
        engine.send(.runSearch(request))
        while engine.snapshot.searches.first?.name.isEmpty ?? true { Poll.wait(engine) }
        let id = try #require(engine.snapshot.searches.first).id
        engine.send(.cancelSearch(id))
        let view = try finished(engine)
        #expect(view.state == .cancelled && view.id == id)
        engine.stop()
        let store = try Store(directory: folder.directory)
        #expect(try store.trials(of: id).count == view.board.trialCount)
        #expect(view.board.trialCount < 4_000)
        try store.close()
    }

    @Test("another study of the same name is not gone on with")
    func otherStudy() throws {
        let folder = try prepared()
        let engine = try engine(folder)
        engine.send(.runSearch(request()))
        let view = try finished(engine)
        var other = request()
        other.objective = "total_return"
        other.study = view.name
        engine.send(.runSearch(other))
        func reason() -> String? {
            for view in engine.snapshot.searches { if case .failed(let reason) = view.state { return reason } }
            return nil
        }
        while reason() == nil { Poll.wait(engine) }
        #expect(reason()?.contains("objective was 'sharpe' and is 'total_return'") == true, "\(reason() ?? "")")
        engine.stop()
    }
}

@Suite("Searches as bytes")
struct SearchCodingTests {
    @Test("are read as they were written, and cut off anywhere an error")
    func roundTrip() throws {
        var request = SearchRequest(
            .walkForward,
            BacktestRequest(className: "macd", parameters: ["fast": "5..9"], series: "A:B", timeframe: .oneHour))
        request.constraints = ["a > 1", "größer"]
        request.workers = 3
        request.study = "x"
        var view = SearchView(id: 4, name: "n", request: request, state: .running(ended: 1, total: 9, secondsLeft: 2))
        view.revision = 8
        view.board.axes = [SearchAxis(name: "fast", values: ["5", "6"])]
        var trial = SearchTrial(window: 1, number: 2, state: .infeasible, values: ["5"], objective: nil)
        trial.trips = 4
        view.board.trials = [trial]
        view.board.trialCount = 1
        view.board.best = 0
        view.board.verdicts = [SearchVerdict("a", "b", .bad, "c")]
        view.board.windows = [
            SearchWindow(number: 1, trainFrom: monday, trainTo: monday, testFrom: monday, testTo: monday)
        ]
        view.board.stitched = [SearchPoint(time: monday, value: 1.5)]
        view.board.stitchedFigures = [SearchFigure(key: "k", value: nil)]
        var writer = ByteWriter()
        writer.value(view)
        let bytes = writer.bytes
        var reader = ByteReader(bytes)
        let read: SearchView = try reader.value()
        #expect(reader.isAtEnd)
        #expect(read.request == request && read.state == view.state && read.board == view.board)
        #expect(read.id == 4 && read.name == "n" && read.revision == 8)
        for end in 0..<bytes.count {
            var cut = ByteReader(bytes[..<end])
            #expect(throws: MalformedBytes.self) { _ = try cut.value(SearchView.self) }
        }
        var asked = ByteWriter()
        asked.value(EngineRequest.runSearch(request))
        asked.value(EngineRequest.cancelSearch(-3))
        var requests = ByteReader(asked.bytes)
        guard case .runSearch(let again) = try requests.value(EngineRequest.self),
            case .cancelSearch(-3) = try requests.value(EngineRequest.self)
        else {
            Issue.record("requests are other ones")
            return
        }
        #expect(again == request)
    }
}

@Suite("Runs side by side")
struct BacktestComparisonTests {
    private func report(_ from: Int64, _ values: [Double]) -> BacktestReport {
        let start = monday.adding(seconds: from * 86_400)
        return BacktestReport(
            figures: [("initial_equity", 100)],
            equity: values.enumerated().map { (start.adding(seconds: Int64($0.offset + 1) * 86_400), $0.element) },
            trips: [])
    }

    @Test("are compared over the days that they have in common")
    func overlap() {
        let long = (1...60).map { (day: Int) -> Double in
            let wobble = day % 2 == 0 ? 0.5 : 0.0
            return 100.0 + Double(day) + wobble
        }
        let late = (1...60).map { (day: Int) -> Double in
            let wobble = day % 3 == 0 ? 0.4 : 0.0
            return 100.0 - Double(day) * 0.5 + wobble
        }
        let comparison = BacktestComparison([(1, report(0, long)), (2, report(20, late))])
        #expect(comparison.problem == nil)
        #expect(comparison.days == 40)
        #expect(comparison.from == monday.adding(seconds: 20 * 86_400))
        #expect(comparison.rows.map(\.id) == [1, 2])
        #expect(comparison.rows[0].dailyDifference == nil)
        #expect((comparison.rows[1].dailyDifference ?? 1) < 0)
        #expect((comparison.rows[1].bootstrapProbability ?? 1) < 0.05)
        // The growth of both over the common days lies within its interval.
        #expect(comparison.rows[0].returnLow! < long[59] / long[19] - 1)
        #expect(comparison.rows[0].returnHigh! > long[59] / long[19] - 1)
    }

    @Test("are not compared where they have too few days in common")
    func apart() {
        let values = (1...30).map { 100 + Double($0) }
        let comparison = BacktestComparison([(1, report(0, values)), (2, report(25, values))])
        #expect(comparison.rows.isEmpty)
        #expect(comparison.problem == "5 days in common; a test needs 20")
        #expect(
            BacktestComparison([(1, report(0, values)), (2, report(0, []))]).problem == "a run has no equity curve")
    }
}
