import Testing

@testable import Venues

@Suite("what a key may do")
struct KeyPermissionTests {
    private func live(_ withdraw: String = "false", more: String = "") throws -> KeyPermissions {
        try KeyPermissions.live(
            Array(
                "{\"ipRestrict\":false,\"createTime\":1,\"enableReading\":true,\"enableWithdrawals\":\(withdraw),\"enableSpotAndMarginTrading\":true\(more)}"
                    .utf8))
    }

    @Test("a live key that may withdraw is refused, and one that may not is taken")
    func withdrawals() throws {
        #expect(try live("true").objection(in: .live)?.contains("may withdraw") == true)
        #expect(try live().objection(in: .live) == nil)
    }

    @Test("a live key of which it is not said is refused")
    func unsaid() {
        let permissions = KeyPermissions(mayTrade: true, mayWithdraw: nil, mayTransfer: nil, isBoundToAddresses: nil)
        #expect(permissions.objection(in: .live) != nil && permissions.objection(in: .testnet) == nil)
    }

    @Test("an answer that does not say it is no answer", arguments: ["{}", "[]", #"{"enableWithdrawals":false}"#])
    func missing(_ text: String) {
        #expect(throws: UnreadableAnswer.self) { try KeyPermissions.live(Array(text.utf8)) }
    }

    @Test("what is worth knowing is said")
    func notes() throws {
        #expect(try live(more: ",\"enableInternalTransfer\":true").notes.count == 2)
        let bound = try KeyPermissions.live(
            Array(#"{"ipRestrict":true,"enableWithdrawals":false,"enableSpotAndMarginTrading":false}"#.utf8))
        #expect(bound.notes.count == 1 && bound.notes[0].contains("may not trade"))
    }

    @Test("a testnet says whether the account may trade")
    func testnet() throws {
        let permissions = try KeyPermissions.testnet(Array(#"{"canTrade":true,"canWithdraw":true,"balances":[]}"#.utf8))
        #expect(permissions.mayTrade && permissions.mayWithdraw == nil && permissions.notes.isEmpty)
    }
}
