import Bytes
import Glibc
import Synchronization

/// The socket that screens attach to: one thread for all of them, which none can hold up.
///
/// A screen gets a snapshot whole and from then on what changed, always up to the newest one there is: the next only when
/// it has taken the last, so that a slow screen sees fewer and never older ones, and what waits for it is bounded. The
/// engine's thread does nothing but wake this one.
final class ScreenServer: Sendable {
    static let maximumScreens = 16

    private struct Outgoing: Sendable {
        var connection: UInt64
        var answer: @Sendable () -> ScreenAnswer
    }

    let wake: WakeDescriptor
    private let hub: ScreenHub
    private let path: String
    private let listener: Int32
    private let outgoing = Mutex<[Outgoing]>([])
    private let isStopping = Atomic<Bool>(false)
    private let finished = FinishedFlag()

    /// A server that listens in `directory` at once.
    ///
    /// - Throws: `EngineError.system` when the socket can't be made.
    init(directory: String, hub: ScreenHub) throws(EngineError) {
        self.hub = hub
        path = directory + "/" + ScreenProtocol.socketName
        wake = try WakeDescriptor()
        listener = try UnixSocket.listen(path: path)
    }

    /// Begins to serve on a thread of its own.
    func start() throws(EngineError) {
        try EngineThread.start { self.serve() }
    }

    /// Says to every screen that the engine ends, and waits for the thread to end.
    func stop() {
        isStopping.store(true, ordering: .releasing)
        wake.signal()
        finished.wait()
    }

    private func serve() {
        var connections: [ScreenConnection] = []
        var next: UInt64 = 1
        while !isStopping.load(ordering: .acquiring) {
            deliver(to: connections)
            update(connections)
            connections.removeAll { remove($0) }
            var descriptors = [
                pollfd(fd: wake.readEnd, events: Int16(POLLIN), revents: 0),
                pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
            ]
            for connection in connections {
                let events = Int16(connection.wantsToRead ? POLLIN : 0) | Int16(connection.hasOutput ? POLLOUT : 0)
                descriptors.append(pollfd(fd: connection.descriptor, events: events, revents: 0))
            }
            let isWaiting = connections.contains { $0.screen == nil }
            guard poll(&descriptors, nfds_t(descriptors.count), isWaiting ? 1_000 : -1) > 0 else { continue }
            if descriptors[0].revents != 0 { wake.drain() }
            for (index, connection) in connections.enumerated() {
                let events = Int32(descriptors[index + 2].revents)
                if events & POLLOUT != 0 { connection.flush() }
                if events & POLLIN != 0 {
                    connection.read { take($0, of: connection) }
                } else if events & (POLLERR | POLLNVAL | POLLHUP) != 0 {
                    connection.fail()
                }
            }
            if descriptors[1].revents != 0, let connection = accept(number: next, count: connections.count) {
                next += 1
                connections.append(connection)
            }
        }
        for connection in connections {
            connection.write(.end("the engine has stopped"))
            connection.close()
            if let screen = connection.screen { hub.leave(screen) }
        }
        close(listener)
        unlink(path)
        finished.set()
    }

    private func accept(number: UInt64, count: Int) -> ScreenConnection? {
        let descriptor = Glibc.accept(listener, nil, nil)
        guard descriptor >= 0 else { return nil }
        Descriptors.prepare(descriptor)
        let connection = ScreenConnection(number: number, descriptor: descriptor)
        guard count < ScreenServer.maximumScreens else {
            connection.write(.refusal("\(count) screens are attached already, which is as many as there may be"))
            connection.close()
            return nil
        }
        return connection
    }

    /// Lets go of a connection that is over; whether it is.
    private func remove(_ connection: ScreenConnection) -> Bool {
        guard connection.isDone || connection.isOverdue else { return false }
        connection.close()
        if let screen = connection.screen {
            let wasInControl = hub.role(of: screen) == .control
            hub.leave(screen)
            if wasInControl, !connection.saidGoodbye { hub.target.reportLost(connection.name) }
        }
        return true
    }

