/// One way in which the exchange misbehaves, and when.
struct Fault: Sendable, Hashable {
    var kind: Kind
    var scope: Scope
    /// What it is about: a path with its method, a method of the WebSocket API, a stream, an event; `*` stands for
    /// anything.
    var pattern: String
    /// How often of a million times.
    var perMillion: Int = 1_000_000
    /// How many times it still happens; `nil` for ever.
    var remaining: Int?
    /// How many occasions pass before the first.
    var skipping = 0

    /// What is done.
    enum Kind: Sendable, Hashable {
        /// The request is not taken up and the connection breaks off; a message is not sent.
        case drop
        /// The request is executed, then the connection breaks off without an answer.
        case dropAfter
        /// The answer, or the message, comes later by milliseconds.
        case delay(Int64)
        /// The request is taken up later by milliseconds.
        case late(Int64)
        /// The message is sent twice.
        case duplicate
        /// The message is sent after the one that follows it.
        case reorder
        /// Half of it is sent.
        case truncate
        /// The request is answered by an error without being executed.
        case error(status: Int, code: Int)
        /// The request is executed and answered by an error.
        case errorAfter(status: Int, code: Int)
        /// There is no answer, and nothing was done; the connection stays.
        case hang
        /// There is no answer, and the request was executed; the connection stays.
        case hangAfter
        /// The request is refused as one too many: 429 or 418, with the seconds to wait.
        case limit(status: Int, seconds: Int64)
        /// Nothing is sent for milliseconds but pings.
        case silence(Int64)
        /// A difference of the book is lost, so that ids have a gap.
        case gap
        /// The venue's clock goes wrong by milliseconds.
        case skew(Int64)
        /// The server does not read from the connection for milliseconds.
        case slowRead(Int64)
        /// The answer comes in sixteen pieces, milliseconds apart.
        case slowWrite(Int64)
        /// The connection stays open and nothing ever comes through it again, pings neither.
        case halfOpen
        /// The connection is closed.
        case disconnect
    }

    /// What kind of traffic it is about.
    enum Scope: String, Sendable, Hashable, CaseIterable {
        /// Requests by REST, named `POST:/api/v3/order`.
        case rest
        /// Requests of the WebSocket API, named `order.place`.
        case api
        /// Messages of market streams, named `btcusdt@depth@100ms`.
        case stream
        /// Events of user data, named `executionReport`.
        case user
        /// New WebSocket connections, named by their path.
        case connect
        /// The clock, which belongs to nobody.
        case clock
    }
}

extension Fault {
    /// The words of a fault's text for every kind, with whether it takes a value.
    static let words = [
        "drop", "drop-after", "delay=MS", "late=MS", "duplicate", "reorder", "truncate", "error=STATUS[/CODE]",
        "error-after=STATUS[/CODE]", "hang", "hang-after", "limit=429|418[/SECONDS]", "silence=MS", "gap", "skew=MS",
        "slow-read=MS", "slow-write=MS", "half-open", "disconnect",
    ]

    /// Whether its kind means anything where it is to act.
    var isSensible: Bool {
        switch scope {
        case .clock: if case .skew = kind { return true } else { return false }
        case .rest:
            switch kind {
            case .duplicate, .reorder, .silence, .gap, .skew, .slowRead, .disconnect: return false
            default: return true
            }
        case .api:
            switch kind {
            case .silence, .gap, .skew, .slowWrite: return false
            default: return true
            }
        case .stream, .user:
            switch kind {
            case .drop, .delay, .duplicate, .reorder, .truncate, .silence, .slowRead, .halfOpen, .disconnect:
                return true
            case .gap: return scope == .stream
            default: return false
            }
        case .connect:
            switch kind {
            case .drop, .disconnect, .slowRead, .halfOpen, .silence, .error, .limit: return true
            default: return false
            }
        }
    }
}
