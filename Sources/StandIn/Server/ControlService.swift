/// What a person or a test may tell the stand-in while it runs. No venue has these paths.
extension Core {
    /// Answers a request below `/stand-in/`.
    func control(_ request: RESTRequest) -> RESTReply {
        switch request.line {
        case "GET /stand-in/faults": return RESTReply(200, faultList)
        case "POST /stand-in/faults":
            do throws(StandInError) {
                desk.add(try FaultScript.faults(String(decoding: request.body, as: UTF8.self)))
            } catch {
                return RESTReply(400, .object { $0.add("msg", error.description) })
            }
            exchange.skew = desk.skew
            return RESTReply(200, faultList)
        case "DELETE /stand-in/faults":
            desk.clear()
            exchange.skew = 0
            return RESTReply(200, faultList)
        case "POST /stand-in/shutdown":
            announceShutdown()
            return RESTReply(200, .empty)
        case "GET /stand-in/status": return RESTReply(200, status)
        default: return RESTReply(404, .object { $0.add("msg", "there is no \(request.line)") })
        }
    }

    private var faultList: JSONValue {
        .object {
            $0.add("happened", desk.happened)
            $0.add(
                "faults",
                .array(
                    desk.faults.map { fault in
                        .object {
                            $0.add("kind", "\(fault.kind)")
                            $0.add("scope", fault.scope.rawValue)
                            $0.add("pattern", fault.pattern)
                            $0.add("perMillion", fault.perMillion)
                            $0.add("remaining", fault.remaining.map { .integer($0) } ?? .null)
                            $0.add("skipping", fault.skipping)
                        }
                    }))
        }
    }

    private var status: JSONValue {
        .object {
            $0.add("serverTime", exchange.serverTime)
            $0.add("sockets", sockets.count)
            $0.add("subscriptions", hub.subscriptionCount)
            $0.add("openOrders", exchange.working.reduce(0) { $0 + $1.count })
            $0.add("faultsHappened", desk.happened)
        }
    }

    /// Says on every WebSocket that the server is about to go, and ends the connections some seconds later.
    func announceShutdown() {
        for socket in sockets.values { socket.role?.announceShutdown(at: exchange.serverTime) }
        after(milliseconds: options.shutdownNotice) { [self] in
            for socket in Array(sockets.values) { socket.close() }
        }
    }
}
