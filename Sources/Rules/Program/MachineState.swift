import Bytes
import Trading

// What a machine has seen, written down and read back bit for bit.
extension Machine {
    func save(to writer: inout ByteWriter) {
        writer.count(places.count)
        for value in places { writer.double(value) }
        writer.count(memory.count)
        for value in memory { writer.double(value) }
        writer.double(barsHeld)
        writer.value(held)
        for clock in longer { clock.save(to: &writer) }
        banks.save(to: &writer)
    }

    func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try Machine.restore(places, from: &reader)
        try Machine.restore(memory, from: &reader)
        try checkRings()
        barsHeld = try reader.double()
        held = try reader.value()
        for index in longer.indices { try longer[index].restore(from: &reader) }
        try banks.restore(from: &reader)
    }

    private static func restore(
        _ values: UnsafeMutableBufferPointer<Double>, from reader: inout ByteReader
    ) throws(MalformedBytes) {
        let count = try reader.count(minimumSize: 8)
        guard count == values.count else { throw reader.malformed("\(count) numbers, not \(values.count)") }
        for index in values.indices { values[index] = try reader.double() }
    }

    /// No bytes lead out of a ring.
    private func checkRings() throws(MalformedBytes) {
        for step in program.parts.flatMap(\.steps) where step.operation == .ago {
            let start = Int(step.index)
            let (cursor, count) = (memory[start], memory[start + 1])
            guard count == program.memory[start + 1], let place = Int(exactly: cursor), place >= 0,
                Double(place) < count
            else { throw MalformedBytes("a place behind the end of a ring", at: 0) }
        }
    }
}
