import Foundation

/// JSON as the tests look at it, read by Foundation rather than by what they test.
struct JSONText {
    private let value: Any?

    init(_ text: String) {
        value = try? JSONSerialization.jsonObject(with: Data(text.utf8), options: [.fragmentsAllowed])
    }

    private init(value: Any?) { self.value = value }

    subscript(_ name: String) -> JSONText { JSONText(value: (value as? [String: Any])?[name]) }
    subscript(_ index: Int) -> JSONText {
        guard let elements = value as? [Any], elements.indices.contains(index) else { return JSONText(value: nil) }
        return JSONText(value: elements[index])
    }

    var string: String? { value as? String }
    var integer: Int64? { (value as? NSNumber)?.int64Value }
    var flag: Bool? { (value as? NSNumber)?.boolValue }
    var elements: [JSONText] { (value as? [Any])?.map { JSONText(value: $0) } ?? [] }
    var names: [String] { (value as? [String: Any])?.keys.sorted() ?? [] }
    var isNull: Bool { value is NSNull }
    var isMissing: Bool { value == nil }
}
