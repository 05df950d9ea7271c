import LoopbackServer
import Testing

@testable import Network

@Suite("How long a server asks to be left alone")
struct RetryAfterTests {
    private static let date = "Sun, 06 Nov 1994 08:49:37 GMT"

    @Test(
        "seconds are seconds, whatever the date", arguments: [("1", 1), ("17", 17), ("0600", 600)] as [(String, Int64)])
    func seconds(_ text: String, _ seconds: Int64) {
        #expect(RetryAfter.seconds(text, answeredAt: Self.date) == seconds)
        #expect(RetryAfter.seconds(text, answeredAt: nil) == seconds)
    }

    @Test(
        "a date counts from the answer's own, in each of HTTP's forms",
        arguments: [
            "Sun, 06 Nov 1994 08:51:37 GMT", "Sunday, 06-Nov-94 08:51:37 GMT", "Sun Nov  6 08:51:37 1994",
        ])
    func dates(_ text: String) {
        #expect(RetryAfter.seconds(text, answeredAt: Self.date) == 120)
        // Nobody knows how far it is.
        #expect(RetryAfter.seconds(text, answeredAt: nil) == nil)
        #expect(RetryAfter.seconds(text, answeredAt: "yesterday") == nil)
    }

    @Test(
        "what is no time to come is none",
        arguments: [
            "", "0", "-5", "+5", "1.5", "17 seconds", "soon", "99999999999999999999", "Sun", "17, 18",
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:36 GMT", "Sun, 99 Nov 1994 99:99:99 GMT",
        ])
    func unreadable(_ text: String) {
        #expect(RetryAfter.seconds(text, answeredAt: Self.date) == nil)
    }

    @Test("an answer's date is its own, not this machine's")
    func answered() async throws {
        let server = try LoopbackServer { _ in
            .init(429, "", ["Date": Self.date, "Retry-After": "Sun, 06 Nov 1994 08:50:37 GMT"])
        }
        #expect(try await HTTPClient().send(HTTPRequest(server.address + "/")).retryAfterSeconds == 60)
    }

    @Test(
        "a ban that says in no words that can be read for how long is as long as bans are",
        arguments: ["soon", "0", "-1"])
    func banned(_ text: String) async throws {
        let server = try LoopbackServer { _ in .init(418, "", ["Retry-After": text]) }
        let gate = RequestGate(limit: 1_000)
        let now = ContinuousClock.now
        let time = NetworkTime(now: { now }, wait: { _ in })
        let client = GuardedClient(try HTTPClient(), gate, .init(usedWeightHeader: "x-used"), time: time)
        let address = server.address
        _ = try await client.sendOnce(about: address, weight: 1, priority: .open, patience: .zero) { hand in
            hand(HTTPRequest(address + "/order", method: .post, form: [.init("a", "b")]))
        }
        #expect(gate.pause(.cancel, at: now) == RequestPause(reason: .banned, until: now + .seconds(120)))
    }
}
