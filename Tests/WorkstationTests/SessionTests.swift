import Engine
import Market
import Terminal
import Testing
import Trading

@testable import Workstation

@Suite("At the keyboard")
struct SessionTests {
    @Test("alerts are acknowledged, all that are shown too, and shelved")
    func minds() {
        var session = Session()
        session.steps("7a")
        session.steps("/profit<Enter>A<Esc>")
        session.steps("z2")
        #expect(session.requests.count == 3)
        if case .acknowledge(let ids) = session.requests[0] { #expect(ids == [1]) } else { Issue.record("0") }
        if case .acknowledge(let ids) = session.requests[1] { #expect(ids == [2]) } else { Issue.record("1") }
        if case .shelve(_, let seconds) = session.requests[2] { #expect(seconds == 3_600) } else { Issue.record("2") }
    }

    @Test("Enter on an alert goes to what it is about")
    func jumpsToCause() {
        var session = Session()
        session.steps("7<Enter>")
        #expect(session.view.focus == .strategies)
        session.steps("<Space>")
        #expect(session.requests.isEmpty, "a halted strategy is enabled after a question only")
        session.steps("<Esc>7jj<Enter>")
        #expect(session.screen().text().contains("Order 12"))
    }

    @Test("new notices become messages once, fills stay longest")
    func showsNotices() {
        var session = Session()
        session.snapshot.notices = [
            Notice(number: 1, kind: .fill, text: "SELL 0.05"), Notice(number: 2, kind: .info, text: "saved"),
        ]
        session.send(.snapshot)
        session.send(.snapshot)
        #expect(session.view.toasts.count == 2)
        session.now = session.now.adding(seconds: 3)
        session.send(.tick)
        #expect(session.view.toasts.map(\.text) == ["SELL 0.05"])
    }

    @Test("a new size is drawn at that size")
    func resizes() {
        var session = Session()
        session.send(.input(.resize(Size(width: 61, height: 17))))
        #expect(session.screen().size == Size(width: 61, height: 17))
        #expect(session.screen().text().contains("E-STOP"))
    }

    @Test("names with escape sequences or direction marks never get onto the screen")
    func neutralisesNames() {
        var snapshot = Fixture.snapshot()
        let evil = "\u{1B}[31mx\u{202E}y\u{7}\u{9B}2J"
        snapshot.strategies[0].registration.name = evil
        snapshot.strategies[0].statusReason = evil
        snapshot.alerts[0].alert.text = evil
        snapshot.orders[0].ownerName = evil
        snapshot.notices = [Notice(number: 1, kind: .error, text: evil)]
        for keys in ["6", "6<enter>", "6e", "7", "5", "5<enter>", ":dis", "6<Space>", "`"] {
            var session = Session(snapshot: snapshot)
            session.send(.snapshot)
            session.steps(keys)
            let canvas = session.screen()
            for y in 0..<canvas.size.height {
                for x in 0..<canvas.size.width {
                    let value = canvas[x, y].scalar
                    let isControl = (value > 0 && value < 0x20) || (value >= 0x7F && value < 0xA0)
                    #expect(!isControl && value != 0x202E, "\(keys): \(value) at \(x),\(y)")
                }
            }
        }
    }

    @Test("a replay is paused, stepped and sped up from the keyboard; a market that is none can't be")
    func controlsReplays() {
        var session = Session()
        session.steps("<ctrl-p>")
        #expect(session.requests.isEmpty && session.hasToast("no replay"))
        var replay = ReplayView(
            series: "BINANCE:BTCUSDT", speed: 120, isPaused: false, from: .epoch, to: Fixture.now)
        session.snapshot.source = .replay(replay)
        session.steps("<ctrl-n>")
        #expect(session.requests.isEmpty && session.hasToast("Pause the replay first"))
        session.steps("<ctrl-p>")
        replay.isPaused = true
        session.snapshot.source = .replay(replay)
        session.steps("<ctrl-n><ctrl-p><ctrl-r>max<Enter>:speed 60<Enter>")
        #expect(session.requests.count == 5)
        if case .pauseReplay(let isPaused) = session.requests[0] { #expect(isPaused) } else { Issue.record("0") }
        if case .stepReplay = session.requests[1] {} else { Issue.record("1") }
        if case .pauseReplay(let isPaused) = session.requests[2] { #expect(!isPaused) } else { Issue.record("2") }
        if case .setReplaySpeed(let speed) = session.requests[3] { #expect(speed == nil) } else { Issue.record("3") }
        if case .setReplaySpeed(let speed) = session.requests[4] { #expect(speed == 60) } else { Issue.record("4") }
        #expect(session.screen().text().contains("replay BINANCE:BTCUSDT 120×"))
    }

    @Test("the last row stands still while a replay waits, and shows seconds again when it goes on")
    func restsWithTheReplay() throws {
        var session = Session()
        var replay = ReplayView(series: "BINANCE:BTCUSDT", speed: 60, isPaused: true, from: .epoch, to: Fixture.now)
        session.snapshot.source = .replay(replay)
        func lastRow() throws -> Substring {
            try #require(session.screen().text().split(separator: "\n", omittingEmptySubsequences: true).last)
        }
        let before = try lastRow()
        session.now = session.now.adding(seconds: 5)
        #expect(try lastRow() == before)
        #expect(before.contains("14:04 ") && !before.contains("fps"))
        replay.isPaused = false
        session.snapshot.source = .replay(replay)
        #expect(try lastRow().contains("14:04:07"))
    }
}
