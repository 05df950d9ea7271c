import Engine
import Market
import Terminal
import Testing
import Trading

@testable import Workstation

@Suite("Searches in the backtests pane")
struct SearchPaneTests {
    private static func request(_ kind: SearchRequest.Kind) -> SearchRequest {
        let run = BacktestRequest(
            className: "sma-crossover", parameters: ["fast": "5..50/5", "slow": "60..200/20"],
            series: "BINANCE:BTCUSDT", timeframe: .oneHour)
        return SearchRequest(kind, run)
    }

    /// A search whose objective rises toward a middle, with some trials that did not simply end.
    static func search(_ kind: SearchRequest.Kind, _ state: SearchView.State = .done) -> SearchView {
        var random = Random(seed: 5)
        var view = SearchView(id: 7, name: "\(kind.rawValue)-7", request: request(kind), state: state)
        let fast = (1...10).map { "\($0 * 5)" }
        let slow = (3...10).map { "\($0 * 20)" }
        view.board.axes = [SearchAxis(name: "fast", values: fast), SearchAxis(name: "slow", values: slow)]
        for number in 0..<80 {
            let (x, y) = (number / 8, number % 8)
            let state: SearchTrial.State = number % 13 == 4 ? .pruned : number % 17 == 5 ? .infeasible : .complete
            let value =
                1.5 - Double((x - 6) * (x - 6)) * 0.04 - Double((y - 3) * (y - 3)) * 0.06 + random.normal() * 0.1
            var trial = SearchTrial(
                window: 0, number: number, state: state, values: [fast[x], slow[y]], objective: value)
            trial.totalReturn = value / 10
            trial.sharpe = value
            trial.drawdown = 0.12
            trial.trips = Double(200 - number)
            view.board.trials.append(trial)
        }
        view.board.trialCount = 80
        view.board.best = view.board.trials.indices.filter { view.board.trials[$0].state == .complete }
            .max { view.board.trials[$0].objective! < view.board.trials[$1].objective! }
        view.board.verdicts = [
            SearchVerdict(
                "Luck", "1.12", .good,
                "the Sharpe ratio that the best of 80 trials without any skill would show; the best one's is 1.62"),
            SearchVerdict(
                "Deflated Sharpe", "71.3%", .bad,
                "the chance that the best one's true ratio is above that luck; from 95 % on it counts as evidence"),
            SearchVerdict("Overfitting", "n/a", .open, "it takes 40 days and two trials to measure"),
        ]
        guard kind == .walkForward else { return view }
        view.board.best = nil
        let start = Timestamp(iso8601: "2023-01-01")!
        for number in 1...6 {
            let test = start.adding(seconds: Int64(60 + number * 30) * 86_400)
            var window = SearchWindow(
                number: number, trainFrom: test.adding(seconds: -90 * 86_400), trainTo: test, testFrom: test,
                testTo: test.adding(seconds: 30 * 86_400))
            window.chosen = number == 3 ? [] : ["fast=\(number * 5)", "slow=\(40 + number * 20)"]
            if number != 3 {
                window.returnInside = 0.21
                window.returnOutside = number % 2 == 0 ? 0.034 : -0.012
                window.sharpeInside = 2.1
                window.sharpeOutside = 0.4
                window.drawdownOutside = 0.051
                window.tripsOutside = 31
            }
            view.board.windows.append(window)
        }
        var value = 10_000.0
        for hour in 0..<400 {
            value *= 1 + random.normal() * 0.004
            view.board.stitched.append(SearchPoint(time: start.adding(seconds: Int64(hour) * 36_000), value: value))
        }
        view.board.stitchedFigures = [
            SearchFigure(key: "total_return", value: value / 10_000 - 1), SearchFigure(key: "sharpe", value: 0.41),
            SearchFigure(key: "initial_equity", value: 10_000),
        ]
        return view
    }

    private static func snapshot(_ searches: [SearchView]) -> Snapshot {
        var snapshot = BacktestsPaneTests.snapshot()
        snapshot.searches = searches
        return snapshot
    }

    private static func open(_ section: BacktestsState.SearchSection) -> ViewState {
        var view = ViewState()
        view.catalog = BacktestsPaneTests.catalog
        view.backtests.page = .search(7)
        view.backtests.searchSection = section
        return view
    }

    @Test(
        "tabs look as they did",
        arguments: [
            ("summary", 110, 24), ("map", 110, 20), ("scatter", 110, 20), ("trials", 78, 16),
        ])
    func tabs(name: String, width: Int, height: Int) throws {
        let section = try #require(BacktestsState.SearchSection.allCases.first { $0.name == name })
        let snapshot = Self.snapshot([Self.search(.optimize)])
        for (theme, look) in [
            ("default", Theme.standard), ("mono", .mono.adapted(to: .none)), ("ascii", GoldenTests.ascii),
        ] {
            try Golden.check(
                PanePicture.draw(
                    BacktestsPane.self, width, height, view: Self.open(section), snapshot: snapshot, theme: look),
                "pane-search-\(name)-\(theme)")
        }
    }

