import ArgumentParser

/// On which candles orders are filled: of every command that plays a strategy over candles.
struct DetailOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Fill on shorter candles where they are there for the whole time: auto, none or 1m, which must be there.",
            valueName: "which"))
    var detail = DetailChoice.auto.rawValue

    /// What was said; a problem is added where it is none of them.
    func choice(_ problems: inout [String]) -> DetailChoice {
        if let choice = DetailChoice(rawValue: detail.lowercased()) { return choice }
        problems.append("--detail: '\(Table.plain(detail))' is none of auto, none, 1m")
        return .none
    }
}

/// Whether orders are filled on shorter candles than those a strategy sees.
enum DetailChoice: String {
    case auto
    case none
    case minutes = "1m"
}
