import Engine
import Market
import Testing
import Trading

@testable import Workstation

@Suite("Changed rules in the strategies pane")
struct RulesPaneTests {
    private static func rules(_ entry: String) -> String {
        "rules:dips\nsummary\t\nentry\t\(entry)\nexit\tclose > open"
    }

    private static func snapshot(_ notice: RulesNotice?) -> Snapshot {
        var snapshot = Fixture.snapshot()
        snapshot.strategies[0].registration.className = rules("close < open")
        snapshot.strategies[0].registration.parameters = Parameters([])
        snapshot.strategies[0].rules = notice
        return snapshot
    }

    private func load(_ notice: RulesNotice?) -> [Consequence]? {
        var view = ViewState()
        return StrategiesPane.handle(.refresh, &view, PanePicture.handler(100, 10, Self.snapshot(notice)))
    }

    @Test("R asks with the lines that go and come, and sends what was shown")
    func ask() throws {
        let other = Self.rules("close < open and close > 1")
        let snapshot = Self.snapshot(.changed(file: "/etc/dips.yaml", className: other))
        let text = PanePicture.draw(StrategiesPane.self, 140, 10, snapshot: snapshot).text()
        #expect(text.contains("rules changed: R loads"))
        guard case .confirm(let question)? = load(.changed(file: "/etc/dips.yaml", className: other))?.first,
            case .changeStrategy(let changed) = question.request
        else {
            Issue.record("not asked")
            return
        }
        #expect(question.tier > .immediate)
        #expect(question.facts.map(\.label).prefix(3) == ["file", "-", "+"])
        #expect(question.facts[1].value == "entry close < open")
        #expect(question.facts[2].value == "entry close < open and close > 1")
        #expect(changed.className == other && changed.id == snapshot.strategies[0].registration.id)
    }

    @Test("mistakes are shown with their place and load nothing")
    func wrong() {
        let notice = RulesNotice.wrong(file: "/etc/dips.yaml", problem: "/etc/dips.yaml:3:12: entry: no function 'rsj'")
        let text = PanePicture.draw(StrategiesPane.self, 160, 10, snapshot: Self.snapshot(notice)).text()
        #expect(text.contains("dips.yaml:3:12: entry: no function 'rsj'"))
        guard case .detail? = load(notice)?.first else {
            Issue.record("the mistakes are not shown")
            return
        }
    }

    @Test("rules that go with nothing are not asked about, and without a notice R means what it means elsewhere")
    func others() {
        guard case .toast(.error, _)? = load(.changed(file: "x", className: "rules:x\nnonsense"))?.first else {
            Issue.record("asked for what can't be")
            return
        }
        #expect(load(nil) == nil)
    }
}
