import Market
import Testing

@testable import Engine

@Suite("The engine's time")
struct EngineClockTests {
    @Test("a clock that goes back, or ahead of the monotonic one, is noticed; one that passes is not")
    func clockSteps() {
        var detector = ClockStepDetector()
        let second: Int64 = 1_000_000_000
        let steps = [
            detector.step(wall: monday, monotonic: 0),
            detector.step(wall: monday.adding(seconds: 1), monotonic: second),
            detector.step(wall: monday.adding(seconds: 3), monotonic: 2 * second),
            detector.step(wall: monday.adding(seconds: 2), monotonic: 3 * second),
            detector.step(wall: monday.adding(seconds: 63), monotonic: 4 * second),
            // An hour passes on both.
            detector.step(wall: monday.adding(seconds: 3_663), monotonic: 3_604 * second),
        ]
        #expect(steps == [nil, nil, nil, -2 * second, 60 * second, nil])
    }

    private static let second: Int64 = 1_000_000_000

    /// The times that a steady time shows, in seconds behind Monday, for seconds of the wall clock and of the machine.
    private func steady(_ readings: [(wall: Int64, elapsed: Int64)], behind floor: Timestamp? = nil) -> [Double] {
        var steady = SteadyTime(behind: floor)
        return readings.map { reading in
            let time = steady.time(
                wall: monday.adding(seconds: reading.wall), elapsed: 1 + reading.elapsed * EngineClockTests.second)
            return Double(time.nanoseconds(since: monday)) / 1e9
        }
    }

    @Test("a clock that is wrong for some seconds is not followed, and time passes meanwhile")
    func briefStep() {
        #expect(steady([(0, 0), (1, 1), (7_202, 2), (7_205, 5), (6, 6), (8, 8)]) == [0, 1, 2, 5, 6, 8])
    }

    @Test("a clock that has stood ahead for ten seconds is followed; set right later, time goes on at half its pace")
    func longStep() {
        let readings: [(Int64, Int64)] = [
            (0, 0), (7_201, 1), (7_210, 10), (7_211, 11), (12, 12), (14, 14), (16_000, 16_000),
        ]
        // The last: 7,211.5 + 1 + half of 15,986 is 15,205.5, and the wall clock is ahead of that.
        #expect(steady(readings) == [0, 1, 10, 7_211, 7_211.5, 7_212.5, 16_000])
    }

    @Test("a small step is followed at once, and a session goes on behind the time that it was told")
    func smallStep() {
        #expect(steady([(0, 0), (3, 1), (4, 2)]) == [0, 3, 4])
        #expect(steady([(0, 0), (2, 2)], behind: monday.adding(seconds: 60)) == [60, 61])
        #expect(steady([(100, 0), (101, 1)], behind: monday.adding(seconds: 60)) == [100, 101])
    }
}
