import Glibc
import Market
import Storage
import Synchronization
import Testing
import Trading

@testable import Engine

@Suite("Control protocol")
struct ControlTests {
    /// What was asked of the engine, and what it answers.
    private final class FakeEngine: Sendable {
        let asked = Mutex<[EngineRequest]>([])
        let snapshot: Snapshot

        init() {
            var snapshot = Snapshot(mode: .paper, source: .synthetic(seed: 1), currency: .usdt)
            for (index, symbol) in ["BTCUSDT", "ETHUSDT"].enumerated() {
                let instrument = Instrument(
                    venue: "SYNTHETIC", symbol: symbol, base: Currency(symbol.dropLast(4))!, quote: .usdt,
                    rules: InstrumentRules(tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000)))
                snapshot.markets.append(MarketView(id: InstrumentID(index), instrument: instrument))
            }
            self.snapshot = snapshot
        }

        var target: ControlTarget {
            ControlTarget(
                snapshot: { self.snapshot }, catalog: .bundled,
                send: { request, reply in
                    self.asked.withLock { $0.append(request) }
                    reply(.done("done"))
                })
        }
    }

    private func answer(_ engine: FakeEngine, _ line: String) throws -> ControlResponse {
        let request = try ControlCoding.value(ControlRequest.self, Array(line.utf8))
        let answers = Mutex<[ControlResponse]>([])
        ControlHandler(target: engine.target).handle(request) { response in answers.withLock { $0.append(response) } }
        let all = answers.withLock { $0 }
        #expect(all.count == 1)
        return try #require(all.first)
    }

    @Test("an order's terms reach the engine exactly")
    func placeOrder() throws {
        let engine = FakeEngine()
        let response = try answer(
            engine,
            #"{"id":5,"command":"order.place","symbol":"eth/usdt","side":"SELL","type":"stop-limit","quantity":"1.25","#
                + #""price":"3000.5","stop_price":"3001","time_in_force":"gtc","reduce_only":true}"#)
        #expect(response.ok && response.id == 5)
        guard case .placeOrder(let order) = try #require(engine.asked.withLock { $0.first }) else {
            Issue.record("no order was asked for")
            return
        }
        #expect(order.instrument == InstrumentID(1))
        #expect(order.side == .sell && order.type == .stopLimit && order.timeInForce == .goodTilCancelled)
        #expect(order.quantity == Quantity(mantissa: 125_000_000))
        #expect(order.limitPrice == Price(mantissa: 300_050_000_000))
        #expect(order.triggerPrice == Price(mantissa: 300_100_000_000))
        #expect(order.isReduceOnly && !order.isPostOnly && order.purpose == .manual)
    }

    @Test(
        "a trailing stop reaches the engine with its distance, and with the price from which on it follows where it has one"
    )
    func trailingOrder() throws {
        for (rest, start) in [("", nil), (#","stop_price":"2900.5""#, Price(mantissa: 290_050_000_000))] {
            let engine = FakeEngine()
            _ = try answer(
                engine,
                #"{"command":"order.place","symbol":"ETHUSDT","side":"sell","type":"trailing-stop","quantity":"1","#
                    + #""trailing_bps":150,"reduce_only":true\#(rest)}"#)
            guard case .placeOrder(let order) = try #require(engine.asked.withLock { $0.first }) else {
                Issue.record("no order was asked for")
                return
            }
            #expect(order.type == .trailingStop && order.trailing == 150 && order.triggerPrice == start)
            #expect(order.isReduceOnly && order.purpose == .manual)
        }
    }

    @Test("a distance is refused where it is missing, out of range, or of another type")
    func wrongDistance() throws {
        let engine = FakeEngine()
        for rest in [
            #""type":"trailing-stop""#, #""type":"trailing-stop","trailing_bps":0"#,
            #""type":"trailing-stop","trailing_bps":10000"#, #""type":"stop","stop_price":"3000","trailing_bps":50"#,
            #""type":"market","trailing_bps":50"#,
        ] {
            let response = try answer(
                engine, #"{"command":"order.place","symbol":"ETHUSDT","side":"sell","quantity":"1",\#(rest)}"#)
            #expect(try #require(response.error).message.contains("trailing_bps:"))
        }
        #expect(engine.asked.withLock { $0.isEmpty })
    }

    @Test("a target with a limit reaches the engine with both of its prices")
    func targetWithLimit() throws {
        let engine = FakeEngine()
        _ = try answer(
            engine,
            #"{"command":"order.place","symbol":"ETHUSDT","side":"sell","type":"take-profit-limit","quantity":"1","#
                + #""price":"3290","stop_price":"3300"}"#)
        guard case .placeOrder(let order) = try #require(engine.asked.withLock { $0.first }) else {
            Issue.record("no order was asked for")
            return
        }
        #expect(order.type == .takeProfitLimit && order.limitPrice == Price(mantissa: 329_000_000_000))
        #expect(order.triggerPrice == Price(mantissa: 330_000_000_000))
    }

    @Test("an order's protection reaches the engine exactly as written")
    func protectedOrder() throws {
        let engine = FakeEngine()
        _ = try answer(
            engine,
            #"{"command":"order.place","symbol":"ETHUSDT","side":"buy","type":"limit","quantity":"1","price":"3000","#
                + #""stop":"2900.5","target":"3300"}"#)
        guard case .placeOrder(let order) = try #require(engine.asked.withLock { $0.first }) else {
            Issue.record("no order was asked for")
            return
        }
        let expected = EntryProtection(stop: Price(mantissa: 290_050_000_000), target: Price(mantissa: 330_000_000_000))
        #expect(order.protection == expected)
    }

    @Test("protection is refused where nothing is opened that it could protect")
    func misplacedProtection() throws {
        let engine = FakeEngine()
        for rest in [#""type":"stop","stop_price":"3000""#, #""reduce_only":true"#] {
            let response = try answer(
                engine,
                #"{"command":"order.place","symbol":"ETHUSDT","side":"buy","quantity":"1","stop":"2900","#
                    + #""target":"x",\#(rest)}"#)
            let message = try #require(response.error).message
            for name in ["stop", "target"] { #expect(message.contains("\(name):")) }
        }
        #expect(engine.asked.withLock { $0.isEmpty })
    }

    @Test("everything wrong with an order is said at once, and nothing is asked")
    func allProblems() throws {
        let engine = FakeEngine()
        let response = try answer(
            engine,
            #"{"command":"order.place","symbol":"BTCUSDT","type":"limit","quantity":"0.1.2","time_in_force":"DAY"}"#)
        let message = try #require(response.error).message
        for name in ["side", "quantity", "time_in_force", "price"] { #expect(message.contains("\(name):")) }
        #expect(response.error?.code == .invalidArgument)
        #expect(engine.asked.withLock { $0.isEmpty })
    }

    @Test(
        "a wrong request gets the right error",
        arguments: [
            (#"{"command":"fly"}"#, ControlFailure.Code.unknownCommand),
            (#"{"command":"order.cancel"}"#, .invalidArgument),
            (#"{"command":"order.place","symbol":"DOGEUSDT","side":"buy","quantity":"1"}"#, .invalidArgument),
            (#"{"command":"order.place","symbol":"BTCUSDT","side":"buy","quantity":"1e30"}"#, .invalidArgument),
            (
                #"{"command":"order.place","symbol":"BTCUSDT","side":"buy","quantity":"1","price":"5"}"#,
                .invalidArgument
            ),
            (#"{"command":"strategy.enable","strategy":"none"}"#, .invalidArgument),
            (#"{"command":"position.close","symbol":"BTCUSDT"}"#, .refused),
            (#"{"command":"alert.acknowledge","alerts":[]}"#, .invalidArgument),
        ])
    func errors(line: String, code: ControlFailure.Code) throws {
        let engine = FakeEngine()
        let response = try answer(engine, line)
        #expect(!response.ok)
        #expect(response.error?.code == code)
        #expect(engine.asked.withLock { $0.isEmpty })
    }

    @Test("a stop reaches the engine with what is to be kept")
    func stop() throws {
        let engine = FakeEngine()
        _ = try answer(engine, #"{"command":"stop","keep_protection":true}"#)
        _ = try answer(engine, #"{"command":"stop","flatten":true}"#)
        let asked = engine.asked.withLock { $0 }
        guard case .emergencyStop(true, "command") = asked[0], case .emergencyFlatten("command") = asked[1] else {
            Issue.record("\(asked)")
            return
        }
    }

    @Test("the venue's word is accepted for an instrument or for the cash, not for both at once")
    func accept() throws {
        let engine = FakeEngine()
        #expect(try answer(engine, #"{"command":"position.accept","symbol":"ETHUSDT"}"#).ok)
        #expect(try answer(engine, #"{"command":"position.accept","cash":true}"#).ok)
        #expect(try !answer(engine, #"{"command":"position.accept"}"#).ok)
        #expect(try !answer(engine, #"{"command":"position.accept","cash":true,"symbol":"ETHUSDT"}"#).ok)
        let asked = engine.asked.withLock { $0 }
        guard asked.count == 2, case .acceptPosition(InstrumentID(1)) = asked[0], case .acceptCash = asked[1] else {
            Issue.record("\(asked)")
            return
        }
    }

    @Test("an order of another client is claimed by its venue's number, and cancelled only where that is said")
    func claim() throws {
        let engine = FakeEngine()
        #expect(try answer(engine, #"{"command":"order.claim","venue_order":"4711"}"#).ok)
        #expect(try answer(engine, #"{"command":"order.claim","venue_order":"4711","cancel":true}"#).ok)
        #expect(try answer(engine, #"{"command":"order.claim"}"#).error?.message.contains("venue_order") == true)
        let asked = engine.asked.withLock { $0 }
        guard asked.count == 2, case .claimOrder("4711", cancels: false) = asked[0],
            case .claimOrder("4711", cancels: true) = asked[1]
        else {
            Issue.record("\(asked)")
            return
        }
        #expect(try answer(engine, #"{"command":"order.external"}"#).externalOrders?.isEmpty == true)
    }

    @Test("messages read back as they were written, with keys in snake case")
    func roundTrip() throws {
        let engine = FakeEngine()
        let line = ControlCoding.line(try answer(engine, #"{"id":1,"command":"status"}"#))
        let text = String(decoding: line, as: UTF8.self)
        #expect(text.hasSuffix("}\n") && text.contains(#""trading_state":"active""#))
        let response = try ControlCoding.value(ControlResponse.self, line)
        #expect(response.status == StatusMessage(engine.snapshot))
    }
}

@Suite("Control socket")
struct ControlSocketTests {
    private func engine(_ folder: TemporaryDirectory) throws -> Engine {
        var configuration = EngineConfiguration(directory: folder.directory)
        configuration.feed = .synthetic(SyntheticFeedOptions(seed: 3, historyMinutes: 60))
        configuration.registersStarters = false
        let engine = try Engine.start(configuration)
        while engine.snapshot.markets.contains(where: { $0.quote == nil }) { Poll.wait(engine) }
        return engine
    }

    /// A raw connection to the socket.
    private func connect(_ folder: TemporaryDirectory) throws -> Int32 {
        try UnixSocket.connect(path: folder.path + "/" + ControlServer.socketName).get()
    }

    private func send(_ bytes: [UInt8], to descriptor: Int32) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            sent += count
        }
    }

    private func readLine(_ descriptor: Int32) -> String {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1) == 1, byte != 0x0A { line.append(byte) }
        return String(decoding: line, as: UTF8.self)
    }

    @Test("orders placed over it come back with their final verdict")
    func orders() throws {
        let folder = try TemporaryDirectory()
        let engine = try engine(folder)
        let client = try EngineClient(dataDirectory: folder.path)
        var request = ControlRequest(command: "")
        request.symbol = "BTCUSDT"
        request.side = "buy"
        request.quantity = "0.01"
        let filled = try client.placeOrder(request)
        #expect(filled.state == "filled" && filled.verdict == "allowed" && filled.owner == "manual")
        request.quantity = "1000"
        let denied = try client.placeOrder(request)
        #expect(denied.state == "denied")
        #expect(denied.verdict?.contains("balance") == true)
        request.quantity = "0.01"
        request.type = "limit"
        request.price = "60000"
        request.side = "sell"
        request.postOnly = true
        request.price = "90000"
        let working = try client.placeOrder(request)
        #expect(working.state == "denied" || working.state == "accepted")
        #expect(try client.positions().map(\.symbol) == ["SYNTHETIC:BTCUSDT"])
        let closed = try client.closePosition(symbol: "BTCUSDT")
        #expect(closed.state == "filled" && closed.purpose == "close" && closed.reduceOnly)
        #expect(try client.positions().isEmpty)
        #expect(try client.orders(all: true).count >= 4)
        let receipt = try client.stop()
        #expect(receipt.origin == "command" && receipt.openPositions == 0)
        #expect(try client.status().tradingState == "halted")
        #expect(throws: EngineClientError.self) { _ = try client.cancelOrder(999) }
        _ = try client.rearm()
        #expect(try client.status().tradingState == "active")
        engine.stop()
    }

    @Test("garbage is answered or cut off and harms nobody")
    func garbage() throws {
        let folder = try TemporaryDirectory()
        let engine = try engine(folder)
        var generator = SplitMix(seed: 5)
        for round in 0..<40 {
            let descriptor = try connect(folder)
            var bytes = (0..<Int(generator.next() % 4_000)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            if round % 3 == 0 { bytes = Array(#"{"command":{"a":[[[[1e999]]]]},"#.utf8) + bytes }
            send(bytes, to: descriptor)
            close(descriptor)
        }
        let long = try connect(folder)
        send(
            [UInt8](repeating: 0x7B, count: 300_000) + [0x0A] + Array(#"{"id":9,"command":"status"}"#.utf8) + [0x0A],
            to: long)
        #expect(readLine(long).contains(#""too-long""#))
        let answer = readLine(long)
        #expect(answer.contains(#""id":9"#) && answer.contains(#""ok":true"#))
        send(Array("not json\n[1]\n\n".utf8), to: long)
        #expect(readLine(long).contains(#""malformed""#))
        #expect(readLine(long).contains(#""malformed""#))
        close(long)
        #expect(try EngineClient(dataDirectory: folder.path).status().markets.count == 3)
        engine.stop()
    }

    @Test("more clients than it serves are turned away, and a free place is given again")
    func manyClients() throws {
        let folder = try TemporaryDirectory()
        let engine = try engine(folder)
        var clients: [Int32] = []
        for _ in 0..<ControlServer.maximumClients {
            let descriptor = try connect(folder)
            send(Array(#"{"id":1,"command":"status"}"#.utf8) + [0x0A], to: descriptor)
            #expect(readLine(descriptor).contains(#""ok":true"#))
            clients.append(descriptor)
        }
        let late = try connect(folder)
        #expect(readLine(late).contains("too many clients"))
        close(late)
        for client in clients { close(client) }
        var status: StatusMessage?
        while status == nil { status = try? EngineClient(dataDirectory: folder.path).status() }
        #expect(status?.markets.count == 3)
        engine.stop()
    }

    @Test("the socket is its owner's alone, and a path longer than an address is no obstacle")
    func permissionsAndLongPath() throws {
        let folder = try TemporaryDirectory()
        let deep = folder.path + "/" + String(repeating: "d", count: 150)
        var configuration = EngineConfiguration(directory: DataDirectory(path: deep))
        configuration.feed = .synthetic(SyntheticFeedOptions(seed: 3, historyMinutes: 10))
        let engine = try Engine.start(configuration)
        var status = stat()
        #expect(stat(deep + "/" + ControlServer.socketName, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(try EngineClient(dataDirectory: deep).status().mode == "paper")
        engine.stop()
        for name in ["wick.sqlite", "wick.sqlite-wal", "wick.sqlite-shm", "engine.lock", "wick.log"] {
            unlink(deep + "/" + name)
        }
        rmdir(deep)
    }
}
