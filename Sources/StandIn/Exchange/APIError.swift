/// An answer that says no: a status, a code and a message as the venue documents them.
struct APIError: Error {
    /// The status of HTTP, and of the WebSocket API's responses.
    var status = 400
    var code: Int
    var message: String
    /// What goes under `data`: the two halves of a replacement, or when to ask again.
    var data: JSONValue?
    /// What user data gives as the reason where this refuses an order.
    var reason = "NONE"
    /// Seconds until the next request is welcome.
    var retryAfter: Int64?

    init(_ code: Int, _ message: String, status: Int = 400) {
        self.status = status
        self.code = code
        self.message = message
    }

    /// `{"code":…,"msg":…}`
    var json: JSONValue {
        .object {
            $0.add("code", code)
            $0.add("msg", message)
            if let data { $0.add("data", data) }
        }
    }
}

extension APIError {
    static func mandatory(_ name: String) -> APIError {
        APIError(-1102, "Mandatory parameter '\(name)' was not sent, was empty/null, or malformed.")
    }

    static func either(_ first: String, _ second: String) -> APIError {
        APIError(-1102, "Param '\(first)' or '\(second)' must be sent, but both were empty/null!")
    }

    static func empty(_ name: String) -> APIError { APIError(-1105, "Parameter '\(name)' was empty.") }

    static func notRequired(_ name: String) -> APIError {
        APIError(-1106, "Parameter '\(name)' sent when not required.")
    }

    static func undecided(_ name: String) -> APIError {
        APIError(-1225, "Pending orders should not include the '\(name)' tag.")
    }

    static func illegal(_ name: String, range: String) -> APIError {
        APIError(-1100, "Illegal characters found in parameter '\(name)'; legal range is '\(range)'.")
    }

    static func precision(_ name: String) -> APIError {
        APIError(-1111, "Parameter '\(name)' has too much precision.")
    }

    static func overflow(_ name: String) -> APIError { APIError(-1108, "Parameter '\(name)' overflowed.") }

    static func invalid(_ name: String) -> APIError {
        APIError(-1130, "Data sent for parameter '\(name)' is not valid.")
    }

    static var combination: APIError { APIError(-1128, "Combination of optional parameters invalid.") }
    static var badStatus: APIError { APIError(-1122, "Invalid symbolStatus.") }
    static var otherStatus: APIError {
        APIError(-1220, "The symbol's status does not match the requested symbolStatus.")
    }
    static var badSymbol: APIError { APIError(-1121, "Invalid symbol.") }
    static var badInterval: APIError { APIError(-1120, "Invalid interval.") }
    static var badType: APIError { APIError(-1116, "Invalid orderType.") }
    static var badSide: APIError { APIError(-1117, "Invalid side.") }
    static var badTimeInForce: APIError { APIError(-1115, "Invalid timeInForce.") }

    static func filter(_ name: String) -> APIError { APIError(-1013, "Filter failure: \(name)") }
    static func rejected(_ message: String, reason: String = "NONE") -> APIError {
        var error = APIError(-2010, message)
        error.reason = reason
        return error
    }
    static var insufficientBalance: APIError {
        rejected("Account has insufficient balance for requested action.", reason: "INSUFFICIENT_BALANCES")
    }
    static var wouldTrigger: APIError {
        rejected("Order would trigger immediately.", reason: "STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY")
    }
    static var wouldMatch: APIError {
        rejected("Order would immediately match and take.", reason: "WOULD_MATCH_IMMEDIATELY")
    }
    static var unknownCancel: APIError { APIError(-2011, "Unknown order sent.") }
    static var unknownOrder: APIError { APIError(-2013, "Order does not exist.") }
    static func notAmended(_ message: String) -> APIError { APIError(-2038, message) }

    static var badSignature: APIError { APIError(-1022, "Signature for this request is not valid.") }
    static var badKeyFormat: APIError { APIError(-2014, "API-key format invalid.", status: 401) }
    static var badKey: APIError { APIError(-2015, "Invalid API-key, IP, or permissions for action.", status: 401) }
    static var late: APIError { APIError(-1021, "Timestamp for this request is outside of the recvWindow.") }
    static var early: APIError {
        APIError(-1021, "Timestamp for this request was 1000ms ahead of the server's time.")
    }
    static var badMethod: APIError { APIError(-1020, "This operation is not supported.") }
    static var gone: APIError { APIError(-1016, "This service is no longer available.", status: 410) }
}
