import Market
import Testing

@testable import Ingestion

/// A line that expectations can change.
final class Line {
    private var line: MinuteLine

    init(next: Timestamp?) { line = MinuteLine(next: next) }

    var next: Timestamp? { line.next }

    func close(_ candle: Candle, at now: Timestamp) -> [MinuteLine.Step] { line.close(candle, at: now) }

    func question(at now: Timestamp) -> (from: Timestamp, to: Timestamp)? { line.question(at: now) }

    func answer(_ candles: [Candle], from: Timestamp, to: Timestamp, at now: Timestamp) -> [MinuteLine.Step] {
        line.answer(candles, from: from, to: to, at: now)
    }

    func fail(at now: Timestamp) -> [MinuteLine.Step] { line.fail(at: now) }

    func expire(at now: Timestamp) -> [MinuteLine.Step] { line.expire(at: now) }

    func heardAgain() { line.heardAgain() }
}

@Suite("Closed minutes in order")
struct MinuteLineTests {
    private static let start = Timestamp(seconds: 1_714_953_600)

    private static func time(_ minute: Int64, plus seconds: Int64 = 0) -> Timestamp {
        start.adding(seconds: minute * 60 + seconds)
    }

    private static func candle(_ minute: Int64, close: Int64 = 100) -> Candle {
        Candle(
            openTime: time(minute), open: Price(mantissa: 100), high: Price(mantissa: 200), low: Price(mantissa: 50),
            close: Price(mantissa: close), volume: Quantity(mantissa: 1))
    }

    @Test("minutes that follow each other are told as they close")
    func inOrder() {
        let line = Line(next: Self.time(0))
        #expect(line.close(Self.candle(0), at: Self.time(1)) == [.closed(Self.candle(0))])
        #expect(line.close(Self.candle(1), at: Self.time(2)) == [.closed(Self.candle(1))])
        #expect(line.next == Self.time(2))
    }

    @Test("the first minute ever heard is told whatever it is")
    func first() {
        let line = Line(next: nil)
        #expect(line.question(at: Self.time(100)) == nil)
        #expect(line.close(Self.candle(7), at: Self.time(8)) == [.closed(Self.candle(7))])
        #expect(line.next == Self.time(8))
    }

    @Test("a minute that was told is not told again")
    func twice() {
        let line = Line(next: Self.time(0))
        _ = line.close(Self.candle(0), at: Self.time(1))
        #expect(line.close(Self.candle(0), at: Self.time(1, plus: 1)).isEmpty)
    }

    @Test("a minute waits while earlier ones are missing, and follows them when they are there")
    func waits() throws {
        let line = Line(next: Self.time(0))
        #expect(line.close(Self.candle(3), at: Self.time(4)).isEmpty)
        let question = try #require(line.question(at: Self.time(4)))
        #expect(question.from == Self.time(0) && question.to == Self.time(3))
        let steps = line.answer(
            [0, 1, 2].map { Self.candle($0) }, from: question.from, to: question.to, at: Self.time(4, plus: 1))
        #expect(steps == [.missed([0, 1].map { Self.candle($0) }), .closed(Self.candle(2)), .closed(Self.candle(3))])
    }

    @Test("minutes that closed long ago are the past, and only the newest may be traded on")
    func past() throws {
        let line = Line(next: Self.time(0))
        let question = try #require(line.question(at: Self.time(10, plus: 6)))
        #expect(question.to == Self.time(10))
        let steps = line.answer(
            (0..<10).map { Self.candle($0) }, from: question.from, to: question.to, at: Self.time(10, plus: 7))
        #expect(steps == [.missed((0..<9).map { Self.candle($0) }), .closed(Self.candle(9))])
    }

    @Test("nothing is asked while nothing is missing, not twice within ten seconds, and later after each failure")
    func questions() {
        let line = Line(next: Self.time(0))
        #expect(line.question(at: Self.time(1, plus: 5)) == nil)
        #expect(line.question(at: Self.time(1, plus: 6)) != nil)
        #expect(line.question(at: Self.time(1, plus: 7)) == nil)
        var asked: [Int64] = []
        for second in 7..<500 as Range<Int64> {
            _ = line.fail(at: Self.time(1, plus: second))
            if line.question(at: Self.time(1, plus: second)) != nil { asked.append(second) }
        }
        // As many failures as seconds: the pause is at its longest.
        #expect(asked == [126, 246, 366, 486])
        line.heardAgain()
        #expect(line.question(at: Self.time(1, plus: 500)) != nil)
    }

