import Glibc

/// Talks to a running engine over its control socket; for commands beside a workstation.
///
/// Calls block until the answer is there or the time is over. A client belongs to one thread.
public final class EngineClient {
    private let descriptor: Int32
    private let path: String
    private let timeoutSeconds: Double
    private var input: [UInt8] = []
    private var nextID: Int64 = 1

    /// A client of the engine that runs on a data directory.
    ///
    /// - Parameters:
    ///   - dataDirectory: the engine's data directory.
    ///   - timeoutSeconds: how long an answer may take.
    /// - Throws: `EngineClientError.noEngine` when none runs there.
    public init(dataDirectory: String, timeoutSeconds: Double = 10) throws(EngineClientError) {
        path = dataDirectory + "/" + ControlServer.socketName
        self.timeoutSeconds = timeoutSeconds
        switch UnixSocket.connect(path: path) {
        case .success(let descriptor):
            self.descriptor = descriptor
        case .failure(let error):
            switch error.code {
            case ENOENT, ECONNREFUSED, ENOTDIR: throw .noEngine(directory: dataDirectory)
            default: throw .unreachable(path: path, reason: error.text)
            }
        }
        Descriptors.prepare(descriptor)
    }

    deinit { close(descriptor) }

    /// Sends a request and waits for its answer.
    ///
    /// - Throws: `EngineClientError.refused` with the engine's reason when it was not done.
    public func send(_ request: ControlRequest) throws(EngineClientError) -> ControlResponse {
        var request = request
        request.id = nextID
        nextID += 1
        let deadline = EngineClock.monotonic() + Int64(timeoutSeconds * 1e9)
        try write(ControlCoding.line(request), until: deadline)
        while true {
            let line = try readLine(until: deadline)
            guard let response = try? ControlCoding.value(ControlResponse.self, line) else {
                throw .unreachable(path: path, reason: "the answer is no JSON of the protocol")
            }
            // Answers to requests that this client gave up waiting for come first.
            if let id = response.id, id != request.id { continue }
            if let error = response.error { throw .refused(error) }
            return response
        }
    }

    /// The engine's status.
    public func status() throws(EngineClientError) -> StatusMessage {
        try expect(try send(ControlRequest(command: "status")).status)
    }

    /// Places an order; `request` carries its terms (the command is set here).
    ///
    /// - Returns: the order with the gate's verdict: denied, filled, or working.
    public func placeOrder(_ request: ControlRequest) throws(EngineClientError) -> OrderMessage {
        var request = request
        request.command = "order.place"
        return try expect(try send(request).order)
    }

    /// Cancels an order.
    ///
    /// - Returns: what was done, in words.
    public func cancelOrder(_ order: UInt64) throws(EngineClientError) -> String {
        var request = ControlRequest(command: "order.cancel")
        request.order = order
        return try send(request).message ?? ""
    }

    /// The orders that work; closed ones of the recent past too when `all`.
    public func orders(all: Bool = false) throws(EngineClientError) -> [OrderMessage] {
        var request = ControlRequest(command: "order.list")
        request.all = all
        return try expect(try send(request).orders)
    }

    /// The open orders of other clients of the account.
    public func externalOrders() throws(EngineClientError) -> [ExternalOrderMessage] {
        try expect(try send(ControlRequest(command: "order.external")).externalOrders)
    }

    /// Claims an open order of another client, and cancels it where that is wanted.
    ///
    /// - Parameter venueOrder: the venue's number.
    /// - Returns: what was done, in words.
    public func claimOrder(_ venueOrder: String, cancels: Bool) throws(EngineClientError) -> String {
        var request = ControlRequest(command: "order.claim")
        request.venueOrder = venueOrder
        request.cancel = cancels
        return try send(request).message ?? ""
    }

    /// The open positions.
    public func positions() throws(EngineClientError) -> [PositionMessage] {
        try expect(try send(ControlRequest(command: "position.list")).positions)
    }

    /// Closes a position at market.
    ///
    /// - Parameters:
    ///   - symbol: of what.
    ///   - strategy: whose; needed where several hold it, `manual` for the person's own.
    /// - Returns: the closing order with its verdict.
    public func closePosition(
        symbol: String, strategy: String? = nil
    ) throws(EngineClientError) -> OrderMessage {
        var request = ControlRequest(command: "position.close")
        request.symbol = symbol
        request.strategy = strategy
        return try expect(try send(request).order)
    }

    /// Takes the venue's word for what is held of an instrument that is blocked.
    ///
    /// - Returns: what was done, in words.
    public func acceptPosition(symbol: String) throws(EngineClientError) -> String {
        var request = ControlRequest(command: "position.accept")
        request.symbol = symbol
        return try send(request).message ?? ""
    }

    /// Takes the venue's word for the cash.
    ///
    /// - Returns: what was done, in words.
    public func acceptCash() throws(EngineClientError) -> String {
        var request = ControlRequest(command: "position.accept")
        request.cash = true
        return try send(request).message ?? ""
    }

