import Testing

@testable import Network

@Suite("addresses of WebSockets and proxies")
struct WebSocketAddressTests {
    @Test("an address is read into its parts")
    func parts() throws {
        let plain = try WebSocketAddress("wss://stream.binance.com:9443/ws/btcusdt@trade?timeUnit=MICROSECOND")
        #expect(plain.isSecure && plain.host == "stream.binance.com" && plain.port == 9_443)
        #expect(plain.target == "/ws/btcusdt@trade?timeUnit=MICROSECOND")
        #expect(plain.authority == "stream.binance.com:9443")
        let bare = try WebSocketAddress("WSS://ws-api.binance.com")
        #expect(bare.port == 443 && bare.target == "/" && bare.authority == "ws-api.binance.com")
        #expect(bare.endpoint == "ws-api.binance.com:443")
        let query = try WebSocketAddress("ws://host?streams=a/b")
        #expect(!query.isSecure && query.port == 80 && query.host == "host" && query.target == "/?streams=a/b")
        let number = try WebSocketAddress("ws://[::1]:8080/x")
        #expect(number.host == "::1" && number.port == 8_080 && number.authority == "[::1]:8080")
    }

    @Test(
        "what is no address is refused",
        arguments: [
            "", "wss://", "wss:///path", "https://host/", "host:443", "wss://host:0", "wss://host:65536", "wss://host:",
            "wss://host:4x", "wss://host:+4", "wss://ho st/", "wss://host/a b", "wss://host/\r\nX: y",
            "wss://host/#part",
            "wss://user:password@host/", "wss://[::1", "wss://[host]/", "wss://[::1]x", "wss://1::2/", "wss://.host/",
            "wss://höst/", "wss://host\\path", "wss://[127.0.0.1]/",
        ])
    func refused(text: String) async {
        #expect(throws: WebSocketTrouble.self) { try WebSocketAddress(text) }
        let error = await #expect(throws: WebSocketError.self) { try await WebSocket.connect(to: text) { _ in } }
        #expect(error?.kind == .invalidAddress)
    }

    @Test("messages show neither parameters nor passwords, whatever else is wrong")
    func location() {
        #expect(WebSocketAddress.location("wss://host/path?signature=x") == "wss://host/path")
        #expect(WebSocketAddress.location("wss://user:secret@host/a@b?c") == "wss://host/a@b")
        #expect(WebSocketAddress.location("user:secret@host") == "host")
        #expect(WebSocketAddress.location("wss://host#x") == "wss://host")
    }

    @Test("a host is excepted by its name, all under a name, a number, a range, or all at once")
    func exceptions() {
        let list = NoProxyList("localhost, .internal.example,Example.ORG. 10.0.0.0/8,192.168.1.128/25,::1,fd00::/8")
        for host in [
            "localhost", "LOCALHOST", "a.internal.example", "internal.example", "example.org", "deep.down.example.org.",
            "10.255.0.1", "192.168.1.200", "::1", "fd12::7",
        ] {
            #expect(list.contains(host), "\(host)")
        }
        for host in ["localhos", "alocalhost", "badexample.org", "11.0.0.1", "192.168.1.127", "::2", "fe00::1", "org"] {
            #expect(!list.contains(host), "\(host)")
        }
        #expect(NoProxyList("*").contains("anything"))
        #expect(!NoProxyList("").contains("anything"))
        #expect(!NoProxyList("10.0.0.0/33,10.0.0.0/x,/8,.").contains("10.0.0.1"))
    }

    @Test("the variables of a scheme come before the one for all, and capitals last")
    func environment() throws {
        let secure = try WebSocketAddress("wss://host/")
        let plain = try WebSocketAddress("ws://host/")
        func proxy(_ variables: [String: String], _ address: WebSocketAddress) throws -> String? {
            try ProxyEnvironment(variables).proxy(for: address).map { "\($0.host):\($0.port)" }
        }
        #expect(try proxy([:], secure) == nil)
        #expect(try proxy(["https_proxy": "a:1", "HTTPS_PROXY": "b:2", "all_proxy": "c:3"], secure) == "a:1")
        #expect(try proxy(["HTTPS_PROXY": "b:2", "all_proxy": "c:3"], secure) == "b:2")
        #expect(try proxy(["https_proxy": "", "ALL_PROXY": "http://c"], secure) == "c:1080")
        #expect(try proxy(["http_proxy": "a:1"], secure) == nil)
        #expect(try proxy(["http_proxy": "http://[::1]:3128/"], plain) == "::1:3128")
        #expect(try proxy(["HTTP_PROXY": "a:1"], plain) == nil)
        #expect(try proxy(["https_proxy": "a:1", "NO_PROXY": "host"], secure) == nil)
        for value in ["socks5h://a:1", "https://a:1", "http://", "a:b", "a:99999", "%zz@a:1"] {
            #expect(throws: WebSocketTrouble.self, "\(value)") { try proxy(["all_proxy": value], secure) }
        }
    }

    @Test(
        "base64 pads as it should",
        arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")])
    func base64(text: String, encoded: String) { #expect(Proxy.base64(Array(text.utf8)) == encoded) }

    @Test("every kind of trouble says what to do, in one line that names the place")
    func errors() {
        let kinds: [WebSocketError.Kind] = [
            .invalidAddress, .unknownHost, .cannotConnect, .notTrusted, .timedOut, .proxyRefused(status: 407),
            .refused(status: 429, retryAfterSeconds: 3), .refused(status: 418, retryAfterSeconds: nil),
            .refused(status: 403, retryAfterSeconds: nil), .refused(status: 503, retryAfterSeconds: nil), .brokenAnswer,
            .protocolViolation(code: 1002), .tooLarge, .brokenOff, .queueFull, .closed, .cancelled, .failed,
        ]
        for kind in kinds {
            let error = WebSocketError(kind, "wss://host/", "as seen")
            #expect(error.description.hasPrefix("wss://host/: ") && error.description.hasSuffix("; " + error.advice))
            #expect(error.description.contains("(as seen)") && !error.description.contains("\n"))
        }
        #expect(WebSocketError(.refused(status: 429, retryAfterSeconds: 3), "", "").advice == "try again in 3 s")
    }

    @Test("random heads of answers, and damaged ones, are survived")
    func fuzz() {
        var random = SeededRandom(5)
        let good = Array("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nRetry-After: 5".utf8)
        var accepted = 0
        for _ in 0..<3_000 {
            var bytes = good
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count + 40, using: &random)))
            guard let answer = try? HTTPAnswer(bytes) else { continue }
            accepted += 1
            #expect((100...599).contains(answer.status))
            #expect(answer.retryAfterSeconds ?? 0 >= 0)
            _ = answer.refusal
        }
        #expect(accepted > 100)
    }
}
