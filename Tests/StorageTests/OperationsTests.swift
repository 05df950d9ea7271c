import Market
import Testing
import Trading

@testable import Storage

@Suite struct OperationsTests {
    private func alert(
        _ kind: String, at seconds: Int64 = 0, _ priority: AlertPriority = .warning, instrument: InstrumentID? = nil
    ) -> Alert {
        Alert(
            time: Sample.now.adding(seconds: seconds), priority: priority, kind: kind, text: "\(kind) \(seconds)",
            instrument: instrument)
    }

    @Test func equalAlertsCollapseUntilAcknowledged() throws {
        let store = try Store.inMemory()
        let table = try store.declare([Sample.instrument])
        let first = try store.raise(alert("stale", instrument: InstrumentID(0)), table)
        let second = try store.raise(alert("stale", at: 9, .critical, instrument: InstrumentID(0)), table)
        #expect(second.id == first.id && second.count == 2 && second.alert.text == "stale 9")
        #expect(second.alert.priority == .critical && second.firstTime == Sample.now)
        #expect(second.instrument == "BINANCE:BTCUSDT")
        #expect(try store.raise(alert("stale"), table).id != first.id)
        #expect(try store.acknowledgeAlerts([first.id], by: "test") == 1)
        #expect(try store.acknowledgeAlerts([first.id], by: "test") == 0)
        let third = try store.raise(alert("stale", at: 20, instrument: InstrumentID(0)), table)
        #expect(third.id != first.id && third.count == 1)
        #expect(try store.alerts(.unacknowledged).map(\.id) == [third.id, first.id + 1])
    }

    @Test func aShelvedAlertSaysUntilWhen() throws {
        let store = try Store.inMemory()
        let raised = try store.raise(alert("spread"), nil)
        #expect(try store.shelveAlert(raised.id, until: Sample.now.adding(seconds: 60), by: "test"))
        #expect(try store.alerts()[0].status == .shelved(until: Sample.now.adding(seconds: 60)))
        #expect(try store.acknowledgeAlerts(nil, by: "test") == 1)
        #expect(try store.alerts()[0].status == .acknowledged)
        #expect(try !store.shelveAlert(raised.id, until: Sample.now, by: "test"))
    }

    @Test func changesNameWhatChanged() throws {
        let store = try Store.inMemory()
        var mark = try store.mark()
        #expect(try store.changes(since: &mark).isEmpty)
        _ = try store.add(Sample.strategy(), at: Sample.now)
        #expect(try store.changes(since: &mark) == .strategies)
        try store.setValue("amber", for: "theme", at: Sample.now)
        try store.raise(alert("x"), nil)
        #expect(try store.changes(since: &mark) == [.settings, .alerts])
        try store.setValue("amber", for: "theme", at: Sample.now)
        #expect(try store.changes(since: &mark).isEmpty)
        try store.write([Sample.minute(0)], of: Sample.instrument, .oneMinute, at: Sample.now)
        #expect(try store.changes(since: &mark) == .series)
    }

    @Test func keptValuesComeBack() throws {
        let store = try Store.inMemory()
        #expect(try store.value(for: "theme") == nil)
        try store.setValue("night", for: "theme", at: Sample.now)
        #expect(try store.value(for: "theme") == "night")
        try store.setValue(nil, for: "theme", at: Sample.now)
        #expect(try store.value(for: "theme") == nil)
    }

    @Test func theAuditTellsWhoDidWhat() throws {
        let store = try Store.inMemory()
        try store.audit("strategy disable", subject: "alpha", detail: "done", by: "command line", at: Sample.now)
        try store.audit("emergency stop", by: "keyboard", at: Sample.now)
        let trail = try store.auditTrail()
        #expect(trail.map(\.action) == ["emergency stop", "strategy disable"])
        #expect(trail[1].origin == "command line" && trail[1].subject == "alpha" && trail[1].time == Sample.now)
    }

    @Test func backtestsComeBackWithTheirCurves() throws {
        let store = try Store.inMemory()
        let backtest = BacktestRecord(
            createdAt: Sample.now, className: "macd", series: "BINANCE:BTCUSDT", timeframe: .oneHour,
            request: "{\"cash\":\"10000\"}", result: "{}")
        let id = try store.keep(backtest, equity: [1, 2, 3], trades: [])
        var expected = backtest
        expected.id = id
        #expect(try store.backtests() == [expected])
        let curves = try #require(try store.backtestCurves(id))
        #expect(curves.equity == [1, 2, 3] && curves.trades.isEmpty && curves.days.isEmpty)
        var other = backtest
        other.origin = "{\"words\":[]}"
        other.id = try store.keep(other, equity: [], trades: [], days: [9, 8])
        #expect(try store.backtest(other.id) == other && store.backtest(id) == expected)
        #expect(try store.backtest(other.id + 1) == nil)
        #expect(try store.backtestCurves(other.id + 1) == nil)
        #expect(try store.backtestCurves(other.id)?.days == [9, 8])
    }

    @Test func pruningForgetsTheOldAndKeepsTrades() throws {
        let store = try Store.inMemory()
        let table = try store.declare([Sample.instrument])
        let account = Account(cash: Sample.money("1"))
        try store.write(
            [.fill(Sample.fill(1, trade: 1)), .order(Sample.order(1))], account: account, equityPoint: true,
            at: Sample.start, table)
        try store.audit("old", by: "test", at: Sample.start)
        try store.raise(Alert(time: Sample.start, priority: .info, kind: "open", text: ""), nil)
        try store.audit("new", by: "test", at: Sample.now)
        #expect(try store.prune(before: Sample.now) == 2)
        #expect(try store.fills().count == 1 && store.orders().count == 1)
        #expect(try store.auditTrail().map(\.action) == ["new"])
        #expect(try store.alerts().count == 1)
        #expect(try store.equity().isEmpty)
    }
}
