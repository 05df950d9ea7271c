/// The candles of a symbol that the stand-in plays: each is a function of the symbol, the interval and its number alone, so
/// that any stretch can be made without those before it.
public struct StandInCandles: Sendable {
    /// The symbol.
    public var symbol: String
    /// The open time of the first candle, in milliseconds.
    public var begins: Int64
    /// Stretches without candles, by open time in milliseconds: outages.
    public var outages: [Range<Int64>] = []
    /// What rows with these open times are, instead of what they should be.
    public var replaced: [Int64: String] = [:]
    private let seed: UInt64

    /// Candles from `begins` on, in milliseconds.
    public init(_ symbol: String, begins: Int64) {
        self.symbol = symbol
        self.begins = begins
        seed = symbol.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// Whether there is a candle of this open time.
    public func has(_ open: Int64) -> Bool { open >= begins && !outages.contains { $0.contains(open) } }

    /// Open, high, low, close and volume as the venue writes them.
    public func texts(_ open: Int64, length: Int64) -> [String] {
        let number = open / length
        let first = price(number)
        let last = price(number + 1)
        let high = max(first, last) + Int64(noise(number, 1) % 5_000)
        let low = min(first, last) - Int64(noise(number, 2) % 5_000)
        // Now and then nobody trades.
        let volume = noise(number, 3) % 50 == 0 ? 0 : Int64(noise(number, 4) % 40_000_000)
        return [first, high, low, last].map { StandInCandles.text($0, 2) + "000000" }
            + [StandInCandles.text(volume, 5) + "000"]
    }

    /// The row of a candle as `/api/v3/klines` has it.
    public func row(_ open: Int64, length: Int64, more: String = "") -> String {
        if let other = replaced[open] { return other }
        let texts = texts(open, length: length)
        let prices = texts.map { "\"\($0)\"" }.joined(separator: ",")
        return "[\(open),\(prices),\(open + length - 1),\"1.00000000\",7,\"0.50000000\",\"0.50000000\",\"0\"\(more)]"
    }

    /// In hundredths, around forty thousand.
    private func price(_ number: Int64) -> Int64 {
        4_000_000 + Int64(noise(number / 60, 5) % 400_000) + Int64(noise(number, 6) % 20_000)
    }

    private func noise(_ number: Int64, _ kind: UInt64) -> UInt64 {
        var value = seed &+ UInt64(bitPattern: number) &* 0x9E37_79B9_7F4A_7C15 &+ kind &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    private static func text(_ value: Int64, _ decimals: Int) -> String {
        let digits = String(value)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }
}
