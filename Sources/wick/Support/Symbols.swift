import Market
import Simulation
import Storage

/// Finds instruments by what people type.
enum Symbols {
    /// Every instrument that is known: those of the store and those of the synthetic market.
    static func all(_ store: Store) throws -> [Instrument] {
        var instruments = try store.instruments()
        for instrument in SyntheticInstrument.defaults.map(\.instrument)
        where !instruments.contains(where: { $0.name == instrument.name }) {
            instruments.append(instrument)
        }
        return instruments
    }

    /// The instrument written `VENUE:SYMBOL`, or `SYMBOL` or `BASE/QUOTE` where only one venue has it.
    static func instrument(_ text: String, _ store: Store) throws -> Instrument? {
        let wanted = text.uppercased()
        let instruments = try all(store)
        if let exact = instruments.first(where: { $0.name == wanted }) { return exact }
        let matches = instruments.filter { $0.symbol == wanted || $0.pair == wanted }
        return matches.count == 1 ? matches[0] : nil
    }

    /// A sentence that names what is known.
    static func known(_ store: Store) throws -> String {
        "known: " + (try all(store)).map(\.name).joined(separator: ", ")
    }
}
