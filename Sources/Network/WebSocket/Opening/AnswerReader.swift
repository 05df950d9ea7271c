import NIOCore

/// Asks one question by HTTP and reads the answer's head; of an answer that refuses also the beginning of its body.
final class AnswerReader: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let request: [UInt8]
    /// Which status is a consent: after its head the bytes belong to something else than HTTP.
    private let isConsent: (Int) -> Bool
    private var done: ((Result<Answer, WebSocketTrouble>) -> Void)?
    private var received: [UInt8] = []
    private var searched = 0
    private var refusing: HTTPAnswer?
    private var hasAsked = false

    /// An answer, and what came behind the head of one that consents.
    typealias Answer = (head: HTTPAnswer, rest: [UInt8])

    /// As much of a refusal's body as a message can use.
    private static let usefulBody = 512

    /// - Parameter done: told once.
    init(
        _ request: [UInt8], isConsent: @escaping (Int) -> Bool,
        done: @escaping (Result<Answer, WebSocketTrouble>) -> Void
    ) {
        self.request = request
        self.isConsent = isConsent
        self.done = done
    }

    func handlerAdded(context: ChannelHandlerContext) { if context.channel.isActive { ask(context) } }

    func channelActive(context: ChannelHandlerContext) {
        ask(context)
        context.fireChannelActive()
    }

    private func ask(_ context: ChannelHandlerContext) {
        guard !hasAsked else { return }
        hasAsked = true
        context.writeAndFlush(NIOAny(ByteBuffer(bytes: request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard done != nil else { return }
        received.append(contentsOf: unwrapInboundIn(data).readableBytesView)
        do throws(WebSocketTrouble) {
            try read()
        } catch {
            tell(.failure(error))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        giveUp(WebSocketTrouble(.brokenAnswer, "the connection ended without an answer"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { giveUp(ConnectionFailure.trouble(error)) }

    /// Waits no longer. A refusal that has come without its whole body is a refusal all the same.
    func giveUp(_ trouble: WebSocketTrouble) {
        if var refusing {
            refusing.body = received
            tell(.success((refusing, [])))
        } else {
            tell(.failure(trouble))
        }
    }

    private func read() throws(WebSocketTrouble) {
        while refusing == nil {
            guard let end = try headEnd() else { return }
            let answer = try HTTPAnswer(received[..<end])
            received.removeSubrange(..<(end + 4))
            searched = 0
            if isConsent(answer.status) { return tell(.success((answer, received))) }
            // A 1xx only announces the answer.
            if answer.status >= 200 || answer.status == 101 { refusing = answer }
        }
        guard var answer = refusing else { return }
        guard received.count >= min(answer.announcedLength ?? Int.max, AnswerReader.usefulBody) else { return }
        answer.body = Array(received.prefix(answer.announcedLength ?? Int.max))
        tell(.success((answer, [])))
    }

    /// Where the empty line behind the head begins.
    private func headEnd() throws(WebSocketTrouble) -> Int? {
        var index = searched
        while index + 4 <= received.count {
            if received[index] == 0x0D, received[index + 1] == 0x0A, received[index + 2] == 0x0D,
                received[index + 3] == 0x0A
            {
                return index
            }
            index += 1
        }
        searched = index
        guard received.count <= HTTPAnswer.longest else {
            throw WebSocketTrouble(.brokenAnswer, "a head of more than \(HTTPAnswer.longest) bytes")
        }
        return nil
    }

    private func tell(_ result: Result<Answer, WebSocketTrouble>) {
        let done = self.done
        self.done = nil
        done?(result)
    }
}
