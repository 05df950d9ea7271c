/// Codes and reasons of close frames (RFC 6455, section 7.4).
enum CloseCode {
    static let normal = 1000
    static let goingAway = 1001
    static let protocolError = 1002
    static let invalidData = 1007
    static let tooLarge = 1009
    /// Stands for a close frame without a code; never sent.
    static let none = 1005
    /// Stands for an end without a close frame; never sent.
    static let abnormal = 1006

    /// No close frame has room for a longer reason.
    static let longestReason = 123

    /// Whether a close frame may carry the code.
    static func isValid(_ code: Int) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: return true
        default: return false
        }
    }

    /// Whether a client may send the code.
    static func isSendable(_ code: Int) -> Bool { isValid(code) && !(1012...1014).contains(code) }

    /// The payload of a close frame: nothing for `none`.
    static func payload(_ code: Int, _ reason: String) -> [UInt8] {
        guard code != none else { return [] }
        var text = Substring(reason)
        while text.utf8.count > longestReason { text = text.dropLast() }
        return [UInt8(truncatingIfNeeded: code >> 8), UInt8(truncatingIfNeeded: code)] + Array(text.utf8)
    }

    /// What the payload of a received close frame says.
    static func read(_ payload: UnsafeRawBufferPointer) throws(ProtocolViolation) -> (code: Int, reason: String) {
        if payload.isEmpty { return (none, "") }
        guard payload.count >= 2 else { throw ProtocolViolation(protocolError, "a close frame of one byte") }
        let code = Int(payload[0]) << 8 | Int(payload[1])
        guard isValid(code) else { throw ProtocolViolation(protocolError, "a close frame with the code \(code)") }
        guard let reason = String(validating: payload[2...], as: UTF8.self) else {
            throw ProtocolViolation(invalidData, "a close frame whose reason is not UTF-8")
        }
        return (code, reason)
    }
}

/// What a server did that it may not do; the connection ends with the code.
struct ProtocolViolation: Error, Hashable {
    var code: Int
    var detail: String

    init(_ code: Int, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    var trouble: WebSocketTrouble {
        WebSocketTrouble(code == CloseCode.tooLarge ? .tooLarge : .protocolViolation(code: code), detail)
    }
}