    /// The registered strategies.
    ///
    /// - Returns: also the names of those that were removed in this session, which the store may list for a while.
    public func strategies() throws(EngineClientError) -> (registered: [StrategyMessage], removed: [String]) {
        let response = try send(ControlRequest(command: "strategy.list"))
        return (try expect(response.strategies), response.removed ?? [])
    }

    /// Emergency stop.
    ///
    /// - Parameters:
    ///   - keepsProtection: whether protective orders go on working.
    ///   - flattens: whether every position is closed too.
    ///   - patienceSeconds: how long to wait for what a venue over a network confirms after everything has left.
    /// - Returns: what was cancelled and what is left.
    public func stop(
        keepsProtection: Bool = false, flattens: Bool = false, patienceSeconds: Double = 0
    ) throws(EngineClientError) -> ReceiptMessage {
        var request = ControlRequest(command: "stop")
        request.keepProtection = keepsProtection
        request.flatten = flattens
        var receipt = try expect(try send(request).receipt)
        let deadline = EngineClock.monotonic() + Int64(patienceSeconds * 1e9)
        while receipt.isUnfinished, EngineClock.monotonic() < deadline {
            usleep(50_000)
            // Whoever re-arms meanwhile ends the stop, and its receipt with it.
            guard let next = try send(ControlRequest(command: "status")).receipt else { break }
            receipt = next
        }
        return receipt
    }

    /// Ends the emergency stop.
    ///
    /// - Returns: what was done, in words.
    public func rearm() throws(EngineClientError) -> String {
        var request = ControlRequest(command: "rearm")
        request.confirm = ControlRequest.rearmWord
        return try send(request).message ?? ""
    }

    /// Registers a strategy, or changes one.
    ///
    /// - Returns: the strategy as it is now.
    public func register(_ request: ControlRequest) throws(EngineClientError) -> StrategyMessage {
        try expect(try send(request).strategy)
    }

    /// Does something with a strategy: `enable`, `disable` or `remove`.
    ///
    /// - Returns: what was done, in words.
    public func strategy(
        _ verb: String, _ name: String, waiving reason: String? = nil
    ) throws(EngineClientError) -> String {
        var request = ControlRequest(command: "strategy.\(verb)")
        request.strategy = name
        request.waive = reason
        return try send(request).message ?? ""
    }

    /// The alerts, newest first.
    public func alerts() throws(EngineClientError) -> [AlertMessage] {
        try expect(try send(ControlRequest(command: "alert.list")).alerts)
    }

    /// Acknowledges alerts.
    public func acknowledge(_ alerts: [Int64]) throws(EngineClientError) {
        var request = ControlRequest(command: "alert.acknowledge")
        request.alerts = alerts
        _ = try send(request)
    }

    // MARK: Lines

    private func expect<Value>(_ value: Value?) throws(EngineClientError) -> Value {
        guard let value else { throw .unreachable(path: path, reason: "the answer lacks what was asked for") }
        return value
    }

    private func write(_ bytes: [UInt8], until deadline: Int64) throws(EngineClientError) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                sent += count
            } else if errno == EAGAIN {
                try wait(Int16(POLLOUT), until: deadline)
            } else if errno != EINTR {
                throw .unreachable(path: path, reason: String(cString: strerror(errno)))
            }
        }
    }

    private func readLine(until deadline: Int64) throws(EngineClientError) -> [UInt8] {
        while true {
            if let end = input.firstIndex(of: 0x0A) {
                let line = Array(input[..<end])
                input.removeSubrange(...end)
                return line
            }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let count = read(descriptor, &buffer, buffer.count)
            if count > 0 {
                input.append(contentsOf: buffer[..<count])
            } else if count == 0 {
                throw .unreachable(path: path, reason: "the engine closed the connection; it may be stopping")
            } else if errno == EAGAIN {
                try wait(Int16(POLLIN), until: deadline)
            } else if errno != EINTR {
                throw .unreachable(path: path, reason: String(cString: strerror(errno)))
            }
        }
    }

    private func wait(_ events: Int16, until deadline: Int64) throws(EngineClientError) {
        let left = (deadline - EngineClock.monotonic()) / 1_000_000
        guard left > 0 else { throw .timedOut(seconds: timeoutSeconds) }
        var descriptor = pollfd(fd: self.descriptor, events: events, revents: 0)
        _ = poll(&descriptor, 1, Int32(clamping: left))
    }
}

/// Why a request did not get an answer, or not the one hoped for.
public enum EngineClientError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No engine runs on the data directory.
    case noEngine(directory: String)
    /// An engine runs and did not answer in time.
    case timedOut(seconds: Double)
    /// The engine did not do it, with its reason.
    case refused(ControlFailure)
    /// The socket can't be used.
    case unreachable(path: String, reason: String)

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .noEngine(let directory):
            return
                "no engine is running on '\(directory)'; start one with 'wick', or name its directory with --data-dir"
        case .timedOut(let seconds):
            return
                "the engine did not answer within \(Int(seconds.rounded(.up))) seconds; what was asked may still be done: "
                + "look before asking again"
        case .refused(let failure):
            return failure.message
        case .unreachable(let path, let reason):
            return "the engine can't be reached at '\(path)': \(reason)"
        }
    }
}
