public import Bytes

extension SimpleMovingAverage: SavedState {
    /// Appends the window.
    public func save(to writer: inout ByteWriter) {
        window.save(to: &writer)
        writer.double(latest)
    }

    /// Takes over a window of the same period.
    public mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try window.restore(from: &reader)
        latest = try reader.double()
    }
}

extension ExponentialMovingAverage: SavedState {
    /// Appends the mean so far.
    public func save(to writer: inout ByteWriter) {
        seed.save(to: &writer)
        writer.double(latest)
    }

    /// Takes over the mean of one of the same period.
    public mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try seed.restore(from: &reader)
        latest = try reader.double()
    }
}

extension WeightedMovingAverage: SavedState {
    /// Appends the window.
    public func save(to writer: inout ByteWriter) {
        window.save(to: &writer)
        weighted.save(to: &writer)
        writer.double(latest)
    }

    /// Takes over a window of the same period.
    public mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try window.restore(from: &reader)
        try weighted.restore(from: &reader)
        latest = try reader.double()
    }
}

extension MACD: SavedState {
    /// Appends the three averages.
    public func save(to writer: inout ByteWriter) {
        fast.save(to: &writer)
        slow.save(to: &writer)
        average.save(to: &writer)
        writer.count(skipped)
        writer.double(latest.line)
        writer.double(latest.signal)
        writer.double(latest.histogram)
    }

    /// Takes over the averages of one of the same periods.
    public mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try fast.restore(from: &reader)
        try slow.restore(from: &reader)
        try average.restore(from: &reader)
        skipped = try reader.place(upTo: slow.period - fast.period)
        latest.line = try reader.double()
        latest.signal = try reader.double()
        latest.histogram = try reader.double()
    }
}

extension Supertrend: SavedState {
    /// Appends bands and direction.
    public func save(to writer: inout ByteWriter) {
        range.save(to: &writer)
        writer.double(previousClose)
        writer.double(upper)
        writer.double(lower)
        writer.bool(trend == .up)
    }

    /// Takes over the bands of one of the same period and multiplier.
    public mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try range.restore(from: &reader)
        previousClose = try reader.double()
        upper = try reader.double()
        lower = try reader.double()
        trend = try reader.bool() ? .up : .down
    }
}

extension DirectionalMovement: SavedState {
    /// Appends the smoothed movements.
    public func save(to writer: inout ByteWriter) {
        writer.count(inputs)
        for value in [previousHigh, previousLow, previousClose, range, upward, downward] { writer.double(value) }
        average.save(to: &writer)
        for value in [latest.adx, latest.plus, latest.minus] { writer.double(value) }
    }

    /// Takes over the movements of one of the same period.
    public mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        inputs = try reader.number()
        previousHigh = try reader.double()
        previousLow = try reader.double()
        previousClose = try reader.double()
        range = try reader.double()
        upward = try reader.double()
        downward = try reader.double()
        try average.restore(from: &reader)
        latest.adx = try reader.double()
        latest.plus = try reader.double()
        latest.minus = try reader.double()
    }
}
