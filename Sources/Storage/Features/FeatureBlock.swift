import Market

/// The features of 660 consecutive seconds as the bytes of one row: three half-precision numbers a second, imbalance,
/// spread and depth ratio, little-endian; all three not a number where the second has no feature, the ratio alone where
/// it is not known. Seconds behind the last that has one take no room.
///
/// A full block is 3,960 bytes, which fill a page of the database almost wholly: a day of one book takes 131 pages, half a
/// megabyte. Half precision keeps eleven bits, a part in two thousand, which is finer than a book is steady within a second.
struct FeatureBlock {
    static let slotCount: Int64 = 660
    static let recordSize = 6

    /// The number of the block.
    let number: Int64
    private var words: [UInt16] = []

    /// The number of the block that holds `time`.
    static func number(of time: Timestamp) -> Int64 {
        let (quotient, rest) = time.seconds.quotientAndRemainder(dividingBy: slotCount)
        return rest < 0 ? quotient - 1 : quotient
    }

    /// The row of a block: the series in the upper half, the block in the lower one.
    static func row(series: Int64, block: Int64) -> Int64 { series << 32 | block }

    /// An empty block.
    init(number: Int64) { self.number = number }

    /// The block of stored bytes.
    ///
    /// - Throws: `StoreError` of the kind `corrupt` when they are none.
    init(number: Int64, _ bytes: UnsafeRawBufferPointer) throws(StoreError) {
        self.number = number
        guard bytes.count % FeatureBlock.recordSize == 0,
            bytes.count <= Int(FeatureBlock.slotCount) * FeatureBlock.recordSize
        else { throw FeatureBlock.damaged(number, "\(bytes.count) bytes") }
        words = (0..<bytes.count / 2).map {
            UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 2, as: UInt16.self))
        }
        for slot in 0..<words.count / 3 where words[slot * 3] != FeatureBlock.absent {
            let feature = self.feature(slot)
            guard (-1...1).contains(feature.imbalance), feature.spreadBps >= 0, feature.spreadBps.isFinite,
                feature.depthRatio.map({ $0 >= 0 && $0.isFinite }) ?? true
            else { throw FeatureBlock.damaged(number, "an impossible feature in slot \(slot)") }
        }
    }

    /// Puts in a feature; one that is there already is replaced.
    ///
    /// - Returns: whether its second had none.
    mutating func put(_ feature: BookFeature) -> Bool {
        let slot = Int(feature.time.seconds - number * FeatureBlock.slotCount)
        while words.count < (slot + 1) * 3 { words.append(FeatureBlock.absent) }
        let isNew = words[slot * 3] == FeatureBlock.absent
        words[slot * 3] = FeatureBlock.word(feature.imbalance)
        words[slot * 3 + 1] = FeatureBlock.word(feature.spreadBps)
        words[slot * 3 + 2] = feature.depthRatio.map(FeatureBlock.word) ?? FeatureBlock.absent
        return isNew
    }

    /// The bytes.
    var bytes: [UInt8] { words.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] } }

    /// How many seconds have a feature.
    var count: Int { (0..<words.count / 3).count { words[$0 * 3] != FeatureBlock.absent } }

    /// Its features, oldest first.
    var features: [BookFeature] {
        (0..<words.count / 3).compactMap { words[$0 * 3] == FeatureBlock.absent ? nil : feature($0) }
    }

    private func feature(_ slot: Int) -> BookFeature {
        let ratio = words[slot * 3 + 2]
        return BookFeature(
            time: Timestamp(seconds: number * FeatureBlock.slotCount + Int64(slot)),
            imbalance: FeatureBlock.number(words[slot * 3]), spreadBps: FeatureBlock.number(words[slot * 3 + 1]),
            depthRatio: ratio == FeatureBlock.absent ? nil : FeatureBlock.number(ratio))
    }

    /// Not a number.
    private static let absent: UInt16 = 0x7E00

    /// The nearest of half precision; what is greater than any becomes the greatest.
    private static func word(_ value: Double) -> UInt16 {
        Float16(min(value, Double(Float16.greatestFiniteMagnitude))).bitPattern
    }

    private static func number(_ word: UInt16) -> Double { Double(Float16(bitPattern: word)) }

    private static func damaged(_ number: Int64, _ what: String) -> StoreError {
        StoreError(
            .corrupt, path: "feature_blocks",
            detail: "the block from \(Timestamp(seconds: number * slotCount)) has \(what)")
    }
}