    /// Brings every screen up to date: its role, and the newest snapshot when it waits for one.
    private func update(_ connections: [ScreenConnection]) {
        var newest: Snapshot?
        for connection in connections {
            guard let screen = connection.screen, !connection.isDone else { continue }
            let role = hub.role(of: screen)
            if role != connection.role {
                connection.role = role
                connection.write(.role(role))
            }
            guard connection.wantsSnapshot, !connection.hasOutput else { continue }
            let snapshot = newest ?? hub.target.snapshot()
            newest = snapshot
            guard snapshot.generation != connection.sent.generation else { continue }
            var writer = ByteWriter(capacity: 4_096)
            SnapshotDelta.write(snapshot, since: connection.sent, to: &writer)
            connection.sent = snapshot
            connection.wantsSnapshot = false
            connection.write(.snapshot(writer.bytes[...]))
        }
    }

    // MARK: What screens say

    private func take(_ request: ScreenRequest, of connection: ScreenConnection) {
        guard let screen = connection.screen else {
            guard case .hello(let hello) = request else { return connection.fail() }
            return admit(hello, connection)
        }
        switch request {
        case .hello: connection.fail()
        case .ask(let number, let request): ask(number, request, connection, screen)
        case .series(let number):
            // Reading the store may take a while, and the emergency stop of another screen must not wait for it.
            later(connection) { [hub] in .series(number, hub.target.series()) }
        case .keepView(let bytes): hub.keepView(bytes, of: screen)
        case .next: connection.wantsSnapshot = true
        case .endEngine: if hub.role(of: screen) == .control { hub.askToEnd(connection.name) }
        case .goodbye:
            connection.saidGoodbye = true
            connection.finish()
        }
    }

    private func admit(_ hello: ScreenHello, _ connection: ScreenConnection) {
        guard hello.version == ScreenProtocol.version, hello.release == WickRelease.version else {
            connection.write(
                .refusal(
                    "this is wick \(ScreenServer.plain(hello.release)) (screen protocol \(hello.version)), and the "
                        + "engine that runs here, process \(getpid()), is wick \(WickRelease.version) (screen protocol "
                        + "\(ScreenProtocol.version)): attach with the program that it was started from, or restart it")
            )
            return connection.finish()
        }
        connection.name = "process \(connection.process)"
        let place = ScreenServer.plain(hello.place)
        if !place.isEmpty { connection.name += " on \(place)" }
        let screen = hub.enter(connection.name, hello.wish)
        connection.screen = screen
        let role = hub.role(of: screen)
        connection.role = role
        connection.write(
            .welcome(
                ScreenWelcome(process: getpid(), role: role, view: hub.keptView, classes: hub.target.classes)))
        connection.wantsSnapshot = true
    }

    private func ask(_ number: UInt64, _ request: EngineRequest, _ connection: ScreenConnection, _ screen: UInt64) {
        if let refusal = hub.refusal(of: screen, request) {
            return connection.write(.reply(number, .refused(refusal)))
        }
        connection.pending += 1
        let name = connection.name
        let client = connection.number
        hub.target.submit(request.named(name).described(by: hub.target.classes), name) { reply in
            self.post(client) { .reply(number, reply) }
        }
    }

    /// Makes an answer on a thread of its own.
    private func later(_ connection: ScreenConnection, _ body: @escaping @Sendable () -> ScreenAnswer) {
        connection.pending += 1
        let client = connection.number
        do {
            try EngineThread.start {
                let answer = body()
                self.post(client) { answer }
            }
        } catch {
            post(client) { .series(0, []) }
        }
    }

    private func post(_ connection: UInt64, _ answer: @escaping @Sendable () -> ScreenAnswer) {
        outgoing.withLock { $0.append(Outgoing(connection: connection, answer: answer)) }
        wake.signal()
    }

    private func deliver(to connections: [ScreenConnection]) {
        let waiting = outgoing.withLock { queue in
            defer { queue = [] }
            return queue
        }
        for outgoing in waiting {
            guard let connection = connections.first(where: { $0.number == outgoing.connection }) else { continue }
            connection.pending -= 1
            connection.write(outgoing.answer())
        }
    }

    /// What a screen says of itself, fit for a line of text.
    private static func plain(_ text: String) -> String {
        String(text.unicodeScalars.filter { (0x20..<0x7F).contains($0.value) }.map(Character.init).prefix(40))
    }
}
