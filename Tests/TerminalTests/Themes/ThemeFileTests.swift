import Foundation
import Testing

@testable import Terminal

@Suite("Theme files")
struct ThemeFileTests {
    static let library = ThemeLibrary(
        directories: [
            URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Themes").path
        ])
    static let shipped = [
        "amber", "blue-orange", "day", "default", "high-contrast", "mono", "night", "phosphor", "red-cyan",
    ]

    private func theme(_ name: String) -> Theme { ThemeFileTests.library.load(name).theme }

    @Test("the themes that are promised are there")
    func areShipped() {
        #expect(ThemeFileTests.library.names() == ThemeFileTests.shipped)
    }

    @Test(
        "every theme loads without a problem and sets every key itself, by a parent or by inheritance",
        arguments: shipped)
    func loadCleanly(name: String) throws {
        let loaded = ThemeFileTests.library.load(name)
        #expect(loaded.problems == [])
        #expect(loaded.theme.name == name)
        let text = try #require(loaded.theme.name == name ? loaded.theme : nil)
        // Whoever resolves to plain text by fallback must be text: everything else was given a look on purpose.
        let mayLookLikeText: Set<ThemeKey> = [
            .text, .background, .header, .status, .priceFlat, .pnlZero, .line1, .line2, .line3, .line4, .line5, .line6,
            .alertInfo, .newsNeutral, .dialog, .title, .candleDown, .candleDownWick, .bookAsk, .bookImbalance, .heat0,
            .heat1, .heat2, .heat3, .statusOk, .modeView, .gaugeLow, .spark, .strategyPaper, .agentApproved,
            .toastInfo,
        ]
        for key in ThemeKey.allCases where !mayLookLikeText.contains(key) {
            #expect(text[key] != text[.text], "\(key.name)")
        }
    }

    @Test("every key and every shipped theme is documented")
    func isDocumented() throws {
        let themes = try #require(ThemeFileTests.library.directories.first)
        let text = try String(contentsOfFile: themes + "/../docs/themes.md", encoding: .utf8)
        let missing = (ThemeKey.allCases.map(\.name) + ThemeFileTests.shipped).filter { !text.contains("`\($0)`") }
        #expect(missing == [])
    }

    @Test("the built-in texts are those of the files", arguments: [Theme.standard, .mono])
    func builtInsEqualFiles(builtIn: Theme) {
        #expect(theme(builtIn.name) == builtIn)
    }

    /// WCAG contrast of two colours; nil when one is the terminal's own.
    private func contrast(_ a: Color, _ b: Color) -> Double? {
        guard let first = a.channels, let second = b.channels else { return nil }
        func luminance(_ color: (red: UInt8, green: UInt8, blue: UInt8)) -> Double {
            0.2126 * Double(Oklab.linear[Int(color.red)]) + 0.7152 * Double(Oklab.linear[Int(color.green)])
                + 0.0722 * Double(Oklab.linear[Int(color.blue)])
        }
        let pair = [luminance(first), luminance(second)].sorted()
        return (pair[1] + 0.05) / (pair[0] + 0.05)
    }

    @Test(
        "text stands out from its ground by 4.5 to 1, in high-contrast by 7 to 1, also in 256 colours",
        arguments: shipped.filter { $0 != "default" && $0 != "mono" })
    func textIsReadable(name: String) throws {
        let least = name == "high-contrast" ? 7.0 : 4.5
        let mustRead: [ThemeKey] = [
            .text, .textStrong, .textDim, .header, .status, .select, .selectUnfocused, .dialog, .field, .fieldError,
            .modePaper, .modeTest, .modeLive, .modeTrade, .modeStop, .modeView, .buttonFocus, .toastInfo, .toastGood,
            .toastWarn, .toastError, .alertUnacked, .hint, .hintKey, .title, .titleFocus, .tabActive, .chartAxis,
            .priceUp, .priceDown, .pnlGain, .pnlLoss, .bookBid, .bookAsk, .statusOk, .statusWarn, .statusBad,
            .alertWarn, .alertCritical, .newsSource, .dialogDanger,
        ]
        for depth in [ColorDepth.trueColor, .palette256] {
            let theme = theme(name).adapted(to: depth)
            for key in mustRead {
                let ratio = try #require(contrast(theme[key].foreground, theme[key].background))
                #expect(ratio >= least, "\(key.name) at \(depth): \(ratio)")
            }
        }
    }

