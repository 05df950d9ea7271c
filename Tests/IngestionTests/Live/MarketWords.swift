import Market

@testable import Ingestion

/// What a venue's streams say of BTCUSDT, as its texts.
enum MarketWords {
    /// The best prices after an update: one is bid, two are asked.
    static func quote(_ id: Int, _ bid: String, _ ask: String) -> String {
        #"{"u":\#(id),"s":"BTCUSDT","b":"\#(bid)","B":"1.0","a":"\#(ask)","A":"2.0"}"#
    }

    static func trade(_ id: Int, _ price: String, at milliseconds: Int64) -> String {
        #"{"e":"trade","E":\#(milliseconds),"s":"BTCUSDT","t":\#(id),"p":"\#(price)","q":"0.5","T":\#(milliseconds),"m":false,"M":true}"#
    }

    static func depth(
        _ first: Int, _ last: Int, bids: String = "", asks: String = "", at milliseconds: Int64
    ) -> String {
        #"{"e":"depthUpdate","E":\#(milliseconds),"s":"BTCUSDT","U":\#(first),"u":\#(last),"b":[\#(bids)],"a":[\#(asks)]}"#
    }

    /// A minute that has closed, counted from the beginning.
    static func minute(
        _ index: Int64, from start: Timestamp, close: String, count: Int, ids: (Int, Int)
    ) -> String {
        let open = start.milliseconds + index * 60_000
        return #"{"e":"kline","E":\#(open + 60_005),"s":"BTCUSDT","k":{"t":\#(open),"T":\#(open + 59_999),"#
            + #""s":"BTCUSDT","i":"1m","f":\#(ids.0),"L":\#(ids.1),"o":"\#(close)","c":"\#(close)","h":"\#(close)","#
            + #""l":"\#(close)","v":"0.5","n":\#(count),"x":true,"q":"50","V":"0.5","Q":"50","B":"0"}}"#
    }
}
