import Market

/// Takes the fields of an event that was walked over.
struct EventReader {
    let bytes: UnsafeBufferPointer<UInt8>
    let fields: EventFields

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ fields: EventFields) {
        self.bytes = bytes
        self.fields = fields
    }

    /// The instrument that the event is about; `nil` for one that the connection does not carry.
    func instrument() throws(StreamDamage) -> Int? {
        switch fields.subject {
        case .instrument(let index): return index
        case .other: return nil
        case .none: throw StreamDamage(.field, "the symbol 's' was expected", at: 0, in: bytes)
        }
    }

    /// Before the value of a field.
    func cursor(_ name: Unicode.Scalar) throws(StreamDamage) -> JSONCursor {
        guard let offset = fields.offset(of: UInt8(ascii: name)) else {
            throw StreamDamage(.field, "the field '\(name)' was expected", at: 0, in: bytes)
        }
        return JSONCursor(bytes, at: offset)
    }

    func damage(_ kind: StreamDamage.Kind, _ detail: String, _ name: Unicode.Scalar) -> StreamDamage {
        StreamDamage(kind, detail, at: fields.offset(of: UInt8(ascii: name)) ?? 0, in: bytes)
    }

    /// A whole number of at least `least`.
    func integer(_ name: Unicode.Scalar, least: Int64 = 0) throws(StreamDamage) -> Int64 {
        var cursor = try cursor(name)
        guard let value = cursor.integer(), value >= least else {
            throw damage(.field, "a whole number of at least \(least) was expected as '\(name)'", name)
        }
        return value
    }

    /// The number of an update or a trade.
    func identifier(_ name: Unicode.Scalar) throws(StreamDamage) -> Int64 { try integer(name) }

    func boolean(_ name: Unicode.Scalar) throws(StreamDamage) -> Bool {
        var cursor = try cursor(name)
        guard let value = cursor.boolean() else {
            throw damage(.field, "true or false was expected as '\(name)'", name)
        }
        return value
    }

    /// A time in milliseconds.
    func time(_ name: Unicode.Scalar) throws(StreamDamage) -> Timestamp {
        let value = try integer(name)
        guard let time = Timestamp(plausibleMilliseconds: value) else {
            throw damage(.contradiction, "a time in milliseconds was expected as '\(name)'", name)
        }
        return time
    }

    /// A decimal in quotes, exact at a scale.
    func decimal<Number: FixedWidthInteger>(
        _ name: Unicode.Scalar, scale: Int, as type: Number.Type = Int64.self
    ) throws(StreamDamage) -> Number {
        var cursor = try cursor(name)
        guard let value = cursor.decimal(scale: scale, as: type) else {
            throw damage(.number, "a decimal text with at most \(scale) decimals was expected as '\(name)'", name)
        }
        return value
    }

    /// A price above zero.
    func price(_ name: Unicode.Scalar, _ entry: SymbolTable.Entry) throws(StreamDamage) -> Price {
        let price = Price(mantissa: try decimal(name, scale: entry.priceScale))
        guard price.mantissa > 0 else {
            throw damage(.contradiction, "a price above zero was expected as '\(name)'", name)
        }
        return price
    }

    func quantity(_ name: Unicode.Scalar, _ entry: SymbolTable.Entry) throws(StreamDamage) -> Quantity {
        Quantity(mantissa: try decimal(name, scale: entry.quantityScale))
    }

    func amount(_ name: Unicode.Scalar, _ entry: SymbolTable.Entry) throws(StreamDamage) -> Money {
        Money(units: try decimal(name, scale: Money.scale, as: Int128.self), entry.quote)
    }
}

extension Timestamp {
    /// The instant of milliseconds that market data can carry; `nil` for any other, and for another unit.
    init?(plausibleMilliseconds milliseconds: Int64) {
        let range = Timestamp.plausible
        guard milliseconds >= range.lowerBound.milliseconds, milliseconds < range.upperBound.milliseconds else {
            return nil
        }
        self.init(milliseconds: milliseconds)
    }
}

extension JSONCursor {
    /// Damage where it stands.
    func damage(_ kind: StreamDamage.Kind, _ detail: String) -> StreamDamage {
        StreamDamage(kind, detail, at: index, in: bytes)
    }

    /// Goes over an object: `field` is called before each value, with its name, and steps over the value.
    @inline(__always)
    mutating func object(
        _ field: (inout JSONCursor, UnsafeBufferPointer<UInt8>) throws(StreamDamage) -> Void
    ) throws(StreamDamage) {
        guard take(0x7B) else { throw damage(.field, "an object was expected") }
        if take(0x7D) { return }
        repeat {
            guard let key = plainString(), take(0x3A) else {
                throw damage(.notJSON, "a field without escapes in its name was expected")
            }
            try field(&self, key)
        } while take(0x2C)
        guard take(0x7D) else { throw damage(.notJSON, "the end of an object was expected") }
    }

    /// Goes over a list: `element` is called before each value and steps over it.
    @inline(__always)
    mutating func list(_ element: (inout JSONCursor) throws(StreamDamage) -> Void) throws(StreamDamage) {
        guard take(0x5B) else { throw damage(.field, "a list was expected") }
        if take(0x5D) { return }
        repeat { try element(&self) } while take(0x2C)
        guard take(0x5D) else { throw damage(.notJSON, "the end of a list was expected") }
    }

    /// Reads a side of a book in place of what is in `levels`.
    @inline(__always)
    mutating func side(
        into levels: inout [BookLevel], most: Int, _ entry: SymbolTable.Entry
    ) throws(StreamDamage) {
        levels.removeAll(keepingCapacity: true)
        let trouble: LevelTrouble
        do throws(LevelTrouble) {
            try self.levels(
                into: &levels, most: most, priceScale: entry.priceScale, quantityScale: entry.quantityScale)
            return
        } catch { trouble = error }
        switch trouble {
        case .form: throw damage(.field, "a list of [price, quantity], both texts, was expected")
        case .number:
            throw damage(
                .number,
                "a price above zero with at most \(entry.priceScale) decimals and a quantity with at most "
                    + "\(entry.quantityScale) were expected")
        case .tooMany: throw damage(.tooLarge, "at most \(most) levels a side were expected")
        }
    }
}
