import Bytes

/// How an array differs from the one before it: runs of old elements that stay and of new ones.
///
/// Two arrays that share their memory are the same without a look at them, which is what makes a stream of snapshots
/// cheap: what did not change between two of them is the same memory.
enum ArrayDelta {
    /// A run of the new array.
    enum Run: Equatable {
        /// These elements of the old one.
        case keep(Range<Int>)
        /// These elements of the new one, which the old one does not have here.
        case insert(Range<Int>)
    }

    /// Whether two arrays are the same memory.
    static func isSameStorage<Element>(_ a: [Element], _ b: [Element]) -> Bool {
        guard a.count == b.count else { return false }
        if a.isEmpty { return true }
        return a.withUnsafeBufferPointer { a in b.withUnsafeBufferPointer { b in a.baseAddress == b.baseAddress } }
    }

    /// The runs of a window that moves: elements go at the front and come at the back, and the last may change.
    static func window<Element: Equatable>(_ new: [Element], since old: [Element]) -> [Run] {
        guard let first = new.first, let start = old.firstIndex(of: first) else {
            return new.isEmpty ? [] : [.insert(0..<new.count)]
        }
        var count = 1
        while count < new.count, start + count < old.count, new[count] == old[start + count] { count += 1 }
        var runs: [Run] = [.keep(start..<start + count)]
        if count < new.count { runs.append(.insert(count..<new.count)) }
        return runs
    }

    /// The runs of a list whose elements are known by a key and come, change and go anywhere.
    static func list<Element, Key: Hashable>(
        _ new: [Element], since old: [Element], key: (Element) -> Key, isSame: (Element, Element) -> Bool
    ) -> [Run] {
        var places: [Key: Int] = [:]
        for (index, element) in old.enumerated() { places[key(element)] = index }
        var runs: [Run] = []
        for (index, element) in new.enumerated() {
            if let place = places[key(element)], isSame(element, old[place]) {
                if case .keep(let range)? = runs.last, range.upperBound == place {
                    runs[runs.count - 1] = .keep(range.lowerBound..<place + 1)
                } else {
                    runs.append(.keep(place..<place + 1))
                }
            } else if case .insert(let range)? = runs.last {
                runs[runs.count - 1] = .insert(range.lowerBound..<index + 1)
            } else {
                runs.append(.insert(index..<index + 1))
            }
        }
        return runs
    }

    /// Appends the runs with the elements that are new.
    static func write<Element: BinaryCodable>(_ runs: [Run], of new: [Element], to writer: inout ByteWriter) {
        writer.count(runs.count)
        for run in runs {
            switch run {
            case .keep(let range):
                writer.byte(0)
                writer.count(range.lowerBound)
                writer.count(range.count)
            case .insert(let range):
                writer.byte(1)
                writer.array(new[range])
            }
        }
    }

    /// The new array, of the old one and what was written.
    static func read<Element: BinaryCodable>(
        _ reader: inout ByteReader, applyingTo old: [Element]
    ) throws(MalformedBytes) -> [Element] {
        var new: [Element] = []
        for _ in 0..<(try reader.count(minimumSize: 2)) {
            switch try reader.byte() {
            case 0:
                let start = try reader.number()
                let count = try reader.number()
                guard start <= old.count, count <= old.count - start else {
                    throw MalformedBytes("a run reaches beyond the array that it is taken from", at: reader.offset)
                }
                // As many as there were, whatever the bytes say: nothing is repeated without end.
                guard new.count <= maximumCount - count else {
                    throw MalformedBytes("an array has more elements than any view has", at: reader.offset)
                }
                new.append(contentsOf: old[start..<start + count])
            case 1: new.append(contentsOf: try reader.array(Element.self))
            case let other: throw MalformedBytes("\(other) is no kind of a run", at: reader.offset)
            }
        }
        return new
    }

    /// More elements than any array of a snapshot has.
    private static let maximumCount = 4_000_000
}
