import Foundation
import Market
import Testing
import Trading

@testable import Settings

@Suite struct WickSettingsTests {
    private func problems(_ text: String, _ vocabulary: SettingsVocabulary = SettingsVocabulary()) -> [String] {
        do {
            _ = try WickSettings.parse(text, vocabulary)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    private static let shipped: String = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return root.appendingPathComponent("Config/wick.yaml").path
    }()

    @Test func theShippedFileSaysTheDefaults() throws {
        let settings = try WickSettings.load(Self.shipped)
        let defaults = WickSettings()
        #expect(settings.feed == defaults.feed && settings.account == defaults.account)
        #expect(settings.venue == defaults.venue && settings.risk == defaults.risk)
        #expect(settings.venues == defaults.venues)
        #expect(settings.screen == defaults.screen && settings.emergency == defaults.emergency)
        #expect(settings.storage == defaults.storage && settings.logFileBytes == defaults.logFileBytes)
        #expect(settings.journal == defaults.journal)
        #expect(settings.keys.isEmpty && settings.file == Self.shipped)
    }

    @Test func theShippedFileHasEveryOption() throws {
        let document = try SettingsDocument(text: "", file: "none")
        let root = Section(document)
        _ = WickSettings.read(root, "none", SettingsVocabulary())
        let text = try String(contentsOfFile: Self.shipped, encoding: .utf8)
        var sections: [String] = []
        var written: Set<String> = []
        for line in text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":"), !line.drop(while: { $0 == " " }).hasPrefix("#") else {
                continue
            }
            let depth = line.prefix { $0 == " " }.count / 2
            sections = sections.prefix(depth) + [line[..<colon].trimmingCharacters(in: .whitespaces)]
            written.insert(sections.joined(separator: "."))
        }
        #expect(root.names.count > 30)
        #expect(written == Set(root.names))
    }

    @Test func anEmptyFileAndNoFileAreTheDefaults() throws {
        for text in ["", "# nothing\n", "feed:\nkeys:\n"] {
            #expect(try WickSettings.parse(text).risk == WickSettings.defaultLimits)
        }
        #expect(try WickSettings.load(nil).file == nil)
    }

    @Test func valuesAreTaken() throws {
        let settings = try WickSettings.parse(
            """
            mode: Paper
            feed: {source: replay, series: binance:btcusdt, from: 2023-01-01, to: "2023-02-01T12:00", speed: max, paused: yes, capture: on}
            account: {cash: 2500.50, currency: usdc, starter-strategies: off}
            venue: {maker-fee-bps: -0.5, taker-fee-bps: 7.5, fee-asset: base, slippage-bps: 2, participation-percent: 12.5, books: off, queue: proportional, faults: bad-day}
            risk: {open-orders: off, order-notional: 1000, drawdown-percent: 12.5, price-band-percent: none}
            emergency: {keep-protection: on}
            screen: {theme: amber, layout: ops, color: 256, ascii: true, graph: block, frames-per-second: 30}
            keys: {palette: [":", ctrl-p], chart.crosshair: none}
            storage: {retention-days: off, book-feature-days: 30}
            journal: {decision-days: off, market-days: 30, segment-megabytes: 8, minimum-free-megabytes: 1000, stall-milliseconds: 900}
            log: {file-megabytes: 20}
            """)
        #expect(settings.feed.source == .replay && settings.feed.series == "BINANCE:BTCUSDT")
        #expect(settings.feed.from == Timestamp(iso8601: "2023-01-01") && settings.feed.speed == nil)
        #expect(settings.feed.to == Timestamp(iso8601: "2023-02-01T12:00") && settings.feed.isPaused)
        #expect(settings.account.cash.description == "2500.5 USDC" && !settings.account.hasStarterStrategies)
        #expect(settings.venue.makerFee == Ratio(units: -5_000) && settings.venue.takerFee == Ratio(units: 75_000))
        #expect(settings.venue.faults == .badDay)
        #expect(!settings.venue.meetsBooks && settings.venue.leavesQueueInProportion)
        #expect(settings.venue.paysFeesInBase && settings.venue.participation == Ratio(units: 12_500_000))
        #expect(settings.risk.maximumOpenOrders == nil && settings.risk.priceBand == nil)
        #expect(settings.risk.maximumOrderNotional == Money(whole: 1_000, Currency("USDC")!))
        #expect(settings.risk.maximumDrawdown == Ratio(units: 12_500_000))
        #expect(settings.risk.maximumDailyLoss == .percent(10))
        #expect(settings.emergency.keepsProtection && settings.screen.theme == "amber")
        #expect(settings.screen.layout == "ops" && settings.screen.color == .palette && settings.screen.isASCII)
        #expect(settings.screen.graph == .block && settings.screen.framesPerSecond == 30)
        #expect(settings.keys == ["palette": [":", "ctrl-p"], "chart.crosshair": ["none"]])
        #expect(settings.journal.decisionDays == nil && settings.journal.marketDays == 30)
        #expect(settings.journal.stallMilliseconds == 900)
        #expect(settings.journal.segmentBytes == 8_000_000 && settings.journal.minimumFreeBytes == 1_000_000_000)
        #expect(settings.feed.capturesMarket && settings.storage.bookFeatureDays == 30)
        #expect(settings.storage.retentionDays == nil && settings.logFileBytes == 20_000_000)
    }

    @Test func everythingWrongIsReportedAtOnceWithItsPlace() {
        let found = problems(
            """
            mode: liv
            feed:
              source: synthetik
              seed: -1
            risk:
              drawdown-percent: 150
              open-orderz: 3
            screen:
              frames-per-second: fast
              theme: ambr
            colour: red
            """, SettingsVocabulary(themes: ["amber", "night"]))
        #expect(found.count == 8)
        #expect(found[0].hasPrefix("wick.yaml:1:") && found[0].contains("did you mean 'live'?"))
        #expect(found[1].hasPrefix("wick.yaml:3:") && found[1].contains("did you mean 'synthetic'?"))
        #expect(found[2].hasPrefix("wick.yaml:4:9: feed.seed: '-1'") && found[2].hasSuffix("(for example 'seed: 1')"))
        #expect(found[3].contains("risk.drawdown-percent: '150' was not expected here, but a number above 0"))
        #expect(
            found[4].hasPrefix("wick.yaml:7:3: risk.open-orderz") && found[4].contains("did you mean 'open-orders'?"))
        #expect(found[5].contains("screen.frames-per-second: 'fast'"))
        #expect(found[6].contains("did you mean 'amber'?"))
        #expect(found[7].hasPrefix("wick.yaml:11:1: colour: there is no such option"))
    }

    @Test func ordersForAVenueNeedAKeyAndAVenuesMarket() throws {
        #expect(problems("mode: testnet").first?.contains("venues: binance: key") == true)
        let synthetic = problems("mode: live\nfeed: {source: synthetic}\nvenues: {binance: {key: main}}")
        #expect(synthetic.count == 1 && synthetic[0].contains("feed: source"))
        #expect(problems("mode: blah").count == 1)
        let settings = try WickSettings.parse("mode: testnet\nvenues: {binance: {key: main}}")
        #expect(settings.mode == .testnet && settings.venues.binance.key == "main")
    }

    @Test(arguments: [
        "feed: 5", "feed: [a, b]", "[]", "just words", "risk: {open-orders: [1]}", "risk: {open-orders: {a: 1}}",
        "account: {cash: 0}", "account: {cash: -5}", "account: {cash: 1e999}", "account: {cash: 0.000000001}",
        "account: {currency: '$$'}", "feed: {series: BTCUSDT}", "feed: {from: yesterday}", "feed: {speed: -1}",
        "feed: {speed: nan}", "venue: {slippage-bps: -1}", "venue: {taker-fee-bps: 5000}", "screen: {graph: 7}",
        "keys: {palette: {a: b}}", "keys: {palette: [[a]]}", "feed: {from: 2023-02-01, to: 2023-01-01}",
        "? [complex, key]\n: 1", "1: 2", "log: {file-megabytes: 0}", "storage: {retention-days: 1.5}",
        "storage: {book-feature-days: 0}", "feed: {capture: perhaps}",
    ])
    func whatIsNotExpectedIsOneProblemAndNoCrash(text: String) {
        #expect(problems(text).count == 1, "\(problems(text))")
    }

    @Test(arguments: [
        "a: b: c", "\tfeed: 1", "feed: {", "feed: 'open", "feed: 1\nfeed: 2", "a: *nothing", "%YAML 9", "- a\nb: c",
        "key: !!binary x\n  y",
    ])
    func whatIsNoYAMLIsReportedWithItsLine(text: String) {
        let found = problems(text)
        #expect(!found.isEmpty)
    }

    @Test func aSyntaxErrorNamesItsLine() {
        #expect(problems("mode: paper\nfeed: {source: synthetic\nrisk: 1\n")[0].hasPrefix("wick.yaml:3:"))
        #expect(problems("feed:\n  seed: 1\n  seed: 2\n")[0].contains("seed stands there more than once"))
    }

    @Test(arguments: [
        "https://api.binance.com", "https://testnet.binance.vision", "https://localhost:8443", "http://127.0.0.1:8080",
        "http://localhost", "http://[::1]:80",
    ])
    func serversAreTaken(address: String) throws {
        let settings = try WickSettings.parse("venues: {binance: {rest-url: '\(address)', ca-file: /tmp/x.pem}}")
        #expect(settings.venues.binance.restURL == address)
        #expect(settings.venues.binance.certificateFile == "/tmp/x.pem")
    }

    @Test(arguments: [
        "http://api.binance.com", "http://127.0.0.1.example.com", "ftp://api.binance.com", "api.binance.com",
        "https://",
        "https://me:secret@api.binance.com", "https://api.binance.com/api", "https://api.binance.com?x=1",
        "https://a b",
    ])
    func whatIsNoServerOrInTheClearIsRefused(address: String) {
        let found = problems("venues: {binance: {rest-url: '\(address)'}}")
        #expect(found.count == 1 && found[0].contains("venues.binance.rest-url: '\(address)' was not expected here"))
    }

    @Test func brackets() {
        #expect(problems(String(repeating: "[", count: 200_000)).count == 1)
        #expect(problems(String(repeating: "{a: ", count: 100_000)).count == 1)
        #expect(!problems(String(repeating: "[", count: 900)).isEmpty)
    }

    @Test func keyProblemsGetTheirPlace() {
        let vocabulary = SettingsVocabulary { keys in
            keys.keys.sorted().map { "\($0): there is no such action" }
        }
        let found = problems("mode: paper\nkeys:\n  palete: ':'\n", vocabulary)
        #expect(found == ["wick.yaml:3:3: keys.palete: there is no such action"])
    }

    @Test func filesThatCannotBeReadAreNamed() throws {
        let directory = FileManager.default.temporaryDirectory.path
        for (name, bytes) in [
            ("binary", [0xFF, 0xFE, 0, 1]), ("nul", [0x61, 0x3A, 0x20, 0]),
            ("huge", Array(repeating: 0x61, count: 2 << 20)),
        ] as [(String, [UInt8])] {
            let file = "\(directory)/wick-settings-\(name)-\(UInt64.random(in: .min ... .max))"
            try Data(bytes).write(to: URL(fileURLWithPath: file))
            defer { try? FileManager.default.removeItem(atPath: file) }
            let error = #expect(throws: SettingsError.self) { try WickSettings.load(file) }
            #expect(error?.problems.count == 1 && error?.exitCode == 78)
        }
        let missing = #expect(throws: SettingsError.self) { try WickSettings.load("/nonexistent/wick.yaml") }
        #expect(missing?.description.contains("/nonexistent/wick.yaml: it can't be opened") == true)
        #expect(throws: SettingsError.self) { try WickSettings.load(directory) }
    }

    @Test func theFileIsFoundWhereItIsSaidOrUsual() throws {
        #expect(WickSettings.file(override: "x.yaml", configurationDirectory: "/nonexistent") == "x.yaml")
        #expect(WickSettings.file(override: nil, configurationDirectory: "/nonexistent") == nil)
        let directory = URL(fileURLWithPath: Self.shipped).deletingLastPathComponent().path
        #expect(WickSettings.file(override: nil, configurationDirectory: directory) == Self.shipped)
    }

    @Test func randomTextsNeverCrash() {
        var state: UInt64 = 11
        func next() -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33)
        }
        let pieces = [
            "feed", "risk", ":", " ", "\n", "  ", "-", "[", "]", "{", "}", "'", "\"", "off", "1", "&a", "*a", "#", "!",
            "|", ">", "%", "\t", "é", "paper", "mode", ",",
        ]
        for _ in 0..<3_000 {
            let text = (0..<next() % 40).map { _ in pieces[next() % pieces.count] }.joined()
            _ = problems(text)
        }
    }
}