    @Test("a walk-forward's windows and its curve look as they did", arguments: ["windows", "equity", "summary"])
    func walkForward(name: String) throws {
        let section = try #require(BacktestsState.SearchSection.allCases.first { $0.name == name })
        try Golden.check(
            PanePicture.draw(
                BacktestsPane.self, 110, 20, view: Self.open(section),
                snapshot: Self.snapshot([Self.search(.walkForward)])),
            "pane-walk-forward-\(name)")
    }

    @Test("on the whole screen", arguments: [(80, 24), (120, 40), (200, 60)])
    func wholeScreen(width: Int, height: Int) throws {
        for (name, theme) in GoldenTests.themes {
            var session = Session(width, height, snapshot: Self.snapshot([Self.search(.sweep)]))
            session.view.catalog = BacktestsPaneTests.catalog
            session.steps("9gg<enter><right>++")
            try Golden.check(session.screen(theme), "screen-search-\(width)x\(height)-\(name)")
        }
    }

    @Test("in ASCII show nothing but ASCII at any size and in every tab")
    func asciiIsASCII() {
        for kind in SearchRequest.Kind.allCases {
            let search = Self.search(kind)
            for section in BacktestsState.SearchSection.shown(search) {
                for (width, height) in [(78, 20), (110, 30), (196, 50), (40, 9), (12, 3), (1, 1)] {
                    let text = PanePicture.draw(
                        BacktestsPane.self, width, height, view: Self.open(section), snapshot: Self.snapshot([search]),
                        theme: GoldenTests.ascii
                    ).text()
                    let odd = text.unicodeScalars.filter { !$0.isASCII }
                    #expect(
                        odd.isEmpty,
                        "\(kind) \(section) at \(width)×\(height): \(String(String.UnicodeScalarView(odd)))")
                }
            }
        }
    }

    @Test("stands in the list with its ranges, its state and the figures of its best trial")
    func list() {
        let snapshot = Self.snapshot([Self.search(.optimize, .running(ended: 43, total: 100, secondsLeft: 12))])
        let text = PanePicture.draw(BacktestsPane.self, 140, 10, snapshot: snapshot).text()
        #expect(text.contains("optimize-7") && text.contains("fast=5..50/5 slow=60..200/20"))
        #expect(text.contains("43 of 100, 12s left"))
    }

    @Test("is cancelled while it runs only, and goes on only when it does not")
    func cancelAndResume() {
        func press(_ action: Action, _ state: SearchView.State) -> Consequence? {
            var view = Self.open(.summary)
            let snapshot = Self.snapshot([Self.search(.optimize, state)])
            return BacktestsPane.handle(action, &view, PanePicture.handler(100, 20, snapshot))?.first
        }
        guard
            case .request(.cancelSearch(7))? = press(
                .backtestCancel, .running(ended: 1, total: 2, secondsLeft: nil))
        else {
            Issue.record("the running one was not cancelled")
            return
        }
        if case .request? = press(.backtestCancel, .done) { Issue.record("a finished one was cancelled") }
        guard case .request(.runSearch(let request))? = press(.backtestResume, .interrupted) else {
            Issue.record("the interrupted one does not go on")
            return
        }
        #expect(request.study == "optimize-7")
        if case .request? = press(.backtestResume, .running(ended: 1, total: 2, secondsLeft: nil)) {
            Issue.record("a running one was begun again")
        }
    }

    @Test("the parameters of the best trial go to a strategy, and a running one is asked about first")
    func use() throws {
        var snapshot = Self.snapshot([Self.search(.optimize)])
        var view = Self.open(.summary)
        view.catalog.classes = Fixture.classes
        let first = BacktestsPane.handle(.backtestUse, &view, PanePicture.handler(100, 20, snapshot))?.first
        let hasOwn = snapshot.strategies.contains { $0.registration.className == "sma-crossover" }
        if hasOwn {
            guard case .layer? = first else {
                Issue.record("not asked for which strategy")
                return
            }
        }
        snapshot.strategies = []
        let second = BacktestsPane.handle(.backtestUse, &view, PanePicture.handler(100, 20, snapshot))?.first
        guard case .form(let form)? = second else {
            Issue.record("no form of a new strategy")
            return
        }
        let best = try #require(Self.search(.optimize).board.best)
        let values = Self.search(.optimize).board.trials[best].values
        #expect(form.fields.first { $0.name == "p.fast" }?.value == values[0])
        #expect(form.fields.first { $0.name == "p.slow" }?.value == values[1])
    }

    @Test("proposed parameters change a strategy by a question only")
    func proposed() throws {
        let snapshot = Fixture.snapshot()
        let registration = try #require(snapshot.strategies.first?.registration)
        let descriptor = try #require(registration.parameters.descriptors.first { !$0.isSwitch })
        let other = descriptor.text(descriptor.bounds.upperBound)
        let form = StrategyForm(registration, proposing: [descriptor.name: other])
        #expect(form.fields.first { $0.name == "p.\(descriptor.name)" }?.value == other)
        let values = FormValues(pairs: form.fields.map { ($0.name, $0.value) })
        guard case .confirm(let question)? = form.submit(values, snapshot).first else {
            Issue.record("changed without a question")
            return
        }
        #expect(question.tier > .immediate)
        #expect(question.facts.contains { $0.label == descriptor.name && $0.value.hasSuffix(other) })
    }

    @Test("the form refuses what can't be searched, each with its reason")
    func form() {
        var start = Self.request(.optimize)
        start.run.parameters = ["fast": "5..50/5", "slow": "60"]
        let form = SearchForm(BacktestsPaneTests.catalog, start: start)
        func problems(_ changes: [String: String]) -> [String] {
            let values = FormValues(pairs: form.fields.map { ($0.name, changes[$0.name] ?? $0.value) })
            return form.review(values, Fixture.snapshot()).problems.map(\.name)
        }
        #expect(problems([:]).isEmpty)
        #expect(problems(["sma-crossover.fast": "50..5"]) == ["sma-crossover.fast"])
        #expect(problems(["sma-crossover.fast": "10"]) == [""])
        #expect(problems(["objective": "sharp"]) == ["objective"])
        #expect(problems(["constraints": "trade_count >= 30; nonsense"]) == ["constraints"])
        #expect(problems(["trials": "many"]) == ["trials"])
        #expect(problems(["trials": "0"]) == ["trials"])
        #expect(problems(["seed": "-1"]) == ["seed"])
        #expect(problems(["workers": "0"]) == ["workers"])
        #expect(problems(["kind": "walk-forward", "train": "soon"]) == ["train"])
        #expect(problems(["kind": "walk-forward", "purge": "100d"]) == ["purge"])
        #expect(problems(["cash": "-1"]) == ["cash"])
    }

    @Test("the form asks for what was written, defaults left out")
    func submit() {
        let form = SearchForm(BacktestsPaneTests.catalog, start: Self.request(.sweep))
        let values = FormValues(
            pairs: form.fields.map { ($0.name, $0.name == "constraints" ? "trade_count >= 30; sharpe > 0 " : $0.value) }
        )
        guard case .request(.runSearch(let request))? = form.submit(values, Fixture.snapshot()).first else {
            Issue.record("nothing was asked for")
            return
        }
        #expect(request.kind == .sweep)
        #expect(request.run.parameters == ["fast": "5..50/5", "slow": "60..200/20"])
        #expect(request.constraints == ["trade_count >= 30", "sharpe > 0"])
    }
}

