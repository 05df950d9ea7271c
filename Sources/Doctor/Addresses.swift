/// Whether the addresses that are configured belong together: prices of one world and orders of another are a trap.
enum Addresses {
    /// Whose an address is.
    enum World: String {
        case live = "the live venue"
        case testnet = "the venue's testnet"
        case demo = "the venue's demo mode"
        case ownMachine = "this machine"
    }

    static func finding(rest: String, streams: String) -> Finding {
        let worlds = (world(rest), world(streams))
        guard let first = worlds.0, let second = worlds.1 else {
            let stranger = worlds.0 == nil ? rest : streams
            return Finding(
                "addresses", .warning, "whose \(stranger) is, is not known here",
                advice: "no key is sent there; for Binance leave venues.binance.rest-url and stream-url away")
        }
        guard first == second else {
            return Finding(
                "addresses", .failed,
                "requests go to \(first.rawValue) (\(rest)), and prices come from \(second.rawValue) (\(streams))",
                advice: "set venues.binance.stream-url and rest-url to the same venue")
        }
        return Finding("addresses", .ok, "\(rest) and \(streams), both of \(first.rawValue)")
    }

    /// Whose an address is; `nil` for a stranger's.
    static func world(_ address: String) -> World? {
        let server = address.lowercased().drop { $0 != "/" }.drop { $0 == "/" }.prefix { $0 != "/" }
        let host = server.hasPrefix("[") ? server.prefix { $0 != "]" } + "]" : server.prefix { $0 != ":" }
        switch host {
        case "127.0.0.1", "localhost", "[::1]": return .ownMachine
        case "testnet.binance.vision": return .testnet
        case "data-api.binance.vision", "data-stream.binance.vision", "stream.binance.com", "api.binance.com":
            return .live
        case _ where host.hasSuffix(".testnet.binance.vision"): return .testnet
        case _ where host.hasSuffix(".binance.com") && host.hasPrefix("demo-"): return .demo
        case _ where host.hasSuffix(".binance.com") && host.hasPrefix("api"): return .live
        default: return nil
        }
    }
}
