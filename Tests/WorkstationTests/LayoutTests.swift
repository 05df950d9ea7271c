import Terminal
import Testing

@testable import Workstation

@Suite("A layout")
struct LayoutTests {
    /// Every size of the classes and those around their edges, and a sweep of others.
    static let sizes: [Size] = {
        let widths = [20, 27, 39, 40, 41, 60, 79, 80, 81, 99, 100, 119, 120, 159, 160, 161, 200, 250, 300]
        let heights = [5, 7, 8, 9, 15, 23, 24, 25, 29, 30, 31, 39, 40, 49, 50, 60, 75, 100]
        return widths.flatMap { width in heights.map { Size(width: width, height: $0) } }
    }()

    @Test("tiles the screen with rectangles that never overlap, at every size, preset, zoom and focus")
    func tiles() {
        for size in LayoutTests.sizes {
            for preset in Arrangement.Preset.allCases {
                for zoom in [Arrangement.Zoom.normal, .half, .full] {
                    for focus in PaneID.allCases {
                        let arrangement = Arrangement(preset: preset, zoom: zoom)
                        check(Layout.make(size, arrangement, focus: focus, borders: .rounded), size, focus)
                    }
                }
            }
        }
    }

    private func check(_ layout: Layout, _ size: Size, _ focus: PaneID) {
        let rects = ([layout.header, layout.hints, layout.status] + layout.slots.map(\.rect)).filter { !$0.isEmpty }
        let screen = Rect(size)
        // Inside, without overlaps, and as large together as the screen: that is a tiling.
        var isTiling = rects.reduce(0) { $0 + $1.width * $1.height } == size.width * size.height
        for (index, rect) in rects.enumerated() {
            if rect.intersection(screen) != rect { isTiling = false }
            for other in rects[(index + 1)...] where !rect.intersection(other).isEmpty { isTiling = false }
        }
        #expect(isTiling, "\(size) \(focus)")
        if !layout.slots.isEmpty {
            let content = layout.content(of: focus)
            #expect(content.width > 0 && content.height > 0, "\(focus) is not visible at \(size)")
        }
    }

    @Test("has every pane exactly once in each preset and class")
    func hasEveryPane() {
        for preset in Arrangement.Preset.allCases {
            for width in [WidthClass.small, .medium, .large] {
                let panes = LayoutTree.tree(preset, width).panes
                #expect(
                    panes.count == PaneID.allCases.count && Set(panes) == Set(PaneID.allCases), "\(preset) \(width)")
            }
        }
    }

    @Test("keeps the pane that a stack showed when the focus goes elsewhere")
    func remembersTabs() {
        var view = ViewState()
        view.size = Size(width: 120, height: 40)
        view.setFocus(.orders)
        view.setFocus(.chart)
        #expect(view.layout.slot(holding: .positions)?.shown == .orders)
        view.setFocus(.strategies)
        view.setFocus(.book)
        #expect(view.layout.slot(holding: .positions)?.shown == .strategies)
    }

    @Test("draws something at every size down to one cell, and never fails")
    func drawsAtEverySize() {
        for width in [1, 2, 3, 5, 9, 19, 39, 40, 41, 79, 80, 81, 120, 200] {
            for height in [1, 2, 3, 5, 7, 8, 23, 24, 40] {
                var session = Session(width, height)
                for keys in ["", "6", ":", "<ctrl-x>"] {
                    session.steps(keys)
                    #expect(session.screen().size == Size(width: width, height: height))
                }
            }
        }
    }
}
