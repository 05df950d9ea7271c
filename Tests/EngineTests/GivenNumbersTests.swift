import Foundation
import Market
import Testing
import Trading
import Venues

@testable import Engine

/// Numbers of orders that left while their records did not come to the disk.
@Suite("Order numbers that are given already")
struct GivenNumbersTests {
    private let instance = ClientOrderID.Instance("K7Q")!
    private let now = Timestamp(iso8601: "2027-01-03T10:00:00Z")!

    private func number(_ sequence: UInt64, of instance: String = "K7Q") -> String {
        ClientOrderID(ClientOrderID.Instance(instance)!, sequence: sequence, ordinal: 0).description
    }

    @Test("the audit's last lines of this month and the one before tell the highest of this engine's")
    func audit() throws {
        let folder = try TemporaryDirectory()
        func highest() -> UInt64 { GivenNumbers.highest(inAuditAt: folder.path, of: instance, at: now) }
        #expect(highest() == 0)
        func write(_ name: String, _ text: String) throws {
            try text.write(toFile: folder.path + "/" + name, atomically: true, encoding: .utf8)
        }
        let head = "#3 2026-12-31T23:59:59Z testnet main (abcd…) POST /api/v3/order symbol=BTCUSDT&"
        try write("requests-2026-12.log", head + "newClientOrderId=\(number(900)): leaving\n")
        #expect(highest() == 900)
        try write(
            "requests-2027-01.log",
            head + "newClientOrderId=\(number(1_200))&quantity=1: leaving\n"
                + head + "aboveClientOrderId=\(number(1_300))&belowClientOrderId=\(number(1_299)): confirmed\n"
                + head + "newClientOrderId=\(number(5_000, of: "AAA")): leaving\n"
                // A wrong last character makes it nobody's.
                + head + "newClientOrderId=\(number(7_000).dropLast())?: leaving\n")
        #expect(highest() == 1_300)
        try write("requests-2026-11.log", head + "newClientOrderId=\(number(9_000)): leaving\n")
        #expect(highest() == 1_300)
    }

    @Test("a number that the venue knows and the journal does not is passed, and never given to another order")
    func atVenue() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        _ = try await rig.rest(at: .percent(5))
        let resting = try #require(try await rig.openOrders().first)
        let own = try #require(ClientOrderID(resting.clientOrderID))
        let lost = ClientOrderID(own.instance, sequence: own.sequence + 3_000, ordinal: 0)
        _ = try await rig.placeForeign(.buy, "0.01", at: -.percent(6), as: lost.description)
        try await rig.wait("the numbers") { $0.alerts.contains { $0.alert.kind == "numbers-skipped" } }
        let next = try await rig.rest(at: .percent(7))
        let number = try #require(rig.order(next)?.id).rawValue
        let numbers = try await rig.openOrders().compactMap { ClientOrderID($0.clientOrderID)?.sequence }
        #expect(number > 0 && numbers.max()! > lost.sequence && numbers.count == 3)
        // What is noted is passed over by the next start.
        try await rig.restart()
        #expect(rig.order(next)?.state == .accepted)
    }
}
