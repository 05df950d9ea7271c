public import Market
public import Network

/// Binance Spot: what its public endpoints and streams tell. No key is needed for any of it.
///
/// Every request passes the one gate of the process for this server, so that all tasks together stay within the weight
/// that the venue grants an address.
public struct BinanceSpot: HistoricalVenue {
    /// `BINANCE`.
    public let name = "BINANCE"
    /// The venue gives a thousand candles at most.
    public let pageSize = 1_000

    /// Where its REST API is.
    public let server: String
    /// Where its market streams are.
    let streams: String
    let streamOptions: WebSocketOptions
    /// What every request to it passes, whoever asks.
    public let gate: RequestGate
    private let client: GuardedClient
    private let clock: NetworkTime

    /// Where its market streams are when nothing else is said.
    public static let usualStreams = "wss://stream.binance.com:9443"

    /// The weight a minute that is granted until the venue says it better (`rateLimits` of exchangeInfo).
    static let usualWeightPerMinute: Int64 = 6_000
    /// What the venue counts for a page of candles, for the rules of symbols, for a price, and for its time.
    static let weights = (candles: Int64(2), exchangeInfo: Int64(20), price: Int64(2), time: Int64(1))

    /// How patient requests are: how often one is sent before it is given up, and how long it waits.
    public struct Attempts: Sendable, Hashable {
        /// The rules of a symbol: what is asked for first, when nothing has begun that would be worth waiting for.
        public var listing = 3
        /// A page of candles, in the middle of a download: about two minutes of a server that is gone.
        public var page = 8
        /// The longest pause that is waited for, of those that the venue or its limit asks for; longer ones end a request.
        public var longestPause = Duration.seconds(600)

        /// The defaults.
        public init() {}
    }

    let attempts: Attempts

    /// The venue at an address.
    ///
    /// - Parameters:
    ///   - base: where its REST API is, `https://api.binance.com`.
    ///   - streams: where its market streams are, `wss://stream.binance.com:9443`.
    ///   - options: how long requests may take, and whom to trust besides the system's certificates.
    ///   - attempts: how patient requests are.
    ///   - time: what waits are measured with.
    /// - Throws: `HTTPError` when the certificates can't be read.
    public init(
        at base: String, streams: String = BinanceSpot.usualStreams, _ options: HTTPOptions = HTTPOptions(),
        attempts: Attempts = Attempts(), time: NetworkTime = .system
    ) throws(HTTPError) {
        server = base.hasSuffix("/") ? String(base.dropLast()) : base
        self.streams = streams.hasSuffix("/") ? String(streams.dropLast()) : streams
        var streamOptions = WebSocketOptions()
        streamOptions.additionalTrust = options.additionalTrust
        // The venue takes five messages a second, answers to its pings among them, and pings every twenty seconds.
        streamOptions.messagesPerSecond = 4
        streamOptions.silenceTimeout = .seconds(60)
        self.streamOptions = streamOptions
        self.attempts = attempts
        clock = time
        gate = RequestGate.of(server, limit: BinanceSpot.usualWeightPerMinute)
        var rules = GuardedClient.Rules(usedWeightHeader: "x-mbx-used-weight-1m")
        rules.longestPause = attempts.longestPause
        client = GuardedClient(try HTTPClient(options), gate, rules, time: time)
    }

    /// How much of the weight that the venue grants in a minute is used up, by everybody on this address.
    public var weightUse: RequestGate.Use { gate.use(at: .now) }

    /// The venue's time.
    ///
    /// - Throws: `VenueError`.
    public func time(pausing: @Sendable (RequestPause) -> Void) async throws(VenueError) -> Timestamp {
        let result: Result<Timestamp, VenueError> = try await ask(
            HTTPRequest(server + "/api/v3/time"), BinanceSpot.weights.time, attempts.listing, about: name, pausing
        ) { response in
            do throws(UnreadableAnswer) { return .value(.success(try SpotAnswers.serverTime(response.body))) } catch {
                // What is no time now is none when asked again: something else answers there.
                return .value(.failure(VenueError(.malformed, name, "its time can't be read: \(error)")))
            }
        }
        return try result.get()
    }

    /// How often the venue asked for a pause or failed so far.
    public var tally: RequestGate.Tally { gate.tally }

