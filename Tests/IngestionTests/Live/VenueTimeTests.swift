import Market
import Testing
import Venues

@testable import Ingestion

@Suite("The venue's time of a market that is followed")
struct VenueTimeTests {
    private static let instrument = CaptureScript.instruments[0]
    /// A whole minute of the venue.
    private static let start = CaptureScript.start

    /// A market whose machine's clock is ahead of the venue's by so many seconds.
    private struct Stage {
        var state: LiveMarketState
        let ahead: Int64
        /// The venue's time, in seconds since the start.
        var second: Int64 = 0

        init(ahead: Int64, next: Timestamp = VenueTimeTests.start) {
            self.ahead = ahead
            state = LiveMarketState([VenueTimeTests.instrument], next: [next], LiveOptions())
            state.opening(1, MarketStreamDecoder([VenueTimeTests.instrument]), at: now)
        }

        var venue: Timestamp { VenueTimeTests.start.adding(seconds: second) }
        var now: Timestamp { venue.adding(seconds: ahead) }

        mutating func hear(_ text: String) {
            var text = text
            text.withUTF8 { state.heard(UnsafeRawBufferPointer($0), 1, at: now) }
        }

        mutating func hearTrade(_ id: Int) {
            let time = venue.milliseconds
            hear(
                #"{"e":"trade","E":\#(time),"s":"BTCUSDT","t":\#(id),"p":"100","q":"0.5","T":\#(time),"m":false,"M":true}"#
            )
        }

        mutating func hearMinute(_ index: Int64) {
            let open = VenueTimeTests.start.milliseconds + index * 60_000
            hear(
                #"{"e":"kline","E":\#(venue.milliseconds),"s":"BTCUSDT","k":{"t":\#(open),"T":\#(open + 59_999),"#
                    + #""s":"BTCUSDT","i":"1m","f":1,"L":1,"o":"100","c":"100","h":"100","l":"100","v":"0.5","n":1,"#
                    + #""x":true,"q":"50","V":"0.5","Q":"50","B":"0"}}"#)
        }

        /// So many seconds pass, with a tick each.
        mutating func pass(_ seconds: Int64) {
            for _ in 0..<seconds {
                second += 1
                state.tick(at: now)
            }
        }

        mutating func questions() -> [LiveMarketState.Demand] {
            state.takeDemands().filter { if case .minutes = $0 { true } else { false } }
        }

        mutating func closed() -> Int {
            var updates: [LiveUpdate] = []
            state.queue.take(into: &updates)
            return updates.count { if case .minute = $0 { true } else { false } }
        }
    }

    @Test("a machine whose clock is ahead does not ask for the minute that is running")
    func ahead() {
        var stage = Stage(ahead: 10)
        stage.pass(54)
        stage.hearTrade(1)
        stage.pass(5)
        #expect(stage.questions().isEmpty)
    }

    @Test("what the venue closes is told though the machine's clock is minutes ahead of it")
    func fresh() {
        var stage = Stage(ahead: 300)
        stage.pass(60)
        stage.hearMinute(0)
        #expect(stage.closed() == 1)
        #expect(stage.questions().isEmpty)
    }

    @Test(
        "a minute that nobody told of is asked for when it is overdue by the venue's time, ahead or behind",
        arguments: [-30, 30])
    func overdue(ahead: Int64) {
        var stage = Stage(ahead: ahead)
        stage.pass(55)
        stage.hearTrade(1)
        stage.pass(8)
        #expect(stage.questions().isEmpty)
        stage.pass(3)
        #expect(stage.questions() == [.minutes(0, from: Self.start, to: Self.start.adding(seconds: 60))])
    }

    @Test("a line that would begin in the venue's future begins with its running minute")
    func beginsAhead() {
        var stage = Stage(ahead: 3_600, next: Self.start.adding(seconds: 3_600))
        stage.pass(10)
        stage.hearTrade(1)
        stage.pass(50)
        stage.hearMinute(0)
        #expect(stage.closed() == 1)
    }

    @Test("before the venue has told a time nothing is asked for")
    func unknown() {
        var stage = Stage(ahead: 3_600)
        stage.pass(90)
        stage.hear(#"{"u":1,"s":"BTCUSDT","b":"100","B":"1.0","a":"101","A":"2.0"}"#)
        stage.pass(1)
        #expect(stage.questions().isEmpty)
        stage.hearTrade(1)
        stage.pass(1)
        #expect(stage.questions().count == 1)
    }

    @Test("features of a book are of the venue's seconds, also those in which nothing moves")
    func features() {
        var stage = Stage(ahead: 100)
        let text = { (first: Int, time: Int64) in
            #"{"e":"depthUpdate","E":\#(time),"s":"BTCUSDT","U":\#(first),"u":\#(first),"b":[["100","1"]],"a":[]}"#
        }
        stage.hear(text(11, stage.venue.milliseconds))
        let level = { (price: Int64) in
            [BookLevel(price: Price(mantissa: price), quantity: Quantity(mantissa: 100_000_000))]
        }
        stage.state.answer(
            0, book: DepthSnapshot(lastID: 11, bids: level(100_00000000), asks: level(101_00000000), limit: 1_000),
            at: stage.now)
        stage.pass(4)
        stage.hear(text(12, stage.venue.adding(nanoseconds: 500_000_000).milliseconds))
        let seconds = stage.state.takeFeatures().map { $0.feature.time.seconds - Self.start.seconds }
        #expect(seconds == [1, 2, 4])
    }

    @Test("a clock that jumps moves the venue's time by no more than the second until the next tick")
    func jump() {
        var time = HeardTime()
        #expect(time.time(at: Self.start) == nil)
        time.hear(Self.start, at: Self.start)
        #expect(time.time(at: Self.start.adding(seconds: 3_600)) == Self.start)
        time.tick()
        time.tick()
        #expect(time.time(at: Self.start.adding(seconds: 3_600)) == Self.start.adding(seconds: 2))
        #expect(time.time(at: Self.start.adding(seconds: -3_600)) == Self.start.adding(seconds: 1))
        // A message that was long on its way tells nothing new; a later one does.
        time.hear(Self.start, at: Self.start.adding(seconds: 2))
        #expect(time.time(at: Self.start.adding(seconds: 2)) == Self.start.adding(seconds: 2))
        time.hear(Self.start.adding(seconds: 9), at: Self.start.adding(seconds: 2))
        #expect(time.time(at: Self.start.adding(seconds: 2)) == Self.start.adding(seconds: 9))
    }
}
