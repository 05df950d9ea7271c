/// Why a request brought no whole answer.
///
/// It names the address without its parameters: signatures stand there.
public struct HTTPError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of trouble it is.
    public var kind: Kind
    /// The address, without parameters.
    public var location: String
    /// What was seen, in words.
    public var detail: String

    /// The kinds of trouble.
    public enum Kind: Sendable, Hashable {
        /// The address is none, or not one of HTTP.
        case invalidAddress
        /// The server's or proxy's name is not known.
        case unknownHost
        /// There is no connection: refused, or no way to the host.
        case cannotConnect
        /// The connection is not safe: the certificate is not trusted, or of another name, or there is no common cipher.
        case notTrusted
        /// The connection did not stand, or the answer did not come, in time.
        case timedOut
        /// The answer broke off, or is not HTTP, or its packing is damaged.
        case brokenAnswer
        /// The answer is larger than allowed.
        case tooLarge
        /// Whoever asked does not want it any more.
        case cancelled
        /// The library failed in another way.
        case failed
    }

    init(_ kind: Kind, _ location: String, _ detail: String) {
        self.kind = kind
        self.location = location
        self.detail = detail
    }

    /// Whether trying again may help, and whether it counts against the server.
    public var isTransient: Bool {
        switch kind {
        case .unknownHost, .cannotConnect, .timedOut, .brokenAnswer, .failed: return true
        case .invalidAddress, .notTrusted, .tooLarge, .cancelled: return false
        }
    }

    /// Whether it is certain that the server has nothing of the request: there never was a connection to send it on.
    public var isNeverSent: Bool {
        switch kind {
        case .invalidAddress, .unknownHost, .cannotConnect, .notTrusted: return true
        case .timedOut, .brokenAnswer, .tooLarge, .cancelled, .failed: return false
        }
    }

    /// What to do about it.
    public var advice: String {
        switch kind {
        case .invalidAddress: return "write it as https://host"
        case .unknownHost, .cannotConnect: return "check the network and the proxy (https_proxy)"
        case .notTrusted:
            return
                "check the clock and the system's certificates; a testnet of one's own needs its certificate in ca-file"
        case .timedOut, .brokenAnswer: return "try again in a moment"
        case .tooLarge: return "is this the right address?"
        case .cancelled: return "ask again"
        case .failed: return "try again; please report it if it stays"
        }
    }

    /// Where, what and what to do, in one line.
    public var description: String { "\(location): \(summary)\(detail.isEmpty ? "" : " (\(detail))"); \(advice)" }

    private var summary: String {
        switch kind {
        case .invalidAddress: return "this is no address"
        case .unknownHost: return "there is no such host"
        case .cannotConnect: return "there is no connection"
        case .notTrusted: return "the connection is not safe"
        case .timedOut: return "no answer came in time"
        case .brokenAnswer: return "the answer broke off or is damaged"
        case .tooLarge: return "the answer is larger than allowed"
        case .cancelled: return "the request was given up"
        case .failed: return "the request failed"
        }
    }
}
