import Glibc

/// What a picture may be drawn with.
struct HeatmapStyle {
    /// The colours of the terminal.
    enum Colours { case none, sixteen, many }

    var colours: Colours
    var isUnicode: Bool
    /// Columns of the terminal.
    var width: Int

    /// What standard output can show: colours only on a terminal that has them and unless NO_COLOR is set, blocks only
    /// where the locale is UTF-8.
    static var ofOutput: HeatmapStyle {
        let variables = Environment.variables
        let locale = [variables["LC_ALL"], variables["LC_CTYPE"], variables["LANG"]].compactMap { $0 }
            .first { !$0.isEmpty }
        let isUnicode = locale.map { $0.lowercased().replacing("-", with: "").contains("utf8") } ?? false
        let terminal = variables["TERM"] ?? ""
        let hasColours =
            isatty(STDOUT_FILENO) == 1 && !["", "dumb"].contains(terminal) && !terminal.hasPrefix("vt")
            && (variables["NO_COLOR"] ?? "").isEmpty
        let hasMany = terminal.contains("256") || terminal.contains("direct") || variables["COLORTERM"] != nil
        return HeatmapStyle(
            colours: !hasColours ? .none : hasMany ? .many : .sixteen, isUnicode: isUnicode,
            width: Paragraph.width ?? 80)
    }

    /// From dark blue over green to yellow: brightness grows all the way, so that it can be read without seeing colours.
    private static let many = [17, 18, 24, 30, 29, 35, 71, 107, 143, 185, 227]
    /// Blue, cyan, green, yellow of the sixteen.
    private static let sixteen = [44, 46, 42, 43]
    private static let blocks: [Character] = ["·", "░", "▒", "▓", "█"]
    private static let letters: [Character] = [".", ":", "-", "=", "+", "*", "#", "%", "@"]

    /// One cell: blank where there is no value, else the brighter or fuller the greater.
    func cell(_ value: Double?, _ low: Double, _ high: Double, _ width: Int) -> String {
        guard let value else { return String(repeating: " ", count: width) }
        let share = high > low ? (value - low) / (high - low) : 1
        func pick<Element>(_ list: [Element]) -> Element {
            list[min(Int(share * Double(list.count)), list.count - 1)]
        }
        let blank = String(repeating: " ", count: width)
        switch colours {
        case .many: return "\u{1B}[48;5;\(pick(HeatmapStyle.many))m\(blank)\u{1B}[0m"
        case .sixteen: return "\u{1B}[\(pick(HeatmapStyle.sixteen))m\(blank)\u{1B}[0m"
        case .none:
            return String(
                repeating: pick(isUnicode ? HeatmapStyle.blocks : HeatmapStyle.letters), count: width)
        }
    }
}
