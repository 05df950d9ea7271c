import Testing

@testable import StandIn

@Suite("fault scripts")
struct FaultTests {
    @Test("a script is read line by line")
    func reading() throws {
        let faults = try FaultScript.faults(
            """
            # a bad evening
            error-after=503/-1006 rest:POST:/api/v3/order n=1
            delay=500 stream:btcusdt@depth* p=0.25 skip=3 ; skew=-1500
            """)
        #expect(faults.count == 3)
        #expect(faults[0].kind == .errorAfter(status: 503, code: -1_006))
        #expect(faults[0].scope == .rest)
        #expect(faults[0].pattern == "POST:/api/v3/order")
        #expect(faults[0].remaining == 1)
        #expect(faults[1].perMillion == 250_000)
        #expect(faults[1].skipping == 3)
        #expect(faults[2].kind == .skew(-1_500))
    }

    @Test(
        "what can't be read is told with its line",
        arguments: [
            "sulk rest:*", "delay rest:*", "delay=x rest:*", "drop=5 rest:*", "drop nowhere:*", "drop rest:* q=1",
            "drop rest:* p=2", "drop rest:* n=0", "gap rest:*", "error=200 rest:*", "limit=500 rest:*", "drop",
        ])
    func refusing(_ text: String) {
        let error = #expect(throws: StandInError.self) { try FaultScript.faults("\n" + text) }
        #expect(error?.description.contains("line 2") == true)
    }

    @Test("a fault happens as often as it says, after as many occasions as it says")
    func counting() throws {
        var desk = FaultDesk(seed: 1)
        desk.add(try FaultScript.faults("drop rest:GET:* n=2 skip=1"))
        let met = (0..<5).map { _ in desk.occasion(.rest, "GET:/api/v3/time").count }
        #expect(met == [0, 1, 1, 0, 0])
        #expect(desk.faults.isEmpty)
        #expect(desk.happened == 2)
    }

    @Test("only what it is about meets it")
    func scope() throws {
        var desk = FaultDesk(seed: 1)
        desk.add(try FaultScript.faults("drop stream:btcusdt@*"))
        #expect(desk.occasion(.stream, "btcusdt@trade") == [.drop])
        #expect(desk.occasion(.stream, "ethusdt@trade").isEmpty)
        #expect(desk.occasion(.rest, "btcusdt@trade").isEmpty)
    }

    @Test("chance comes from the seed: the same in every run, near its share")
    func chance() throws {
        func run(_ seed: UInt64) throws -> [Int] {
            var desk = FaultDesk(seed: seed)
            desk.add(try FaultScript.faults("drop rest:* p=0.3"))
            return (0..<2_000).map { _ in desk.occasion(.rest, "GET:/").count }
        }
        let first = try run(5)
        #expect(first == (try run(5)))
        #expect(first != (try run(6)))
        // Five deviations of 20.5 around 600.
        #expect((500...700).contains(first.reduce(0, +)))
    }

    @Test(
        "a star stands for anything",
        arguments: [
            ("*", "", true), ("*", "abc", true), ("a*c", "abc", true), ("a*c", "ac", true), ("a*c", "acb", false),
            ("*@depth*", "btcusdt@depth@100ms", true), ("abc", "abc", true), ("abc", "abcd", false), ("", "a", false),
            ("*a*b", "xaxbxb", true),
        ])
    func patterns(_ pattern: String, _ name: String, _ matches: Bool) {
        #expect(FaultDesk.matches(pattern, name) == matches)
    }
}
