import Testing

@testable import Engine

@Suite("Who among screens has control")
struct ControlDeskTests {
    @Test("the first that asks gets it; the next one watches and is told who has it")
    func firstComes() {
        var desk = ControlDesk()
        let first = desk.enter("pts/1", .control)
        let second = desk.enter("pts/2", .control)
        #expect(desk.role(of: first) == .control)
        #expect(desk.role(of: second) == .watch(holder: "pts/1"))
        #expect(desk.refusal(of: second).contains("pts/1"))
        #expect(desk.refusal(of: second).contains("--take"))
    }

    @Test("one that only watches never gets it, however free it is")
    func watcher() {
        var desk = ControlDesk()
        let watcher = desk.enter("pts/1", .watch)
        #expect(desk.role(of: watcher) == .watch(holder: nil))
        let other = desk.enter("pts/2", .control)
        desk.leave(other)
        #expect(desk.role(of: watcher) == .watch(holder: nil))
    }

    @Test("taking it makes the former holder a watcher, who has it again when the taker goes")
    func take() {
        var desk = ControlDesk()
        let first = desk.enter("pts/1", .control)
        let taker = desk.enter("pts/2", .take)
        #expect(desk.role(of: first) == .watch(holder: "pts/2"))
        #expect(desk.role(of: taker) == .control)
        desk.leave(taker)
        #expect(desk.role(of: first) == .control)
    }

    @Test("it falls to the one that has waited longest")
    func waiting() {
        var desk = ControlDesk()
        let first = desk.enter("1", .control)
        _ = desk.enter("2", .watch)
        let third = desk.enter("3", .control)
        let fourth = desk.enter("4", .control)
        desk.leave(first)
        #expect(desk.role(of: third) == .control)
        #expect(desk.role(of: fourth) == .watch(holder: "3"))
    }

    @Test("whoever comes and goes, one at most has it, and somebody who wants it does", arguments: 1...20)
    func atMostOne(seed: UInt64) {
        var random = Randomness(seed: seed)
        var desk = ControlDesk()
        var present: [(id: UInt64, wish: ScreenWish)] = []
        for _ in 0..<200 {
            if present.isEmpty || random.next(below: 3) > 0 {
                let wish: ScreenWish = [.watch, .control, .take][random.next(below: 3)]
                present.append((desk.enter("screen", wish), wish))
            } else {
                desk.leave(present.remove(at: random.next(below: present.count)).id)
            }
            let holders = present.filter { desk.role(of: $0.id) == .control }
            #expect(holders.count == (present.contains { $0.wish != .watch } ? 1 : 0))
            #expect(holders.allSatisfy { $0.wish != .watch })
            #expect(present.allSatisfy { desk.mayKeepView($0.id) == (holders.isEmpty || holders[0].id == $0.id) })
        }
    }

    @Test("one that is gone may not change anything")
    func gone() {
        var desk = ControlDesk()
        let first = desk.enter("1", .control)
        desk.leave(first)
        #expect(desk.role(of: first) == .watch(holder: nil))
    }
}
