/// An instrument's place in the kernel's table; dense, assigned when the instrument is declared.
@frozen
public struct InstrumentID: RawRepresentable, Hashable, Comparable, Sendable, Codable {
    /// The index into the table.
    public let rawValue: Int32
    /// The identifier of the table's entry `rawValue`.
    @inlinable
    public init(rawValue: Int32) { self.rawValue = rawValue }
    /// The identifier of the table's entry `index`.
    @inlinable
    public init(_ index: Int) { rawValue = Int32(index) }
    /// The index into the table.
    @inlinable
    public var index: Int { Int(rawValue) }
    /// Whether the first was declared earlier.
    @inlinable
    public static func < (a: InstrumentID, b: InstrumentID) -> Bool { a.rawValue < b.rawValue }
}

/// A registered strategy's place in the kernel's table; 0 stands for the person at the keyboard.
@frozen
public struct StrategyID: RawRepresentable, Hashable, Comparable, Sendable, Codable {
    /// 0 for manual orders, otherwise the number given at registration, never used again.
    public let rawValue: Int32
    /// The identifier of the strategy numbered `rawValue`.
    @inlinable
    public init(rawValue: Int32) { self.rawValue = rawValue }
    /// The owner of orders placed by hand.
    @inlinable
    public static var manual: StrategyID { StrategyID(rawValue: 0) }
    /// Whether this is the person at the keyboard.
    @inlinable
    public var isManual: Bool { rawValue == 0 }
    /// Whether the first was registered earlier.
    @inlinable
    public static func < (a: StrategyID, b: StrategyID) -> Bool { a.rawValue < b.rawValue }
}

/// An order's number: the kernel's order sequence, from 1, without gaps.
@frozen
public struct OrderID: RawRepresentable, Hashable, Comparable, Sendable, Codable {
    /// The number.
    public let rawValue: UInt64
    /// The identifier of the order numbered `rawValue`.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }
    /// Whether the first is older.
    @inlinable
    public static func < (a: OrderID, b: OrderID) -> Bool { a.rawValue < b.rawValue }

    /// The client order id sent to a venue: the engine's instance prefix and the number in base 32.
    ///
    /// It depends on the sequence alone, so a replay mints the same id and a retry can't mint a second one. Letters and
    /// digits only, at most 16 characters, which every venue takes.
    ///
    /// - Precondition: the prefix has 1…3 letters or digits.
    public func clientID(instance: String) -> String {
        precondition((1...3).contains(instance.utf8.count), "an instance prefix has 1…3 characters")
        return instance + String(rawValue, radix: 32, uppercase: true)
    }
}
