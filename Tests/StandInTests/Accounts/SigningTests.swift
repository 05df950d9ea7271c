import Testing

@testable import StandIn

/// The examples that Binance publishes with its documentation; the key is one of theirs and worth nothing.
@Suite("signatures")
struct SigningTests {
    private let hmac = APIKey(
        name: "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A",
        kind: .hmac(secret: "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"))
    private let order =
        "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000"
        + "&timestamp=1499827319559"

    @Test("the documented request by REST is signed rightly, in either case of the digits")
    func rest() {
        let signature = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"
        #expect(hmac.verifies(signature, over: order))
        #expect(hmac.verifies(signature.uppercased(), over: order))
        #expect(!hmac.verifies(signature, over: order + "0"))
        #expect(!hmac.verifies("", over: order))
    }

    @Test("what the WebSocket API signs are all parameters by name, as they came")
    func webSocket() throws {
        var parameters = Parameters()
        for (name, value) in [
            ("symbol", "BTCUSDT"), ("side", "SELL"), ("type", "LIMIT"), ("timeInForce", "GTC"),
            ("quantity", "0.01000000"), ("price", "52000.00"), ("recvWindow", "100"), ("timestamp", "1645423376532"),
            ("apiKey", hmac.name), ("signature", "whatever it is"),
        ] { parameters.add(name, value) }
        #expect(
            hmac.verifies(
                "aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24",
                over: APISession.payload(parameters)))
    }

    @Test("Ed25519 is verified with the public key")
    func ed25519() throws {
        // RFC 8032, the key of its first test.
        let digits = Array("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        let publicKey = stride(from: 0, to: 64, by: 2).compactMap { UInt8(String(digits[$0..<$0 + 2]), radix: 16) }
        let key = APIKey(name: "", kind: .ed25519(publicKey: publicKey))
        let signature =
            "3fhuDZ9nYMviDQ5OEtJBJS11jUZDTRzRQ+TQMarm+LErFiJvUiVPQjTzDoWZQe4miPX+yHk1v/Z7TWLYjIbmCA=="
        #expect(key.verifies(signature, over: order))
        #expect(!key.verifies(signature, over: order + "&"))
        #expect(!key.verifies("AAAA", over: order))
        #expect(!key.verifies("!", over: order))
    }

    @Test("base64 goes there and back", arguments: 0..<10)
    func base64(_ count: Int) {
        let bytes = (0..<count).map { UInt8($0 * 37 & 255) }
        #expect(Base64.bytes(Base64.text(bytes)) == bytes)
    }
}
