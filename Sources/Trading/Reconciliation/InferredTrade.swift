import Market

/// Trade ids of fills that nobody reported: hashes of the logical event, so that the same inference after a restart is the
/// same trade and is booked once.
enum InferredTrade {
    /// The id of the fill that takes an order from one filled quantity to another.
    static func id(order: OrderID, from: Quantity, to: Quantity) -> UInt64 {
        hash([1, order.rawValue, UInt64(bitPattern: from.mantissa), UInt64(bitPattern: to.mantissa)])
    }

    /// The id of the fill that takes an owner's position from one size to another at an instant.
    static func id(
        owner: StrategyID, instrument: InstrumentID, from: Quantity, to: Quantity, at time: Timestamp
    ) -> UInt64 {
        hash([
            2, UInt64(bitPattern: Int64(owner.rawValue)), UInt64(bitPattern: Int64(instrument.index)),
            UInt64(bitPattern: from.mantissa), UInt64(bitPattern: to.mantissa),
            UInt64(bitPattern: time.nanoseconds),
        ])
    }

    /// The id under which it is booked what the fee of a trade took from another instrument's holding.
    static func id(feeOf trade: UInt64, in instrument: InstrumentID) -> UInt64 {
        hash([3, UInt64(bitPattern: Int64(instrument.index)), trade])
    }

    /// FNV-1a over the words, low byte first.
    private static func hash(_ words: [UInt64]) -> UInt64 {
        var value: UInt64 = 0xcbf2_9ce4_8422_2325
        for word in words {
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                value = (value ^ (word >> shift & 0xff)) &* 0x100_0000_01b3
            }
        }
        return value | Fill.inferredBit
    }
}
