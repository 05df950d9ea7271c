public import Market
public import Network
import Synchronization

/// A venue's time, known from what it answers and carried on by a clock that never jumps.
///
/// The machine's own time of day may be wrong or be set while a request waits; what a venue compares is its own. So its
/// time is asked for several times, the median of the answers is kept with the steady instant that belongs to it, and
/// the time since then is added.
public final class VenueClock: Sendable {
    /// How far the machine's time of day may be off before somebody should be told.
    public static let alarm = Duration.milliseconds(500)
    /// How old what is known may be before it is asked for again.
    public static let lifetime = Duration.seconds(600)

    /// What asking for the venue's time brought.
    public struct Reading: Sendable, Hashable {
        /// How far the venue's time was ahead of the machine's, below zero behind it.
        public var skew: Duration
        /// How long the answer that was kept took, there and back; the venue's time is known to half of it.
        public var roundTrip: Duration
        /// How many answers there were.
        public var probes: Int

        /// Whether the machine's time of day is so wrong that somebody should be told.
        public var isAlarming: Bool { skew > VenueClock.alarm || skew < .zero - VenueClock.alarm }

        /// It in words, with what to do when it is alarming.
        public var words: String {
            let milliseconds = skew / .milliseconds(1)
            let text =
                "the venue's clock is \(Int64(milliseconds.magnitude.rounded())) ms "
                + (milliseconds < 0 ? "behind" : "ahead of") + " this machine's"
            return isAlarming ? text + "; set the clock (NTP)" : text
        }
    }

    private struct State {
        var anchor: (time: Timestamp, instant: ContinuousClock.Instant)?
        var reading: Reading?
    }

    private let state = Mutex(State())
    private let steady: @Sendable () -> ContinuousClock.Instant
    private let wall: @Sendable () -> Timestamp

    /// A clock that knows nothing yet.
    ///
    /// - Parameters:
    ///   - time: what passes steadily.
    ///   - wall: the machine's time of day.
    public init(_ time: NetworkTime, wall: @escaping @Sendable () -> Timestamp) {
        steady = time.now
        self.wall = wall
    }

    /// The venue's time now; `nil` before it was first asked for.
    public var now: Timestamp? {
        let anchor = state.withLock { $0.anchor }
        return anchor.map { $0.time.adding(nanoseconds: VenueClock.nanoseconds(steady() - $0.instant)) }
    }

    /// What the last asking brought; `nil` before the first.
    public var reading: Reading? { state.withLock { $0.reading } }

    /// Whether the venue's time is to be asked for: it is not known, or was asked for long ago.
    public var isDue: Bool {
        guard let anchor = state.withLock({ $0.anchor }) else { return true }
        return steady() - anchor.instant > VenueClock.lifetime
    }

    /// Asks for the venue's time and keeps the median of the answers.
    ///
    /// - Parameters:
    ///   - probes: how often it is asked for.
    ///   - ask: asks once; gives the venue's time.
    /// - Returns: what it brought.
    /// - Throws: the last error, when there was no answer at all; what was known before is kept.
    @discardableResult
    public func refresh<Failure: Error>(
        probes: Int = 5, _ ask: @Sendable () async throws(Failure) -> Timestamp
    ) async throws(Failure) -> Reading {
        precondition(probes > 0, "nobody is asked by no probe")
        var samples: [Sample] = []
        var failure: Failure?
        for _ in 0..<probes {
            let begin = steady()
            do throws(Failure) {
                let venue = try await ask()
                samples.append(Sample(venue: venue, begin: begin, end: steady(), wall: wall()))
            } catch { failure = error }
        }
        // By the offset between the venue's clock and the steady one, which does not change between the probes.
        samples.sort { $0.offset(from: $1.middle) < .zero }
        guard !samples.isEmpty else {
            guard let failure else { preconditionFailure("a probe answers or fails") }
            throw failure
        }
        let median = samples[samples.count / 2]
        let roundTrip = median.end - median.begin
        let venueAtEnd = median.venue.adding(nanoseconds: VenueClock.nanoseconds(roundTrip / 2))
        let reading = Reading(
            skew: .nanoseconds(venueAtEnd.nanoseconds(since: median.wall)), roundTrip: roundTrip, probes: samples.count)
        state.withLock { state in
            state.anchor = (venueAtEnd, median.end)
            state.reading = reading
        }
        return reading
    }

    private struct Sample {
        var venue: Timestamp
        var begin: ContinuousClock.Instant
        var end: ContinuousClock.Instant
        var wall: Timestamp

        var middle: (venue: Timestamp, instant: ContinuousClock.Instant) { (venue, begin + (end - begin) / 2) }

        /// How far this sample's idea of the venue's clock is ahead of another's.
        func offset(from other: (venue: Timestamp, instant: ContinuousClock.Instant)) -> Duration {
            .nanoseconds(venue.nanoseconds(since: other.venue)) - (middle.instant - other.instant)
        }
    }

    private static func nanoseconds(_ duration: Duration) -> Int64 {
        duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000
    }
}
