import Ingestion
import Market
import Network
import Venues

// The market as it happens.
extension BinanceDoctor {
    func examineStreams(_ symbols: [ExaminedSymbol], _ diagnosis: inout Diagnosis) async {
        let followed = symbols.filter(\.isTraded).prefix(BinanceDoctor.closeLook).map(\.instrument)
        guard !followed.isEmpty, !around.isInterrupted() else {
            return diagnosis.skip(
                ["streams"], around.isInterrupted() ? BinanceDoctor.interruption : "no symbol is traded")
        }
        around.telling("the market streams")
        let probe = StreamProbe(venue.decoder(of: followed), count: followed.count)
        let stream = venue.stream(of: followed)
        let socket: WebSocket
        let began = ContinuousClock.now
        do throws(WebSocketError) {
            socket = try await WebSocket.connect(to: stream.address, stream.options) { probe.take($0) }
        } catch {
            return diagnosis.add(
                "streams", .failed, error.description, advice: "check venues.binance.stream-url and ca-file")
        }
        let connected = ContinuousClock.now - began
        probe.streamBegan()
        await listen(probe, followed)
        await socket.close()
        let closure = probe.closure.flatMap { $0.initiator == .client ? nil : $0 }
        diagnosis.findings.append(streamFinding(probe, followed, connected, closure))
        for (instrument, heard) in zip(followed, probe.heard) {
            diagnosis.findings.append(BinanceDoctor.finding(heard, instrument))
        }
    }

    /// Listens until everything was heard, or the time is over.
    private func listen(_ probe: StreamProbe, _ followed: [Instrument]) async {
        let end = ContinuousClock.now + plan.streamPatience
        var refused: Set<Int> = []
        while !probe.isDone, ContinuousClock.now < end, !around.isInterrupted() {
            for index in probe.wanting where !refused.contains(index) {
                do throws(VenueError) {
                    let snapshot = try await venue.depthSnapshot(of: followed[index], pausing: { _ in })
                    probe.take(snapshot, of: index, at: around.wall())
                } catch {
                    probe.missed(error.detail, index)
                    // The venue said no, or wants a pause: it is not asked again and again.
                    refused.insert(index)
                }
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    private func streamFinding(
        _ probe: StreamProbe, _ followed: [Instrument], _ connected: Duration, _ closure: WebSocketClosure?
    ) -> Finding {
        let heard = probe.heard
        let seconds = plan.streamPatience.components.seconds
        let start = "connected in \(BinanceDoctor.milliseconds(connected)) ms"
        if let damage = probe.damage {
            return Finding(
                "streams", .failed, "\(start); a message can't be read: \(damage)",
                advice: "is this the address of the market streams? please report it if it is")
        }
        if let closure {
            let why = closure.error.map(\.description) ?? "closed with \(closure.code) \(closure.reason)"
            return Finding("streams", .failed, "\(start); the connection did not last: \(why)")
        }
        if heard.allSatisfy({ $0.first.isEmpty }) {
            return Finding(
                "streams", .failed, "\(start), and nothing came in \(seconds) s",
                advice: "check venues.binance.stream-url; prices would stand still")
        }
        let times = StreamProbe.Kind.allCases.compactMap { kind -> String? in
            heard.compactMap { $0.first[kind] }.max().map {
                "\(kind.rawValue) after \(BinanceDoctor.milliseconds($0)) ms"
            }
        }
        let missing = zip(followed, heard).flatMap { instrument, heard in
            StreamProbe.Kind.allCases.filter { heard.first[$0] == nil }.map { "\(instrument.symbol) \($0.rawValue)" }
        }
        let names = followed.map(\.symbol).joined(separator: ", ")
        let text = "\(start); heard of \(names): " + times.joined(separator: ", ")
        guard !missing.isEmpty else { return Finding("streams", .ok, text) }
        return Finding(
            "streams", .warning, text + "; nothing in \(seconds) s: " + missing.joined(separator: ", "),
            advice: "a quiet market may have none; look again when it trades")
    }

    /// Whether a book could be rebuilt.
    static func finding(_ heard: StreamProbe.Heard, _ instrument: Instrument) -> Finding {
        let check = "book \(instrument.symbol)"
        if let tops = heard.disagreement {
            func text(_ top: BookTicker) -> String {
                "\(instrument.text(top.bidSize)) at \(instrument.text(top.bid)) / "
                    + "\(instrument.text(top.askSize)) at \(instrument.text(top.ask))"
            }
            return Finding(
                check, .failed,
                "after update \(tops.id) its top is \(text(tops.book)), the venue's \(text(tops.venue))",
                advice: "please report it; such a book is not shown and not traded on")
        }
        if let problem = heard.snapshotProblem {
            return Finding(check, .failed, "no snapshot came: \(problem)")
        }
        guard heard.book.state == .live else {
            return Finding(check, .failed, "it could not be rebuilt in the time there was", advice: "try again")
        }
        guard heard.check.compared > 0 else {
            return Finding(
                check, .warning, "rebuilt; nothing moved at its top, so that it could not be compared",
                advice: "look again when it trades")
        }
        return Finding(check, .ok, "rebuilt; \(heard.check.compared) tops of it compared, all equal to the venue's")
    }
}
