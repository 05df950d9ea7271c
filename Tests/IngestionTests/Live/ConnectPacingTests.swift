import Testing

@testable import Ingestion

@Suite("How fast connections are made")
struct ConnectPacingTests {
    @Test("after one that lasted the next is made at once, after others later each time")
    func backoff() {
        var pacing = ConnectPacing()
        #expect(pacing.next(after: .seconds(1)) == .zero)
        for seconds in [1, 2, 4, 8] {
            #expect(pacing.next(after: .seconds(1)) >= .milliseconds(500 * seconds))
        }
        #expect(pacing.next(after: .seconds(30)) == .zero)
        #expect(pacing.next() == .zero)
        #expect(pacing.next() > .zero)
    }

    @Test("no more than sixty are made in five minutes")
    func budget() {
        var pacing = ConnectPacing()
        let begin = ContinuousClock.now
        for second in 0..<60 {
            #expect(pacing.excess(at: begin + .seconds(second)) == .zero)
            pacing.begin(at: begin + .seconds(second))
        }
        #expect(pacing.excess(at: begin + .seconds(60)) == .seconds(240))
        #expect(pacing.excess(at: begin + .seconds(300)) == .zero)
        pacing.begin(at: begin + .seconds(300))
        #expect(pacing.excess(at: begin + .seconds(300)) == .seconds(1))
    }
}
