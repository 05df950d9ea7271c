import FoundationEssentials
import Keys
import Market
import Network
import Synchronization

/// One connection to the WebSocket API that tells the events of the account.
///
/// It is opened, proves who it is, subscribes, and tells events until it ends. It knows nothing of what comes after it.
final class UserDataConnection: Sendable {
    /// What it tells, on a thread of the network and in order.
    enum News: Sendable {
        /// An event.
        case event(UserEvent)
        /// A message that can't be read, with why.
        case damaged(String)
        /// It has ended; comes once and last.
        case ended(String)
    }

    /// Why there is no connection.
    struct Trouble: Error, Hashable {
        /// What was seen, in words.
        var words: String
        /// How long the venue wants to be left alone.
        var pause: Duration?
        /// Why, where that is for everybody on this address.
        var refusal: RequestPause.Reason?
        /// Whether the venue refused the request for its time.
        var isClock = false
    }

    private struct State {
        var waiting: [String: CheckedContinuation<UserAnswer?, Never>] = [:]
        var lastID = 0
        var socket: WebSocket?
        var closure: String?
    }

    private let state = Mutex(State())
    private let instruments: [String: Instrument]
    private let tell: @Sendable (News) -> Void

    private init(_ instruments: [String: Instrument], _ tell: @escaping @Sendable (News) -> Void) {
        self.instruments = instruments
        self.tell = tell
    }

    /// Opens a connection that tells the account's events.
    ///
    /// - Parameters:
    ///   - access: the key and where it is used.
    ///   - time: the venue's time in milliseconds.
    ///   - patience: waits as long as an answer may take.
    ///   - tell: takes the events; may be called before this returns.
    static func open(
        _ access: BinanceSpotAccess, _ options: WebSocketOptions, _ instruments: [String: Instrument],
        at time: @Sendable () -> Int64?, patience: @escaping @Sendable () async -> Void,
        _ tell: @escaping @Sendable (News) -> Void
    ) async throws(Trouble) -> UserDataConnection {
        let connection = UserDataConnection(instruments, tell)
        do throws(WebSocketError) {
            let address = access.environment.webSocketURL + "?returnRateLimits=false"
            let socket = try await WebSocket.connect(to: address, options) { [weak connection] event in
                connection?.take(event)
            }
            connection.state.withLock { $0.socket = socket }
        } catch {
            var trouble = Trouble(words: error.description, pause: error.pause)
            if case .refused(let status, _) = error.kind { trouble.refusal = UserDataConnection.refusal(status) }
            throw trouble
        }
        do throws(Trouble) {
            try await connection.subscribe(access.signer, at: time, patience)
        } catch {
            await connection.close()
            throw error
        }
        return connection
    }

    /// Ends it.
    func close() async { await state.withLock { $0.socket }?.close() }

    // MARK: - Requests

    /// Only an Ed25519 key may log on; then the subscription needs no signature of its own. An HMAC key signs it.
    private func subscribe(
        _ signer: RequestSigner, at time: @Sendable () -> Int64?, _ patience: @escaping @Sendable () async -> Void
    ) async throws(Trouble) {
        switch signer.kind {
        case .ed25519:
            try await ask("session.logon", signed(signer, time), patience)
            try await ask("userDataStream.subscribe", [], patience)
        case .hmac: try await ask("userDataStream.subscribe.signature", signed(signer, time), patience)
        }
    }

    private func signed(
        _ signer: RequestSigner, _ time: @Sendable () -> Int64?
    ) throws(Trouble) -> [HTTPRequest.Parameter] {
        guard let now = time() else { throw Trouble(words: "the venue's time is not known", isClock: true) }
        do throws(KeyStoreError) {
            return try signer.webSocketParameters([.init("recvWindow", "\(RequestSigner.receiveWindow)")], at: now)
        } catch {
            throw Trouble(words: "it can't be signed: \(error.detail)")
        }
    }

    private func ask(
        _ method: String, _ parameters: [HTTPRequest.Parameter], _ patience: @escaping @Sendable () async -> Void
    ) async throws(Trouble) {
        let id = state.withLock { state in
            state.lastID += 1
            return "u\(state.lastID)"
        }
        let socket = state.withLock { $0.closure == nil ? $0.socket : nil }
        guard let socket else { throw Trouble(words: "the connection ended before \(method)") }
        let message = UserDataConnection.request(id, method, parameters)
        let timer = Task {
            await patience()
            self.answer(id, nil)
        }
        defer { timer.cancel() }
        let answer: UserAnswer? = await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                guard state.closure == nil else { return false }
                state.waiting[id] = continuation
                return true
            }
            guard isOpen else { return continuation.resume(returning: nil) }
            Task {
                do throws(WebSocketError) { try await socket.send(text: message) } catch { self.answer(id, nil) }
            }
        }
        guard let answer else { throw Trouble(words: "\(method) was not answered") }
        guard let error = answer.error else { return }
        let refusal = UserDataConnection.refusal(answer.status)
        // One that does not say how long gets what the REST API gets then.
        let usual: Duration? = refusal.map { $0 == .banned ? .seconds(120) : .seconds(60) }
        throw Trouble(
            words: "\(method) was refused: \(error.msg) (code \(error.code))", pause: answer.retryAfter ?? usual,
            refusal: refusal, isClock: error.code == -1021)
    }

    /// What a status says of the address.
    private static func refusal(_ status: Int) -> RequestPause.Reason? {
        switch status {
        case 418: .banned
        case 429: .tooMuchAsked
        default: nil
        }
    }

    /// What the venue counts for opening a connection and everything that is asked on it until its events come: two for the
    /// handshake and for each request.
    static func weight(_ kind: KeyKind) -> Int64 {
        switch kind {
        case .ed25519: 6
        case .hmac: 4
        }
    }

    private func answer(_ id: String, _ answer: UserAnswer?) {
        state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(returning: answer)
    }

    /// A request as JSON. Times are numbers, everything else a text; none of them has characters that need escapes.
    static func request(_ id: String, _ method: String, _ parameters: [HTTPRequest.Parameter]) -> String {
        let members = parameters.map { parameter in
            let isNumber = parameter.name == "timestamp" || parameter.name == "recvWindow"
            return "\"\(parameter.name)\":" + (isNumber ? parameter.value : "\"\(parameter.value)\"")
        }
        return "{\"id\":\"\(id)\",\"method\":\"\(method)\",\"params\":{\(members.joined(separator: ","))}}"
    }

    // MARK: - Messages

    private func take(_ event: WebSocketEvent) {
        switch event {
        case .text(let bytes, _): read(Array(bytes))
        case .binary: tell(.damaged("a binary message; expected text"))
        case .closed(let closure):
            let words = closure.error?.description ?? "closed by the \(closure.initiator) with \(closure.code)"
            let waiting = state.withLock { state in
                state.closure = words
                defer { state.waiting.removeAll() }
                return state.waiting.values
            }
            for continuation in waiting { continuation.resume(returning: nil) }
            tell(.ended(words))
        }
    }

    private func read(_ body: [UInt8]) {
        do throws(UnreadableAnswer) {
            switch try UserMessage.read(body, instruments) {
            case .answer(let answer):
                if let id = answer.id { self.answer(id, answer) }
            case .event(let event): tell(.event(event))
            }
        } catch {
            tell(.damaged("a message of the account can't be read: \(error)"))
        }
    }
}
