import Testing

@testable import Network
@testable import Venues

/// What is to become of a request.
enum ToldOutcome: Hashable {
    case refused(VenueRefusal.Reason)
    case denied(VenueDenial.Reason)
    case unknown

    init(_ verdict: BinanceSpotErrors.Verdict) {
        switch verdict {
        case .refused(let refusal): self = .refused(refusal.reason)
        case .denied(let denial): self = .denied(denial.reason)
        case .unknown: self = .unknown
        }
    }
}

/// A line of the table.
struct ErrorLine: Sendable, CustomTestStringConvertible {
    var meaning: String
    var codes: [Int]
    var words = "words"
    var order: ToldOutcome
    var cancel: ToldOutcome
    var query: ToldOutcome
    var testDescription: String { "\(meaning): \(codes)" }

    init(_ meaning: String, _ codes: [Int], _ all: ToldOutcome) {
        (self.meaning, self.codes, order, cancel, query) = (meaning, codes, all, all, all)
    }

    /// What nobody knows of a request that changes orders, and what a question may be asked again for.
    init(undecided meaning: String, _ codes: [Int]) {
        (self.meaning, self.codes, order, cancel, query) = (meaning, codes, .unknown, .unknown, .denied(.failing))
    }
}

extension ErrorLine {
    /// The table.
    static let all = [
        ErrorLine(undecided: "the outcome is not known", [-1000, -1006, -1007]),
        ErrorLine(undecided: "an internal error", [-1001]),
        ErrorLine("too much weight: nothing was done, wait", [-1003], .denied(.overLimit)),
        ErrorLine("the server is overloaded: nothing was done, later", [-1008], .denied(.busy)),
        ErrorLine("a filter: not again like this", [-1013], .refused(.filter)),
        ErrorLine("too many orders that have not filled: wait", [-1015], .denied(.tooManyOrders)),
        ErrorLine("the service is gone or was never there", [-1016, -1020], .refused(.unsupported)),
        ErrorLine("the time is outside the window: nothing was done", [-1021], .denied(.clock)),
        ErrorLine("the signature: a wrong secret", [-1022], .refused(.credentials)),
        ErrorLine(
            "a bad parameter: not again like this",
            [
                -1100, -1101, -1102, -1103, -1104, -1105, -1106, -1108, -1111, -1114, -1115, -1116, -1117, -1118, -1119,
                -1120, -1128, -1130, -1145,
            ], .refused(.parameters)),
        ErrorLine("no such symbol", [-1121], .refused(.symbol)),
        ErrorLine("a listen key, which the venue has no more", [-1125], .refused(.unsupported)),
        ErrorLine("too long a span", [-1127], .refused(.parameters)),
        ErrorLine("the symbol is in another state", [-1220], .refused(.symbol)),
        ErrorLine("there is no such order", [-2013], .refused(.noSuchOrder)),
        ErrorLine("the key, its rights or its address", [-1002, -2014, -2015], .refused(.credentials)),
        ErrorLine(undecided: "of a replacement one half was done", [-2021]),
        ErrorLine("of a replacement neither half was done", [-2022], .refused(.other)),
        ErrorLine("the order is archived: cancelled or expired unfilled", [-2026], .refused(.archived)),
        ErrorLine("a subscription is in another state", [-2035, -2036, -2042], .refused(.unsupported)),
        ErrorLine("the order can't be changed and is as it was", [-2038], .refused(.notAmendable)),
        ErrorLine("the two numbers of an order do not belong together", [-2039], .refused(.parameters)),
    ]
}

/// The venue's table of errors, line by line as its documentation groups them: what each number means for an order, a
/// cancel and a question. The numbers are written out here once more, so that a slip in the table that decides does not
/// repeat itself in what looks for it.
@Suite("what every error in the venue's table means for an order, a cancel and a question")
struct BinanceSpotErrorTableTests {
    private func outcome(_ code: Int, _ words: String, _ asked: SpotAsked, status: Int = 400) throws -> ToldOutcome {
        let message = try #require(ServerMessage(HTTPResponse.of(status, "{\"code\":\(code),\"msg\":\"\(words)\"}")))
        return ToldOutcome(BinanceSpotErrors.verdict(message, status: status, retryAfter: nil, asked))
    }

    @Test("each number has the meaning that the venue gives it", arguments: ErrorLine.all)
    func meaning(_ line: ErrorLine) throws {
        for code in line.codes {
            #expect(try outcome(code, line.words, .place) == line.order, "an order, \(code)")
            #expect(try outcome(code, line.words, .cancel) == line.cancel, "a cancel, \(code)")
            #expect(try outcome(code, line.words, .query) == line.query, "a question, \(code)")
        }
    }

    @Test("no number stands in two lines, and none of them is left to be guessed")
    func once() {
        let codes = ErrorLine.all.flatMap(\.codes)
        #expect(Set(codes).count == codes.count)
        for code in codes { #expect(BinanceSpotErrors.meanings[code] != nil, "\(code)") }
    }

    @Test("the two numbers whose words decide are refusals for good, whatever they are about")
    func words() throws {
        for asked in [SpotAsked.place, .cancel, .query] {
            let balance = "Account has insufficient balance for requested action."
            #expect(try outcome(-2010, balance, asked) == .refused(.insufficientBalance))
            #expect(try outcome(-2010, "What nobody has said yet.", asked) == .refused(.other))
            #expect(try outcome(-2011, "Unknown order sent.", asked) == .refused(.noSuchOrder))
            #expect(try outcome(-2011, "What nobody has said yet.", asked) == .refused(.other))
        }
    }

    @Test("a key that is not taken is told as such also where the status is 401 or 403", arguments: [401, 403])
    func credentials(_ status: Int) throws {
        for code in [-1002, -2014, -2015] {
            for asked in SpotAsked.allCases {
                #expect(try outcome(code, "words", asked, status: status) == .refused(.credentials))
            }
        }
    }
}
