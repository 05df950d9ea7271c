/// Every indicator a chart can show, with its parameters, place and outputs.
public enum IndicatorCatalog {
    /// All descriptors: overlays first, each group in the order a menu would list them.
    public static let all: [IndicatorDescriptor] = overlays + panes

    /// The descriptor of an identifier such as `sma`; nil if there is none. O(n) in the catalog's size.
    public static func descriptor(_ identifier: String) -> IndicatorDescriptor? {
        all.first { $0.identifier == identifier }
    }

    /// The length of a window in bars.
    static func period(
        _ defaultValue: Double, _ meaning: String = "bars in the window", name: String = "period",
        from minimum: Double = 1
    ) -> IndicatorParameter {
        IndicatorParameter(
            name: name, meaning: meaning, defaultValue: defaultValue, range: minimum...5_000, isWhole: true)
    }

    /// How many deviations or ranges a band is wide.
    static func multiple(_ name: String, _ defaultValue: Double, _ meaning: String) -> IndicatorParameter {
        IndicatorParameter(name: name, meaning: meaning, defaultValue: defaultValue, range: 0.1...20, isWhole: false)
    }

    /// The outputs of an indicator that has a single one.
    static func single(_ name: String) -> [IndicatorDescriptor.Output] {
        [.init(name: name, style: .line)]
    }

    /// The outputs of a band or channel.
    static let channel: [IndicatorDescriptor.Output] = ["upper", "middle", "lower"].map {
        .init(name: $0, style: .line)
    }

    /// The lines of a band or channel, in the order of `channel`.
    static func lines(_ channel: [PriceChannel]) -> [[Double]] {
        [channel.map(\.upper), channel.map(\.middle), channel.map(\.lower)]
    }
}
