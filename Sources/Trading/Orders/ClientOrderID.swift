/// The order number that a venue is told: made of who sends it and of the journal record that caused it, never of a clock
/// or of chance.
///
/// A replay makes the same numbers, and an engine that was killed between writing an order down and sending it sends it
/// under the same one, so that a venue takes it once. `K7Q` + sequence + ordinal + check, twenty characters:
///
///     K7Q 0000000001HX3 002 J
///
/// All characters are digits and capitals without I, L, O and U; no venue known takes fewer, and none has a limit below
/// twenty-eight. The check character catches every single wrong character and every swap of two neighbours.
public struct ClientOrderID: Sendable, Hashable, CustomStringConvertible {
    /// Which engine: three characters that tell its orders from those of another on the same account.
    public struct Instance: Sendable, Hashable, CustomStringConvertible {
        /// The three characters as numbers below 32, five bits each, the first highest.
        let packed: UInt16

        /// The instance with these three characters; `nil` unless there are three of `0–9 A–Z` without I, L, O and U.
        public init?(_ text: some StringProtocol) {
            var packed: UInt16 = 0
            guard text.utf8.count == 3 else { return nil }
            for byte in text.utf8 {
                guard let value = ClientOrderID.value(of: byte) else { return nil }
                packed = packed << 5 | UInt16(value)
            }
            self.packed = packed
        }

        init(packed: UInt16) { self.packed = packed }

        /// The three characters.
        public var description: String { ClientOrderID.text(UInt64(packed), digits: 3) }
    }

    /// The largest place of an order within its step.
    public static let largestOrdinal: UInt16 = 32_767

    /// Which engine sends it.
    public let instance: Instance
    /// The sequence number of the journal record that caused it.
    public let sequence: UInt64
    /// Which of the orders of that record's step it is, from 0.
    public let ordinal: UInt16

    /// The number of an order.
    ///
    /// - Precondition: the ordinal is at most `largestOrdinal`.
    public init(_ instance: Instance, sequence: UInt64, ordinal: UInt16) {
        precondition(ordinal <= ClientOrderID.largestOrdinal, "a step has at most 32768 orders")
        self.instance = instance
        self.sequence = sequence
        self.ordinal = ordinal
    }

    /// Reads back what a venue reports; `nil` when it is not one of ours, or not one without an error.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 20 else { return nil }
        var values: [UInt8] = []
        for byte in text.utf8 {
            guard let value = ClientOrderID.value(of: byte) else { return nil }
            values.append(value)
        }
        guard ClientOrderID.check(values.dropLast()) == values[19], values[3] < 16 else { return nil }
        func number(_ range: Range<Int>) -> UInt64 { values[range].reduce(0) { $0 << 5 | UInt64($1) } }
        instance = Instance(packed: UInt16(number(0..<3)))
        sequence = number(3..<16)
        ordinal = UInt16(number(16..<19))
    }

    /// The twenty characters.
    public var description: String {
        let body =
            instance.description + ClientOrderID.text(sequence, digits: 13)
            + ClientOrderID.text(UInt64(ordinal), digits: 3)
        let values = body.utf8.map { ClientOrderID.value(of: $0) ?? 0 }
        return body + ClientOrderID.text(UInt64(ClientOrderID.check(values[...])), digits: 1)
    }

    // MARK: - Characters

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    private static func value(of byte: UInt8) -> UInt8? {
        alphabet.firstIndex(of: byte).map { UInt8($0) }
    }

    private static func text(_ value: UInt64, digits: Int) -> String {
        let bytes = (0..<digits).map { digit in
            alphabet[Int(value >> UInt64(5 * (digits - 1 - digit)) & 31)]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The values as a polynomial over the field of 32 elements, evaluated at a generator: every place has a weight of its
    /// own, none of them zero, so that one changed value, or two neighbours swapped, always change the sum.
    private static func check(_ values: ArraySlice<UInt8>) -> UInt8 {
        var sum: UInt8 = 0
        for value in values { sum = timesGenerator(sum ^ value) }
        return sum
    }

    /// Multiplies by x modulo x⁵ + x² + 1.
    private static func timesGenerator(_ value: UInt8) -> UInt8 {
        value & 0x10 == 0 ? value << 1 : (value << 1 ^ 0x25) & 0x1f
    }
}