@Suite("Months of a run")
struct MonthlyReturnsTests {
    private func report(_ points: [(String, Double)]) -> BacktestReport {
        BacktestReport(
            figures: [("initial_equity", 100)],
            equity: points.map { (Timestamp(iso8601: $0.0)!, $0.1) }, trips: [])
    }

    @Test("are the last mark in each over the last one before, and a mark at midnight belongs to the day that ends")
    func months() throws {
        let returns = MonthlyReturns(
            report([
                ("2023-11-15", 90), ("2023-12-01", 110), ("2023-12-20", 121), ("2024-01-01", 99), ("2024-02-10", 198),
            ]))
        #expect(returns.years.map(\.year) == [2023, 2024])
        let first = try #require(returns.years.first)
        #expect(first.months[9] == nil)
        #expect(abs(try #require(first.months[10]) - 0.10) < 1e-12)
        #expect(abs(try #require(first.months[11]) - -0.10) < 1e-12)
        #expect(abs(try #require(first.total) - -0.01) < 1e-12)
        #expect(returns.years[1].months[0] == nil)
        #expect(abs(try #require(returns.years[1].months[1]) - 1) < 1e-12)
        #expect(returns.largest == returns.years[1].months[1])
    }

    @Test("look as they did", arguments: [110, 76, 60, 30])
    func picture(width: Int) throws {
        var random = Random(seed: 8)
        var value = 100.0
        let points = (0..<900).map { day -> (time: Timestamp, value: Double) in
            value *= 1 + random.normal() * 0.01
            return (Timestamp(iso8601: "2022-03-10")!.adding(seconds: Int64(day) * 86_400), value)
        }
        var snapshot = BacktestsPaneTests.snapshot()
        snapshot.backtests[1].state = .done(
            BacktestReport(figures: [("initial_equity", 100)], equity: points, trips: []))
        var view = ViewState()
        view.backtests.page = .result(3)
        view.backtests.section = .months
        for (name, theme) in [("default", Theme.standard), ("ascii", GoldenTests.ascii)] {
            try Golden.check(
                PanePicture.draw(BacktestsPane.self, width, 9, view: view, snapshot: snapshot, theme: theme),
                "pane-months-\(width)-\(name)")
        }
    }
}
