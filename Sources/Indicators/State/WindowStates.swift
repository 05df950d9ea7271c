import Bytes

// The running state of what indicators are built from. Sizes and places are checked, so that no bytes lead out of a
// window; numbers are taken as they are.

extension ByteWriter {
    mutating func doubles(_ values: [Double]) {
        count(values.count)
        for value in values { double(value) }
    }
}

extension ByteReader {
    /// As many numbers as `values` holds, in their place.
    mutating func doubles(into values: inout [Double]) throws(MalformedBytes) {
        let count = try count(minimumSize: 8)
        guard count == values.count else { throw malformed("a window of \(count) values, not of \(values.count)") }
        for index in values.indices { values[index] = try double() }
    }

    /// A number from 0 to `limit`.
    mutating func place(upTo limit: Int) throws(MalformedBytes) -> Int {
        let place = try number()
        guard place <= limit else { throw malformed("place \(place) lies behind \(limit)") }
        return place
    }
}

extension ExactSum {
    func save(to writer: inout ByteWriter) {
        writer.double(high)
        writer.double(low)
    }

    mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        high = try reader.double()
        low = try reader.double()
    }
}

extension SlidingSum {
    func save(to writer: inout ByteWriter) {
        sum.save(to: &writer)
        writer.double(peak)
    }

    mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try sum.restore(from: &reader)
        peak = try reader.double()
    }
}

extension RollingSum {
    func save(to writer: inout ByteWriter) {
        writer.doubles(ring)
        writer.count(cursor)
        writer.count(missing)
        sliding.save(to: &writer)
    }

    mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try reader.doubles(into: &ring)
        cursor = try reader.place(upTo: ring.count - 1)
        missing = try reader.place(upTo: ring.count)
        try sliding.restore(from: &reader)
        lookForWhole()
    }
}

extension RollingMaximum {
    func save(to writer: inout ByteWriter) {
        writer.doubles(tails)
        writer.count(cursor)
        writer.count(missing)
        writer.double(head)
    }

    mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try reader.doubles(into: &tails)
        cursor = try reader.place(upTo: period - 1)
        missing = try reader.place(upTo: period)
        head = try reader.double()
    }
}

extension RollingMoments {
    func save(to writer: inout ByteWriter) {
        window.save(to: &writer)
        squares.save(to: &writer)
        writer.double(anchor)
        anchorSum.save(to: &writer)
        writer.double(mean)
        writer.double(squaredDeviations)
    }

    mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try window.restore(from: &reader)
        try squares.restore(from: &reader)
        anchor = try reader.double()
        try anchorSum.restore(from: &reader)
        mean = try reader.double()
        squaredDeviations = try reader.double()
    }
}

extension Seed {
    func save(to writer: inout ByteWriter) {
        sum.save(to: &writer)
        writer.count(missing)
    }

    mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try sum.restore(from: &reader)
        missing = try reader.place(upTo: Int(count))
    }
}

extension WilderAverage {
    func save(to writer: inout ByteWriter) {
        seed.save(to: &writer)
        writer.double(value)
    }

    mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try seed.restore(from: &reader)
        value = try reader.double()
    }
}

extension PriceChannel {
    func save(to writer: inout ByteWriter) {
        writer.double(upper)
        writer.double(middle)
        writer.double(lower)
    }

    mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        upper = try reader.double()
        middle = try reader.double()
        lower = try reader.double()
    }
}
