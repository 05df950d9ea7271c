import Market
import StandIn
import Testing

@Suite("market streams of the stand-in", .serialized)
struct StreamTests {
    @Test("a raw stream sends its payload as it is")
    func raw() throws {
        let rig = try ServerRig()
        let socket = try rig.socket("/ws/btcusdt@bookTicker")
        let message = try #require(socket.receive { _ in true })
        #expect(message.names == ["A", "B", "a", "b", "s", "u"])
        #expect(message["s"].string == "BTCUSDT")
    }

    @Test("combined streams say which they are")
    func combined() throws {
        let rig = try ServerRig()
        let socket = try rig.socket("/stream?streams=btcusdt@depth@100ms/ethusdt@bookTicker")
        var streams: Set<String> = []
        for _ in 0..<50 where streams.count < 2 {
            let message = try #require(socket.receive { _ in true })
            #expect(message.names == ["data", "stream"])
            streams.insert(try #require(message["stream"].string))
        }
        #expect(streams == ["btcusdt@depth@100ms", "ethusdt@bookTicker"])
    }

    @Test(
        "a book kept by the documented recipe is the exchange's, whatever clients trade meanwhile",
        arguments: [
            "btcusdt@depth@100ms", "btcusdt@depth",
        ])
    func recipe(_ stream: String) throws {
        let rig = try ServerRig()
        let socket = try rig.socket("/ws/" + stream)
        var buffered: [JSONText] = [try #require(socket.receive { _ in true })]
        let first = try #require(buffered[0]["U"].integer)
        var book: (id: Int64, bids: [String: String], asks: [String: String])?
        func side(_ levels: [JSONText]) -> [String: String] {
            Dictionary(uniqueKeysWithValues: levels.map { ($0[0].string ?? "", $0[1].string ?? "") })
        }
        func snapshot() throws -> (id: Int64, bids: [String: String], asks: [String: String]) {
            let json = try #require(rig.get("/api/v3/depth?symbol=BTCUSDT&limit=5000")).json
            return (
                try #require(json["lastUpdateId"].integer), side(json["bids"].elements), side(json["asks"].elements)
            )
        }
        book = try snapshot()
        #expect(try #require(book).id >= first)
        for round in 0..<(stream.hasSuffix("100ms") ? 25 : 3) {
            if round % 5 == 1 { _ = try rig.rest() }
            if round % 5 == 3 {
                _ = rig.signed("POST /api/v3/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.05")
            }
            buffered.append(try #require(socket.receive { _ in true }))
            for event in buffered {
                let (from, to) = (try #require(event["U"].integer), try #require(event["u"].integer))
                guard let id = book?.id, to > id else { continue }
                #expect(from <= id + 1)
                for level in event["b"].elements {
                    let (price, quantity) = (level[0].string ?? "", level[1].string ?? "")
                    book?.bids[price] = quantity == "0.00000000" ? nil : quantity
                }
                for level in event["a"].elements {
                    let (price, quantity) = (level[0].string ?? "", level[1].string ?? "")
                    book?.asks[price] = quantity == "0.00000000" ? nil : quantity
                }
                book?.id = to
            }
            buffered.removeAll()
        }
        // A snapshot rarely falls on the end of an event: take events until one does not pass it.
        for _ in 0..<200 {
            let now = try snapshot()
            while let id = book?.id, id < now.id {
                let event = try #require(socket.receive { _ in true })
                for level in event["b"].elements {
                    let (price, quantity) = (level[0].string ?? "", level[1].string ?? "")
                    book?.bids[price] = quantity == "0.00000000" ? nil : quantity
                }
                for level in event["a"].elements {
                    let (price, quantity) = (level[0].string ?? "", level[1].string ?? "")
                    book?.asks[price] = quantity == "0.00000000" ? nil : quantity
                }
                book?.id = try #require(event["u"].integer)
            }
            guard book?.id == now.id else { continue }
            #expect(book?.bids == now.bids)
            #expect(book?.asks == now.asks)
            return
        }
        Issue.record("no snapshot met the end of an event in 200 tries")
    }

    @Test("streams are subscribed to, listed and left in a connection")
    func subscribing() throws {
        let rig = try ServerRig()
        let socket = try rig.socket("/ws")
        socket.send(#"{"method":"SUBSCRIBE","params":["btcusdt@miniTicker","ethusdt@trade"],"id":1}"#)
        let answer = try #require(socket.receive { $0["id"].integer == 1 })
        #expect(answer["result"].isNull)
        socket.send(#"{"method":"UNSUBSCRIBE","params":["ethusdt@trade"],"id":"two"}"#)
        #expect(socket.receive { $0["id"].string == "two" } != nil)
        socket.send(#"{"method":"LIST_SUBSCRIPTIONS","id":3}"#)
        let list = try #require(socket.receive { $0["id"].integer == 3 })
        #expect(list["result"].elements.compactMap(\.string) == ["btcusdt@miniTicker"])
        let ticker = try #require(socket.receive { $0["e"].string == "24hrMiniTicker" })
        #expect(ticker["s"].string == "BTCUSDT")
    }

    @Test(
        "requests that mean nothing are answered by what is wrong with them",
        arguments: [
            ("{", 3), (#"{"id":1}"#, 2), (#"{"method":"SING","id":1}"#, 2),
            (#"{"method":"GET_PROPERTY","params":["x"],"id":1}"#, 0),
            (#"{"method":"SET_PROPERTY","params":["combined",1],"id":1}"#, 1),
            (#"{"method":"SUBSCRIBE","params":[],"id":1}"#, 2),
        ] as [(String, Int64)])
    func badRequests(_ text: String, _ code: Int64) throws {
        let rig = try ServerRig()
        let socket = try rig.socket("/ws")
        socket.send(text)
        #expect(try #require(socket.receive { _ in true })["code"].integer == code)
    }

    @Test("who sends more than five messages a second is disconnected")
    func tooManyMessages() throws {
        let rig = try ServerRig()
        let socket = try rig.socket("/ws")
        for number in 0..<40 { socket.send("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":\(number)}") }
        while socket.receive() != nil {}
        #expect(socket.closeCode == 1_008)
    }

    @Test("a connection has at most 1024 streams")
    func tooManyStreams() throws {
        let rig = try ServerRig()
        let socket = try rig.socket("/ws")
        let names = (0..<1_025).map { "\"s\($0)@trade\"" }.joined(separator: ",")
        socket.send("{\"method\":\"SUBSCRIBE\",\"params\":[\(names)],\"id\":1}")
        #expect(try #require(socket.receive { _ in true })["code"].integer == 2)
    }

    @Test("an unknown stream is taken without a word")
    func unknownStream() throws {
        let rig = try ServerRig()
        let socket = try rig.socket("/ws")
        socket.send(#"{"method":"SUBSCRIBE","params":["nosuch@trade"],"id":1}"#)
        #expect(try #require(socket.receive { _ in true })["result"].isNull)
    }

    @Test("the server pings, and ends a connection that does not answer")
    func pings() throws {
        let rig = try ServerRig { $0.pingInterval = 250 }
        let lively = try rig.socket("/ws")
        #expect(lively.waitForPings(6) == 0)
        let dead = try rig.socket("/ws")
        dead.answersPings = false
        #expect(dead.receive() == nil)
        #expect(dead.pings == 3)
        #expect(dead.closeCode == 1_001)
    }

    @Test("a connection is cut when its time is over")
    func lifetime() throws {
        let rig = try ServerRig { $0.connectionLifetime = 1 }
        let socket = try rig.socket("/ws")
        #expect(socket.receive() == nil)
        #expect(socket.closeCode == 1_001)
    }

    @Test("a candle is sent while it runs and once more when it is closed")
    func candles() throws {
        let rig = try ServerRig()
        let socket = try rig.socket("/ws/btcusdt@kline_1s")
        let closed = try #require(socket.receive { $0["k"]["x"].flag == true })["k"]
        #expect(closed["i"].string == "1s")
        let open = try #require(closed["t"].integer)
        #expect(closed["T"].integer == open + 999)
        let path = "/api/v3/klines?symbol=BTCUSDT&interval=1s&startTime=\(open)&limit=1"
        let row = try #require(rig.get(path)).json[0]
        #expect(row[0].integer == open)
        for (name, place) in [("o", 1), ("h", 2), ("l", 3), ("c", 4), ("v", 5), ("q", 7), ("V", 9), ("Q", 10)] {
            #expect(closed[name].string == row[place].string)
        }
    }

    @Test("several clients get the same trades")
    func severalClients() throws {
        let rig = try ServerRig()
        let sockets = try (0..<4).map { _ in try rig.socket("/ws/btcusdt@trade") }
        let order = rig.signed("POST /api/v3/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01")
        let id = try #require(order?.json["fills"][0]["tradeId"].integer)
        let trades = sockets.map { socket in socket.receive { $0["t"].integer == id } }
        #expect(Set(trades.map { $0?["p"].string }).count == 1)
        #expect(trades.allSatisfy { $0?["m"].flag == false })
    }

    @Test("an announced shutdown is told, then the connections end")
    func shutdown() throws {
        let rig = try ServerRig { $0.shutdownNotice = 100 }
        let raw = try rig.socket("/ws")
        let combined = try rig.socket("/stream?streams=btcusdt@trade")
        let api = try rig.socket("/ws-api/v3")
        // Each is there once it has answered.
        for socket in [raw, combined] {
            socket.send(#"{"method":"LIST_SUBSCRIPTIONS","id":1}"#)
            #expect(socket.receive { $0["id"].integer == 1 } != nil)
        }
        api.send(ServerRig.request(1, "ping"))
        #expect(api.receive { $0["id"].integer == 1 } != nil)
        #expect(rig.control("POST /stand-in/shutdown")?.status == 200)
        #expect(raw.receive { $0["e"].string == "serverShutdown" } != nil)
        #expect(combined.receive { $0["stream"].string == "!serverShutdown" } != nil)
        #expect(api.receive { $0["event"]["e"].string == "serverShutdown" } != nil)
        while raw.receive() != nil {}
        #expect(raw.closeCode == 1_001)
    }
}
