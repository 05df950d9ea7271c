public import Bytes
import Market

extension SearchRequest: BinaryCodable {
    /// Appends the request.
    public func write(to writer: inout ByteWriter) {
        writer.text(kind.rawValue)
        writer.value(run)
        writer.text(objective)
        writer.array(constraints)
        writer.text(sampler)
        writer.value(trials)
        writer.unsigned(seed)
        writer.value(batch)
        writer.value(isPruning)
        writer.text(train)
        writer.text(test)
        writer.value(isAnchored)
        writer.text(purge)
        writer.text(embargo)
        writer.optional(workers)
        writer.text(study)
    }

    /// Reads a request.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let name = try reader.text()
        guard let kind = Kind(rawValue: name) else {
            throw MalformedBytes("'\(name)' is no way to search", at: reader.offset)
        }
        self.init(kind, try reader.value())
        objective = try reader.text()
        constraints = try reader.array()
        sampler = try reader.text()
        trials = try reader.value()
        seed = try reader.unsigned()
        batch = try reader.value()
        isPruning = try reader.value()
        train = try reader.text()
        test = try reader.text()
        isAnchored = try reader.value()
        purge = try reader.text()
        embargo = try reader.text()
        workers = try reader.optional()
        study = try reader.text()
    }
}

extension SearchAxis: BinaryCodable {
    /// Appends the axis.
    public func write(to writer: inout ByteWriter) {
        writer.text(name)
        writer.array(values)
    }

    /// Reads an axis.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init(name: try reader.text(), values: try reader.array())
    }
}

extension SearchTrial: BinaryCodable {
    /// Appends the trial.
    public func write(to writer: inout ByteWriter) {
        writer.value(window)
        writer.value(number)
        writer.raw(state)
        writer.array(values)
        for figure in [objective, totalReturn, sharpe, drawdown, trips] { writer.optional(figure) }
    }

    /// Reads a trial.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init(
            window: try reader.value(), number: try reader.value(), state: try reader.raw(),
            values: try reader.array(), objective: try reader.optional())
        totalReturn = try reader.optional()
        sharpe = try reader.optional()
        drawdown = try reader.optional()
        trips = try reader.optional()
    }
}

extension SearchWindow: BinaryCodable {
    /// Appends the window.
    public func write(to writer: inout ByteWriter) {
        writer.value(number)
        for time in [trainFrom, trainTo, testFrom, testTo] { writer.value(time) }
        writer.array(chosen)
        for figure in [
            returnInside, returnOutside, sharpeInside, sharpeOutside, drawdownOutside, tripsOutside,
        ] { writer.optional(figure) }
    }

    /// Reads a window.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init(
            number: try reader.value(), trainFrom: try reader.value(), trainTo: try reader.value(),
            testFrom: try reader.value(), testTo: try reader.value())
        chosen = try reader.array()
        returnInside = try reader.optional()
        returnOutside = try reader.optional()
        sharpeInside = try reader.optional()
        sharpeOutside = try reader.optional()
        drawdownOutside = try reader.optional()
        tripsOutside = try reader.optional()
    }
}

extension SearchPoint: BinaryCodable {
    /// Appends the point.
    public func write(to writer: inout ByteWriter) {
        writer.value(time)
        writer.value(value)
    }

    /// Reads a point.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init(time: try reader.value(), value: try reader.double())
    }
}

extension SearchFigure: BinaryCodable {
    /// Appends the figure.
    public func write(to writer: inout ByteWriter) {
        writer.text(key)
        writer.optional(value)
    }

    /// Reads a figure.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init(key: try reader.text(), value: try reader.optional())
    }
}

extension SearchVerdict: BinaryCodable {
    /// Appends the verdict.
    public func write(to writer: inout ByteWriter) {
        writer.text(name)
        writer.text(value)
        writer.raw(judgement)
        writer.text(text)
    }

    /// Reads a verdict.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init(try reader.text(), try reader.text(), try reader.raw(), try reader.text())
    }
}

extension SearchBoard: BinaryCodable {
    /// Appends the board.
    public func write(to writer: inout ByteWriter) {
        writer.array(axes)
        writer.array(trials)
        writer.value(trialCount)
        writer.optional(best)
        writer.array(verdicts)
        writer.array(windows)
        writer.array(stitched)
        writer.array(stitchedFigures)
    }

    /// Reads a board.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init()
        axes = try reader.array()
        trials = try reader.array()
        trialCount = try reader.value()
        best = try reader.optional()
        verdicts = try reader.array()
        windows = try reader.array()
        stitched = try reader.array()
        stitchedFigures = try reader.array()
        if let best, !trials.indices.contains(best) {
            throw MalformedBytes("the best trial is none of a search's", at: reader.offset)
        }
    }
}

extension SearchView: BinaryCodable {
    /// Appends the search.
    public func write(to writer: inout ByteWriter) {
        writer.value(id)
        writer.text(name)
        writer.value(request)
        switch state {
        case .running(let ended, let total, let secondsLeft):
            writer.byte(0)
            writer.value(ended)
            writer.value(total)
            writer.optional(secondsLeft)
        case .done: writer.byte(1)
        case .failed(let reason):
            writer.byte(2)
            writer.text(reason)
        case .cancelled: writer.byte(3)
        case .interrupted: writer.byte(4)
        case .kept: writer.byte(5)
        }
        writer.value(board)
        writer.unsigned(revision)
    }

    /// Reads a search.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let id: Int64 = try reader.value()
        let name = try reader.text()
        let request: SearchRequest = try reader.value()
        let state: State
        switch try reader.byte() {
        case 0:
            state = .running(
                ended: try reader.value(), total: try reader.value(), secondsLeft: try reader.optional())
        case 1: state = .done
        case 2: state = .failed(try reader.text())
        case 3: state = .cancelled
        case 4: state = .interrupted
        case 5: state = .kept
        case let other: throw MalformedBytes("\(other) is no state of a search", at: reader.offset)
        }
        self.init(id: id, name: name, request: request, state: state, board: try reader.value())
        revision = try reader.unsigned()
    }

    /// Whether nothing about it changed since `old`.
    func isSame(as old: SearchView) -> Bool { id == old.id && revision == old.revision }
}
