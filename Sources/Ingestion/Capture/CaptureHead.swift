import FoundationEssentials
import Market

/// What a capture is of: the first entry of each of its parts, as JSON.
struct CaptureHead: Codable, Equatable {
    /// The version of the form; one that is greater is refused.
    static let version = 2

    /// The version of the form.
    var version = CaptureHead.version
    /// The venue's name in capitals.
    var venue: String
    /// The name of the account that trades on it.
    var account: String
    /// What is followed; entries name them by their places.
    var instruments: [Instrument]
    /// The open time of the minute that each is told next, in nanoseconds; `nil` where none is known.
    var next: [Int64?]
    /// When the capture began, in nanoseconds: what its parts have in common.
    var begin: Int64
    /// Which part this is, from 1.
    var part = 1
    /// Connections that were open when it began.
    var connections: [Int] = []

    /// The most instruments of a capture.
    private static let mostInstruments = 10_000

    /// The JSON.
    var bytes: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Texts, whole numbers and arrays of them always encode.
        guard let data = try? encoder.encode(self) else { preconditionFailure("a head is plain values") }
        return Array(data)
    }

    /// The head of its bytes.
    ///
    /// - Returns: `nil` for anything that no writer makes; the words say what is wrong.
    static func decode(_ bytes: [UInt8]) -> (head: CaptureHead?, problem: String) {
        struct Version: Decodable { var version: Int }
        let data = Data(bytes)
        guard let known = try? JSONDecoder().decode(Version.self, from: data) else {
            return (nil, "its head can't be read")
        }
        guard known.version <= version else {
            return (nil, "it was written by a newer release (form \(known.version); this one reads \(version))")
        }
        guard let head = try? JSONDecoder().decode(CaptureHead.self, from: data), head.isSound else {
            return (nil, "its head can't be read")
        }
        return (head, "")
    }

    /// Whether whoever reckons with it does not come to grief.
    private var isSound: Bool {
        guard (1...CaptureHead.mostInstruments).contains(instruments.count), next.count == instruments.count,
            part >= 1, Set(instruments.map(\.name)).count == instruments.count,
            Timestamp.plausible.contains(Timestamp(nanoseconds: begin))
        else { return false }
        let times = next.compactMap { $0.map(Timestamp.init(nanoseconds:)) }
        guard times.allSatisfy({ Timestamp.plausible.contains($0) && $0.floored(to: .oneMinute) == $0 }) else {
            return false
        }
        return instruments.allSatisfy { instrument in
            let rules = instrument.rules
            return (0...16).contains(instrument.priceScale) && (0...16).contains(instrument.quantityScale)
                && instrument.priceScale + instrument.quantityScale <= Money.scale
                && rules.tick.mantissa > 0 && rules.quantityStep.mantissa > 0 && rules.marketQuantityStep.mantissa >= 0
                && rules.minimumQuantity.mantissa >= 0 && rules.maximumQuantity.mantissa >= 0
                && rules.maximumMarketQuantity.mantissa >= 0 && rules.minimumNotional >= 0 && !instrument.symbol.isEmpty
                && !instrument.venue.isEmpty
        }
    }
}
