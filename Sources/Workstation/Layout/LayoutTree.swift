import Terminal

/// How a screen is divided: stacks of panes in rows and columns.
indirect enum LayoutTree: Sendable {
    /// Panes that share a place, as tabs.
    case stack([PaneID])
    /// Places side by side.
    case columns([(Rect.Span, LayoutTree)])
    /// Places on top of each other.
    case rows([(Rect.Span, LayoutTree)])

    /// Every pane in it, in reading order.
    var panes: [PaneID] {
        switch self {
        case .stack(let panes): panes
        case .columns(let parts), .rows(let parts): parts.flatMap { $0.1.panes }
        }
    }

    /// Gives every stack its rectangle.
    func place(
        in rect: Rect, _ arrangement: Arrangement, _ focus: PaneID, _ borders: BorderSet, hasLeftRule: Bool,
        into slots: inout [Layout.Slot]
    ) {
        switch self {
        case .stack(let panes):
            guard let first = panes.first else { return }
            let remembered = panes.first { arrangement.shown.contains($0) }
            slots.append(
                Layout.Slot(
                    rect: rect, panes: panes, shown: panes.contains(focus) ? focus : remembered ?? first,
                    borders: borders, hasLeftRule: hasLeftRule && borders == .none))
        case .columns(let parts):
            for (index, (place, part)) in zip(rect.columns(parts.map(\.0)), parts).enumerated() {
                part.1.place(
                    in: place, arrangement, focus, borders, hasLeftRule: index > 0 || hasLeftRule, into: &slots)
            }
        case .rows(let parts):
            for (place, part) in zip(rect.rows(parts.map(\.0)), parts) {
                part.1.place(in: place, arrangement, focus, borders, hasLeftRule: hasLeftRule, into: &slots)
            }
        }
    }

    /// The tree of a preset on a screen of a class; every pane is in each of them exactly once.
    static func tree(_ preset: Arrangement.Preset, _ width: WidthClass) -> LayoutTree {
        switch width {
        case .tiny, .single, .small: small(preset)
        case .medium: medium(preset)
        case .large: large(preset)
        }
    }

    private static func small(_ preset: Arrangement.Preset) -> LayoutTree {
        switch preset {
        case .trade:
            .rows([
                (
                    .weight(14),
                    .columns([(.weight(54), .stack([.chart])), (.weight(26), .stack([.book, .tape, .heatmap]))])
                ),
                (.weight(7), .stack([.positions, .orders, .strategies, .alerts, .backtests, .watchlist, .log])),
            ])
        case .watch:
            .columns([
                (.weight(54), .stack([.chart, .heatmap, .backtests])),
                (
                    .weight(26),
                    .rows([
                        (.fixed(7), .stack([.watchlist])), (.weight(1), .stack([.tape, .book])),
                        (.weight(1), .stack([.alerts, .positions, .orders, .strategies, .log])),
                    ])
                ),
            ])
        case .research:
            .rows([
                (.weight(13), .stack([.backtests, .book, .tape, .heatmap, .watchlist])),
                (.weight(8), .stack([.strategies, .chart, .positions, .orders, .alerts, .log])),
            ])
        case .ops:
            .rows([
                (.weight(7), .stack([.strategies, .chart, .book, .tape, .heatmap, .watchlist, .backtests])),
                (.weight(7), .stack([.orders, .positions])),
                (.weight(7), .stack([.alerts, .log])),
            ])
        }
    }

    private static func medium(_ preset: Arrangement.Preset) -> LayoutTree {
        switch preset {
        case .trade:
            .rows([
                (.weight(22), .columns([(.weight(2), .stack([.chart])), (.weight(1), .stack([.book, .heatmap]))])),
                (
                    .weight(15),
                    .columns([
                        (.weight(2), .stack([.positions, .orders, .strategies, .backtests, .watchlist, .log])),
                        (.weight(1), .rows([(.weight(1), .stack([.tape])), (.weight(1), .stack([.alerts]))])),
                    ])
                ),
            ])
        case .watch:
            .columns([
                (
                    .weight(3),
                    .rows([
                        (.weight(3), .stack([.chart])),
                        (.weight(1), .stack([.alerts, .positions, .orders, .strategies, .backtests, .log])),
                    ])
                ),
                (
                    .weight(1),
                    .rows([
                        (.weight(1), .stack([.watchlist])), (.weight(2), .stack([.tape])),
                        (.weight(2), .stack([.book, .heatmap])),
                    ])
                ),
            ])
        case .research:
            .rows([
                (.weight(22), .stack([.backtests])),
                (
                    .weight(15),
                    .columns([
                        (.weight(1), .stack([.chart, .book, .tape, .heatmap, .watchlist])),
                        (.weight(1), .stack([.strategies, .positions, .orders, .alerts, .log])),
                    ])
                ),
            ])
        case .ops:
            .rows([
                (
                    .weight(1),
                    .columns([
                        (.weight(1), .stack([.strategies])),
                        (.weight(1), .stack([.chart, .book, .tape, .heatmap, .watchlist, .backtests])),
                    ])
                ),
                (.weight(1), .columns([(.weight(1), .stack([.positions])), (.weight(1), .stack([.orders]))])),
                (.weight(1), .columns([(.weight(1), .stack([.alerts])), (.weight(1), .stack([.log]))])),
            ])
        }
    }

    private static func large(_ preset: Arrangement.Preset) -> LayoutTree {
        switch preset {
        case .trade:
            .rows([
                (
                    .weight(33),
                    .columns([
                        (
                            .fixed(42),
                            .rows([(.weight(8), .stack([.watchlist])), (.weight(20), .stack([.strategies]))])
                        ),
                        (.weight(1), .stack([.chart])), (.fixed(44), .stack([.book])),
                    ])
                ),
                (
                    .weight(14),
                    .columns([
                        (.weight(38), .stack([.heatmap])), (.fixed(38), .stack([.tape])),
                        (.weight(46), .stack([.positions, .backtests])),
                    ])
                ),
                (.weight(10), .columns([(.weight(1), .stack([.alerts, .log])), (.weight(1), .stack([.orders]))])),
            ])
        case .watch:
            .columns([
                (.fixed(42), .rows([(.weight(1), .stack([.watchlist])), (.weight(1), .stack([.alerts, .log]))])),
                (
                    .weight(1),
                    .rows([
                        (.weight(3), .stack([.chart])),
                        (.weight(2), .stack([.heatmap, .positions, .orders, .strategies, .backtests])),
                    ])
                ),
                (.fixed(44), .rows([(.weight(3), .stack([.book])), (.weight(2), .stack([.tape]))])),
            ])
        case .research:
            .columns([
                (
                    .weight(1),
                    .rows([
                        (.weight(2), .stack([.chart, .book, .tape, .heatmap, .watchlist])),
                        (.weight(1), .stack([.strategies, .positions, .orders])),
                    ])
                ),
                (.weight(1), .rows([(.weight(3), .stack([.backtests])), (.weight(1), .stack([.log, .alerts]))])),
            ])
        case .ops:
            .rows([
                (
                    .weight(1),
                    .columns([
                        (.weight(1), .stack([.strategies])),
                        (.weight(1), .stack([.chart, .book, .tape, .heatmap, .watchlist, .backtests])),
                    ])
                ),
                (.weight(1), .columns([(.weight(1), .stack([.positions])), (.weight(1), .stack([.orders]))])),
                (.weight(1), .columns([(.weight(1), .stack([.alerts])), (.weight(1), .stack([.log]))])),
            ])
        }
    }
}
