import Optimization
import Strategies
import Studies
import Testing
import Trading

@Suite("Parameters written for a search")
struct SearchTextTests {
    private func read(_ written: (String, String)..., searchesAll: Bool = false) -> SearchText {
        SearchText(
            written.map { (name: $0.0, text: $0.1) }, of: SMACrossover.descriptor.parameters, searchesAll: searchesAll)
    }

    @Test("one value is fixed, lists and ranges are varied, in the strategy's order")
    func forms() {
        let text = read(("slow", "20,50,100"), ("fast", "5..50/5"), ("allow-short", "off"))
        #expect(text.problems == [])
        #expect(text.fixed.map(\.name) == ["allow-short"])
        #expect(text.space.text(SMACrossover.descriptor.parameters) == "fast=5..50/5 slow=20,50,100")
        #expect(text.space.count == 30)
    }

    @Test("without a step a range has the parameter's own, and ':log' its scale")
    func steps() {
        let text = read(("fast", "5..50:log"), ("slow", "60..70"), ("allow-short", "on,off"))
        #expect(
            text.space.text(SMACrossover.descriptor.parameters) == "fast=5..50/1:log slow=60..70/1 allow-short=on,off")
    }

    @Test("where everything is searched, switches and what is given are not")
    func everything() {
        let text = read(("slow", "200"), searchesAll: true)
        #expect(text.space.dimensions.map(\.name) == ["fast"])
        #expect(read(("slow", "100..200"), searchesAll: true).space.dimensions.map(\.name) == ["slow"])
    }

    @Test(
        "what is wrong is said all at once",
        arguments: [
            ("fast", "50..5"), ("fast", "5..50/0"), ("fast", "5..50/2.5"), ("fast", "0..50"), ("fast", "5..x"),
            ("fast", "5,5"), ("fast", "5,"), ("fast", "..5"), ("allow-short", "0..1"), ("quick", "1..2"),
            ("fast", "1/2..5"),
        ])
    func problems(_ name: String, _ text: String) {
        let read = read((name, text), ("slow", "abc"))
        #expect(read.problems.count == 2, "\(read.problems)")
        #expect(read.problems[0].hasPrefix("--param \(name): "))
    }
}
