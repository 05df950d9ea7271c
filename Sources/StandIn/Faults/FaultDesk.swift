/// Holds the faults that are switched on and decides when one happens.
///
/// The decision comes from a generator of a seed: the same traffic meets the same faults in every run.
struct FaultDesk: Sendable {
    private(set) var faults: [Fault] = []
    /// How often each kind of traffic met a fault, for whoever asks.
    private(set) var happened = 0
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed ^ 0xFA17_FA17_FA17_FA17) }

    /// Switches faults on, besides those that are.
    mutating func add(_ more: [Fault]) { faults += more }

    /// Switches all faults off.
    mutating func clear() { faults.removeAll() }

    /// What happens to this occasion, in the order in which the faults were switched on. O(faults).
    mutating func occasion(_ scope: Fault.Scope, _ name: String) -> [Fault.Kind] {
        guard !faults.isEmpty else { return [] }
        var kinds: [Fault.Kind] = []
        for index in faults.indices where faults[index].scope == scope {
            guard FaultDesk.matches(faults[index].pattern, name) else { continue }
            if faults[index].skipping > 0 {
                faults[index].skipping -= 1
                continue
            }
            if faults[index].perMillion < 1_000_000 {
                guard generator.next() % 1_000_000 < UInt64(faults[index].perMillion) else { continue }
            }
            if let remaining = faults[index].remaining {
                guard remaining > 0 else { continue }
                faults[index].remaining = remaining - 1
            }
            kinds.append(faults[index].kind)
        }
        faults.removeAll { $0.remaining == 0 }
        happened += kinds.count
        return kinds
    }

    /// How far the clock is wrong in milliseconds, all faults together.
    var skew: Int64 {
        faults.reduce(0) { sum, fault in
            if case .skew(let skew) = fault.kind { return sum + skew }
            return sum
        }
    }

    /// Whether a name is one of a pattern in which `*` stands for anything. O(pattern × name).
    static func matches(_ pattern: String, _ name: String) -> Bool {
        let pattern = Array(pattern.utf8)
        let name = Array(name.utf8)
        var at = 0
        var index = 0
        var star: (pattern: Int, name: Int)?
        while index < name.count {
            if at < pattern.count, pattern[at] == 0x2A {
                star = (at, index)
                at += 1
            } else if at < pattern.count, pattern[at] == name[index] {
                at += 1
                index += 1
            } else if let known = star {
                star = (known.pattern, known.name + 1)
                at = known.pattern + 1
                index = known.name + 1
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == 0x2A }
    }
}
