/// A length of time as people write it.
enum DurationText {
    private static let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]

    /// The seconds of `90s`, `10m`, `8h` or `2d`, a year at most; `nil` for anything else.
    static func seconds(_ text: String) -> Int64? {
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count > 0,
            text.first?.isNumber == true, count <= 366 * 86_400 / unit
        else { return nil }
        return count * unit
    }

    /// The seconds that an option says; `nil`, and a problem, when it says none.
    static func option(_ name: String, _ text: String?, _ problems: inout [String]) -> Int64? {
        guard let text else { return nil }
        if let seconds = seconds(text) { return seconds }
        problems.append("\(name): '\(Table.plain(text))' is no length of time; expected one such as 90s, 10m, 8h or 2d")
        return nil
    }
}
