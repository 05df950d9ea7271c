import Foundation
import Market
import Venues

@testable import Ingestion

/// Two markets and what is heard of them.
struct MarketStage {
    static let instruments = ["BTCUSDT", "ETHUSDT"].map { symbol in
        Instrument(
            venue: "BINANCE", symbol: symbol, base: Currency(String(symbol.dropLast(4)))!, quote: .usdt,
            rules: InstrumentRules(tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000)))
    }
    static let start = Timestamp(seconds: 1_714_953_600)

    var state: LiveMarketState
    var now = MarketStage.start

    init(next: Timestamp? = nil) {
        state = LiveMarketState(
            MarketStage.instruments, next: [next, next], LiveOptions())
    }

    mutating func open(_ number: Int = 1) {
        state.opening(number, MarketStreamDecoder(MarketStage.instruments), at: now)
    }

    mutating func hear(_ text: String, on number: Int = 1, after milliseconds: Int64 = 10) {
        now = now.adding(nanoseconds: milliseconds * 1_000_000)
        var text = text
        text.withUTF8 { state.heard(UnsafeRawBufferPointer($0), number, at: now) }
    }

    mutating func take() -> [LiveUpdate] {
        var updates: [LiveUpdate] = []
        state.queue.take(into: &updates)
        return updates
    }

    /// Whether whoever asks for books asks on.
    mutating func wantsBook() -> Bool { state.wantsBook(0, losses: state.losses) }

    func quote(_ id: Int, _ bid: String, _ ask: String) -> String { MarketWords.quote(id, bid, ask) }

    func trade(_ id: Int, _ price: String, at milliseconds: Int64) -> String {
        MarketWords.trade(id, price, at: milliseconds)
    }

    func depth(_ first: Int, _ last: Int, bids: String = "", asks: String = "") -> String {
        MarketWords.depth(first, last, bids: bids, asks: asks, at: MarketStage.start.milliseconds + 100)
    }

    func minute(_ index: Int64, close: String = "100", count: Int = 1, ids: (Int, Int) = (1, 1)) -> String {
        MarketWords.minute(index, from: MarketStage.start, close: close, count: count, ids: ids)
    }
}

extension [LiveUpdate] {
    /// How the connection stood, one after the other.
    var linkStates: [LinkState] { compactMap { if case .link(let state) = $0 { state } else { nil } } }

    /// The kinds of remarks.
    var remarkKinds: [String] { compactMap { if case .remark(let kind, _, _) = $0 { kind } else { nil } } }
}
