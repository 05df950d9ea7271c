import Terminal

/// The binding table in force: every line with its keys, defaults overridden by the person's own.
struct BindingTable: Sendable {
    /// A line with the keys that count.
    struct Line: Sendable {
        /// What, where and why.
        let binding: Binding
        /// The keys in force; empty: by palette only.
        var keys: [KeySequence]

        /// All keys as people read them, `k ↑`.
        var label: String { keys.map(\.label).joined(separator: " ") }
    }

    /// What pressing a chord means.
    enum Match: Sendable {
        /// Nothing.
        case none
        /// The beginning of longer sequences: those that go on from here.
        case pending([Line])
        /// This line.
        case line(Line)
    }

    /// All lines, in the order of help and reference.
    private(set) var lines: [Line]

    /// The table of these bindings, with the keys of some actions replaced.
    ///
    /// What is wrong is reported all at once, and the defaults stay in force for the actions concerned, so that there
    /// always is a table to work with.
    ///
    /// - Parameter remapping: for each action its keys; the single word `none` leaves it without any.
    init(_ bindings: [Binding] = BindingTable.standardBindings, remapping: [String: [String]] = [:]) {
        lines = bindings.map { Line(binding: $0, keys: $0.keys) }
        problems = []
        for name in remapping.keys.sorted() {
            guard let texts = remapping[name] else { continue }
            guard let index = lines.firstIndex(where: { $0.binding.action.rawValue == name }) else {
                problems.append(.init(action: name, text: unknownAction(name)))
                continue
            }
            if let keys = parse(texts, of: name) { replaceKeys(at: index, keys) }
        }
        problems += conflicts()
        if !problems.isEmpty && !remapping.isEmpty {
            // A table with conflicts would do the wrong thing; the defaults have none.
            lines = bindings.map { Line(binding: $0, keys: $0.keys) }
        }
    }

    /// What is wrong with the keys that were asked for; empty when they are in force.
    private(set) var problems: [BindingProblem]

    /// Everything the workstation can do: the global lines and those of every pane.
    static var standardBindings: [Binding] { GlobalBindings.all + PaneRegistry.all.flatMap { $0.bindings } }

    /// What `chords`, pressed one after the other with `focus` focused, mean.
    func match(_ chords: [Chord], focus: PaneID) -> Match {
        var longer: [Line] = []
        for line in lines where line.binding.context == .everywhere || line.binding.context == .pane(focus) {
            for key in line.keys {
                if key.chords == chords { return .line(line) }
                if key.chords.count > chords.count, Array(key.chords.prefix(chords.count)) == chords {
                    longer.append(line)
                }
            }
        }
        return longer.isEmpty ? .none : .pending(longer)
    }

    /// The line of an action, or `nil`.
    func line(_ action: Action) -> Line? { lines.first { $0.binding.action == action } }

    /// The keys of an action as people read them; the palette's way when there are none.
    func label(_ action: Action) -> String {
        guard let key = line(action)?.keys.first else { return ":\(action.rawValue)" }
        return key.label
    }

    /// Whether a chord means the emergency stop, whatever is open.
    func isEmergencyStop(_ chord: Chord) -> Bool {
        line(.emergencyStop)?.keys.contains { $0.chords == [chord] } ?? false
    }

    private mutating func replaceKeys(at index: Int, _ keys: [KeySequence]) { lines[index].keys = keys }

    private mutating func parse(_ texts: [String], of name: String) -> [KeySequence]? {
        if texts == ["none"] { return [] }
        var keys: [KeySequence] = []
        for text in texts {
            do {
                keys.append(try KeySequence(parsing: text))
            } catch {
                problems.append(.init(action: name, text: error.description))
            }
        }
        return keys.count == texts.count ? keys : nil
    }

    private func unknownAction(_ name: String) -> String {
        let known = lines.map(\.binding.action.rawValue)
        let near = known.filter { $0.contains(name) || name.contains($0) }
        let hint = near.isEmpty ? "docs/keys.md lists them" : "did you mean \(near.joined(separator: ", "))"
        return "there is no such action; \(hint)"
    }
}

/// Something wrong with a key of an action.
struct BindingProblem: Sendable, Hashable, CustomStringConvertible {
    /// The action, as it was written.
    var action: String
    /// What is wrong, and what would be right.
    var text: String

    /// `chart.zoom-in: …`
    var description: String { "\(action): \(text)" }
}

extension BindingTable {
    /// Keys that two lines want in one place, sequences that hide others, and an emergency stop out of reach.
    func conflicts() -> [BindingProblem] {
        var found: [BindingProblem] = []
        for (index, line) in lines.enumerated() {
            for other in lines[(index + 1)...] where BindingTable.overlap(line.binding.context, other.binding.context) {
                for key in line.keys {
                    for otherKey in other.keys where BindingTable.collide(key, otherKey) {
                        found.append(
                            BindingProblem(
                                action: other.binding.action.rawValue,
                                text: "\"\(otherKey)\" is taken by \(line.binding.action.rawValue) (\"\(key)\")"))
                    }
                }
            }
        }
        let stops = line(.emergencyStop)?.keys ?? []
        if !stops.contains(where: { $0.chords.count == 1 && $0.chords[0].text == nil }) {
            found.append(
                BindingProblem(
                    action: Action.emergencyStop.rawValue,
                    text: "it needs a single key that no text field takes for text, such as ctrl-x or f12"))
        }
        return found
    }

    private static func overlap(_ a: BindingContext, _ b: BindingContext) -> Bool {
        a == b || a == .everywhere || b == .everywhere
    }

    private static func collide(_ a: KeySequence, _ b: KeySequence) -> Bool {
        let length = min(a.chords.count, b.chords.count)
        return a.chords.prefix(length) == b.chords.prefix(length)
    }
}
