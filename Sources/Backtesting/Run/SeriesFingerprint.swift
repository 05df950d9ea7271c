public import Market

extension CandleSeries {
    /// Sixteen hexadecimal digits that stand for the candles: other candles give other ones, but for one chance in 2⁶⁴.
    /// It tells data apart that were revised; it is no protection against somebody who wants two to agree. O(n).
    ///
    /// Each field of each candle goes through the multiplication of FNV-1a, eight bytes at a time, and the finaliser of
    /// SplitMix64 at the end.
    public var fingerprint: String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func take(_ value: Int64) {
            hash = (hash ^ UInt64(bitPattern: value)) &* 0x0000_0100_0000_01B3
            hash ^= hash >> 29
        }
        take(timeframe.nanoseconds)
        take(Int64(candles.count))
        for candle in candles {
            take(candle.openTime.nanoseconds)
            take(candle.open.mantissa)
            take(candle.high.mantissa)
            take(candle.low.mantissa)
            take(candle.close.mantissa)
            take(candle.volume.mantissa)
        }
        hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
        hash ^= hash >> 31
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
