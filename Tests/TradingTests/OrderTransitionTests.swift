import Testing

@testable import Trading

@Suite struct OrderTransitionTests {
    /// One row a state, one column a report; `=` stays, `!` contradicts, `^` revives.
    static let table = """
        state            accepted  rejected  canceled  expired  triggered  unanswered  notFound
        initialized      !         !         !         !        !          =           =
        denied           !         !         !         !        !          =           =
        submitting       accepted  rejected  canceled  expired  triggered  unknown     unknown
        unknown          accepted  rejected  canceled  expired  triggered  =           lost
        accepted         =         rejected  canceled  expired  triggered  =           unknown
        triggered        =         rejected  canceled  expired  =          =           unknown
        partiallyFilled  =         rejected  canceled  expired  =          =           canceled
        filled           =         !         =         =        =          =           =
        canceled         =         =         =         =        =          =           =
        expired          =         =         =         =        =          =           =
        rejected         =         =         =         =        =          =           =
        lost             ^accepted rejected  canceled  expired  ^triggered =           =
        """

    static let kinds: [OrderReport.Kind] = [
        .accepted, .rejected(.venue), .canceled(.venue), .expired(.venue), .triggered, .unanswered, .notFound,
    ]

    static let rows: [(state: OrderState, cells: [String])] = table.split(separator: "\n").dropFirst().map { line in
        let words = line.split(separator: " ").map(String.init)
        return (OrderState.allCases.first { "\($0)" == words[0] }!, Array(words.dropFirst()))
    }

    @Test func `the table has every state`() {
        #expect(Self.rows.map(\.state) == OrderState.allCases)
        #expect(Self.rows.allSatisfy { $0.cells.count == Self.kinds.count })
    }

    @Test(arguments: rows.map(\.state), kinds.indices)
    func `each report does what the table says`(state: OrderState, column: Int) {
        let cell = Self.rows.first { $0.state == state }!.cells[column]
        let named = OrderState.allCases.first { "\($0)" == cell.drop { $0 == "^" } }
        let expected: OrderTransition =
            switch cell.first {
            case "=": .stay
            case "!": .anomaly
            case "^": .revive(to: named!)
            default: .move(to: named!)
            }
        #expect(state.transition(on: Self.kinds[column]) == expected)
    }
}
