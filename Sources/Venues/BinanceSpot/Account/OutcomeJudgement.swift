import Network

extension SpotAccountClient {
    /// What an answer to something that changes orders means.
    static func judge<Value>(
        _ response: HTTPResponse, _ asked: SpotAsked,
        _ read: (HTTPResponse) throws(UnreadableAnswer) -> Value?
    ) -> RequestOutcome<Value> {
        do throws(UnreadableAnswer) {
            if let value = try read(response) { return .confirmed(value) }
        } catch {
            // The venue did something, and nobody can read what.
            if response.status == 200 {
                return .unknown(VenueDoubt(status: 200, "the venue answered, and the answer can't be read: \(error)"))
            }
        }
        guard response.status != 200 else {
            return .unknown(VenueDoubt(status: 200, "the venue answered something else than what was asked for"))
        }
        return verdict(response, asked).outcome()
    }

    /// What an answer of a status other than 200 means.
    static func verdict(_ response: HTTPResponse, _ asked: SpotAsked) -> BinanceSpotErrors.Verdict {
        let pause = response.retryAfterSeconds.map { Duration.seconds(min(max($0, 0), 1 << 32)) }
        guard let message = ServerMessage(response) else {
            return BinanceSpotErrors.verdict(
                status: response.status, retryAfter: pause, asked, excerpt: response.excerpt)
        }
        return BinanceSpotErrors.verdict(message, status: response.status, retryAfter: pause, asked)
    }

    /// What it means that no answer came to something that changes orders.
    ///
    /// - Parameters:
    ///   - denial: why it was not sent, where that was decided here.
    ///   - hasLeft: whether it was handed to the network.
    static func judge<Value>(_ failure: RequestFailure, _ denial: VenueDenial?, hasLeft: Bool) -> RequestOutcome<Value>
    {
        if let denial { return .denied(denial) }
        guard hasLeft else { return .denied(VenueDenial(failure)) }
        guard case .transport(let error) = failure else { return .unknown(VenueDoubt("the answer did not come")) }
        if error.isNeverSent { return .denied(VenueDenial(.unreachable, error.description)) }
        return .unknown(VenueDoubt(error.description))
    }
}

extension VenueDenial {
    /// Why a question brought nothing, or why something else never left.
    init(_ failure: RequestFailure) {
        switch failure {
        case .transport(let error) where error.kind == .cancelled: self.init(.cancelled, "it was given up")
        case .transport(let error): self.init(.unreachable, error.description)
        case .server(let response):
            let words = ServerMessage(response).map { "\($0.msg) (code \($0.code))" } ?? response.excerpt
            self.init(.failing, "the venue keeps failing (HTTP \(response.status)): \(words)")
        case .damaged(let text): self.init(.unreadable, text)
        case .paused(let reason, let seconds):
            self.init(.paused, retryAfter: .seconds(seconds), "nothing is sent: \(reason)")
        }
    }
}
