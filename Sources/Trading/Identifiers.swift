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
}
