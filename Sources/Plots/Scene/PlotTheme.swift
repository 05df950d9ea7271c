/// The colours of a plot.
///
/// Series have those of Okabe and Ito, which people with any common colour blindness tell apart; gain and loss are blue and
/// vermilion rather than green and red.
public struct PlotTheme: Sendable, Hashable {
    var background: Color
    var panel: Color
    var grid: Color
    var axis: Color
    var text: Color
    var muted: Color
    var series: [Color]
    var gain: Color
    var loss: Color
    /// Low, middle and high of a scale that has two sides.
    var diverging: [Color]
    /// A scale from little to much.
    var sequential: [Color]

    /// Dark on white.
    public static let light = PlotTheme(
        background: Color(0xFFFFFF), panel: Color(0xFAFAFB), grid: Color(0xE3E5E8), axis: Color(0x8A9099),
        text: Color(0x1B1F24), muted: Color(0x5A626C),
        series: [0x0072B2, 0xE08A00, 0x009E73, 0xCC79A7, 0x3FA3DC, 0x7A5195, 0x8C6D31, 0x4D4D4D].map { Color($0) },
        gain: Color(0x0072B2), loss: Color(0xD55E00),
        diverging: [Color(0xC2410C), Color(0xF5F5F5), Color(0x0B62A6)],
        sequential: [0x440154, 0x3B528B, 0x21918C, 0x5EC962, 0xFDE725].map { Color($0) })

    /// Bright on dark.
    public static let dark = PlotTheme(
        background: Color(0x14171C), panel: Color(0x1A1E24), grid: Color(0x2D333B), axis: Color(0x6E7681),
        text: Color(0xE6EDF3), muted: Color(0x9AA4AF),
        series: [0x56B4E9, 0xF0A830, 0x2FC79A, 0xE39CC2, 0x8AB6FF, 0xB79CED, 0xD6B370, 0xC9D1D9].map { Color($0) },
        gain: Color(0x56B4E9), loss: Color(0xF0793A),
        diverging: [Color(0xF0793A), Color(0x2A2F37), Color(0x56B4E9)],
        sequential: [0x482878, 0x3E6FA0, 0x26A08A, 0x74D055, 0xFDE725].map { Color($0) })

    /// The colour of an ink.
    func color(_ ink: Ink) -> Color {
        switch ink {
        case .series(let index): return series[index % series.count]
        case .gain: return gain
        case .loss: return loss
        case .muted: return axis
        case .text: return text
        }
    }

    /// The colour at a share of a scale, 0…1.
    static func color(_ scale: [Color], at share: Double) -> Color {
        let place = min(max(share, 0), 1) * Double(scale.count - 1)
        let index = min(Int(place), scale.count - 2)
        return scale[index].mixed(with: scale[index + 1], place - Double(index))
    }
}

/// What something is drawn in; the theme knows the colour.
public enum Ink: Sendable, Hashable {
    /// The colour of a series, by its number.
    case series(Int)
    /// What gained.
    case gain
    /// What lost.
    case loss
    /// What is there to compare with.
    case muted
    /// As text.
    case text
}
