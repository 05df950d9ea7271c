import Market

/// The candles of eighty consecutive intervals as the bytes of one row.
///
/// Each candle is a record of 48 bytes: its slot in the block (8 bits), its flags (24) and its minutes (32) in the first
/// word, then open, high, low, close and volume, little-endian. Only candles that exist have a record, in the order of
/// their slots. Eighty records fill a page of the database almost wholly, so that a year of minutes is read page after
/// page at memory speed, and one candle more rewrites one page.
struct CandleBlock {
    static let slotCount = 80
    static let recordSize = 48

    /// The length of an interval.
    let step: Int64
    /// The first open time that falls into the block.
    let start: Int64
    private var records: [Record] = []

    private struct Record: Equatable {
        var slot: Int
        var candle: Candle
    }

    /// The number of the block that holds `time` in a series of `timeframe`.
    static func number(of time: Timestamp, _ timeframe: Timeframe) -> Int64 {
        let span = timeframe.nanoseconds * Int64(slotCount)
        let quotient = time.nanoseconds / span
        return time.nanoseconds % span < 0 ? quotient - 1 : quotient
    }

    /// The row of a block: the series in the upper half, the block in the lower one.
    static func row(series: Int64, block: Int64) -> Int64 { series << 32 | block }

    /// An empty block.
    init(number: Int64, _ timeframe: Timeframe) {
        step = timeframe.nanoseconds
        start = number * step * Int64(CandleBlock.slotCount)
        records.reserveCapacity(CandleBlock.slotCount)
    }

    /// Takes in stored bytes.
    ///
    /// - Throws: `StoreError` of the kind `corrupt`.
    mutating func load(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
        try CandleBlock.forEach(in: bytes, start: start, step: step) { candle in
            records.append(Record(slot: Int((candle.openTime.nanoseconds - start) / step), candle: candle))
        }
    }

    /// What became of a candle that was put into a block.
    enum Outcome {
        /// It was missing.
        case inserted
        /// An equal one was there.
        case unchanged
        /// Another one was there.
        case differs(Candle)
    }

    /// Puts in a candle; one that is there already stays unless it `replaces`.
    mutating func put(_ candle: Candle, replaces: Bool) -> Outcome {
        let slot = Int((candle.openTime.nanoseconds - start) / step)
        var index = records.count
        while index > 0, records[index - 1].slot > slot { index -= 1 }
        if index > 0, records[index - 1].slot == slot {
            let stored = records[index - 1].candle
            if stored.hasSameNumbers(as: candle) { return .unchanged }
            if replaces { records[index - 1].candle = candle }
            return .differs(stored)
        }
        records.insert(Record(slot: slot, candle: candle), at: index)
        return .inserted
    }

    /// The bytes of the block.
    var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: records.count * CandleBlock.recordSize) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            var offset = 0
            for record in records {
                let candle = record.candle
                let head =
                    UInt64(record.slot) | UInt64(candle.flags.rawValue & 0xFF_FFFF) << 8 | UInt64(candle.minutes) << 32
                raw.storeBytes(of: head.littleEndian, toByteOffset: offset, as: UInt64.self)
                raw.storeBytes(of: candle.open.mantissa.littleEndian, toByteOffset: offset + 8, as: Int64.self)
                raw.storeBytes(of: candle.high.mantissa.littleEndian, toByteOffset: offset + 16, as: Int64.self)
                raw.storeBytes(of: candle.low.mantissa.littleEndian, toByteOffset: offset + 24, as: Int64.self)
                raw.storeBytes(of: candle.close.mantissa.littleEndian, toByteOffset: offset + 32, as: Int64.self)
                raw.storeBytes(of: candle.volume.mantissa.littleEndian, toByteOffset: offset + 40, as: Int64.self)
                offset += CandleBlock.recordSize
            }
            count = offset
        }
    }

    /// Calls `body` with each candle of stored bytes, oldest first.
    ///
    /// - Throws: `StoreError` of the kind `corrupt` when the bytes are no block: a wrong length, slots out of order, or
    ///   prices that contradict each other.
    @inline(__always)
    static func forEach(
        in bytes: UnsafeRawBufferPointer, start: Int64, step: Int64, _ body: (Candle) -> Void
    ) throws(StoreError) {
        func damaged(_ what: String) -> StoreError {
            StoreError(
                .corrupt, path: "candle_blocks",
                detail: "the block from \(Timestamp(nanoseconds: start)) has \(what)")
        }
        guard bytes.count % recordSize == 0, bytes.count <= slotCount * recordSize else {
            throw damaged("\(bytes.count) bytes")
        }
        var offset = 0
        var lastSlot = -1
        while offset < bytes.count {
            let head = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            let slot = Int(head & 0xFF)
            guard slot > lastSlot, slot < slotCount else { throw damaged("slot \(slot) after \(lastSlot)") }
            lastSlot = slot
            @inline(__always) func word(_ place: Int) -> Int64 {
                Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + place, as: Int64.self))
            }
            let candle = Candle(
                openTime: Timestamp(nanoseconds: start + Int64(slot) * step),
                open: Price(mantissa: word(8)), high: Price(mantissa: word(16)), low: Price(mantissa: word(24)),
                close: Price(mantissa: word(32)), volume: Quantity(mantissa: word(40)),
                minutes: UInt32(head >> 32), flags: Candle.Flags(rawValue: UInt32(head >> 8 & 0xFF_FFFF)))
            guard candle.isConsistent, candle.volume <= Store.largestVolume else {
                throw damaged("an impossible candle in slot \(slot)")
            }
            body(candle)
            offset += recordSize
        }
    }
}

extension Candle {
    /// Whether prices and volume are equal; marks don't count.
    func hasSameNumbers(as other: Candle) -> Bool {
        open == other.open && high == other.high && low == other.low && close == other.close && volume == other.volume
    }
}
