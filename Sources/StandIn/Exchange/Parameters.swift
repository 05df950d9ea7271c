import Market

/// The parameters of a request in the order in which they came, values as texts.
struct Parameters: Sendable {
    private(set) var items: [(name: String, value: String)] = []

    init() {}

    /// Adds a parameter; of two with one name the first counts.
    mutating func add(_ name: String, _ value: String) { items.append((name, value)) }

    /// Parameters without some.
    func without(_ names: String...) -> Parameters {
        var copy = Parameters()
        copy.items = items.filter { !names.contains($0.name) }
        return copy
    }

    /// The value of a parameter, or `nil` when it was not sent.
    subscript(_ name: String) -> String? { items.first { $0.name == name }?.value }

    /// Whether a parameter was sent.
    func has(_ name: String) -> Bool { items.contains { $0.name == name } }

    /// A text that must be there.
    func required(_ name: String) throws(APIError) -> String {
        guard let value = self[name], !value.isEmpty else { throw .mandatory(name) }
        return value
    }

    /// A text, or `nil` when it was not sent.
    func text(_ name: String) throws(APIError) -> String? {
        guard let value = self[name] else { return nil }
        guard !value.isEmpty else { throw .empty(name) }
        return value
    }

    /// A whole number that is not negative, or `nil` when it was not sent.
    func integer(_ name: String) throws(APIError) -> Int64? {
        guard let value = try text(name) else { return nil }
        guard value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw .illegal(name, range: "^[0-9]{1,20}$")
        }
        guard let number = Int64(value) else { throw .overflow(name) }
        return number
    }

    /// A time in milliseconds or microseconds, in milliseconds; the year 2100 at the latest.
    func time(_ name: String) throws(APIError) -> Int64? { try microseconds(name).map { $0 / 1_000 } }

    /// A time in milliseconds or microseconds, in microseconds; the year 2100 at the latest.
    func microseconds(_ name: String) throws(APIError) -> Int64? {
        guard let value = try integer(name) else { return nil }
        // Later than the year 5138 in milliseconds: microseconds.
        guard value <= 100_000_000_000_000 else { return min(value, 4_102_444_800_000_000) }
        return min(value, 4_102_444_800_000) * 1_000
    }

    /// How many are wanted: the default when it was not sent, never more than the most.
    func limit(_ standard: Int, most: Int) throws(APIError) -> Int {
        guard let value = try integer("limit") else { return standard }
        guard value > 0 else { throw .invalid("limit") }
        return Int(min(value, Int64(most)))
    }

    /// A decimal number that is not negative at eight decimals, or `nil` when it was not sent.
    func decimal(_ name: String) throws(APIError) -> Int64? {
        guard let value = try text(name) else { return nil }
        guard value.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }) else {
            throw .illegal(name, range: "^([0-9]{1,20})(\\.[0-9]{1,20})?$")
        }
        do throws(DecimalTextError) {
            return try DecimalText.mantissa(value, scale: 8)
        } catch {
            switch error {
            case .malformed: throw .illegal(name, range: "^([0-9]{1,20})(\\.[0-9]{1,20})?$")
            case .tooManyDecimals: throw .precision(name)
            case .outOfRange: throw .overflow(name)
            }
        }
    }

    /// Whether a flag is set; `standard` when it was not sent.
    func flag(_ name: String, _ standard: Bool = false) throws(APIError) -> Bool {
        switch self[name]?.lowercased() {
        case nil: return standard
        case "true": return true
        case "false": return false
        default: throw .invalid(name)
        }
    }

    /// The symbols of `symbols=["A","B"]`, or `nil` when it was not sent.
    func symbols() throws(APIError) -> [String]? {
        guard let text = try text("symbols") else { return nil }
        guard let elements = JSONParser.value(text)?.elements, !elements.isEmpty else {
            throw .illegal("symbols", range: "^\\[\"[A-Z0-9-_.]{1,20}\"(,\"[A-Z0-9-_.]{1,20}\"){0,}\\]$")
        }
        var names: [String] = []
        for element in elements {
            guard let name = element.string else {
                throw .illegal("symbols", range: "^\\[\"[A-Z0-9-_.]{1,20}\"(,\"[A-Z0-9-_.]{1,20}\"){0,}\\]$")
            }
            guard !names.contains(name) else {
                throw APIError(-1151, "Symbol is present multiple times in the list.")
            }
            names.append(name)
        }
        return names
    }
}
