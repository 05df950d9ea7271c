/// A connection to market streams: what it listens to, and how its messages are wrapped.
final class StreamSession: SocketRole {
    /// How many streams a connection may listen to.
    static let mostStreams = 1_024

    private let core: Core
    /// The unit of its times.
    let unit: TimeUnit
    private var socket: WebSocketHandler?
    private var streams: [String]
    /// Whether each message says which stream it is of.
    private var isCombined: Bool

    /// A session of a path, `/ws/btcusdt@trade` or `/stream?streams=btcusdt@trade/ethusdt@trade`; `nil` for another path.
    init?(_ core: Core, path: String, query: String) {
        self.core = core
        unit = (try? TimeUnit(query: query)) ?? .millisecond
        if path == "/ws" || path.hasPrefix("/ws/") {
            isCombined = false
            streams = PercentText.streams(path.dropFirst(3))
        } else if path == "/stream" {
            isCombined = true
            let names = query.split(separator: "&").first { $0.hasPrefix("streams=") }?.dropFirst(8) ?? ""
            streams = PercentText.streams(names)
        } else {
            return nil
        }
    }

    var messagesPerSecond: Int? { 5 }

    func begin(on socket: WebSocketHandler) {
        self.socket = socket
        guard streams.count <= StreamSession.mostStreams else { return socket.close(code: .policyViolation) }
        let wanted = streams
        streams = []
        listen(wanted)
    }

    func end() {
        for stream in streams { core.hub.remove(self, from: stream) }
        streams = []
        socket = nil
    }

    func announceShutdown(at time: Int64) {
        let message = JSONValue.object {
            $0.add("e", "serverShutdown")
            $0.add("E", time: time)
        }
        tell("!serverShutdown", message.text(unit))
    }

    /// Sends a message of a stream.
    func tell(_ stream: String, _ text: String) {
        socket?.send(isCombined ? "{\"stream\":\"\(stream)\",\"data\":\(text)}" : text, .stream, stream)
    }

    private func listen(_ wanted: [String]) {
        for stream in wanted where !streams.contains(stream) {
            streams.append(stream)
            core.hub.add(self, to: stream)
        }
    }

    func take(_ text: String, on socket: WebSocketHandler) {
        guard let request = JSONParser.value(text), case .object(let members) = request else {
            return refuse(3, "Invalid JSON: expected value at line 1 column 1", id: nil)
        }
        let id = members["id"]
        if let id, !StreamSession.isLegal(id) {
            return refuse(
                2, "Invalid request: request ID must be an unsigned integer, a short string, or null", id: nil)
        }
        let parameters = members["params"]?.elements ?? []
        switch members["method"]?.string {
        case "SUBSCRIBE": change(parameters, id) { self.listen($0) }
        case "UNSUBSCRIBE": change(parameters, id) { self.leave($0) }
        case "LIST_SUBSCRIPTIONS": answer(.array(streams.map { .string($0) }), id)
        case "SET_PROPERTY": setProperty(parameters, id)
        case "GET_PROPERTY":
            guard parameters.first?.string == "combined" else { return refuse(0, "Unknown property", id: id) }
            answer(.boolean(isCombined), id)
        case let method?: refuse(2, "Invalid request: unknown variant `\(method)`", id: id)
        case nil: refuse(2, "Invalid request: missing field `method`", id: id)
        }
    }

    private func change(_ parameters: [JSONValue], _ id: JSONValue?, _ body: ([String]) -> Void) {
        let names = parameters.compactMap(\.string)
        guard names.count == parameters.count, !names.isEmpty else {
            return refuse(2, "Invalid request: params must be an array of stream names", id: id)
        }
        guard Set(streams).union(names).count <= StreamSession.mostStreams else {
            return refuse(2, "Invalid request: a connection may have \(StreamSession.mostStreams) streams", id: id)
        }
        // The answer comes before the first message of what was asked for.
        answer(.null, id)
        body(names)
    }

    private func leave(_ names: [String]) {
        for name in names where streams.contains(name) {
            streams.removeAll { $0 == name }
            core.hub.remove(self, from: name)
        }
    }

    private func setProperty(_ parameters: [JSONValue], _ id: JSONValue?) {
        guard parameters.first?.string == "combined" else { return refuse(0, "Unknown property", id: id) }
        guard parameters.count == 2, case .boolean(let flag) = parameters[1] else {
            return refuse(1, "Invalid value type: expected Boolean", id: id)
        }
        isCombined = flag
        answer(.null, id)
    }

    private func answer(_ result: JSONValue, _ id: JSONValue?) {
        let message = JSONValue.object {
            $0.add("result", result)
            $0.add("id", id ?? .null)
        }
        socket?.send(message.text, .stream, "answer")
    }

    private func refuse(_ code: Int, _ reason: String, id: JSONValue?) {
        let message = JSONValue.object {
            $0.add("code", code)
            $0.add("msg", reason)
            $0.add("id", id ?? .null)
        }
        socket?.send(message.text, .stream, "answer")
    }

    /// Whether a request may be numbered like this: a whole number, a short text, or nothing.
    static func isLegal(_ id: JSONValue) -> Bool {
        switch id {
        case .null: return true
        case .number(let text): return Int64(text) != nil
        case .string(let text):
            return text.utf8.count <= 36
                && text.unicodeScalars.allSatisfy {
                    $0.properties.isAlphabetic || "0123456789-_".unicodeScalars.contains($0)
                }
        case .boolean, .array, .object, .time: return false
        }
    }
}

extension PercentText {
    /// The names of `streams=a/b`. A plus sign is one here: zones are written with it.
    static func streams(_ text: some StringProtocol) -> [String] {
        let kept = text.split(separator: "+", omittingEmptySubsequences: false).joined(separator: "%2B")
        return decoded(kept).split(separator: "/").map(String.init)
    }
}