    @Test("what the venue does not have is a gap, and the line goes on behind it")
    func gap() throws {
        let line = Line(next: Self.time(0))
        _ = line.close(Self.candle(5), at: Self.time(6))
        let question = try #require(line.question(at: Self.time(6)))
        let steps = line.answer(
            [Self.candle(0), Self.candle(3)], from: question.from, to: question.to, at: Self.time(6))
        #expect(
            steps == [
                .gap(from: Self.time(1), to: Self.time(3)), .gap(from: Self.time(4), to: Self.time(5)),
                .missed([Self.candle(0), Self.candle(3)]), .closed(Self.candle(5)),
            ])
        #expect(line.next == Self.time(6))
    }

    @Test("where the venue can't be asked for a minute, what waits is told with the gap before it")
    func failure() {
        let line = Line(next: Self.time(0))
        _ = line.close(Self.candle(2), at: Self.time(3))
        _ = line.question(at: Self.time(3))
        #expect(line.fail(at: Self.time(3, plus: 30)).isEmpty)
        #expect(line.next == Self.time(0))
        _ = line.question(at: Self.time(3, plus: 40))
        #expect(
            line.fail(at: Self.time(4)) == [.overdue(from: Self.time(0), to: Self.time(2)), .closed(Self.candle(2))])
        #expect(line.next == Self.time(3))
    }

    @Test("what did not come in time is asked for on, until the venue has answered for it")
    func askedOn() throws {
        let line = Line(next: Self.time(0))
        _ = line.close(Self.candle(3), at: Self.time(4))
        _ = line.question(at: Self.time(4))
        #expect(line.fail(at: Self.time(5)).first == .overdue(from: Self.time(0), to: Self.time(3)))
        let again = try #require(line.question(at: Self.time(5)))
        #expect(again.from == Self.time(0) && again.to == Self.time(3))
        #expect(line.fail(at: Self.time(5, plus: 1)).isEmpty)
        _ = line.close(Self.candle(4), at: Self.time(5, plus: 2))
        #expect(line.question(at: Self.time(5, plus: 39)) == nil)
        let last = try #require(line.question(at: Self.time(5, plus: 40)))
        // The venue has nothing of the second minute.
        let steps = line.answer(
            [Self.candle(0), Self.candle(2)], from: last.from, to: last.to, at: Self.time(5, plus: 41))
        #expect(
            steps == [
                .late([Self.candle(0), Self.candle(2)]), .ended(from: Self.time(0), missing: 1, isAnswered: true),
            ])
        #expect(line.next == Self.time(5))
        #expect(line.question(at: Self.time(6)) == nil)
    }

    @Test("a stretch that is answered in part is asked for on for the rest, and of too many the oldest is given up")
    func parts() throws {
        let line = Line(next: Self.time(0))
        _ = line.close(Self.candle(1), at: Self.time(2))
        let question = try #require(line.question(at: Self.time(3, plus: 6)))
        #expect(question.to == Self.time(3))
        _ = line.close(Self.candle(6), at: Self.time(7))
        #expect(
            line.expire(at: Self.time(8)) == [
                .overdue(from: Self.time(0), to: Self.time(1)), .overdue(from: Self.time(2), to: Self.time(6)),
                .missed([Self.candle(1)]), .closed(Self.candle(6)),
            ])
        let first = line.answer(
            [0, 1, 2].map { Self.candle($0) }, from: question.from, to: question.to, at: Self.time(8, plus: 1))
        #expect(
            first == [
                .late([Self.candle(0), Self.candle(2)]), .ended(from: Self.time(0), missing: 0, isAnswered: true),
            ])
        let rest = try #require(line.question(at: Self.time(8, plus: 2)))
        #expect(rest.from == Self.time(3) && rest.to == Self.time(6))
        for number in 0..<17 as Range<Int64> {
            let minute = 10 + 2 * number
            _ = line.fail(at: Self.time(minute))
            _ = line.close(Self.candle(minute), at: Self.time(minute + 1))
            let steps = line.expire(at: Self.time(minute + 2))
            #expect(steps.contains { if case .overdue = $0 { true } else { false } })
            let isGivenUp = steps.contains(.ended(from: Self.time(2), missing: 3, isAnswered: false))
            #expect(isGivenUp == (number == 15))
        }
    }

    @Test("what has waited for a minute is told while the question is still out, and what that brings is late")
    func expiry() throws {
        let line = Line(next: Self.time(0))
        _ = line.close(Self.candle(2), at: Self.time(3))
        let question = try #require(line.question(at: Self.time(3)))
        #expect(line.expire(at: Self.time(3, plus: 59)).isEmpty)
        #expect(
            line.expire(at: Self.time(4)) == [.overdue(from: Self.time(0), to: Self.time(2)), .closed(Self.candle(2))])
        let answer = line.answer(
            [Self.candle(0), Self.candle(1)], from: question.from, to: question.to, at: Self.time(4, plus: 1))
        #expect(
            answer == [
                .late([Self.candle(0), Self.candle(1)]), .ended(from: Self.time(0), missing: 0, isAnswered: true),
            ])
        #expect(line.next == Self.time(3))
    }

    @Test("what the stream told while the answer was on its way is told once")
    func overlap() throws {
        let line = Line(next: Self.time(0))
        let question = try #require(line.question(at: Self.time(2, plus: 6)))
        #expect(line.close(Self.candle(1), at: Self.time(2, plus: 6)).isEmpty)
        let steps = line.answer(
            [Self.candle(0), Self.candle(1)], from: question.from, to: question.to, at: Self.time(2, plus: 7))
        #expect(steps == [.missed([Self.candle(0)]), .closed(Self.candle(1))])
    }

    @Test("any order of answers, failures and closes tells each minute once, and in order unless it is late")
    func property() {
        var random = SeededNumbers(seed: 7)
        for _ in 0..<300 {
            let line = Line(next: Self.time(0))
            var now = Self.time(0)
            var told: [Timestamp] = []
            var late: [Timestamp] = []
            var end = Self.time(0)
            var pending: (from: Timestamp, to: Timestamp)?
            func note(_ steps: [MinuteLine.Step]) {
                for step in steps {
                    switch step {
                    case .closed(let candle): told.append(candle.openTime)
                    case .missed(let candles): told += candles.map(\.openTime)
                    case .gap(let from, let to), .overdue(let from, let to): #expect(from < to)
                    case .late(let candles): late += candles.map(\.openTime)
                    case .corrected: Issue.record("no minute has other numbers")
                    case .ended(_, let missing, _): #expect(missing >= 0)
                    }
                }
            }
            for _ in 0..<60 {
                now = now.adding(seconds: Int64(random.next() % 40))
                switch random.next() % 4 {
                case 0, 1:
                    let minute = now.floored(to: .oneMinute).adding(seconds: -60)
                    guard minute >= Self.start, random.next() % 3 > 0 else { continue }
                    note(line.close(Self.candle(minute.seconds(since: Self.start) / 60), at: now))
                    end = max(end, minute)
                case 2: pending = line.question(at: now) ?? pending
                default:
                    guard let question = pending else { continue }
                    pending = nil
                    if random.next() % 3 == 0 {
                        note(line.fail(at: now))
                    } else {
                        let first = question.from.seconds(since: Self.start) / 60
                        let end = question.to.seconds(since: Self.start) / 60
                        let candles = (first..<end).filter { _ in random.next() % 5 > 0 }.map { Self.candle($0) }
                        note(line.answer(candles, from: question.from, to: question.to, at: now))
                    }
                }
            }
            #expect(zip(told, told.dropFirst()).allSatisfy { $0 < $1 })
            #expect(Set(told + late).count == told.count + late.count)
        }
    }
}

extension Timestamp {
    fileprivate func seconds(since other: Timestamp) -> Int64 { nanoseconds(since: other) / 1_000_000_000 }
}
