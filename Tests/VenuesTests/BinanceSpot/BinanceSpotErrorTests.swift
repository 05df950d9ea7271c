import Foundation
import Testing

@testable import Network
@testable import Venues

@Suite("what errors of Binance Spot mean")
struct BinanceSpotErrorTests {
    private enum Kind: Equatable { case refused(VenueRefusal.Reason), denied(VenueDenial.Reason), unknown }

    private func kind(
        _ code: Int, _ asked: SpotAsked = .place, status: Int = 400, words: String = "words",
        retryAfter: Duration? = nil
    ) throws -> Kind {
        let text = "{\"code\":\(code),\"msg\":\"\(words)\"}"
        let response = HTTPResponse.of(status, text)
        let message = try #require(ServerMessage(response))
        return kind(BinanceSpotErrors.verdict(message, status: status, retryAfter: retryAfter, asked))
    }

    private func kind(_ verdict: BinanceSpotErrors.Verdict) -> Kind {
        switch verdict {
        case .refused(let refusal): return .refused(refusal.reason)
        case .denied(let denial): return .denied(denial.reason)
        case .unknown: return .unknown
        }
    }

    @Test(
        "whether it was done is not known, of everything that changes orders; a question has merely failed",
        arguments: [-1000, -1001, -1006, -1007, -2021])
    func undecided(_ code: Int) throws {
        for asked in SpotAsked.allCases where asked.changesOrders { #expect(try kind(code, asked) == .unknown) }
        #expect(try kind(code, .query) == .denied(.failing))
    }

    @Test(
        "what was not done, and may be done later",
        arguments: [
            (-1003, VenueDenial.Reason.overLimit), (-1008, .busy), (-1015, .tooManyOrders), (-1021, .clock),
            (-1034, .overLimit),
        ])
    func denied(_ code: Int, _ reason: VenueDenial.Reason) throws {
        for asked in SpotAsked.allCases { #expect(try kind(code, asked) == .denied(reason)) }
    }

    @Test(
        "what will not be done",
        arguments: [
            (-1002, VenueRefusal.Reason.credentials), (-1022, .credentials), (-2014, .credentials),
            (-2015, .credentials),
            (-1013, .filter), (-1014, .unsupported), (-1016, .unsupported), (-1020, .unsupported), (-1100, .parameters),
            (-1102, .parameters), (-1106, .parameters), (-1111, .parameters), (-1121, .symbol), (-1220, .symbol),
            (-2013, .noSuchOrder), (-2026, .archived), (-2038, .notAmendable), (-2039, .parameters),
        ])
    func refused(_ code: Int, _ reason: VenueRefusal.Reason) throws {
        for asked in SpotAsked.allCases { #expect(try kind(code, asked) == .refused(reason)) }
    }

    @Test(
        "the words of the engine decide",
        arguments: [
            ("Account has insufficient balance for requested action.", Kind.refused(.insufficientBalance)),
            ("Order would immediately match and take.", .refused(.wouldTake)),
            ("Order would trigger immediately.", .refused(.wouldTrigger)),
            ("Market is closed.", .refused(.marketClosed)),
            ("This symbol is not permitted for this account.", .refused(.notPermitted)),
            ("This action is disabled on this account.", .refused(.notPermitted)),
            ("Market orders are not supported for this symbol.", .refused(.unsupported)),
            ("Order book liquidity is less than LOT_SIZE filter minimum quantity.", .refused(.noLiquidity)),
            ("Something that nobody has said yet.", .refused(.other)),
        ])
    private func words(_ words: String, _ expected: Kind) throws {
        #expect(try kind(-2010, words: words) == expected)
    }

    @Test("an order that the venue says it has already is to be asked for, not given up")
    func duplicate() throws {
        #expect(try kind(-2010, words: "Duplicate order sent.") == .unknown)
    }

    @Test(
        "a cancel is refused for what its words say",
        arguments: [
            ("Unknown order sent.", VenueRefusal.Reason.noSuchOrder),
            ("Order was not canceled due to cancel restrictions.", .conditionNotMet), ("Whatever.", .other),
        ])
    func cancels(_ words: String, _ reason: VenueRefusal.Reason) throws {
        #expect(try kind(-2011, .cancel, words: words) == .refused(reason))
    }

    @Test("5xx is unknown whatever the number says; a question has merely failed", arguments: [500, 502, 503, 504])
    func serverErrors(_ status: Int) throws {
        for code in BinanceSpotErrors.meanings.keys.sorted() + [-9_999] {
            for asked in SpotAsked.allCases {
                #expect(try kind(code, asked, status: status) == (asked.changesOrders ? .unknown : .denied(.failing)))
            }
        }
        for asked in SpotAsked.allCases {
            let verdict = BinanceSpotErrors.verdict(status: status, retryAfter: nil, asked, excerpt: "<html>")
            #expect(kind(verdict) == (asked.changesOrders ? .unknown : .denied(.failing)))
        }
    }

    @Test("429 and 418 were not executed, whatever the number says, and say how long to wait")
    func limits() throws {
        for code in BinanceSpotErrors.meanings.keys.sorted() where code != -1015 {
            #expect(try kind(code, status: 429) == .denied(.overLimit))
            #expect(try kind(code, status: 418) == .denied(.banned))
        }
        #expect(try kind(-1015, status: 429) == .denied(.tooManyOrders))
        let verdict = BinanceSpotErrors.verdict(status: 429, retryAfter: .seconds(7), .place, excerpt: "")
        #expect(verdict == .denied(VenueDenial(.overLimit, retryAfter: .seconds(7), "HTTP 429")))
    }

    @Test("a number that nobody has heard of decides nothing")
    func unheard() throws {
        #expect(try kind(-9_999) == .unknown)
        #expect(try kind(-9_999, .query) == .refused(.other))
    }

    @Test(
        "answers without a message are judged by their status",
        arguments: [
            (403, Kind.denied(.firewall)), (401, .refused(.notServed)), (404, .refused(.notServed)),
            (451, .refused(.notServed)), (301, .refused(.notServed)), (400, .unknown), (409, .unknown), (200, .unknown),
        ])
    private func plain(_ status: Int, _ expected: Kind) {
        #expect(kind(BinanceSpotErrors.verdict(status: status, retryAfter: nil, .place, excerpt: "")) == expected)
    }

    @Test(
        "every documented number has a meaning, and none of them is taken for done",
        .enabled(if: SharedPayloads.areThere, "no documented errors here"))
    func documented() throws {
        let errors = try SharedPayloads.errors()
        #expect(errors.count > 90)
        for (code, texts) in errors {
            #expect(BinanceSpotErrors.meanings[code] != nil, "\(code)")
            for text in texts.isEmpty ? [""] : texts {
                let message = ServerMessage(code: code, msg: text)
                let verdict = BinanceSpotErrors.verdict(message, status: 400, retryAfter: nil, .place)
                #expect((kind(verdict) == .unknown) == [-1000, -1001, -1006, -1007].contains(code), "\(code) \(text)")
            }
        }
    }

    @Test("the table has the numbers that the venue documents, and three that stand elsewhere in its pages")
    func complete() { #expect(BinanceSpotErrors.meanings.count == 105) }
}

extension HTTPResponse {
    /// An answer that never travelled.
    static func of(_ status: Int, _ body: String) -> HTTPResponse {
        HTTPResponse(status: status, headers: [:], body: Array(body.utf8), retryAfterSeconds: nil)
    }
}
