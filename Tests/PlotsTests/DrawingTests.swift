import Foundation
import Testing

@testable import Plots

@Suite("Plots are drawn as PNG and SVG")
struct DrawingTests {
    private func plot(_ title: String = "Title") -> Plot {
        let points = (0...10).map { PlotPoint(Double($0), Double($0 * $0)) }
        return Plot(
            title: title, subtitle: "what it is of", footer: "made from",
            panels: [
                Panel(title: "Squares", x: Axis("x"), y: Axis("y"), marks: [.line(points, .series(0), name: "square")])
            ])
    }

    @Test("a PNG has the size asked for, the ground of its theme, and the colour of its line")
    func png() throws {
        for (theme, ground, line) in [
            (PlotTheme.light, UInt32(0xFFFFFF), UInt32(0x0072B2)), (.dark, 0x14171C, 0x56B4E9),
        ] {
            let bytes = try plot().draw(.png, size: PlotSize(width: 640, height: 400), theme: theme)
            let picture = try #require(Picture(png: bytes))
            #expect(picture.width == 640 && picture.height == 400)
            #expect(picture.color(1, 1) == ground && picture.color(638, 398) == ground)
            // The legend's sample lies flat and has it pure; the curve is smoothed.
            #expect(picture.count(of: line) >= 10)
        }
    }

    @Test("an SVG is XML of that size, whose line goes through the points")
    func svg() throws {
        let bytes = try plot().draw(.svg, size: PlotSize(width: 640, height: 400))
        let reader = try #require(SVGReader(bytes))
        let root = try #require(reader.elements.first)
        #expect(root.name == "svg" && root.attributes["viewBox"] == "0 0 640 400")
        let points = reader.stroke("rgb(0%,44.70%,69.80%)")
        #expect(points.count >= 11)
        // Equal steps across, and up as the squares are.
        let line = Array(points.prefix(11))
        let step = line[1].x - line[0].x
        for (index, point) in line.enumerated() {
            #expect(abs(point.x - line[0].x - Double(index) * step) < 0.1)
            let share = (line[0].y - point.y) / (line[0].y - line[10].y)
            #expect(abs(share - Double(index * index) / 100) < 0.001)
        }
    }

    @Test("the same plot gives the same bytes, however many were drawn before", arguments: PlotFormat.allCases)
    func repeated(_ format: PlotFormat) throws {
        let size = PlotSize(width: 320, height: 240)
        let first = try plot().draw(format, size: size, origin: "origin")
        _ = try plot("another").draw(format, size: size)
        #expect(try plot().draw(format, size: size, origin: "origin") == first)
    }

    @Test("what it was made from is in the file")
    func origin() throws {
        let size = PlotSize(width: 320, height: 240)
        let svg = try plot("a <b> & \"c\"").draw(.svg, size: size, origin: "hash <1> & 2")
        let reader = try #require(SVGReader(svg))
        #expect(reader.texts["title"] == "a <b> & \"c\"")
        #expect(reader.texts["desc"] == "hash <1> & 2")
        let png = try plot().draw(.png, size: size, origin: "hash 0123 – größer")
        #expect(Picture(png: png) != nil, "a reader that checks sums takes it")
        let mark = Array("iTXtDescription\0\0\0\0\0hash 0123 – größer".utf8)
        #expect(Data(png).range(of: Data(mark)) != nil)
    }

    @Test("the sum of a chunk is that of ISO 3309")
    func checksum() {
        #expect(PNGText.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
        #expect(PNGText.checksum(Array("IEND".utf8)) == 0xAE42_6082)
    }