    /// What the venue says of a symbol: assets, rules, its clock. Takes the venue's weight limit, too.
    ///
    /// - Throws: `VenueError`.
    public func listing(
        of symbol: String, pausing: @Sendable (RequestPause) -> Void
    ) async throws(VenueError) -> Listing {
        let subject = "\(name):\(symbol)"
        let request = HTTPRequest(server + "/api/v3/exchangeInfo", query: [.init("symbol", symbol)])
        let info = try await ask(
            request, BinanceSpot.weights.exchangeInfo, attempts.listing, about: subject, pausing
        ) { response in
            do { return .value(try ExchangeInfo.decode(response.body)) } catch {
                return .damaged(
                    "the symbol's rules can't be read: \(Answer.words(error)); it begins \(response.excerpt)")
            }
        }
        if let limit = info.weightPerMinute { gate.setLimit(limit) }
        guard let listing = info.listing(of: symbol, venue: name) else {
            throw VenueError(.unknownSymbol, subject, "the venue says nothing of it that could be traded")
        }
        return listing
    }

    /// A page of candles, oldest first. Closed ones only as long as the query ends before the venue's time.
    ///
    /// - Throws: `VenueError`.
    public func candles(
        _ query: CandleQuery, of instrument: Instrument, pausing: @Sendable (RequestPause) -> Void
    ) async throws(VenueError) -> CandlePage {
        var parameters: [HTTPRequest.Parameter] = [
            .init("symbol", instrument.symbol), .init("interval", query.timeframe.description),
            .init("startTime", "\(query.from.milliseconds)"),
        ]
        // The venue's end is a time that still belongs to it.
        if let to = query.to { parameters.append(.init("endTime", "\(to.milliseconds - 1)")) }
        parameters.append(.init("limit", "\(query.limit)"))
        return try await ask(
            HTTPRequest(server + "/api/v3/klines", query: parameters), BinanceSpot.weights.candles, attempts.page,
            about: instrument.name, pausing
        ) { response in
            do throws(KlineScanner.Damage) {
                return .value(try KlineScanner.scan(response.body, query, of: instrument))
            } catch {
                return .damaged("the candles can't be read: \(error.text); it begins \(response.excerpt)")
            }
        }
    }

    func ask<Value: Sendable>(
        _ request: HTTPRequest, _ weight: Int64, _ attempts: Int, about subject: String,
        _ pausing: @Sendable (RequestPause) -> Void,
        read: @Sendable (HTTPResponse) -> GuardedClient.Reading<Value>
    ) async throws(VenueError) -> Value {
        let result: Result<Value, VenueError>
        do throws(RequestFailure) {
            result = try await client.ask(
                request, weight: weight, priority: .data, attempts: attempts, pausing: pausing
            ) { response in
                if response.status == 200 { gate.served() }
                guard response.status == 200 else {
                    // What the venue itself refuses, it says why.
                    if response.status == 403, ServerMessage(response) == nil { gate.turnedAway(at: clock.now()) }
                    return .value(.failure(ServerMessage.error(response, about: subject, venue: name)))
                }
                switch read(response) {
                case .value(let value): return .value(.success(value))
                case .damaged(let text): return .damaged(text)
                }
            }
        } catch {
            throw BinanceSpot.error(error, about: subject, venue: name)
        }
        return try result.get()
    }

    private static func error(_ failure: RequestFailure, about subject: String, venue: String) -> VenueError {
        switch failure {
        case .transport(let error) where error.kind == .cancelled:
            return VenueError(.cancelled, subject, "it was given up")
        case .transport(let error): return VenueError(.unreachable, venue, error.description)
        case .server(let response):
            let words = ServerMessage(response).map { "\($0.msg) (code \($0.code))" } ?? response.excerpt
            return VenueError(
                .unreachable, venue,
                "the venue keeps failing (HTTP \(response.status)); run it again later, it goes on where it stopped. "
                    + "It says: \(words)")
        case .damaged(let text): return VenueError(.malformed, subject, text)
        case .paused(let reason, let seconds):
            return VenueError(
                .paused, venue,
                "nothing may be sent for \(seconds) seconds: \(reason); run it again after that, it goes on where it stopped"
            )
        }
    }
}
