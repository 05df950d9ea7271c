import Market

/// Finds an instrument by the bytes of its symbol, without making a text of them.
struct SymbolTable: Sendable {
    /// What of an instrument is needed to read its numbers.
    struct Entry: Sendable {
        var priceScale: Int
        var quantityScale: Int
        var quote: Currency
        var symbol: [UInt8]

        init(_ instrument: Instrument) {
            priceScale = instrument.priceScale
            quantityScale = instrument.quantityScale
            quote = instrument.quote
            symbol = Array(instrument.symbol.utf8)
        }
    }

    let entries: [Entry]
    /// Where an entry is by the hash of its symbol, open addressing, −1 for nowhere; a power of two long and at most half
    /// full, so that a look ends soon.
    private let places: [Int32]

    init(_ instruments: [Instrument]) {
        entries = instruments.map(Entry.init)
        var size = 4
        while size < entries.count * 2 { size *= 2 }
        var places = [Int32](repeating: -1, count: size)
        for (index, entry) in entries.enumerated() {
            var place = entry.symbol.withUnsafeBufferPointer(SymbolTable.hash) & (size - 1)
            while places[place] >= 0 {
                precondition(entries[Int(places[place])].symbol != entry.symbol, "an instrument is there once")
                place = (place + 1) & (size - 1)
            }
            places[place] = Int32(index)
        }
        self.places = places
    }

    /// The index of the instrument with this symbol; `nil` when there is none.
    func index(of symbol: UnsafeBufferPointer<UInt8>) -> Int? {
        var place = SymbolTable.hash(symbol) & (places.count - 1)
        while case let index = Int(places[place]), index >= 0 {
            if entries[index].symbol.elementsEqual(symbol) { return index }
            place = (place + 1) & (places.count - 1)
        }
        return nil
    }

    /// FNV-1a: the same in every process.
    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int(truncatingIfNeeded: hash ^ hash >> 32)
    }
}
