/// Consecutive values of one column. The place in the array is the row; where a value is missing stands one that means
/// nothing.
public struct ColumnValues: Sendable, Hashable {
    /// The values.
    public var values: Values
    /// Whether each value is there; `nil` when all are.
    public var isPresent: [Bool]?

    /// Values of one type.
    public enum Values: Sendable, Hashable {
        /// BOOLEAN.
        case booleans([Bool])
        /// INT32 and INT64, whatever they mean.
        case integers([Int64])
        /// Decimals of FIXED_LEN_BYTE_ARRAY and BYTE_ARRAY, at the column's scale.
        case wide([Int128])
        /// FLOAT.
        case floats([Float])
        /// DOUBLE.
        case doubles([Double])
        /// BYTE_ARRAY and FIXED_LEN_BYTE_ARRAY.
        case bytes([ArraySlice<UInt8>])

        /// How many there are.
        public var count: Int {
            switch self {
            case .booleans(let values): return values.count
            case .integers(let values): return values.count
            case .wide(let values): return values.count
            case .floats(let values): return values.count
            case .doubles(let values): return values.count
            case .bytes(let values): return values.count
            }
        }
    }

    /// Values, some of which may be missing.
    ///
    /// - Precondition: as many marks as values, where there are marks.
    public init(_ values: Values, isPresent: [Bool]? = nil) {
        precondition(isPresent.map { $0.count == values.count } ?? true, "a mark for each value")
        self.values = values
        self.isPresent = isPresent
    }

    /// How many rows these are.
    public var count: Int { values.count }
}

extension ColumnValues.Values {
    /// Adds further values of the same type.
    mutating func append(_ more: Self) {
        switch (self, more) {
        case (.booleans(var all), .booleans(let more)):
            all += more
            self = .booleans(all)
        case (.integers(var all), .integers(let more)):
            all += more
            self = .integers(all)
        case (.wide(var all), .wide(let more)):
            all += more
            self = .wide(all)
        case (.floats(var all), .floats(let more)):
            all += more
            self = .floats(all)
        case (.doubles(var all), .doubles(let more)):
            all += more
            self = .doubles(all)
        case (.bytes(var all), .bytes(let more)):
            all += more
            self = .bytes(all)
        default: preconditionFailure("values of one column are of one type")
        }
    }

    /// The values at these places.
    ///
    /// - Returns: `nil` when a place is outside.
    func gathered(_ places: [Int]) -> Self? {
        let count = self.count
        guard places.allSatisfy({ $0 < count }) else { return nil }
        switch self {
        case .booleans(let values): return .booleans(places.map { values[$0] })
        case .integers(let values): return .integers(places.map { values[$0] })
        case .wide(let values): return .wide(places.map { values[$0] })
        case .floats(let values): return .floats(places.map { values[$0] })
        case .doubles(let values): return .doubles(places.map { values[$0] })
        case .bytes(let values): return .bytes(places.map { values[$0] })
        }
    }

    /// The values, which are those that are present, each in its row.
    func spread(_ isPresent: [Bool]) -> Self {
        func spread<Value>(_ values: [Value], _ empty: Value) -> [Value] {
            var next = 0
            return isPresent.map { isThere in
                guard isThere else { return empty }
                defer { next += 1 }
                return values[next]
            }
        }
        switch self {
        case .booleans(let values): return .booleans(spread(values, false))
        case .integers(let values): return .integers(spread(values, 0))
        case .wide(let values): return .wide(spread(values, 0))
        case .floats(let values): return .floats(spread(values, 0))
        case .doubles(let values): return .doubles(spread(values, 0))
        case .bytes(let values): return .bytes(spread(values, []))
        }
    }

    /// The values that are present.
    func dense(_ isPresent: [Bool]?) -> Self {
        guard let isPresent else { return self }
        func dense<Value>(_ values: [Value]) -> [Value] { zip(values, isPresent).filter(\.1).map(\.0) }
        switch self {
        case .booleans(let values): return .booleans(dense(values))
        case .integers(let values): return .integers(dense(values))
        case .wide(let values): return .wide(dense(values))
        case .floats(let values): return .floats(dense(values))
        case .doubles(let values): return .doubles(dense(values))
        case .bytes(let values): return .bytes(dense(values))
        }
    }

    /// The values of a range of rows.
    func slice(_ range: Range<Int>) -> Self {
        switch self {
        case .booleans(let values): return .booleans(Array(values[range]))
        case .integers(let values): return .integers(Array(values[range]))
        case .wide(let values): return .wide(Array(values[range]))
        case .floats(let values): return .floats(Array(values[range]))
        case .doubles(let values): return .doubles(Array(values[range]))
        case .bytes(let values): return .bytes(Array(values[range]))
        }
    }
}
