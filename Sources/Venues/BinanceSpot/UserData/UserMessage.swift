import FoundationEssentials
import Market

/// A message of the WebSocket API, on the wire: the answer to a request, or an event of the account.
enum UserMessage {
    /// The answer to a request.
    case answer(UserAnswer)
    /// An event.
    case event(UserEvent)

    /// Reads a message. Strict in what is needed; other events and further fields are passed over.
    ///
    /// - Parameter instruments: those that are known, by symbol.
    static func read(_ body: [UInt8], _ instruments: [String: Instrument]) throws(UnreadableAnswer) -> UserMessage {
        let envelope: Envelope = try Answer.decode(body)
        switch envelope {
        case .answer(let wire): return .answer(try UserAnswer(wire))
        case .event(let wire): return .event(try UserEvent(wire, instruments))
        }
    }

    private enum Envelope: Decodable {
        case answer(UserAnswer.Wire)
        case event(UserEvent.Wire)

        private enum Keys: String, CodingKey { case event, status }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Keys.self)
            if container.contains(.event) {
                self = .event(try container.decode(UserEvent.Wire.self, forKey: .event))
            } else {
                self = .answer(try UserAnswer.Wire(from: decoder))
            }
        }
    }
}

/// The answer to a request of the WebSocket API, as far as sessions and subscriptions need it.
struct UserAnswer {
    /// Which request; `nil` when the venue could not read it.
    var id: String?
    /// As of HTTP.
    var status: Int
    /// What went wrong.
    var error: ServerMessage?
    /// How many milliseconds after the venue's time it wants to be asked again.
    var retryAfter: Duration?

    /// It on the wire.
    struct Wire: Decodable {
        var id: Identifier?
        var status: Int
        var error: Failure?

        /// A text or a number.
        enum Identifier: Decodable {
            case text(String)

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let number = try? container.decode(Int64.self) {
                    self = .text("\(number)")
                } else {
                    self = .text(try container.decode(String.self))
                }
            }
        }

        struct Failure: Decodable {
            var code: Int
            var msg: String
            var data: Times?
        }

        struct Times: Decodable {
            var serverTime: Int64?
            var retryAfter: Int64?
        }
    }

    init(_ wire: Wire) throws(UnreadableAnswer) {
        if case .text(let text)? = wire.id { id = text }
        status = wire.status
        error = wire.error.map { ServerMessage(code: $0.code, msg: $0.msg) }
        guard status == 200 || error != nil else { throw UnreadableAnswer("there is no 'error' beside the status") }
        if let now = wire.error?.data?.serverTime, let later = wire.error?.data?.retryAfter, later > now {
            retryAfter = .milliseconds(min(later - now, 1 << 32))
        }
    }
}
