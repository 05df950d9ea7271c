import Bytes
import Market
import Simulation
import Strategies
import Testing

@testable import Trading

@Suite("Images of kernel and venue")
struct ImageTests {
    private static let venues: [SimulatedVenueOptions] = [
        SimulatedVenueOptions(),
        SimulatedVenueOptions(feeAsset: .received, slippage: .basisPoints(3), participation: .percent(10)),
        SimulatedVenueOptions(path: .nearestExtremeFirst, fillsInEmptyBars: true, queue: .proportional),
    ]

    @Test("what goes on from an image does the same, bit for bit, and ends in the same bytes", arguments: 0..<60)
    func goesOn(seed: Int) throws {
        var happenings = Happenings(seed: seed, hasBooks: seed % 2 == 1)
        var first = TwinRig(venue: Self.venues[seed % Self.venues.count])
        for happening in happenings.registrations() { first.take(happening) }
        for _ in 0..<(100 + happenings.below(300)) {
            for happening in happenings.next() { first.take(happening) }
        }
        var second = try TwinRig(goingOnFrom: first)
        #expect(second.stateBytes == first.stateBytes)
        #expect(second.kernel.strategiesWithoutState.isEmpty)
        first.trace = ByteWriter()
        for _ in 0..<300 {
            for happening in happenings.next() {
                first.take(happening)
                second.take(happening)
            }
        }
        #expect(second.trace.bytes == first.trace.bytes)
        #expect(second.stateBytes == first.stateBytes)
        #expect(first.trace.count > 10_000)
    }

    @Test("the runs that are compared trade: strategies of every class fill orders")
    func runsTrade() {
        var owners: [Int32] = []
        for seed in 0..<20 {
            var happenings = Happenings(seed: seed)
            var rig = TwinRig(venue: SimulatedVenueOptions())
            for happening in happenings.registrations() { rig.take(happening) }
            for _ in 0..<300 { for happening in happenings.next() { rig.take(happening) } }
            owners += rig.kernel.positions.filter { !$0.fees.isZero }.map(\.owner.rawValue)
        }
        for owner in 0...6 { #expect(owners.contains(Int32(owner)), "owner \(owner)") }
    }

    @Test("a damaged image is refused or makes another kernel, and never traps", arguments: 0..<6)
    func damage(seed: Int) {
        var happenings = Happenings(seed: seed, hasBooks: true)
        var rig = TwinRig(venue: SimulatedVenueOptions())
        for happening in happenings.registrations() { rig.take(happening) }
        for _ in 0..<150 { for happening in happenings.next() { rig.take(happening) } }
        let whole = rig.stateBytes
        var refused = 0
        for _ in 0..<600 {
            var damaged = whole
            let place = happenings.below(damaged.count)
            damaged[place] ^= 1 << UInt8(happenings.below(8))
            var reader = ByteReader(damaged)
            do {
                _ = try Kernel(try reader.value(), catalog: .bundled, options: TwinRig.options)
                _ = try SimulatedVenue(try reader.value(SimulatedVenueImage.self))
            } catch {
                refused += 1
            }
        }
        #expect(refused > 0)
    }

    @Test("instruments may follow behind those of an image, and none may stand in another's place")
    func otherInstruments() throws {
        let rig = TwinRig(venue: SimulatedVenueOptions())
        var more = TwinRig.instruments
        more.append(more[0])
        more[2].symbol = "SOLUSDT"
        let kernel = try Kernel(rig.kernel.image, instruments: more, catalog: .bundled)
        #expect(kernel.image.instruments == more)
        #expect(throws: KernelImageError.self) {
            try Kernel(rig.kernel.image, instruments: more.reversed(), catalog: .bundled)
        }
        #expect(throws: SimulatedVenueImageError.self) {
            try SimulatedVenue(rig.venue.image, instruments: Array(more[1...]))
        }
    }

    @Test("a strategy whose state has another form comes back having seen nothing, and is named")
    func otherForm() throws {
        var happenings = Happenings(seed: 1)
        var rig = TwinRig(venue: SimulatedVenueOptions())
        for happening in happenings.registrations() { rig.take(happening) }
        for _ in 0..<50 { for happening in happenings.next() { rig.take(happening) } }
        var image = rig.kernel.image
        image.strategies[2].stateVersion = 200
        image.strategies[4].state.removeLast()
        let kernel = try Kernel(image, catalog: .bundled)
        #expect(kernel.strategiesWithoutState == [StrategyID(rawValue: 3), StrategyID(rawValue: 5)])
        #expect(kernel.warmUpRemaining(StrategyID(rawValue: 3)) > 0)
        #expect(kernel.positions == rig.kernel.positions)
    }
}
