import Glibc
import Testing

@testable import Trading

@Suite("Order life: the table in docs/orders.md and the one in the code")
struct OrderTransitionTests {
    /// The cells of the document by news and state.
    struct Page {
        var rows: [(news: String, cells: [(states: [String], text: String)])] = []

        init() throws {
            let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
            let file = try #require(fopen("/" + root + "/docs/orders.md", "r"))
            defer { fclose(file) }
            var bytes = [UInt8](repeating: 0, count: 200_000)
            let count = fread(&bytes, 1, bytes.count, file)
            let lines = String(decoding: bytes[..<count], as: UTF8.self).split(
                separator: "\n", omittingEmptySubsequences: false)
            let first = try #require(lines.firstIndex { $0.hasPrefix("| news \\ state |") })
            let heads = Page.cells(lines[first]).dropFirst().map { $0.split(separator: ", ").map(String.init) }
            for line in lines[(first + 2)...].prefix(while: { $0.hasPrefix("|") }) {
                let cells = Page.cells(line)
                rows.append((cells[0], zip(heads, cells.dropFirst()).map { ($0, $1) }))
            }
        }

        private static func cells(_ line: Substring) -> [String] {
            line.split(separator: "|").map { cell in
                String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
        }

        func cell(_ news: String, _ state: String) -> String? {
            rows.first { $0.news == news }?.cells.first { $0.states.contains(state) }?.text
        }
    }

    static func name(_ news: OrderNews) -> String {
        switch news {
        case .accepted: "accepted"
        case .rejected: "rejected"
        case .canceled: "canceled"
        case .expired: "expired"
        case .triggered: "triggered"
        case .filledInPart: "filled in part"
        case .filledWholly: "filled wholly"
        case .cancelRefused: "cancel refused"
        case .amended: "amended"
        case .amendRefused: "amendment refused"
        case .unanswered: "no answer"
        case .cancelUnanswered: "no answer to a cancel"
        case .amendUnanswered: "no answer to an amendment"
        case .notFound: "not found"
        }
    }

    static func text(_ transition: OrderTransition) -> String {
        switch transition {
        case .stay: "–"
        case .alert: "alert"
        case .ask: "ask"
        case .askIfLater: "ask if later"
        case .move(let state): state.name
        case .revive(let state): state.name + ", alert"
        case .prove(let state): state.name + " when proved"
        }
    }

    @Test func `the document has every state and every piece of news, each once`() throws {
        let page = try Page()
        #expect(page.rows.map(\.news) == OrderNews.allCases.map(Self.name))
        for row in page.rows {
            #expect(row.cells.flatMap(\.states).sorted() == OrderState.allCases.map(\.name).sorted())
        }
    }

    @Test(arguments: OrderState.allCases)
    func `every cell of the document is what the code does`(state: OrderState) throws {
        let page = try Page()
        for news in OrderNews.allCases {
            let cell = page.cell(Self.name(news), state.name)
            #expect(cell == Self.text(state.transition(on: news)), "\(state.name) on \(Self.name(news))")
        }
    }

    @Test func `an order leaves a closed state only by what revives it or by proof of another end`() {
        for state in OrderState.allCases where state.isClosed {
            for news in OrderNews.allCases {
                switch state.transition(on: news) {
                case .move(let other): #expect(state == .lost && other.isClosed)
                case .revive(let other):
                    #expect(state == .lost || other == .filled && state != .filled && state != .denied)
                case .prove: Issue.record("\(state) is closed already")
                case .stay, .alert, .ask, .askIfLater: break
                }
            }
        }
    }
}