    /// How a colour looks without green-sensitive cones: the matrix of Viénot, Brettel and Mollon (1999) in linear RGB.
    private func deuteranope(_ color: (red: UInt8, green: UInt8, blue: UInt8)) -> (UInt8, UInt8, UInt8) {
        let red = Double(Oklab.linear[Int(color.red)])
        let green = Double(Oklab.linear[Int(color.green)])
        let blue = Double(Oklab.linear[Int(color.blue)])
        let both = 0.29275 * red + 0.70725 * green
        func encode(_ value: Double) -> UInt8 {
            let clamped = min(1, max(0, value))
            let share = clamped <= 0.0031308 ? clamped * 12.92 : 1.055 * pow(clamped, 1 / 2.4) - 0.055
            return UInt8((share * 255).rounded())
        }
        return (encode(both), encode(both), encode(-0.02234 * red + 0.02234 * green + blue))
    }

    @Test("rising and falling can be told apart without seeing red and green", arguments: shipped)
    func directionsDiffer(name: String) {
        let pairs: [(ThemeKey, ThemeKey)] = [
            (.priceUp, .priceDown), (.pnlGain, .pnlLoss), (.candleUp, .candleDown), (.bookBid, .bookAsk),
        ]
        for depth in [ColorDepth.none, .ansi16, .palette256, .trueColor] {
            let theme = theme(name).adapted(to: depth)
            for (up, down) in pairs {
                #expect(theme[up] != theme[down], "\(up.name) at \(depth)")
                guard depth > .ansi16, let first = theme[up].foreground.channels,
                    let second = theme[down].foreground.channels
                else { continue }
                let seenUp = deuteranope(first)
                let seenDown = deuteranope(second)
                let distance = Oklab(seenUp.0, seenUp.1, seenUp.2)
                    .squaredDistance(to: Oklab(seenDown.0, seenDown.1, seenDown.2)).squareRoot()
                #expect(distance > 0.08, "\(up.name) at \(depth): \(distance)")
            }
        }
    }

    @Test("without colours rising and falling differ by attributes, and candles by shape")
    func monoDiffersByAttributes() {
        let theme = theme("night").adapted(to: .none)
        #expect(theme[.priceUp].attributes != theme[.priceDown].attributes)
        #expect(theme[.candleUp].attributes != theme[.candleDown].attributes)
        #expect(theme.needsShapes)
        #expect(!self.theme("night").needsShapes)
    }

    @Test("the default theme uses nothing but the terminal's own palette")
    func defaultIsAnsi() {
        let theme = theme("default")
        for key in ThemeKey.allCases {
            for color in [theme[key].foreground, theme[key].background] {
                switch color.kind {
                case .terminalDefault, .ansi: break
                default: Issue.record("\(key.name) uses \(color)")
                }
            }
        }
    }

    @Test("a heat ramp goes from the coldest to the hottest stop without a jump")
    func rampIsSmooth() {
        let theme = theme("night")
        let ramp = (0..<16).map { theme.heat($0, of: 16) }
        #expect(ramp.first == theme[.heat0].foreground)
        #expect(ramp.last == theme[.heat4].foreground)
        for (from, to) in zip(ramp, ramp.dropFirst()) {
            #expect(from != to)
            guard let a = from.channels, let b = to.channels else { continue }
            #expect(abs(Int(a.red) - Int(b.red)) <= 64 && abs(Int(a.green) - Int(b.green)) <= 64)
        }
        #expect(theme.heat(-5, of: 16) == ramp[0])
        #expect(theme.heat(99, of: 16) == ramp[15])
        #expect(theme.heat(0, of: 1) == ramp[0])
    }
}
