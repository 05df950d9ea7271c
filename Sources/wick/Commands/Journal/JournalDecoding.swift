import Engine
import Journal
import Market
import Trading

extension JournalEntry {
    /// What it says as JSON; `nil` for a kind or a form that this program does not know.
    var json: RawJSON? { content.map { RawJSON(text: ValueJSON.text($0)) } }
}

/// Values of the trading modules as JSON, by reflection: structures as objects, cases of enumerations by their names,
/// amounts and times as texts, identifiers as numbers.
enum ValueJSON {
    static func text(_ value: Any) -> String {
        switch value {
        case let text as String: return JSON.text(text)
        case let flag as Bool: return JSON.text(flag)
        case let number as Double: return JSON.text(number)
        case let number as any FixedWidthInteger: return "\(number)"
        // A record does not say the instrument's scale; the whole numbers are what the kernel computes with.
        case let price as Price: return "\(price.mantissa)"
        case let quantity as Quantity: return "\(quantity.mantissa)"
        case let plain as any PlainText: return JSON.text("\(plain)")
        default: return reflected(value)
        }
    }

    private static func reflected(_ value: Any) -> String {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: return mirror.children.first.map { text($0.value) } ?? "null"
        case .collection: return "[" + mirror.children.map { text($0.value) }.joined(separator: ",") + "]"
        case .enum:
            guard let payload = mirror.children.first else { return JSON.text(name("\(value)")) }
            return object([(payload.label ?? "", payload.value)])
        case .tuple:
            let members = mirror.children.map { ($0.label ?? "", $0.value) }
            // Parts without names stand in their order.
            if members.contains(where: { $0.0.hasPrefix(".") }) {
                return "[" + members.map { text($0.1) }.joined(separator: ",") + "]"
            }
            return object(members)
        default:
            if let raw = value as? any RawRepresentable { return text(raw.rawValue) }
            return object(mirror.children.map { ($0.label ?? "", $0.value) })
        }
    }

    private static func object(_ members: [(String, Any)]) -> String {
        "{" + members.map { JSON.text(name($0.0)) + ":" + text($0.1) }.joined(separator: ",") + "}"
    }

    /// Names in snake case, as everywhere in the program's JSON.
    private static func name(_ name: String) -> String {
        var result = ""
        for character in name {
            if character.isUppercase, !result.isEmpty { result += "_" }
            result += character.lowercased()
        }
        return result
    }
}

/// Values whose description is what people call them.
private protocol PlainText: CustomStringConvertible {}
extension Timestamp: PlainText {}
extension Timeframe: PlainText {}
extension Money: PlainText {}
extension Ratio: PlainText {}
extension Currency: PlainText {}
