/// What a style is for: every look the workstation knows, named by purpose and never by colour.
///
/// In a theme file the words are joined by dots: ``candleUpWick`` is written `candle.up.wick`.
public enum ThemeKey: Int, Sendable, Hashable, CaseIterable {
    // Base
    /// Behind everything.
    case background
    /// Ordinary text.
    case text
    /// Secondary text.
    case textDim
    /// Emphasised text.
    case textStrong
    /// Text on a coloured ground.
    case textInverse
    /// An address.
    case link
    /// The text cursor.
    case cursor

    // Chrome
    /// Frame of a pane.
    case border
    /// Frame of the focused pane.
    case borderFocus
    /// Title of a pane.
    case title
    /// Title of the focused pane.
    case titleFocus
    /// The digit that jumps to a pane.
    case titleNumber
    /// A line between areas.
    case rule
    /// The scroll bar.
    case scrollbar
    /// What a key does.
    case hint
    /// A key in a hint.
    case hintKey
    /// A tab.
    case tab
    /// The chosen tab.
    case tabActive
    /// A count on a tab.
    case tabBadge

    // Selection
    /// The selected row of the focused pane.
    case select
    /// The selected row of another pane.
    case selectUnfocused
    /// A marked row.
    case mark
    /// The matched part of a search.
    case match

    // Header and status
    /// The first row.
    case header
    /// The last row.
    case status
    /// Something healthy.
    case statusOk
    /// Something to watch.
    case statusWarn
    /// Something broken.
    case statusBad
    /// Something old.
    case statusStale

    // Modes
    /// Trading with play money.
    case modePaper
    /// Trading on a venue's test system.
    case modeTest
    /// Trading with real money.
    case modeLive
    /// Order keys locked.
    case modeView
    /// Order keys armed.
    case modeTrade
    /// Emergency stop in force.
    case modeStop

    // Market
    /// A price that rose.
    case priceUp
    /// A price that fell.
    case priceDown
    /// A price that stood.
    case priceFlat
    /// The last price.
    case priceLast
    /// A price just changed.
    case priceFlash
    /// A profit.
    case pnlGain
    /// A loss.
    case pnlLoss
    /// Neither profit nor loss.
    case pnlZero

    // Chart
    /// Body of a rising candle.
    case candleUp
    /// Body of a falling candle.
    case candleDown
    /// Wick of a rising candle.
    case candleUpWick
    /// Wick of a falling candle.
    case candleDownWick
    /// The candle still forming.
    case candleLive
    /// Volume of a rising candle.
    case volumeUp
    /// Volume of a falling candle.
    case volumeDown
    /// Grid lines.
    case chartGrid
    /// Axis labels.
    case chartAxis
    /// The crosshair.
    case chartCrosshair
    /// The line at the last price.
    case chartLastline
    /// First overlay.
    case line1
    /// Second overlay.
    case line2
    /// Third overlay.
    case line3
    /// Fourth overlay.
    case line4
    /// Fifth overlay.
    case line5
    /// Sixth overlay.
    case line6
    /// A buy in the market.
    case markerBuy
    /// A sell in the market.
    case markerSell
    /// A fill of ours.
    case markerOwn
    /// A stop price.
    case markerStop
    /// A target price.
    case markerTarget

    // Book
    /// Bid side.
    case bookBid
    /// Ask side.
    case bookAsk
    /// Depth bar of a bid.
    case bookBidBar
    /// Depth bar of an ask.
    case bookAskBar
    /// The row between the sides.
    case bookMid
    /// A level with an order of ours.
    case bookOwn
    /// The imbalance figure.
    case bookImbalance

    // Heat
    /// Coldest ramp stop.
    case heat0
    /// Second ramp stop.
    case heat1
    /// Middle ramp stop.
    case heat2
    /// Fourth ramp stop.
    case heat3
    /// Hottest ramp stop.
    case heat4
    /// The mid price on the heat map.
    case heatMid
    /// A buy on the heat map.
    case heatBuy
    /// A sell on the heat map.
    case heatSell

    // Gauges
    /// A gauge with much room left.
    case gaugeLow
    /// A gauge half full.
    case gaugeMid
    /// A gauge nearly full.
    case gaugeHigh
    /// The empty part of a gauge.
    case gaugeRest
    /// A sparkline.
    case spark

    // Strategies
    /// Enabled.
    case strategyOn
    /// Disabled.
    case strategyOff
    /// Halted by a rule.
    case strategyHalted
    /// On paper.
    case strategyPaper
    /// With real money.
    case strategyLive

    // Alerts
    /// For information.
    case alertInfo
    /// Wants attention.
    case alertWarn
    /// Wants action.
    case alertCritical
    /// Not acknowledged yet.
    case alertUnacked
    /// Put aside for a while.
    case alertShelved

    // News
    /// Good news.
    case newsPositive
    /// Bad news.
    case newsNegative
    /// Neither.
    case newsNeutral
    /// Who says so.
    case newsSource

    // Agent
    /// A proposal that waits.
    case agentPending
    /// Approved.
    case agentApproved
    /// Rejected.
    case agentRejected
    /// Too late.
    case agentExpired

    // Dialogs
    /// Inside of a dialog.
    case dialog
    /// Frame of a dialog.
    case dialogBorder
    /// A dialog that can cost money.
    case dialogDanger
    /// A button.
    case button
    /// The focused button.
    case buttonFocus
    /// A text field.
    case field
    /// A text field with an error.
    case fieldError
    /// What lies under a dialog.
    case overlayDim

    // Toasts
    /// News in passing.
    case toastInfo
    /// Something went well.
    case toastGood
    /// Something to watch.
    case toastWarn
    /// Something failed.
    case toastError
}

extension ThemeKey {
    /// The key as a theme file writes it, say `candle.up.wick`.
    public var name: String { ThemeKey.names[rawValue] }

    /// The key of a name in a theme file; nil when there is none.
    public init?(name: String) {
        guard let index = ThemeKey.names.firstIndex(of: name) else { return nil }
        self.init(rawValue: index)
    }

    /// The overlay line of a running number; the six colours repeat.
    ///
    /// - Parameter number: counts from 0; negative numbers are taken as 0.
    public static func line(_ number: Int) -> ThemeKey {
        let lines: [ThemeKey] = [.line1, .line2, .line3, .line4, .line5, .line6]
        return lines[max(0, number) % lines.count]
    }

    /// The ramp stops of heat maps, cold to hot.
    static let heatStops: [ThemeKey] = [.heat0, .heat1, .heat2, .heat3, .heat4]

    /// Names by raw value, made from the case names: a capital or a digit begins a new word.
    static let names: [String] = allCases.map { key in
        var name = ""
        for character in String(describing: key) {
            if character.isUppercase || character.isNumber { name += "." }
            name += character.lowercased()
        }
        return name
    }

    /// Every name a theme file may set: the keys, and the groups they fall back to, say `book` or `candle.up`.
    static let settableNames: Set<String> = {
        var all = Set<String>()
        for name in names {
            var words = name.split(separator: ".")
            while !words.isEmpty {
                all.insert(words.joined(separator: "."))
                words.removeLast()
            }
        }
        return all
    }()
}
