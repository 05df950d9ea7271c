import Market
import Network
import Venues

// The way to the venue, its clock, and how much may still be asked.
extension BinanceDoctor {
    /// Whether the venue answers; nothing else is worth asking when it does not.
    func examineServer(_ diagnosis: inout Diagnosis) async -> Bool {
        let began = ContinuousClock.now
        do throws(VenueError) {
            _ = try await venue.time(pausing: { _ in })
        } catch {
            diagnosis.add("server", .failed, error.detail, advice: BinanceDoctor.advice(error))
            return false
        }
        let milliseconds = BinanceDoctor.milliseconds(ContinuousClock.now - began)
        let isSafe = plan.server.lowercased().hasPrefix("https://")
        let trust = plan.http.additionalTrust.map { ", trusted by the system's certificates and \($0)" }
        diagnosis.add(
            "server", .ok,
            "it answers in \(milliseconds) ms, connection and all, "
                + (isSafe
                    ? "over TLS\(trust ?? ", trusted by the system's certificates")" : "in the clear on this machine")
                + (HTTPClient.speaksHTTP2
                    ? "; HTTP/2 where it offers that" : "; this libcurl has no HTTP/2, HTTP/1.1 serves as well"))
        return true
    }

    static func advice(_ error: VenueError) -> String {
        switch error.kind {
        case .unreachable:
            return "check the network, the proxy (https_proxy) and venues.binance.rest-url; a venue of one's own needs "
                + "its certificate in venues.binance.ca-file"
        case .notServed, .malformed: return "check venues.binance.rest-url"
        case .paused: return "wait, and ask nothing meanwhile: what is asked makes it longer"
        case .unknownSymbol: return "check feed.symbols"
        case .refused, .forbidden, .cancelled: return ""
        }
    }

    /// How far the machine's clock is off, by the median of five answers.
    func examineClock(_ diagnosis: inout Diagnosis) async {
        guard !around.isInterrupted() else { return diagnosis.skip(["clock"], BinanceDoctor.interruption) }
        around.telling("the clock")
        let clock = VenueClock(.system, wall: around.wall)
        do throws(VenueError) {
            let reading = try await clock.refresh(probes: 5) { () async throws(VenueError) in
                try await venue.time(pausing: { _ in })
            }
            diagnosis.findings.append(BinanceDoctor.finding(reading))
        } catch {
            diagnosis.add("clock", .failed, error.detail, advice: BinanceDoctor.advice(error))
        }
    }

    /// What an offset of the clock means: more than half a second is to be told; beyond the window in which the venue
    /// takes a request, whatever is signed with this machine's time is refused.
    static func finding(_ reading: VenueClock.Reading) -> Finding {
        let window = Duration.milliseconds(RequestSigner.receiveWindow)
        let isHopeless = reading.skew > window || reading.skew < .zero - window
        let skew = milliseconds(reading.skew)
        let direction = skew < 0 ? "behind" : "ahead of"
        return Finding(
            "clock", isHopeless ? .failed : reading.isAlarming ? .warning : .ok,
            "the venue's is \(skew.magnitude) ms \(direction) this machine's, the median of \(reading.probes) answers, "
                + "known to \(max(1, milliseconds(reading.roundTrip) / 2)) ms",
            advice: reading.isAlarming ? "set this machine's clock (NTP); up to 500 ms are fine" : "")
    }

    /// How much of what may be asked in a minute is used up.
    func examineWeight(_ diagnosis: inout Diagnosis) {
        let (use, pauses) = (venue.weightUse, venue.tally.pauses)
        let isTight = use.weight * 100 > use.limit * 70
        let text = "\(use.weight) of the \(use.limit) that this address has a minute are used"
        diagnosis.add(
            "weight", isTight || pauses > 0 ? .warning : .ok,
            text + (pauses == 0 ? ", no pause and no ban" : "; the venue asked for a pause \(pauses) times"),
            advice: isTight || pauses > 0
                ? "what else asks from this address? data wait above 70 %, orders above 74 %" : "")
    }

    static func milliseconds(_ duration: Duration) -> Int64 { Int64((duration / .milliseconds(1)).rounded()) }
}