    @Test(
        "sizes that can't be drawn are refused",
        arguments: [(0, 100), (100, 400), (400, 100_000), (-5, 300)])
    func size(_ width: Int, _ height: Int) {
        let error = #expect(throws: PlotError.self) {
            try plot().draw(.png, size: PlotSize(width: width, height: height))
        }
        #expect(error == .size(width: width, height: height))
        #expect(error?.description.contains("160 to 8000") == true)
    }

    @Test("sizes and formats are read as people write them")
    func texts() {
        #expect(PlotSize("1200x800") == PlotSize(width: 1_200, height: 800))
        for text in ["", "1200", "1200x", "x800", "1200x800x1", "12x12", "99999x800", "1200×800", "-400x300"] {
            #expect(PlotSize(text) == nil, "\(text)")
        }
        #expect(PlotFormat(file: "a/b.PNG") == .png && PlotFormat(file: "x.y.svg") == .svg)
        for file in ["png", "a.gif", "a.png.txt", "dir.svg/file", ""] {
            #expect(PlotFormat(file: file) == nil, "\(file)")
        }
    }

    @Test(
        "what can't be a place is left out rather than drawn somewhere",
        arguments: [[], [Double.nan], [.infinity, 1], [5], [0, 0, 0], [1e300, -1e300], [1, .nan, 2]])
    func strange(_ values: [Double]) throws {
        let points = values.enumerated().map { PlotPoint(Double($0.offset), $0.element) }
        for scale in [Axis.Scale.linear, .time, .logarithmic] {
            let plot = Plot(
                title: "",
                panels: [
                    Panel(x: Axis("", scale), y: Axis("", scale), marks: [.line(points, .series(0), name: "a")]),
                    Panel(x: Axis("", scale), y: Axis(), marks: [.area(points, base: 0, .loss, name: nil)]),
                    Panel(x: Axis(), y: Axis(), marks: [.points(points, .disc, .gain, name: nil)]),
                ])
            let svg = try plot.draw(.svg, size: PlotSize(width: 320, height: 320))
            #expect(SVGReader(svg) != nil)
            #expect(!String(decoding: svg, as: UTF8.self).contains("nan"))
        }
    }

    @Test("names of others are drawn as they are, whatever is in them")
    func names() throws {
        for title in [
            "<script>alert(1)</script>", "\u{0}\u{1B}[31m", "الربح 利润 📈", String(repeating: "long ", count: 500),
        ] {
            let svg = try plot(title).draw(.svg, size: PlotSize(width: 320, height: 240))
            #expect(SVGReader(svg) != nil)
            _ = try plot(title).draw(.png, size: PlotSize(width: 320, height: 240))
        }
    }

    @Test("where letters know ASCII alone, no sign becomes a box that reads as another number")
    func ascii() {
        #expect(PlainText.ascii("−12\u{A0}000.50 % · a…b – 利") == "-12 000.50 % | a...b - ?")
    }

    @Test("labels of an axis don't touch, however narrow it is", arguments: [200, 400, 900, 2_000])
    func labels(_ width: Int) throws {
        let size = PlotSize(width: width, height: 300)
        let canvas = try Canvas(size, .png)
        let measures = Measures(size)
        for (scale, range) in [
            (Axis.Scale.time, 1_672_531_200.0...1_704_067_200.0), (.linear, 0...1_234_567), (.logarithmic, 1...1e6),
            (.names((0..<60).map { "name \($0)" }), -0.5...59.5),
        ] {
            let side = PanelScale.Side(
                range: range, isLogarithmic: scale == .logarithmic, start: 40, end: Double(width) - 10)
            let ticks = AxisText.horizontal(Axis("", scale), side, canvas, measures)
            var end = -Double.infinity
            for (place, label) in zip(ticks.places, ticks.labels) {
                let half = canvas.width(of: label, size: measures.text) / 2
                #expect(side.place(place) - half > end)
                end = side.place(place) + half
            }
            #expect(!ticks.places.isEmpty)
        }
    }

    @Test("a grid has the first row at the top and its colours from low to high")
    func cells() throws {
        let grid = CellGrid([[0, 1], [nil, 0.5]], title: "value", isDiverging: false)
        let plot = Plot(
            title: "",
            panels: [Panel(x: Axis("", .names(["a", "b"])), y: Axis("", .names(["1", "2"])), marks: [.cells(grid)])])
        let picture = try #require(Picture(png: try plot.draw(.png, size: PlotSize(width: 600, height: 400))))
        // A quarter of the way into each cell, beside what is written in it.
        #expect(picture.color(60, 40) == 0x440154)
        #expect(picture.color(330, 40) == 0xFDE725)
        #expect(picture.color(330, 250) == 0x21918C)
        #expect(picture.color(60, 250) == 0xFAFAFB)
    }
}
