import StandIn
import Testing

@Suite("answers of the WebSocket API that a fault meets", .serialized)
struct AnswerFaultTests {
    private let rig: ServerRig
    private let socket: WebSocketClient

    init() throws {
        rig = try ServerRig()
        socket = try rig.socket("/ws-api/v3")
        socket.setTimeout(seconds: 5)
    }

    private func misbehave(_ script: String) throws {
        try #require(rig.control("POST /stand-in/faults", script)?.status == 200)
    }

    /// How often a fault has happened.
    private func happened() -> Int64? { rig.control("GET /stand-in/faults")?.json["happened"].integer }

    private func answeredIDs(_ count: Int) -> [Int64?] {
        (0..<count).map { _ in socket.receive().flatMap { JSONText($0)["id"].integer } }
    }

    @Test("half of it comes")
    func truncated() throws {
        try misbehave("truncate api:time n=1")
        socket.send(ServerRig.request(1, "time"))
        let half = try #require(socket.receive())
        #expect(half.hasPrefix("{\"id\":1,"))
        #expect(JSONText(half)["id"].isMissing)
        socket.send(ServerRig.request(2, "time"))
        #expect(answeredIDs(1) == [2])
    }

    @Test("it comes twice")
    func twice() throws {
        try misbehave("duplicate api:time n=1")
        socket.send(ServerRig.request(1, "time"))
        socket.send(ServerRig.request(2, "time"))
        #expect(answeredIDs(3) == [1, 1, 2])
    }

    @Test("it comes after the next one")
    func reordered() throws {
        try misbehave("reorder api:time n=1")
        socket.send(ServerRig.request(1, "time"))
        socket.send(ServerRig.request(2, "ping"))
        #expect(answeredIDs(2) == [2, 1])
    }

    @Test(
        "a request and its answer are one occasion", arguments: ["delay=20", "late=20", "duplicate", "error-after=503"])
    func once(_ fault: String) throws {
        try misbehave("\(fault) api:*")
        socket.send(ServerRig.request(1, "time"))
        #expect(answeredIDs(1) == [1])
        #expect(happened() == 1)
    }

    @Test("what breaks off the second request leaves the answer to the first alone")
    func dropped() throws {
        try misbehave("drop api:* skip=1")
        socket.send(ServerRig.request(1, "time"))
        #expect(answeredIDs(1) == [1])
        socket.send(ServerRig.request(2, "time"))
        #expect(socket.receive() == nil)
        #expect(happened() == 1)
    }
}
