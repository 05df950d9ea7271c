extension BinanceStandIn.State {
    /// Answers one request and counts it.
    mutating func answer(
        _ request: LoopbackServer.Request, _ now: ContinuousClock.Instant
    ) -> LoopbackServer.Reply {
        log.append(request)
        if let start = windowStart, now - start < .seconds(60) {} else { (windowStart, used) = (now, 0) }
        if let end = bannedUntil, now < end {
            // Some were under way when it was said; whoever goes on is banned.
            violations += 1
            if violations > 20 { return refuse(418, seconds: 240, now) }
            return refuse(isBan ? 418 : 429, seconds: Int((end - now).components.seconds) + 1, now)
        }
        used += ["/api/v3/klines": 2, "/api/v3/exchangeInfo": 20][request.path] ?? 1
        if used > options.weightPerMinute { return refuse(429, seconds: 60, now) }
        var reply: LoopbackServer.Reply
        switch request.path {
        case "/api/v3/klines": reply = klines(request.query)
        case "/api/v3/exchangeInfo": reply = exchangeInfo(request.query)
        case "/api/v3/ping": reply = .init(200, "{}")
        case "/api/v3/time": reply = .init(200, "{\"serverTime\":\(options.time)}")
        default: reply = .init(404, "<html>not here</html>")
        }
        if let place = faults.firstIndex(where: { request.path.hasSuffix($0.path) }) {
            reply = spoilt(reply, faults.remove(at: place).fault, now)
        }
        reply.headers["x-mbx-used-weight"] = "\(used)"
        reply.headers["x-mbx-used-weight-1m"] = "\(used)"
        return reply
    }

    private mutating func spoilt(
        _ reply: LoopbackServer.Reply, _ fault: BinanceStandIn.Fault, _ now: ContinuousClock.Instant
    ) -> LoopbackServer.Reply {
        var reply = reply
        switch fault {
        case .status(let status, let body): reply = .init(status, body)
        case .tooManyRequests(let seconds): return refuse(429, seconds: seconds, now)
        case .banned(let seconds): return refuse(418, seconds: seconds, now)
        case .garbage(let text): reply = .init(200, text)
        case .huge(let count): reply.body = [UInt8](repeating: 0x20, count: count)
        case .manner(let manner): reply.manner = manner
        }
        return reply
    }

    private mutating func refuse(
        _ status: Int, seconds: Int, _ now: ContinuousClock.Instant
    ) -> LoopbackServer.Reply {
        refusals += 1
        isBan = status == 418
        bannedUntil = max(bannedUntil ?? now, now + .seconds(seconds))
        return LoopbackServer.Reply(
            status, "{\"code\":-1003,\"msg\":\"Too much request weight used; current limit is 6000 per 1 MINUTE.\"}",
            ["Retry-After": "\(seconds)", "x-mbx-used-weight-1m": "\(used)"])
    }

    private static let lengths: [String: Int64] = [
        "1m": 60_000, "3m": 180_000, "5m": 300_000, "15m": 900_000, "30m": 1_800_000, "1h": 3_600_000,
        "2h": 7_200_000, "4h": 14_400_000, "6h": 21_600_000, "12h": 43_200_000, "1d": 86_400_000,
    ]

    private func klines(_ query: [String: String]) -> LoopbackServer.Reply {
        guard let candles = options.symbols.first(where: { $0.symbol == query["symbol"] }) else {
            return .init(400, "{\"code\":-1121,\"msg\":\"Invalid symbol.\"}")
        }
        guard let length = query["interval"].flatMap({ Self.lengths[$0] }) else {
            return .init(400, "{\"code\":-1120,\"msg\":\"Invalid interval.\"}")
        }
        let start = query["startTime"].flatMap { Int64($0) } ?? 0
        let end = min(query["endTime"].flatMap { Int64($0) } ?? .max, options.time)
        let limit = min(query["limit"].flatMap { Int($0) } ?? 500, 1_000)
        var rows: [String] = []
        var open = (max(start, candles.begins) + length - 1) / length * length
        // The one that runs is among them.
        while open <= end, rows.count < limit {
            if candles.has(open) {
                rows.append(
                    candles.row(open, length: length, more: options.isRich ? ",null,{\"a\":[1,\"]\"]},1.5e3" : ""))
            }
            open += length
        }
        return .init(200, "[" + rows.joined(separator: ",") + "]")
    }

    private func exchangeInfo(_ query: [String: String]) -> LoopbackServer.Reply {
        guard let name = query["symbol"], options.symbols.contains(where: { $0.symbol == name }) else {
            return .init(400, "{\"code\":-1121,\"msg\":\"Invalid symbol.\"}")
        }
        let more = options.isRich ? "\"novelty\":{\"a\":[1,2.5,null]}," : ""
        return .init(
            200,
            """
            {\(more)"timezone":"UTC","serverTime":\(options.time),"rateLimits":[\
            {"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":\(options.weightPerMinute)},\
            {"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":100},\
            {"rateLimitType":"RAW_REQUESTS","interval":"MINUTE","intervalNum":5,"limit":300000}],"exchangeFilters":[],\
            "symbols":[{"symbol":"\(name)","status":"TRADING","baseAsset":"\(name.dropLast(4))","baseAssetPrecision":8,\
            "quoteAsset":"\(name.suffix(4))","quotePrecision":8,"quoteAssetPrecision":8,"orderTypes":["LIMIT","MARKET"],\
            "icebergAllowed":true,"isSpotTradingAllowed":true,\(more)"filters":[\
            {"filterType":"PRICE_FILTER","minPrice":"0.01000000","maxPrice":"1000000.00000000","tickSize":"0.01000000"},\
            {"filterType":"LOT_SIZE","minQty":"0.00001000","maxQty":"9000.00000000","stepSize":"0.00001000"},\
            {"filterType":"MARKET_LOT_SIZE","minQty":"0.00000000","maxQty":"120.00000000","stepSize":"0.00000000"},\
            {"filterType":"NOTIONAL","minNotional":"5.00000000","applyMinToMarket":true,"maxNotional":"9000000.00000000",\
            "applyMaxToMarket":false,"avgPriceMins":5},{"filterType":"SOMETHING_NEW","limit":7}],\
            "permissions":[],"permissionSets":[["SPOT","MARGIN"]],"defaultSelfTradePreventionMode":"EXPIRE_MAKER"}]}
            """)
    }
}
