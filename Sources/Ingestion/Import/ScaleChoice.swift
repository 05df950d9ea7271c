import Market

/// Chooses the decimals that an instrument's prices and quantities are kept with, from the first rows of its first file.
///
/// The two together are always sixteen, so that every notional is exact. Eight and eight suit most; twelve and four suit
/// cheap coins, whose prices have many decimals and whose volumes are large; fourteen and two the cheapest.
struct ScaleChoice {
    private var priceDecimals = 0
    private var highestPrice = 0.0
    private var largestVolume = 0.0

    /// Looks at a price as it is written.
    mutating func addPrice(_ text: UnsafeRawBufferPointer) {
        // A rough size is enough here; the number itself is read exactly later.
        guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else { return }
        highestPrice = max(highestPrice, value)
        priceDecimals = max(priceDecimals, ScaleChoice.decimals(text))
    }

    /// Looks at a volume as it is written.
    mutating func addVolume(_ text: UnsafeRawBufferPointer) {
        guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else { return }
        largestVolume = max(largestVolume, value)
    }

    /// The decimals that prices are written with, two at least: the tick that the file shows.
    var tickDecimals: Int { min(max(priceDecimals, 2), scales.price) }

    /// The decimals of price and quantity.
    var scales: (price: Int, quantity: Int) {
        let isCheap = highestPrice < 1_000
        if highestPrice < 0.001, priceDecimals > 12 { return (14, 2) }
        // Eight decimals hold a volume of sixty million a minute; one that comes near it in quiet rows needs more room.
        if isCheap, largestVolume >= 1_000_000 { return (12, 4) }
        if highestPrice < 1, priceDecimals > 8 { return (12, 4) }
        return (8, 8)
    }

    private static func decimals(_ text: UnsafeRawBufferPointer) -> Int {
        guard let point = text.firstIndex(of: 0x2E) else { return 0 }
        var end = text.count
        while end > point + 1, text[end - 1] == 0x30 { end -= 1 }
        return text[point...].contains(where: { $0 | 0x20 == 0x65 }) ? 0 : end - point - 1
    }
}
