import Foundation
import Testing

@testable import Engine

@Suite("Emergency stop at a venue over a network")
struct VenueStopTests {
    @Test func `whoever waits for a stop is told what the venue has confirmed, not only what has left`() async throws {
        let rig = try await VenueRig { $0.opensControlSocket = true }
        defer { rig.end() }
        for _ in 1...3 { _ = try await rig.rest() }
        let path = rig.folder.path
        // On a thread of its own: the answers of the venue come on those that tasks run on.
        let receipt = try await withCheckedThrowingContinuation {
            (done: CheckedContinuation<ReceiptMessage, any Error>) in
            Thread.detachNewThread {
                done.resume(with: Result { try EngineClient(dataDirectory: path).stop(patienceSeconds: 30) })
            }
        }
        #expect(receipt.venues.map(\.sent) == [3])
        #expect(receipt.venues.map(\.confirmed) == [3])
        #expect(!receipt.isUnfinished)
        #expect(try await rig.openOrders().isEmpty)
    }
}
