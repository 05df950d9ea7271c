import Market
import Network
import Venues

/// Compares the machine's time of day with a venue's from time to time, and tells when it is wrong.
struct ClockWatch: Sendable {
    /// How long is waited where the venue did not tell its time.
    private static let pause = Duration.seconds(60)

    let venue: any StreamingVenue
    let time: NetworkTime
    /// The machine's time of day.
    let now: @Sendable () -> Timestamp

    /// Runs until its task is cancelled.
    ///
    /// - Parameter tell: takes words for a person, once each time that the clock is found wrong after it was right.
    func run(_ tell: @Sendable (String) -> Void) async {
        let clock = VenueClock(time, wall: now)
        var isTold = false
        while !Task.isCancelled {
            var next = VenueClock.lifetime
            do throws(VenueError) {
                let reading = try await clock.refresh { () async throws(VenueError) in
                    try await venue.time { _ in }
                }
                if reading.isAlarming, !isTold { tell(reading.words) }
                isTold = reading.isAlarming
            } catch {
                next = ClockWatch.pause
            }
            try? await time.wait(time.now() + next)
        }
    }
}
