import Market

extension JSONCursor {
    /// Why levels were not read.
    enum LevelTrouble: Error {
        /// It is no list of pairs of texts.
        case form
        /// A number that is not positive, has too many decimals or does not fit.
        case number
        /// More than any message has.
        case tooMany
    }

    /// Reads `[["61837.63","1.54698"],…]` behind what is in `levels`. Where it stands on trouble is where it was noticed.
    mutating func levels(
        into levels: inout [BookLevel], most: Int, priceScale: Int, quantityScale: Int
    ) throws(LevelTrouble) {
        guard take(0x5B) else { throw .form }
        if take(0x5D) { return }
        var count = 0
        repeat {
            guard count < most else { throw .tooMany }
            guard take(0x5B) else { throw .form }
            let price = try number(priceScale)
            guard price > 0 else { throw .number }
            guard take(0x2C) else { throw .form }
            let quantity = try number(quantityScale)
            // The venue once sent a third, empty element; what else comes is passed over.
            while take(0x2C) { guard skipValue() else { throw .form } }
            guard take(0x5D) else { throw .form }
            levels.append(BookLevel(price: Price(mantissa: price), quantity: Quantity(mantissa: quantity)))
            count += 1
        } while take(0x2C)
        guard take(0x5D) else { throw .form }
    }

    @inline(__always)
    private mutating func number(_ scale: Int) throws(LevelTrouble) -> Int64 {
        guard sees(0x22) else { throw .form }
        guard let number = decimal(scale: scale) else { throw .number }
        return number
    }
}
