import FoundationEssentials
import Keys
import Market
import Network
import Synchronization
import Venues

/// Listens to what the venue tells the account itself, over its WebSocket API.
final class UserStreamProbe: Sendable {
    /// What was told of orders, by the number they were placed with.
    private struct State {
        var answer: Answer?
        var placed: Set<String> = []
        var cancelled: Set<String> = []
        var closure: WebSocketClosure?
    }

    /// What came of subscribing.
    enum Answer: Sendable {
        case subscribed
        case refused(String)
    }

    private let state = Mutex(State())

    /// The number of the one request that is sent.
    private static let requestID = "wick-doctor-1"

    /// What is sent: one signed request, good for any kind of key.
    static func request(_ signer: RequestSigner, at time: Int64) throws(KeyStoreError) -> String {
        let parameters = try signer.webSocketParameters([], at: time).map { parameter in
            // Numbers stand without quotation marks; of the texts none has a mark that JSON minds.
            "\"\(parameter.name)\":" + (parameter.name == "timestamp" ? parameter.value : "\"\(parameter.value)\"")
        }
        return "{\"id\":\"\(requestID)\",\"method\":\"userDataStream.subscribe.signature\",\"params\":{"
            + parameters.joined(separator: ",") + "}}"
    }

    /// Takes what the connection brings.
    func take(_ event: WebSocketEvent) {
        switch event {
        case .text(let bytes, _):
            guard let message = try? JSONDecoder().decode(Message.self, from: Data(bytes)) else { return }
            state.withLock { UserStreamProbe.note(message, &$0) }
        case .binary: break
        case .closed(let closure): state.withLock { $0.closure = closure }
        }
    }

    private static func note(_ message: Message, _ state: inout State) {
        // An answer to what can't be read has no number.
        if let status = message.status, message.id == nil || message.id == requestID {
            let words = message.error.map { "\($0.msg) (code \($0.code))" } ?? "status \(status)"
            state.answer = status == 200 ? .subscribed : .refused(words)
        }
        guard let event = message.event, event.kind == "executionReport", let number = event.clientOrderID else {
            return
        }
        switch event.execution {
        case "NEW": state.placed.insert(number)
        case "CANCELED": state.cancelled.insert(event.original.flatMap { $0.isEmpty ? nil : $0 } ?? number)
        default: break
        }
    }

    /// A message, as far as it is looked at.
    private struct Message: Decodable {
        var id: String?
        var status: Int?
        var error: Failure?
        var event: Event?

        struct Failure: Decodable {
            var code: Int
            var msg: String
        }

        struct Event: Decodable {
            var kind: String
            /// What was done to the order.
            var execution: String?
            var clientOrderID: String?
            /// Of a cancel the order's own number, the other being the cancel's.
            var original: String?

            enum CodingKeys: String, CodingKey {
                case kind = "e"
                case execution = "x"
                case clientOrderID = "c"
                case original = "C"
            }
        }
    }

    /// What came of subscribing; `nil` while nothing did.
    var answer: Answer? { state.withLock { $0.answer } }

    /// How the connection ended, where it did.
    var closure: WebSocketClosure? { state.withLock { $0.closure } }

    /// Whether the venue told that an order was taken, and that it was cancelled.
    func reports(of clientOrderID: String) -> (isPlaced: Bool, isCancelled: Bool) {
        state.withLock { ($0.placed.contains(clientOrderID), $0.cancelled.contains(clientOrderID)) }
    }
}

/// The private stream of an account while it is open.
struct UserStream {
    var probe: UserStreamProbe
    var socket: WebSocket
    /// How long it took until it was subscribed.
    var opening: Duration

    /// Connects and subscribes.
    ///
    /// - Throws: a `Finding` that says why not.
    static func open(_ client: SpotAccountClient, _ options: WebSocketOptions, patience: Duration) async throws(Problem)
        -> UserStream
    {
        let began = ContinuousClock.now
        guard let now = client.clock.now else { throw Problem("the venue's time is not known") }
        let text: String
        do throws(KeyStoreError) {
            text = try UserStreamProbe.request(client.access.signer, at: now.milliseconds)
        } catch {
            throw Problem("it could not be signed: \(error)")
        }
        let probe = UserStreamProbe()
        let socket: WebSocket
        do throws(WebSocketError) {
            socket = try await WebSocket.connect(to: client.access.environment.webSocketURL, options) { probe.take($0) }
            try await socket.send(text: text)
        } catch {
            throw Problem(error.description)
        }
        let end = ContinuousClock.now + patience
        while probe.answer == nil, probe.closure == nil, ContinuousClock.now < end {
            try? await Task.sleep(for: .milliseconds(10))
        }
        switch probe.answer {
        case .subscribed?:
            return UserStream(probe: probe, socket: socket, opening: ContinuousClock.now - began)
        case .refused(let words)?:
            await socket.close()
            throw Problem("the venue refuses: \(words)")
        case nil:
            await socket.close()
            throw Problem("connected, and no answer came in \(patience.components.seconds) s")
        }
    }

    /// Why there is no private stream.
    struct Problem: Error {
        var words: String

        init(_ words: String) { self.words = words }
    }
}
