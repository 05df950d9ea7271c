public import Bytes
import Market

extension BacktestRequest: BinaryCodable {
    /// Appends the request.
    public func write(to writer: inout ByteWriter) {
        writer.text(className)
        writer.count(parameters.count)
        for (name, text) in parameters.sorted(by: { $0.key < $1.key }) {
            writer.text(name)
            writer.text(text)
        }
        writer.text(series)
        writer.value(timeframe)
        writer.optional(from)
        writer.optional(to)
        for text in [cash, feeBasisPoints, slippageBasisPoints, sizing] { writer.text(text) }
    }

    /// Reads a request.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let className = try reader.text()
        var parameters: [String: String] = [:]
        for _ in 0..<(try reader.count(minimumSize: 2)) { parameters[try reader.text()] = try reader.text() }
        self.init(
            className: className, parameters: parameters, series: try reader.text(), timeframe: try reader.value(),
            from: try reader.optional(), to: try reader.optional(), cash: try reader.text(),
            feeBasisPoints: try reader.text(), slippageBasisPoints: try reader.text(), sizing: try reader.text())
    }
}

extension BacktestReport: BinaryCodable {
    /// Appends the report.
    public func write(to writer: inout ByteWriter) {
        writer.count(figures.count)
        for figure in figures {
            writer.text(figure.key)
            writer.optional(figure.value)
        }
        writer.count(equity.count)
        for point in equity {
            writer.value(point.time)
            writer.value(point.value)
        }
        writer.count(trips.count)
        for trip in trips { writer.array(trip) }
    }

    /// Reads a report.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init(figures: [], equity: [], trips: [])
        for _ in 0..<(try reader.count(minimumSize: 2)) {
            figures.append((key: try reader.text(), value: try reader.optional()))
        }
        let points = try reader.count(minimumSize: 9)
        equity.reserveCapacity(points)
        for _ in 0..<points { equity.append((time: try reader.value(), value: try reader.double())) }
        for _ in 0..<(try reader.count()) { trips.append(try reader.array()) }
    }
}

extension BacktestView: BinaryCodable {
    /// Appends the backtest.
    public func write(to writer: inout ByteWriter) {
        writer.value(id)
        writer.value(request)
        switch state {
        case .running(let progress, let secondsLeft):
            writer.byte(0)
            writer.value(progress)
            writer.optional(secondsLeft)
        case .done(let report):
            writer.byte(1)
            writer.value(report)
        case .failed(let reason):
            writer.byte(2)
            writer.text(reason)
        case .cancelled: writer.byte(3)
        }
    }

    /// Reads a backtest.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let id: Int64 = try reader.value()
        let request: BacktestRequest = try reader.value()
        let state: State
        switch try reader.byte() {
        case 0: state = .running(progress: try reader.double(), secondsLeft: try reader.optional())
        case 1: state = .done(try reader.value())
        case 2: state = .failed(try reader.text())
        case 3: state = .cancelled
        case let other: throw MalformedBytes("\(other) is no state of a backtest", at: reader.offset)
        }
        self.init(id: id, request: request, state: state)
    }

    /// Whether nothing about it changed since `old`. A report that is done never changes, so its arrays are the same
    /// memory as long as it is the same report.
    func isSame(as old: BacktestView) -> Bool {
        guard id == old.id else { return false }
        switch (state, old.state) {
        case (.done(let report), .done(let former)):
            return report.equity.count == former.equity.count && report.trips.count == former.trips.count
                && ArrayDelta.isSameStorage(report.equity, former.equity)
                && ArrayDelta.isSameStorage(report.trips, former.trips)
        case (.failed(let reason), .failed(let former)): return reason == former && request == old.request
        case (.cancelled, .cancelled): return request == old.request
        default: return false
        }
    }
}
