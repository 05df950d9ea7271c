/// Tells a tail that was not yet on the disk when the machine or the process ended from damage to what had been.
///
/// A killed process leaves a record cut short, or reserved zeros instead of its end, and nothing behind it. A machine that lost its power may also leave whole
/// pages that were never written, with later pages behind them that were: zeros in between, and no record behind that was
/// written after a sync. Everything else was changed after it was written.
enum TornTail {
    private static let page = 4096
    private static let sector = 512

    /// Whether the bytes from a fault on are a torn tail.
    ///
    /// - Parameters:
    ///   - rest: the segment's bytes from the fault on.
    ///   - offset: the fault's place in the segment.
    ///   - expected: the sequence number of the record that should be there.
    static func isTorn(_ rest: [UInt8], at offset: Int, expected: UInt64) -> Bool {
        rest.withUnsafeBytes { raw in
            var place = 0
            var firstBehind: Int?
            while let found = record(in: raw, from: place, after: expected) {
                if firstBehind == nil { firstBehind = found.offset }
                if found.isAfterSync { return false }
                place = found.offset + found.size
            }
            guard let firstBehind else { return isIncomplete(raw, offset) }
            return hasUnwrittenPage(raw, offset, until: firstBehind)
        }
    }

    /// Whether the last record may not have been written to its end. One that was and whose checksum is wrong all the
    /// same was changed later, and it may be an order.
    private static func isIncomplete(_ raw: UnsafeRawBufferPointer, _ offset: Int) -> Bool {
        guard raw.count >= RecordLayout.payload else { return true }
        let size = RecordLayout.payload + Int(raw.number(RecordLayout.length, as: UInt32.self))
        guard size <= raw.count, raw[size - 1] != 0 else { return true }
        // A disk writes whole sectors, in any order.
        var start = -(offset % sector)
        while start < size {
            if raw[max(start, 0)..<min(start + sector, size)].allSatisfy({ $0 == 0 }) { return true }
            start += sector
        }
        return false
    }

    private static func record(
        in raw: UnsafeRawBufferPointer, from start: Int, after expected: UInt64
    ) -> (offset: Int, size: Int, isAfterSync: Bool)? {
        var place = start
        while place + RecordLayout.payload <= raw.count {
            defer { place += 1 }
            // Cheap signs first: most places are refused by two bytes.
            guard raw[place + RecordLayout.zero] == 0, raw[place + RecordLayout.flags] <= 1 else { continue }
            let sequence: UInt64 = raw.number(place + RecordLayout.sequence)
            guard sequence > expected, sequence - expected < 1 << 32 else { continue }
            let length = Int(raw.number(place + RecordLayout.length, as: UInt32.self))
            let size = RecordLayout.payload + length
            guard length <= RecordLayout.maximumPayload, place + size <= raw.count,
                RecordLayout.hasValidChecksum(UnsafeRawBufferPointer(rebasing: raw[place..<place + size]))
            else { continue }
            return (place, size, raw[place + RecordLayout.flags] & RecordLayout.afterSync != 0)
        }
        return nil
    }

    /// Whether a whole page between the fault and the next record was never written.
    private static func hasUnwrittenPage(_ raw: UnsafeRawBufferPointer, _ offset: Int, until end: Int) -> Bool {
        var start = (page - offset % page) % page
        while start < end, start + page <= raw.count {
            if raw[start..<start + page].allSatisfy({ $0 == 0 }) { return true }
            start += page
        }
        return false
    }
}
