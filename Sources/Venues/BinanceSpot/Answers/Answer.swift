import FoundationEssentials
import Market

/// Why an answer can't be read. Names places, never values: they may be somebody's balance.
struct UnreadableAnswer: Error, Hashable, CustomStringConvertible {
    var text: String

    init(_ text: String) { self.text = text }

    var description: String { text }
}

/// Reads answers: the general decoder for their shape, exact decimals for their amounts.
enum Answer {
    /// What a body says. Fields that nobody asks for are passed over.
    static func decode<Value: Decodable>(_ body: [UInt8]) throws(UnreadableAnswer) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(body))
        } catch {
            throw UnreadableAnswer(words(error))
        }
    }

    /// What a decoder complains about, without the value it saw.
    static func words(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "it is no JSON" }
        func path(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? "." + $0.stringValue }.joined()
            return path.isEmpty ? "" : " in \(path)"
        }
        switch error {
        case .keyNotFound(let key, let context): return "there is no '\(key.stringValue)'\(path(context))"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "another type of value was expected\(path(context))"
        default: return "it is no JSON"
        }
    }

    /// A field that has to be there.
    static func need<Value>(_ value: Value?, _ name: String) throws(UnreadableAnswer) -> Value {
        guard let value else { throw UnreadableAnswer("there is no '\(name)'") }
        return value
    }

    /// A price of an instrument; `nil` for none, or zero, which is how the venue writes none.
    static func price(_ text: String?, _ name: String, _ instrument: Instrument) throws(UnreadableAnswer) -> Price? {
        guard let text else { return nil }
        do throws(DecimalTextError) {
            let price = try instrument.price(text)
            if price.mantissa < 0 { throw .malformed("") }
            return price.mantissa == 0 ? nil : price
        } catch {
            throw UnreadableAnswer("'\(name)' is no price of \(instrument.name)")
        }
    }

    /// A quantity of an instrument; `nil` for none.
    static func quantity(
        _ text: String?, _ name: String, _ instrument: Instrument
    ) throws(UnreadableAnswer) -> Quantity? {
        guard let text else { return nil }
        do throws(DecimalTextError) {
            let quantity = try instrument.quantity(text)
            if quantity.mantissa < 0 { throw .malformed("") }
            return quantity
        } catch {
            throw UnreadableAnswer("'\(name)' is no quantity of \(instrument.name)")
        }
    }

    /// An amount of a currency; `nil` for none.
    static func money(_ text: String?, _ name: String, _ currency: Currency) throws(UnreadableAnswer) -> Money? {
        guard let text else { return nil }
        guard let units = WireDecimal.units(text) else { throw UnreadableAnswer("'\(name)' is no amount") }
        return Money(units: units, currency)
    }

    /// A rate, as a share.
    static func rate(_ text: String, _ name: String) throws(UnreadableAnswer) -> Ratio {
        do throws(DecimalTextError) { return try Ratio(fraction: text) } catch {
            throw UnreadableAnswer("'\(name)' is no rate")
        }
    }

    /// A value of a set of names.
    static func named<Value: RawRepresentable<String>>(
        _ text: String?, _ name: String, _ type: Value.Type
    ) throws(UnreadableAnswer) -> Value {
        guard let value = text.flatMap({ Value(rawValue: $0) }) else {
            throw UnreadableAnswer("'\(name)' is none of those that are known")
        }
        return value
    }

    /// An instant of milliseconds; `nil` for none, and for the -1 that the venue writes for none.
    static func time(_ milliseconds: Int64?, _ name: String) throws(UnreadableAnswer) -> Timestamp? {
        guard let milliseconds, milliseconds != -1 else { return nil }
        guard (0...4_102_444_800_000).contains(milliseconds) else { throw UnreadableAnswer("'\(name)' is no time") }
        return Timestamp(milliseconds: milliseconds)
    }
}

/// Decimals wider than a price: amounts of coins that are counted by the trillion.
enum WireDecimal {
    /// The decimals of its units, those of `Money`.
    static let scale = Money.scale

    /// A decimal in units of 10^−16; `nil` when it is none, has more decimals, or more than eighteen digits before
    /// them.
    static func units(_ text: String) -> Int128? {
        let isNegative = text.hasPrefix("-")
        let parts = text.drop { $0 == "-" }.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard text.utf8.filter({ $0 == 0x2D }).count == (isNegative ? 1 : 0),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x2D }),
            let whole = parts.first.flatMap({ try? DecimalText.mantissa($0, scale: 0) })
        else { return nil }
        var units = Int128(whole) * Money.unitsPerWhole
        if parts.count == 2 {
            guard !parts[1].isEmpty, let part = try? DecimalText.mantissa("0." + parts[1], scale: scale) else {
                return nil
            }
            units += Int128(part)
        }
        return isNegative ? -units : units
    }
}
