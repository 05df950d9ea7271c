import NIOCore
import NIOPosix
import NIOWebSocket

/// Everything that a connection is opened with.
struct OpeningPlan: Sendable {
    let address: WebSocketAddress
    /// The address for messages.
    let location: String
    let options: WebSocketOptions
    let request: UpgradeRequest
    let proxy: Proxy?
    let security: ClientSecurity?
    let handler: WebSocket.Handler
}

/// The way from a plan to an open WebSocket: name and TCP, the proxy where there is one, TLS, the upgrade.
///
/// Touched by its event loop only. Whatever ends it first counts: the WebSocket, a trouble, the clock, or whoever asked.
final class Opening {
    private let plan: OpeningPlan
    private let loop: any EventLoop
    private var outcome: CheckedContinuation<Result<WebSocket, WebSocketTrouble>, Never>?
    private var isOver = false
    /// A name may have several numbers, which are tried side by side.
    private var channels: [any Channel] = []
    private var reader: AnswerReader?
    private var timer: Scheduled<Void>?

    private init(_ plan: OpeningPlan, _ loop: any EventLoop) {
        self.plan = plan
        self.loop = loop
    }

    /// Opens a WebSocket; cancelling the task ends it at once and closes what was begun.
    static func open(_ plan: OpeningPlan) async throws(WebSocketTrouble) -> WebSocket {
        let loop = NetworkThreads.next()
        let opening = NIOLoopBoundBox.makeBoxSendingValue(Opening(plan, loop), eventLoop: loop)
        let outcome: Result<WebSocket, WebSocketTrouble> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.execute { opening.value.start(continuation) }
            }
        } onCancel: {
            loop.execute { opening.value.fail(WebSocketTrouble(.cancelled, "")) }
        }
        return try outcome.get()
    }

    private func start(_ continuation: CheckedContinuation<Result<WebSocket, WebSocketTrouble>, Never>) {
        // Cancelled before it began.
        guard !isOver else { return continuation.resume(returning: .failure(WebSocketTrouble(.cancelled, ""))) }
        outcome = continuation
        let (host, port) = plan.proxy.map { ($0.host, $0.port) } ?? (plan.address.host, plan.address.port)
        endAfter(plan.options.connectTimeout, "no connection")
        let me = NIOLoopBound(self, eventLoop: loop)
        ClientBootstrap(group: loop)
            // The timer above ends it; this is for what that can't reach, the look-up of a name.
            .connectTimeout(plan.options.connectTimeout.amount + .seconds(1))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                me.value.adopt(channel)
                return channel.eventLoop.makeSucceededVoidFuture()
            }
            .connect(host: host, port: port)
            .assumeIsolated()
            .whenComplete { [self] result in
                switch result {
                case .success(let channel): isConnected(channel)
                case .failure(let error): fail(ConnectionFailure.trouble(error))
                }
            }
    }

    private func adopt(_ channel: any Channel) {
        if isOver { channel.close(promise: nil) } else { channels.append(channel) }
    }

    private func isConnected(_ channel: any Channel) {
        guard !isOver else { return channel.close(promise: nil) }
        guard let proxy = plan.proxy else { return upgrade(channel) }
        ask(channel, proxy.request(to: plan.address), isConsent: (200..<300).contains) { [self] answer in
            guard (200..<300).contains(answer.head.status) else {
                return fail(WebSocketTrouble(.proxyRefused(status: answer.head.status), ""))
            }
            guard answer.rest.isEmpty else {
                return fail(WebSocketTrouble(.brokenAnswer, "the proxy sends before it is asked"))
            }
            upgrade(channel)
        }
    }

    private func upgrade(_ channel: any Channel) {
        endAfter(plan.options.upgradeTimeout, "no upgrade")
        guard let security = plan.security else { return askForUpgrade(channel) }
        do {
            let secure = try security.handler()
            let gate = SecureGate(security, secure) { [self] gate, result in
                channel.pipeline.syncOperations.removeHandler(gate, promise: nil)
                switch result {
                case .success: askForUpgrade(channel)
                case .failure(let trouble): fail(trouble)
                }
            }
            try channel.pipeline.syncOperations.addHandlers([secure, gate])
        } catch {
            fail(ConnectionFailure.trouble(error))
        }
    }

    private func askForUpgrade(_ channel: any Channel) {
        guard !isOver else { return }
        ask(channel, plan.request.bytes, isConsent: { $0 == 101 }) { [self] answer in
            do throws(WebSocketTrouble) {
                try open(channel, try plan.request.agreement(answer.head), answer.rest)
            } catch {
                fail(error)
            }
        }
    }

    private func open(
        _ channel: any Channel, _ packing: DeflateAgreement?, _ rest: [UInt8]
    ) throws(WebSocketTrouble) {
        let connection = WebSocketConnection(plan.location, plan.options, packing: packing, plan.handler)
        do {
            try channel.pipeline.syncOperations.addHandlers([WebSocketFrameEncoder(), connection])
        } catch {
            throw ConnectionFailure.trouble(error)
        }
        end(.success(WebSocket(NIOLoopBound(connection, eventLoop: loop), on: loop, address: plan.location)))
        rest.withUnsafeBytes(connection.receive)
    }

    /// Puts a question to whoever is at the other end.
    private func ask(
        _ channel: any Channel, _ request: [UInt8], isConsent: @escaping (Int) -> Bool,
        _ done: @escaping (AnswerReader.Answer) -> Void
    ) {
        let reader = AnswerReader(request, isConsent: isConsent) { [self] result in
            if let reader = self.reader { channel.pipeline.syncOperations.removeHandler(reader, promise: nil) }
            self.reader = nil
            switch result {
            case .success(let answer): done(answer)
            case .failure(let trouble): fail(trouble)
            }
        }
        self.reader = reader
        do {
            try channel.pipeline.syncOperations.addHandler(reader)
        } catch {
            fail(ConnectionFailure.trouble(error))
        }
    }

    private func endAfter(_ time: Duration, _ what: String) {
        timer?.cancel()
        timer = loop.assumeIsolated().scheduleTask(in: time.amount) { [self] in
            let trouble = WebSocketTrouble(.timedOut, "\(what) within \(time)")
            // A refusal may have come without the rest of its body.
            if let reader { reader.giveUp(trouble) } else { fail(trouble) }
        }
    }

    private func fail(_ trouble: WebSocketTrouble) {
        guard !isOver else { return }
        let begun = channels
        end(.failure(trouble))
        for channel in begun { channel.close(promise: nil) }
    }

    private func end(_ result: Result<WebSocket, WebSocketTrouble>) {
        guard !isOver else { return }
        isOver = true
        timer?.cancel()
        channels = []
        reader = nil
        outcome?.resume(returning: result)
        outcome = nil
    }
}
