/// Why a WebSocket could not be opened, or ended, or took no message.
///
/// It names the address without its parameters: signatures stand there.
public struct WebSocketError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of trouble it is.
    public var kind: Kind
    /// The address, without parameters.
    public var location: String
    /// What was seen, in words.
    public var detail: String

    /// The kinds of trouble.
    public enum Kind: Sendable, Hashable {
        /// The address is none, or not one of a WebSocket, or a header field can't be sent.
        case invalidAddress
        /// The server's or proxy's name is not known.
        case unknownHost
        /// There is no connection: refused, or no way to the host.
        case cannotConnect
        /// The connection is not safe: the certificate is not trusted, or of another name, or there is no common cipher.
        case notTrusted
        /// The connection did not stand in time, or the server was silent.
        case timedOut
        /// The proxy does not let us through; with the status of its answer.
        case proxyRefused(status: Int)
        /// The server answered with something else than a WebSocket: its status, and how many seconds it asks to be left
        /// alone (`Retry-After`).
        case refused(status: Int, retryAfterSeconds: Int64?)
        /// The server's answer to the upgrade broke off, or is not HTTP, or agrees to what was not offered.
        case brokenAnswer
        /// The server broke the rules of the protocol; with the code that it was told.
        case protocolViolation(code: Int)
        /// A message is larger than allowed.
        case tooLarge
        /// The connection ended without a close.
        case brokenOff
        /// Too many messages wait to be sent.
        case queueFull
        /// The connection is closed, or being closed.
        case closed
        /// Whoever asked does not want it any more.
        case cancelled
        /// Something failed in another way.
        case failed
    }

    init(_ kind: Kind, _ location: String, _ detail: String) {
        self.kind = kind
        self.location = location
        self.detail = detail
    }

    /// Whether connecting again may help, and whether it counts against the server.
    public var isTransient: Bool {
        switch kind {
        case .unknownHost, .cannotConnect, .timedOut, .brokenAnswer, .protocolViolation, .brokenOff, .failed:
            return true
        case .refused(let status, _): return status == 429 || status == 418 || status >= 500
        case .proxyRefused(let status): return status >= 500
        case .invalidAddress, .notTrusted, .tooLarge, .queueFull, .closed, .cancelled: return false
        }
    }

    /// How long the server asks to be left alone; zero when it does not. A ban lasts two minutes at least.
    public var pause: Duration {
        guard case .refused(let status, let seconds) = kind else { return .zero }
        if let seconds { return .seconds(min(max(seconds, 1), 7 * 86_400)) }
        return status == 418 ? .seconds(120) : status == 429 ? .seconds(60) : .zero
    }

    /// What to do about it.
    public var advice: String {
        switch kind {
        case .invalidAddress: return "write it as wss://host/path"
        case .unknownHost, .cannotConnect: return "check the network and the proxy (https_proxy)"
        case .notTrusted:
            return
                "check the clock and the system's certificates; a testnet of one's own needs its certificate in ca-file"
        case .proxyRefused: return "check https_proxy, or name the host in no_proxy"
        case .refused(_, .some(let seconds)): return "try again in \(seconds) s"
        case .refused(429, _), .refused(418, _): return "ask less often"
        case .refused(let status, _) where status < 500: return "is this the right address, and is it open from here?"
        case .timedOut, .refused, .brokenAnswer, .brokenOff, .protocolViolation: return "try again in a moment"
        case .tooLarge: return "is this the right address?"
        case .queueFull: return "send less, or several at once in one message"
        case .closed: return "connect again"
        case .cancelled: return "ask again"
        case .failed: return "try again; please report it if it stays"
        }
    }

    /// Where, what and what to do, in one line.
    public var description: String { "\(location): \(summary)\(detail.isEmpty ? "" : " (\(detail))"); \(advice)" }

    private var summary: String {
        switch kind {
        case .invalidAddress: return "this is no address of a WebSocket"
        case .unknownHost: return "there is no such host"
        case .cannotConnect: return "there is no connection"
        case .notTrusted: return "the connection is not safe"
        case .timedOut: return "nothing came in time"
        case .proxyRefused(let status): return "the proxy does not let it through, status \(status)"
        case .refused(let status, _): return "the server does not open a WebSocket, status \(status)"
        case .brokenAnswer: return "the answer broke off or is damaged"
        case .protocolViolation(let code): return "the server broke the protocol, closed with \(code)"
        case .tooLarge: return "a message is larger than allowed"
        case .brokenOff: return "the connection broke off"
        case .queueFull: return "too many messages wait to be sent"
        case .closed: return "the connection is closed"
        case .cancelled: return "it was given up"
        case .failed: return "the connection failed"
        }
    }
}

/// A trouble where the address is not known: whoever knows it makes a `WebSocketError` of it.
struct WebSocketTrouble: Error, Hashable {
    var kind: WebSocketError.Kind
    var detail: String

    init(_ kind: WebSocketError.Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }

    func at(_ location: String) -> WebSocketError { WebSocketError(kind, location, detail) }
}
