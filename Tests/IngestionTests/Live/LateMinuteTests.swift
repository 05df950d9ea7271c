import Market
import Testing

@testable import Ingestion

@Suite("Minutes that come behind the line")
struct LateMinuteTests {
    private static let start = Timestamp(seconds: 1_714_953_600)

    private static func time(_ minute: Int64, plus seconds: Int64 = 0) -> Timestamp {
        start.adding(seconds: minute * 60 + seconds)
    }

    private static func candle(_ minute: Int64, close: Int64 = 100) -> Candle {
        Candle(
            openTime: time(minute), open: Price(mantissa: 100), high: Price(mantissa: 200), low: Price(mantissa: 50),
            close: Price(mantissa: close), volume: Quantity(mantissa: 1))
    }

    @Test("a newest minute that an answer lacks is asked for once more before it is absent")
    func doubt() throws {
        let line = Line(next: Self.time(0))
        let first = try #require(line.question(at: Self.time(1, plus: 6)))
        #expect(line.answer([], from: first.from, to: first.to, at: Self.time(1, plus: 7)).isEmpty)
        #expect(line.next == Self.time(0))
        let second = try #require(line.question(at: Self.time(1, plus: 16)))
        #expect(
            line.answer([], from: second.from, to: second.to, at: Self.time(1, plus: 17))
                == [.gap(from: Self.time(0), to: Self.time(1))])
    }

    @Test("a minute that comes between the two answers is told in time")
    func between() throws {
        let line = Line(next: Self.time(0))
        let first = try #require(line.question(at: Self.time(1, plus: 6)))
        _ = line.answer([], from: first.from, to: first.to, at: Self.time(1, plus: 7))
        #expect(line.close(Self.candle(0), at: Self.time(1, plus: 9)) == [.closed(Self.candle(0))])
    }

    @Test("a minute that ended half a minute ago is absent with the first answer that lacks it")
    func old() throws {
        let line = Line(next: Self.time(0))
        let question = try #require(line.question(at: Self.time(1, plus: 29)))
        #expect(
            line.answer([], from: question.from, to: question.to, at: Self.time(1, plus: 30))
                == [.gap(from: Self.time(0), to: Self.time(1))])
    }

    @Test("a minute that the venue did not have, and tells after all, is late, once")
    func afterAbsence() throws {
        let line = Line(next: Self.time(0))
        let question = try #require(line.question(at: Self.time(1, plus: 40)))
        _ = line.answer([], from: question.from, to: question.to, at: Self.time(1, plus: 41))
        #expect(line.close(Self.candle(0), at: Self.time(1, plus: 45)) == [.late([Self.candle(0)])])
        #expect(line.close(Self.candle(0), at: Self.time(1, plus: 46)).isEmpty)
    }

    @Test("a minute that the venue gave without its last trades is corrected when the stream closes it, once")
    func correction() throws {
        let line = Line(next: Self.time(0))
        let question = try #require(line.question(at: Self.time(1, plus: 6)))
        _ = line.answer([Self.candle(0)], from: question.from, to: question.to, at: Self.time(1, plus: 7))
        let whole = Self.candle(0, close: 101)
        #expect(line.close(whole, at: Self.time(1, plus: 8)) == [.corrected(whole)])
        #expect(line.close(whole, at: Self.time(1, plus: 9)).isEmpty)
    }

    @Test("what the stream closed while the answer was on its way counts, not the answer")
    func streamCounts() throws {
        let line = Line(next: Self.time(0))
        let question = try #require(line.question(at: Self.time(2, plus: 6)))
        let whole = Self.candle(1, close: 101)
        _ = line.close(whole, at: Self.time(2, plus: 6))
        let steps = line.answer(
            [Self.candle(0), Self.candle(1)], from: question.from, to: question.to, at: Self.time(2, plus: 7))
        #expect(steps == [.missed([Self.candle(0)]), .closed(whole)])
    }

    @Test("what the stream tells of a stretch that is asked for on is not missing any more, and not told twice")
    func ofStretch() throws {
        let line = Line(next: Self.time(0))
        _ = line.close(Self.candle(2), at: Self.time(3))
        _ = line.expire(at: Self.time(4))
        #expect(line.close(Self.candle(1), at: Self.time(4, plus: 1)) == [.late([Self.candle(1)])])
        let question = try #require(line.question(at: Self.time(4, plus: 2)))
        let steps = line.answer(
            [Self.candle(0), Self.candle(1)], from: question.from, to: question.to, at: Self.time(4, plus: 3))
        #expect(steps == [.late([Self.candle(0)]), .ended(from: Self.time(0), missing: 0, isAnswered: true)])
    }

    @Test("a stretch of which the stream tells the last minute that was missing is asked for no more")
    func wholeStretch() {
        let line = Line(next: Self.time(0))
        _ = line.close(Self.candle(1), at: Self.time(2))
        _ = line.expire(at: Self.time(3))
        #expect(
            line.close(Self.candle(0), at: Self.time(3, plus: 1))
                == [.late([Self.candle(0)]), .ended(from: Self.time(0), missing: 0, isAnswered: true)])
        #expect(line.question(at: Self.time(3, plus: 2)) == nil)
    }

    @Test("a minute before those that are remembered says nothing")
    func forgotten() {
        let line = Line(next: Self.time(0))
        for minute in 0...10 as ClosedRange<Int64> { _ = line.close(Self.candle(minute), at: Self.time(minute + 1)) }
        #expect(line.close(Self.candle(0, close: 101), at: Self.time(11, plus: 1)).isEmpty)
        #expect(
            line.close(Self.candle(1, close: 101), at: Self.time(11, plus: 1)) == [
                .corrected(Self.candle(1, close: 101))
            ])
    }
}
