import Foundation
import FoundationNetworking
import LoopbackServer
import StandIn

@testable import Venues

/// The stand-in as the venue of real money: it passes questions on, and answers what a testnet does not.
final class LiveFront: Sendable {
    private let server: LoopbackServer

    /// - Parameters:
    ///   - standIn: who answers the rest.
    ///   - mayWithdraw: what it says of the key.
    ///   - canTrade: what it says of the account.
    init(_ standIn: StandInServer, mayWithdraw: Bool = false, canTrade: Bool = true) throws {
        let rest = standIn.addresses.rest
        server = try LoopbackServer { request in
            if request.path == "/sapi/v1/account/apiRestrictions" {
                return .init(
                    200,
                    "{\"ipRestrict\":true,\"enableWithdrawals\":\(mayWithdraw),\"enableSpotAndMarginTrading\":true}")
            }
            guard request.method == "GET" else { return .init(500, "") }
            let (status, body) = LiveFront.ask(rest, request)
            let told = canTrade ? body : body.replacingOccurrences(of: "\"canTrade\":true", with: "\"canTrade\":false")
            return .init(status, told)
        }
    }

    /// Where a key of real money is good, as the program is told.
    func place(_ standIn: StandInServer) -> BinanceSpotEnvironment {
        BinanceSpotEnvironment(
            keys: .live, rest: server.address, streams: standIn.addresses.streams, webSocket: standIn.addresses.api)
    }

    func stop() { server.stop() }

    private static func ask(_ rest: String, _ request: LoopbackServer.Request) -> (Int, String) {
        let query = request.queryText.isEmpty ? "" : "?" + request.queryText
        guard let address = URL(string: rest + request.path + query) else { return (500, "") }
        var question = URLRequest(url: address)
        if let key = request.headers["x-mbx-apikey"] { question.setValue(key, forHTTPHeaderField: "X-MBX-APIKEY") }
        let answered = DispatchSemaphore(value: 0)
        nonisolated(unsafe) var answer = (500, "")
        URLSession.shared.dataTask(with: question) { data, response, _ in
            answer = (
                (response as? HTTPURLResponse)?.statusCode ?? 500, String(decoding: data ?? Data(), as: UTF8.self)
            )
            answered.signal()
        }.resume()
        answered.wait()
        return answer
    }
}
