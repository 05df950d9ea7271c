public import Bytes

// MARK: Momentum

extension RelativeStrengthIndex: SavedState {
    /// Appends the averages of gains and losses.
    public func save(to writer: inout ByteWriter) {
        gain.save(to: &writer)
        loss.save(to: &writer)
        writer.double(previous)
        writer.double(latest)
    }

    /// Takes over the averages of one of the same period.
    public mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try gain.restore(from: &reader)
        try loss.restore(from: &reader)
        previous = try reader.double()
        latest = try reader.double()
    }
}

extension RateOfChange: SavedState {
    /// Appends the window.
    public func save(to writer: inout ByteWriter) {
        writer.doubles(ring)
        writer.count(cursor)
        writer.count(missing)
        writer.double(latest)
    }

    /// Takes over a window of the same period.
    public mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try reader.doubles(into: &ring)
        cursor = try reader.place(upTo: ring.count - 1)
        missing = try reader.place(upTo: ring.count)
        latest = try reader.double()
    }
}

extension CommodityChannelIndex: SavedState {
    /// Appends the window.
    public func save(to writer: inout ByteWriter) {
        writer.doubles(ring)
        writer.count(cursor)
        writer.count(missing)
        writer.count(equalRun)
        writer.double(previous)
        writer.double(latest)
    }

    /// Takes over a window of the same period.
    public mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try reader.doubles(into: &ring)
        cursor = try reader.place(upTo: ring.count - 1)
        missing = try reader.place(upTo: ring.count)
        equalRun = try reader.number()
        previous = try reader.double()
        latest = try reader.double()
    }
}

extension StochasticOscillator: SavedState {
    /// Appends the windows.
    public func save(to writer: inout ByteWriter) {
        channel.save(to: &writer)
        slowK.save(to: &writer)
        slowD.save(to: &writer)
        writer.double(latest.k)
        writer.double(latest.d)
    }

    /// Takes over the windows of one of the same periods.
    public mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try channel.restore(from: &reader)
        try slowK.restore(from: &reader)
        try slowD.restore(from: &reader)
        latest.k = try reader.double()
        latest.d = try reader.double()
    }
}

// MARK: Volatility

extension AverageTrueRange: SavedState {
    /// Appends the average.
    public func save(to writer: inout ByteWriter) {
        average.save(to: &writer)
        writer.double(previousClose)
    }

    /// Takes over the average of one of the same period.
    public mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try average.restore(from: &reader)
        previousClose = try reader.double()
    }
}

extension StandardDeviation: SavedState {
    /// Appends the window.
    public func save(to writer: inout ByteWriter) {
        moments.save(to: &writer)
        writer.double(latest)
    }

    /// Takes over a window of the same period.
    public mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try moments.restore(from: &reader)
        latest = try reader.double()
    }
}

extension BollingerBands: SavedState {
    /// Appends the window.
    public func save(to writer: inout ByteWriter) {
        deviation.save(to: &writer)
        latest.save(to: &writer)
    }

    /// Takes over a window of the same period and width.
    public mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try deviation.restore(from: &reader)
        try latest.restore(from: &reader)
    }
}

extension ZScore: SavedState {
    /// Appends the window.
    public func save(to writer: inout ByteWriter) {
        deviation.save(to: &writer)
        writer.double(latest)
    }

    /// Takes over a window of the same period.
    public mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try deviation.restore(from: &reader)
        latest = try reader.double()
    }
}

extension DonchianChannel: SavedState {
    /// Appends the windows.
    public func save(to writer: inout ByteWriter) {
        highest.save(to: &writer)
        lowestNegated.save(to: &writer)
        latest.save(to: &writer)
    }

    /// Takes over windows of the same period.
    public mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try highest.restore(from: &reader)
        try lowestNegated.restore(from: &reader)
        try latest.restore(from: &reader)
    }
}

extension KeltnerChannel: SavedState {
    /// Appends middle and range.
    public func save(to writer: inout ByteWriter) {
        middle.save(to: &writer)
        range.save(to: &writer)
        latest.save(to: &writer)
    }

    /// Takes over middle and range of one of the same periods.
    public mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try middle.restore(from: &reader)
        try range.restore(from: &reader)
        try latest.restore(from: &reader)
    }
}

// MARK: Volume

extension OnBalanceVolume: SavedState {
    /// Appends the balance.
    public func save(to writer: inout ByteWriter) {
        total.save(to: &writer)
        writer.double(previousClose)
    }

    /// Takes over a balance.
    public mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try total.restore(from: &reader)
        previousClose = try reader.double()
    }
}

extension VolumeWeightedAveragePrice: SavedState {
    /// Appends the sums of the session.
    public func save(to writer: inout ByteWriter) {
        turnover.save(to: &writer)
        volume.save(to: &writer)
        writer.optional(session)
        writer.double(latest)
    }

    /// Takes over the sums of a session.
    public mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try turnover.restore(from: &reader)
        try volume.restore(from: &reader)
        session = try reader.optional()
        latest = try reader.double()
    }
}
