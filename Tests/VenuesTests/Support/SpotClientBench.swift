import Keys
import LoopbackServer
import Market
import Network
import Synchronization

@testable import Venues

/// A client of a server on this machine, and what it writes down.
struct SpotClientBench {
    static let taken =
        #"{"symbol":"BTCUSDT","orderId":77,"orderListId":-1,"clientOrderId":"my-1","transactTime":1700000000999,"price":"35000.00","origQty":"0.01","executedQty":"0","origQuoteOrderQty":"0","cummulativeQuoteQty":"0","status":"NEW","timeInForce":"GTC","type":"LIMIT","side":"BUY","workingTime":1700000000999,"fills":[],"selfTradePreventionMode":"EXPIRE_MAKER"}"#
    let standIn: PrivateStandIn
    let log = Log()
    let time = VirtualTime()

    /// What was written down.
    final class Log: Sendable {
        private struct Full: Error, CustomStringConvertible { let description = "the disk is full" }
        let state = Mutex<(entries: [SpotAuditEntry], isFull: Bool, seen: [Int])>(([], false, []))
        var entries: [SpotAuditEntry] { state.withLock { $0.entries } }
        /// How many requests had reached the venue when each entry was written.
        var seen: [Int] { state.withLock { $0.seen } }
        func fill() { state.withLock { $0.isFull = true } }
        func write(_ entry: SpotAuditEntry, seen: Int) throws {
            try state.withLock { state in
                if state.isFull { throw Full() }
                state.entries.append(entry)
                state.seen.append(seen)
            }
        }
    }

    init() throws { standIn = try PrivateStandIn() }

    func client(_ kind: KeyKind = .hmac, silence: Duration = .seconds(1)) throws -> SpotAccountClient {
        var http = HTTPOptions()
        http.silenceTimeout = silence
        let access = try BinanceSpotAccess(SpotExamples.key(.testnet, kind), at: .loopback(rest: standIn.address))
        return try SpotAccountClient(
            access, http, time: NetworkTime(now: { [time] in time.now }, wait: { [time] in time.wait(until: $0) }),
            wall: { Timestamp(milliseconds: 1_700_000_000_000) },
            audit: SpotAudit { [log, standIn] in try log.write($0, seen: standIn.requests.count) })
    }

    func words<Value>(_ outcome: RequestOutcome<Value>) -> String {
        switch outcome {
        case .confirmed: return "confirmed"
        case .refused(let refusal): return "refused \(refusal.reason)"
        case .denied(let denial): return "denied \(denial.reason)"
        case .unknown: return "unknown"
        }
    }
}
