import Glibc
import Synchronization

/// The control socket: one thread that serves every client, and that no client can hold up or harm.
///
/// Clients are read and written without blocking. A line that is too long or no JSON is answered with an error; a client
/// that does not read its answers is cut off when they pile up; more clients than `maximumClients` are turned away. The
/// engine's thread only ever appends to a queue.
final class ControlServer: Sendable {
    static let socketName = "engine.sock"
    static let maximumClients = 32

    private struct Outgoing: Sendable {
        var client: UInt64
        var response: ControlResponse
    }

    private let handler: ControlHandler
    private let path: String
    private let listener: Int32
    private let wake: WakeDescriptor
    private let outgoing = Mutex<[Outgoing]>([])
    private let isStopping = Atomic<Bool>(false)
    private let finished = FinishedFlag()

    /// A server that listens in `directory` at once.
    ///
    /// - Throws: `EngineError.system` when the socket can't be made.
    init(directory: String, target: ControlTarget) throws(EngineError) {
        handler = ControlHandler(target: target)
        path = directory + "/" + ControlServer.socketName
        wake = try WakeDescriptor()
        listener = try UnixSocket.listen(path: path)
    }

    /// Begins to serve on a thread of its own.
    func start() throws(EngineError) {
        try EngineThread.start { self.serve() }
    }

    /// Stops serving and waits for the thread to end; waiting clients see the connection close.
    func stop() {
        isStopping.store(true, ordering: .releasing)
        wake.signal()
        finished.wait()
    }

    private func serve() {
        var clients: [ControlConnection] = []
        var nextClient: UInt64 = 1
        while !isStopping.load(ordering: .acquiring) {
            deliver(to: clients)
            clients.removeAll { client in
                if client.isDone { client.close() }
                return client.isDone
            }
            var descriptors = [
                pollfd(fd: wake.readEnd, events: Int16(POLLIN), revents: 0),
                pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
            ]
            for client in clients {
                let events = Int16(client.wantsToRead ? POLLIN : 0) | Int16(client.hasOutput ? POLLOUT : 0)
                descriptors.append(pollfd(fd: client.descriptor, events: events, revents: 0))
            }
            guard poll(&descriptors, nfds_t(descriptors.count), -1) > 0 else { continue }
            if descriptors[0].revents != 0 { wake.drain() }
            for (index, client) in clients.enumerated() {
                let events = Int32(descriptors[index + 2].revents)
                if events & (POLLERR | POLLNVAL) != 0 { client.fail() }
                if events & (POLLIN | POLLHUP) != 0 { read(client) }
                if events & POLLOUT != 0 { client.flush() }
            }
            if descriptors[1].revents != 0, let client = accept(number: nextClient, count: clients.count) {
                nextClient += 1
                clients.append(client)
            }
        }
        for client in clients { client.close() }
        close(listener)
        unlink(path)
        finished.set()
    }

    private func accept(number: UInt64, count: Int) -> ControlConnection? {
        let descriptor = Glibc.accept(listener, nil, nil)
        guard descriptor >= 0 else { return nil }
        Descriptors.prepare(descriptor)
        guard count < ControlServer.maximumClients else {
            let refusal = ControlCoding.line(
                ControlResponse(id: nil, ControlFailure(.unavailable, "too many clients; try again in a moment")))
            _ = refusal.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            close(descriptor)
            return nil
        }
        return ControlConnection(number: number, descriptor: descriptor)
    }

    private func read(_ client: ControlConnection) {
        client.read { line in
            let number = client.number
            switch line {
            case .tooLong:
                let limit = ControlCoding.maximumLineBytes
                client.write(
                    ControlResponse(
                        id: nil, ControlFailure(.tooLong, "a line may have \(limit) bytes; the rest was skipped")))
            case .text(let bytes):
                guard !bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) else { return }
                guard let request = try? ControlCoding.value(ControlRequest.self, bytes) else {
                    client.write(
                        ControlResponse(
                            id: nil,
                            ControlFailure(
                                .malformed, #"expected one JSON object a line, {"id":1,"command":"status"}"#)))
                    return
                }
                client.pending += 1
                handler.handle(request) { response in
                    self.outgoing.withLock { $0.append(Outgoing(client: number, response: response)) }
                    self.wake.signal()
                }
            }
        }
    }

    private func deliver(to clients: [ControlConnection]) {
        let responses = outgoing.withLock { queue in
            defer { queue = [] }
            return queue
        }
        for outgoing in responses {
            guard let client = clients.first(where: { $0.number == outgoing.client }) else { continue }
            client.pending -= 1
            client.write(outgoing.response)
        }
    }
}
