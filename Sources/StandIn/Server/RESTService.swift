import NIOCore

/// Answers requests by HTTP.
extension Core {
    /// Answers a request, now or later, or never.
    func serve(_ request: RESTRequest, from address: String, _ reply: @escaping (RESTReply, RESTReply.Manner) -> Void) {
        if request.path.hasPrefix("/stand-in/") {
            catchUp()
            return reply(control(request), .whole)
        }
        if ["/ws", "/stream", "/ws-api"].contains(where: { request.path == $0 || request.path.hasPrefix($0 + "/") }) {
            // A WebSocket that was not welcome, or a request that is none.
            let refusal = refusedHandshakes.removeValue(forKey: address)
            return reply(refusal.map({ failure($0) }) ?? RESTReply(400, .empty), .whole)
        }
        var manner = RESTReply.Manner.whole
        var delay: Int64 = 0
        var late: Int64 = 0
        var forged: APIError?
        for kind in desk.occasion(.rest, request.faultName) {
            switch kind {
            case .drop: return reply(RESTReply(500, .empty), .broken)
            case .hang, .halfOpen: return
            case .error(let status, let code):
                return reply(refusal(APIError(code, "", status: status), address), .whole)
            case .limit(let status, let seconds): return reply(refusal(limitFault(status, seconds), address), .whole)
            case .dropAfter: manner = .broken
            case .hangAfter: manner = .never
            case .truncate: manner = .truncated
            case .slowWrite(let pause): manner = .pieces(pause)
            case .errorAfter(let status, let code): forged = APIError(code, "", status: status)
            case .delay(let time): delay += time
            case .late(let time): late += time
            default: break
            }
        }
        let answer = { [self] in
            perform(request, from: address) { [self] result in
                let final = forged.map { refusal($0, address) } ?? result
                guard delay > 0 else { return reply(final, manner) }
                after(milliseconds: delay) { reply(final, manner) }
            }
        }
        guard late > 0 else { return answer() }
        after(milliseconds: late, answer)
    }

    /// The refusal that a fault asks for.
    func limitFault(_ status: Int, _ seconds: Int64) -> APIError {
        let now = exchange.serverTime
        let end = now + seconds * 1_000
        let message =
            status == 418
            ? "Way too much request weight used; IP banned until \(end). "
                + "Please use WebSocket Streams for live updates to avoid bans."
            : "Too much request weight used; current limit is \(exchange.limits.weightPerMinute) request weight per "
                + "1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API."
        return ledger.refusal(status, message, until: end, now)
    }

    private func perform(_ request: RESTRequest, from address: String, _ reply: @escaping (RESTReply) -> Void) {
        catchUp()
        if request.path == "/api/v3/userDataStream" { return reply(refusal(.gone, address)) }
        guard let endpoint = table.rest(request.line) else {
            return reply(dressed(RESTReply(table.hasPath(request.path) ? 405 : 404, .empty), address, nil))
        }
        let unit: TimeUnit
        do throws(APIError) {
            unit = try TimeUnit(request.headers.first(name: "X-MBX-TIME-UNIT"))
        } catch {
            return reply(refusal(error, address))
        }
        let parameters = request.parameters
        var account: Account?
        do throws(APIError) {
            let answer = try run(endpoint, parameters, address: address) { () throws(APIError) in
                let key = request.headers.first(name: "X-MBX-APIKEY")
                let found = try identify(key, parameters, payload: request.signedPayload)
                account = found
                return found
            }
            tellEvents()
            switch answer {
            case .now(let json):
                reply(dressed(RESTReply(200, json, unit), address, endpoint.orders > 0 ? account : nil))
            case .later(let compute):
                let work = pool.runIfActive(eventLoop: loop) { compute() }
                work.assumeIsolated().whenComplete { [self] result in
                    switch result {
                    case .success(let json): reply(dressed(RESTReply(200, json, unit), address, nil))
                    case .failure:
                        let message = "Internal error; unable to process your request."
                        reply(refusal(APIError(-1001, message, status: 500), address))
                    }
                }
            }
        } catch {
            tellEvents()
            reply(refusal(error, address, unit))
        }
    }

    private func refusal(_ error: APIError, _ address: String, _ unit: TimeUnit = .millisecond) -> RESTReply {
        dressed(failure(error, unit), address, nil)
    }

    private func failure(_ error: APIError, _ unit: TimeUnit = .millisecond) -> RESTReply {
        var error = error
        if error.message.isEmpty { error.message = Core.message(of: error.code) }
        // Over HTTP the time to wait is a header.
        if error.retryAfter != nil { error.data = nil }
        var reply = RESTReply(error.status, error.json, unit)
        if let seconds = error.retryAfter { reply.headers.append(("Retry-After", "\(seconds)")) }
        return reply
    }

    /// The documented message of the codes that faults like to use.
    static func message(of code: Int) -> String {
        switch code {
        case -1001: return "Internal error; unable to process your request. Please try again."
        case -1006: return "An unexpected response was received from the message bus. Execution status unknown."
        case -1007:
            return "Timeout waiting for response from backend server. Send status unknown; execution status unknown."
        case -1008: return "Server is currently overloaded with other requests. Please try again in a few minutes."
        case -1016: return "This service is no longer available."
        default: return "An unknown error occurred while processing the request."
        }
    }

    /// A reply with what the venue says of what has been used.
    private func dressed(_ reply: RESTReply, _ address: String, _ account: Account?) -> RESTReply {
        var reply = reply
        let used = ledger.used(address, at: exchange.serverTime)
        reply.headers.append(("X-MBX-USED-WEIGHT", "\(used)"))
        reply.headers.append(("X-MBX-USED-WEIGHT-1M", "\(used)"))
        if let account {
            let counts = account.counter.counts(at: exchange.serverTime)
            reply.headers.append(("X-MBX-ORDER-COUNT-10S", "\(counts.tenSeconds)"))
            reply.headers.append(("X-MBX-ORDER-COUNT-1D", "\(counts.day)"))
        }
        return reply
    }
}
