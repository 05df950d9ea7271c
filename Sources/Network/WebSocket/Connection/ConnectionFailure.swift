import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// What errors of the network's libraries mean.
enum ConnectionFailure {
    /// Why a connection did not come to stand.
    static func trouble(_ error: any Error) -> WebSocketTrouble {
        switch error {
        case let error as WebSocketTrouble: return error
        case let error as NIOConnectionError: return connecting(error)
        case ChannelError.connectTimeout: return WebSocketTrouble(.timedOut, "no connection")
        case let error as NIOSSLError: return securing(error)
        case is BoringSSLError: return WebSocketTrouble(.notTrusted, text(error))
        case is IOError: return WebSocketTrouble(.cannotConnect, text(error))
        default: return WebSocketTrouble(.failed, text(error))
        }
    }

    private static func connecting(_ error: NIOConnectionError) -> WebSocketTrouble {
        guard let last = error.connectionErrors.last else {
            return WebSocketTrouble(.unknownHost, "its name was looked up")
        }
        if case ChannelError.connectTimeout = last.error { return WebSocketTrouble(.timedOut, "no connection") }
        return WebSocketTrouble(.cannotConnect, text(last.error))
    }

    private static func securing(_ error: NIOSSLError) -> WebSocketTrouble {
        switch error {
        case .handshakeFailed(let cause):
            if case .sslError = cause { return WebSocketTrouble(.notTrusted, text(cause)) }
            return WebSocketTrouble(.brokenAnswer, "it broke off while the connection was being secured")
        case .uncleanShutdown: return WebSocketTrouble(.brokenAnswer, text(error))
        default: return WebSocketTrouble(.notTrusted, text(error))
        }
    }

    /// An error in words, without the places in libraries' sources that some of them carry.
    static func text(_ error: any Error) -> String {
        switch error {
        case let error as IOError: return String(cString: strerror(error.errnoCode))
        case NIOSSLError.uncleanShutdown: return "the connection broke off without TLS's end"
        case ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed, ChannelError.inputClosed,
            ChannelError.outputClosed, ChannelError.eof:
            return "it was closed"
        default: break
        }
        let text = "\(error)"
        // BoringSSL: error:CODE:SSL routines:OPENSSL_internal:REASON at FILE:LINE
        guard let mark = text.firstRange(of: "OPENSSL_internal:") else { return String(text.prefix(120)) }
        let reason = text[mark.upperBound...].prefix { $0 != " " && $0 != "]" }
        if reason == "CERTIFICATE_VERIFY_FAILED" { return "nobody who is trusted vouches for its certificate" }
        return "TLS: " + reason.lowercased().split(separator: "_").joined(separator: " ")
    }
}
