import Foundation
import Terminal
import Testing

@testable import Workstation

@Suite("The binding table")
struct BindingTableTests {
    let table = BindingTable()

    @Test("has no chord twice in one place, and no pane takes a key that works everywhere")
    func hasNoConflicts() { #expect(table.problems.isEmpty, "\(table.problems)") }

    @Test("explains every action, and names each only once")
    func explainsEverything() {
        var names = Set<String>()
        for line in table.lines {
            let name = line.binding.action.rawValue
            #expect(!line.binding.help.isEmpty && !line.binding.help.hasSuffix("."), "\(name)")
            #expect(names.insert(name).inserted, "\(name) is there twice")
        }
    }

    @Test("reaches the emergency stop from every pane, by a key that is no text")
    func reachesTheStop() {
        for pane in PaneID.allCases {
            guard case .line(let line) = table.match([.control("x")], focus: pane) else {
                Issue.record("no emergency stop in \(pane)")
                continue
            }
            #expect(line.binding.action == .emergencyStop)
        }
        #expect(table.isEmergencyStop(.control("x")))
        #expect(!table.isEmergencyStop(.character("x")))
    }

    @Test("offers no key for what is not there: news and agent")
    func offersNothingMissing() {
        for key in ["8", "0"] as [Unicode.Scalar] {
            for pane in PaneID.allCases {
                if case .none = table.match([.character(key)], focus: pane) { continue }
                Issue.record("\(key) does something in \(pane)")
            }
        }
    }

    @Test("waits after g for the second g")
    func waitsForSequences() {
        guard case .pending(let lines) = table.match([.character("g")], focus: .orders) else {
            Issue.record("g is not pending")
            return
        }
        #expect(lines.map(\.binding.action) == [.top])
        guard case .line(let line) = table.match([.character("g"), .character("g")], focus: .orders) else {
            Issue.record("g g is nothing")
            return
        }
        #expect(line.binding.action == .top)
    }

    @Test("takes other keys for an action, and none")
    func remaps() {
        let table = BindingTable(remapping: ["palette": [":", "ctrl-k"], "theme": ["none"]])
        #expect(table.problems.isEmpty)
        guard case .line(let line) = table.match([.control("k")], focus: .book) else {
            Issue.record("ctrl-k is nothing")
            return
        }
        #expect(line.binding.action == .palette)
        if case .none = table.match([.character("T")], focus: .book) {} else { Issue.record("T still works") }
        #expect(table.label(.theme) == ":theme")
    }

    @Test("reports every mistake of a remapping at once and keeps the defaults")
    func reportsMistakes() {
        let table = BindingTable(remapping: [
            "palete": ["x"], "symbol": ["ctrl-"], "help": ["s"], "emergency-stop": ["z"],
        ])
        let texts = table.problems.map(\.description)
        #expect(
            texts.contains {
                $0.hasPrefix("palete: there is no such action; did you mean palette") == false
                    && $0.hasPrefix("palete:")
            })
        #expect(texts.contains { $0.hasPrefix("symbol:") && $0.contains("is not a key") })
        #expect(texts.contains { $0.contains("\"s\" is taken by") })
        #expect(texts.contains { $0.hasPrefix("emergency-stop: it needs a single key that no text field takes") })
        #expect(table.isEmergencyStop(.control("x")))
    }

    @Test("refuses to leave the emergency stop without a key")
    func keepsTheStop() {
        #expect(!BindingTable(remapping: ["emergency-stop": ["none"]]).problems.isEmpty)
        #expect(BindingTable(remapping: ["emergency-stop": ["f12"]]).problems.isEmpty)
    }

    @Test("is what docs/keys.md says; WICK_UPDATE_GOLDENS=1 writes it")
    func matchesTheReference() throws {
        let path = Golden.root + "/docs/keys.md"
        let text = KeyReference.markdown()
        if Golden.isUpdating {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            return
        }
        let written = try String(contentsOfFile: path, encoding: .utf8)
        #expect(written == text, "docs/keys.md is out of date; run the tests with WICK_UPDATE_GOLDENS=1")
    }
}
