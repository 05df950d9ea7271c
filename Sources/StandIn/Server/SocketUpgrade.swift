import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Makes WebSockets out of HTTP connections that ask for it, by their path.
enum SocketUpgrade {
    /// The longest message of a client.
    private static let largestMessage = 1 << 20

    /// Puts HTTP and the way to WebSockets into a connection's pipeline.
    static func configure(_ channel: any Channel, _ core: Core) throws {
        let bound = NIOLoopBound(core, eventLoop: channel.eventLoop)
        let upgrader = NIOWebSocketServerUpgrader(
            maxFrameSize: largestMessage, automaticErrorHandling: true,
            shouldUpgrade: { channel, head in
                channel.eventLoop.makeSucceededFuture(
                    isWelcome(head, bound.value, channel) ? HTTPHeaders() : nil)
            },
            upgradePipelineHandler: { channel, head in
                channel.eventLoop.makeCompletedFuture {
                    guard let role = role(of: head, bound.value, channel) else { return }
                    let faults = bound.value.handshakeFaults.removeValue(forKey: ObjectIdentifier(channel)) ?? []
                    try channel.pipeline.syncOperations.addHandlers(
                        [
                            NIOWebSocketFrameAggregator(
                                minNonFinalFragmentSize: 1, maxAccumulatedFrameCount: 1_024,
                                maxAccumulatedFrameSize: largestMessage),
                            WebSocketHandler(bound.value, role, faults: faults),
                        ] as [any ChannelHandler])
                }
            })
        try channel.pipeline.syncOperations.configureHTTPServerPipeline(
            withServerUpgrade: (
                upgraders: [upgrader],
                completionHandler: { context in
                    guard let handler = try? context.pipeline.syncOperations.handler(type: HTTPHandler.self) else {
                        return
                    }
                    context.pipeline.syncOperations.removeHandler(handler, promise: nil)
                }
            ))
        try channel.pipeline.syncOperations.addHandler(HTTPHandler(core))
    }

    /// Whether a connection may become a WebSocket: its path is one, the address has not tried too often, and no fault says
    /// otherwise. Why it may not is kept for the answer.
    private static func isWelcome(_ head: HTTPRequestHead, _ core: Core, _ channel: any Channel) -> Bool {
        guard role(of: head, core, channel) != nil else { return false }
        let address = address(channel)
        let faults = core.desk.occasion(.connect, RESTRequest(head, body: []).path)
        if let refusal = refusal(head, core, address, faults) {
            core.refusedHandshakes[address] = refusal
            return false
        }
        if !faults.isEmpty { core.handshakeFaults[ObjectIdentifier(channel)] = faults }
        return true
    }

    private static func refusal(
        _ head: HTTPRequestHead, _ core: Core, _ address: String, _ faults: [Fault.Kind]
    ) -> APIError? {
        let time = core.exchange.serverTime
        do throws(APIError) { _ = try TimeUnit(query: RESTRequest(head, body: []).query) } catch { return error }
        guard !core.ledger.connect(address, at: time) else { return core.limitFault(429, 60) }
        for fault in faults {
            switch fault {
            case .error(let status, let code): return APIError(code, "", status: status)
            case .limit(let status, let seconds): return core.limitFault(status, seconds)
            default: break
            }
        }
        // The WebSocket API counts its handshake as a request.
        return head.uri.hasPrefix("/ws-api/") ? core.ledger.admit(address, weight: 2, at: time) : nil
    }

    private static func address(_ channel: any Channel) -> String { channel.remoteAddress?.ipAddress ?? "127.0.0.1" }

    private static func role(of head: HTTPRequestHead, _ core: Core, _ channel: any Channel) -> (any SocketRole)? {
        let request = RESTRequest(head, body: [])
        if request.path == "/ws-api/v3" {
            return APISession(core, query: request.query, address: address(channel))
        }
        return StreamSession(core, path: request.path, query: request.query)
    }
}
