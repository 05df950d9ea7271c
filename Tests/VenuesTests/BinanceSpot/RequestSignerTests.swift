import Keys
import Network
import Testing

@testable import Venues

@Suite("signing requests")
struct RequestSignerTests {
    private func signer(_ kind: KeyKind) throws -> RequestSigner {
        let key = try SpotExamples.key(.testnet, kind)
        return RequestSigner(key.apiKey, try key.signingKey())
    }

    private static let time: Int64 = 1_700_000_000_000

    @Test("a question has everything in its address, and what was signed is what is sent")
    func question() throws {
        let request = try signer(.hmac).request(
            .get, "https://host/api/v3/order", [.init("symbol", "币USDT"), .init("side", "BUY")], at: Self.time)
        #expect(request.query.map(\.name) == ["symbol", "side", "recvWindow", "timestamp", "signature"])
        #expect(request.form.isEmpty)
        #expect(request.headers == [.init("X-MBX-APIKEY", SpotExamples.apiKey)])
        // HMAC-SHA256 of symbol=%E5%B8%81USDT&side=BUY&recvWindow=5000&timestamp=1700000000000
        #expect(
            request.query.last?.value == "66b5e8996e67c6cb7884f4556b49dc5cb19c8dbbd9081a4bc5556721ad621f9b")
    }

    @Test("everything else has it in its body", arguments: [HTTPRequest.Method.post, .put, .delete])
    func body(_ method: HTTPRequest.Method) throws {
        let request = try signer(.hmac).request(method, "https://host/x", [.init("symbol", "BTCUSDT")], at: Self.time)
        #expect(request.query.isEmpty && request.method == method)
        #expect(request.form.map(\.name) == ["symbol", "recvWindow", "timestamp", "signature"])
    }

    @Test("query and body are signed one behind the other, without a mark between them")
    func payload() {
        #expect(
            RequestSigner.payload(query: [.init("a", "1 2")], form: [.init("b", "3"), .init("c", "~")])
                == "a=1%202b=3&c=~")
    }

    @Test("the WebSocket API's parameters are sorted, with the key among them, and signed as they are")
    func webSocket() throws {
        let parameters = try signer(.hmac).webSocketParameters([.init("symbol", "币USDT")], at: 1_700_000_000_002)
        #expect(parameters.map(\.name) == ["apiKey", "symbol", "timestamp", "signature"])
        #expect(
            parameters.last?.value == "2f9c01e73fccd59358bb8561f754d0b52332c3ad18acc366a6c784f926c0da4f")
    }

    @Test("names are sorted by their letters, capitals first")
    func sorted() throws {
        let parameters = try signer(.hmac).webSocketParameters(
            [.init("type", ""), .init("timeInForce", ""), .init("Z", ""), .init("price", ""), .init("apiKez", "")],
            at: 1)
        #expect(
            parameters.map(\.name)
                == ["Z", "apiKey", "apiKez", "price", "timeInForce", "timestamp", "type", "signature"])
    }

    @Test("an Ed25519 key signs in base64")
    func ed25519() throws {
        let parameters = try signer(.ed25519).webSocketParameters([.init("symbol", "币USDT")], at: 1_700_000_000_002)
        #expect(
            parameters.last?.value
                == "zZdv+V3pW01mSrU3GlqCSQW40tofyclCe4orkr8FdRQokLTNYB9sBF9UVVdyuHYsYHVs0DcyIpUxSjUxJaGcBQ==")
    }

    @Test("neither a signer nor a signed request shows the key or the signature")
    func hidden() throws {
        let request = try signer(.hmac).request(.post, "https://host/x", [], at: Self.time)
        let signature = try #require(request.form.last?.value)
        var dumped = ""
        dump(try signer(.hmac), to: &dumped)
        dump(request, to: &dumped)
        let texts = ["\(request)", "\(try signer(.hmac))", String(reflecting: request), dumped]
        for text in texts {
            #expect(!text.contains(signature) && !text.contains(SpotExamples.apiKey) && !text.contains("own-example"))
        }
    }

    @Test(
        "the venue's own examples are signed as it says",
        .enabled(if: SharedPayloads.areThere, "no documented vectors here"))
    func documented() throws {
        let vectors = try SharedPayloads.vectors()
        #expect(vectors.count >= 3)
        for vector in vectors {
            let key = try SigningKey(.hmac, Secret(text: vector.secret), name: "example")
            #expect(try key.signatureText(of: vector.text) == vector.signature, "\(vector.scheme)")
        }
        // The recipes make these very texts of the parameters.
        let rest = try #require(vectors.first { $0.text.hasPrefix("symbol=LTCBTC") })
        #expect(RequestSigner.payload(query: [], form: parameters(rest.text)) == rest.text)
        let socket = try #require(vectors.first { $0.text.hasPrefix("apiKey=") })
        let shuffled = parameters(socket.text).filter { !["apiKey", "timestamp"].contains($0.name) }.reversed()
        let signer = RequestSigner(
            try #require(APIKey(socket.apiKey)), try SigningKey(.hmac, Secret(text: socket.secret), name: "example"))
        let time = try #require(parameters(socket.text).first { $0.name == "timestamp" }.flatMap { Int64($0.value) })
        #expect(try signer.webSocketParameters(Array(shuffled), at: time).last?.value == socket.signature)
    }

    private func parameters(_ text: String) -> [HTTPRequest.Parameter] {
        text.split(separator: "&").map { pair in
            let sides = pair.split(separator: "=", maxSplits: 1).map(String.init)
            return .init(sides[0], sides[1])
        }
    }
}
