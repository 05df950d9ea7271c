import CStandIn
import Foundation
import Market
import Testing

@testable import StandIn

/// A server without TLS in a directory of its own, ended with the rig.
final class ServerRig {
    let server: StandInServer
    private let directory: URL

    init(_ change: (inout StandInOptions) -> Void = { _ in }) throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("wick-stand-in-\(UUID().uuidString)")
        var options = StandInOptions(directory: directory.path)
        options.isPlain = true
        options.seed = 7
        options.symbols = ["BTCUSDT", "ETHUSDT"]
        options.minutesBefore = 30
        change(&options)
        server = try StandInServer(options) { ServerRig.now }
    }

    deinit {
        server.stop()
        try? FileManager.default.removeItem(at: directory)
    }

    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    var port: Int { server.addresses.port }
    var account: StandInAccount { server.accounts[0] }

    func get(_ path: String, patience: Int = 30) -> PlainReply? {
        PlainHTTP.request("GET \(path)", port: port, patience: patience)
    }

    func control(_ line: String, _ body: String = "") -> PlainReply? {
        PlainHTTP.request("\(line)", port: port, body: body)
    }

    func socket(_ path: String) throws -> WebSocketClient {
        try #require(WebSocketClient(port: port, path: path))
    }

    /// A signed request.
    func signed(
        _ line: String, _ parameters: String = "", offset: Int64 = 0, account: StandInAccount? = nil, patience: Int = 30
    ) -> PlainReply? {
        let account = account ?? self.account
        let separator = parameters.isEmpty ? "" : "&"
        let payload = parameters + separator + "timestamp=\(ServerRig.now.milliseconds + offset)"
        let signature = ServerRig.hmac(payload, account.secret)
        return PlainHTTP.request(
            line + "?" + payload + "&signature=" + signature, port: port, headers: ["X-MBX-APIKEY": account.apiKey],
            patience: patience)
    }

    static func hmac(_ payload: String, _ secret: String) -> String {
        let key = Array(secret.utf8)
        let bytes = Array(payload.utf8)
        var digest = [UInt8](repeating: 0, count: 32)
        precondition(standin_hmac_sha256(key, key.count, bytes, bytes.count, &digest) == 1, "HMAC works")
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// A request of the WebSocket API with its signature by HMAC.
    func signedRequest(_ id: Int, _ method: String, _ parameters: [String: String]) -> String {
        var all = parameters
        all["apiKey"] = account.apiKey
        all["timestamp"] = "\(ServerRig.now.milliseconds)"
        let payload = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
        all["signature"] = ServerRig.hmac(payload, account.secret)
        return ServerRig.request(id, method, all)
    }

    static func request(_ id: Int, _ method: String, _ parameters: [String: String] = [:]) -> String {
        let members = parameters.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }
        return "{\"id\":\(id),\"method\":\"\(method)\",\"params\":{\(members.joined(separator: ","))}}"
    }

    /// A price so many hundredths of the last one.
    func price(_ percent: Int64) throws -> String {
        let last = try #require(get("/api/v3/ticker/price?symbol=BTCUSDT")?.json["price"].string)
        let units = try DecimalText.mantissa(last, scale: 8)
        return DecimalText.text(Int128(units / 100 * percent / 1_000_000 * 1_000_000), scale: 8)
    }

    /// Places a buy order far below the market and gives its answer.
    func rest(_ more: String = "", patience: Int = 30) throws -> PlainReply? {
        signed(
            "POST /api/v3/order",
            "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=\(try price(90))" + more,
            patience: patience)
    }
}
