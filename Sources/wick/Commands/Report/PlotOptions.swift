import ArgumentParser
import Ingestion
import Plots
import Reports

/// Where a plot goes, and how it looks.
struct PlotOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Draw a plot into a file, .png or .svg.", valueName: "file"),
        completion: .file(extensions: ["png", "svg"]))
    var plot: String?

    @OptionGroup var look: PlotLook

    /// What is wrong with them, in words.
    var problems: [String] {
        var problems = look.problems
        if let plot, PlotFormat(file: plot) == nil { problems.append(PlotOptions.unknown("--plot", plot)) }
        if plot == nil { problems += look.unused(without: "--plot") }
        return problems
    }

    /// What is wrong with them beside an option `--results`, in words.
    func problems(beside results: String?) -> [String] {
        problems + OutputPaths.problems([("--results", results), ("--plot", plot)])
    }

    static func unknown(_ option: String, _ file: String) -> String {
        "\(option): '\(Table.plain(file))' is neither .png nor .svg; the file's ending says what is drawn, as equity.svg"
    }

    /// The file of the plot, opened so that what can't be written is known before the work begins; `nil` without the
    /// option.
    ///
    /// - Throws: `IngestionError`.
    func open() throws -> PlotFile? {
        guard let plot else { return nil }
        return try PlotFile.open(plot, look)
    }
}

/// How a plot looks.
struct PlotLook: ParsableArguments {
    @Option(
        name: .customLong("plot-size"),
        help: ArgumentHelp("Its size, in pixels or points (default: 1200x800).", valueName: "widthxheight"))
    var size: String?

    @Option(
        name: .customLong("plot-theme"),
        help: ArgumentHelp("light or dark (default: light).", valueName: "theme"), completion: .list(["light", "dark"]))
    var theme: String?

    /// What is wrong with them, in words.
    var problems: [String] {
        var problems: [String] = []
        if let size, PlotSize(size) == nil {
            problems.append(
                "--plot-size: '\(Table.plain(size))' is no size; expected one as 1200x800, "
                    + "\(PlotSize.range.lowerBound) to \(PlotSize.range.upperBound) each way")
        }
        if let theme, PlotLook.themes[theme.lowercased()] == nil {
            problems.append("--plot-theme: '\(Table.plain(theme))' is neither light nor dark")
        }
        return problems
    }

    /// Options that say how something looks that isn't there.
    func unused(without option: String) -> [String] {
        [("--plot-size", size), ("--plot-theme", theme)].compactMap { name, value in
            value == nil ? nil : "\(name): there is no plot; expected \(option) FILE"
        }
    }

    var plotSize: PlotSize { size.flatMap { PlotSize($0) } ?? PlotSize(width: 1_200, height: 800) }
    var plotTheme: PlotTheme { theme.flatMap { PlotLook.themes[$0.lowercased()] } ?? .light }

    private static let themes: [String: PlotTheme] = ["light": .light, "dark": .dark]
}

/// A file that a plot is drawn into.
struct PlotFile: ~Copyable {
    private var file: OutputFile
    private let format: PlotFormat
    private let look: PlotLook

    private init(_ file: consuming OutputFile, _ format: PlotFormat, _ look: PlotLook) {
        self.file = file
        self.format = format
        self.look = look
    }

    /// The file of a path.
    ///
    /// - Throws: `CommandFailure` for one that is neither PNG nor SVG, `IngestionError` for one that can't be made.
    static func open(_ path: String, _ look: PlotLook) throws -> PlotFile {
        guard let format = PlotFormat(file: path) else {
            throw CommandFailure(usage: [PlotOptions.unknown("--plot", path)])
        }
        return PlotFile(try OutputFile(path: path), format, look)
    }

    /// Draws the plot and puts the file in its place.
    mutating func write(_ plot: Plot) throws {
        let bytes = try Drawing.bytes {
            () throws(PlotError) in
            try plot.draw(
                format, size: look.plotSize, theme: look.plotTheme,
                origin: [plot.title, plot.subtitle, plot.footer].filter { !$0.isEmpty }.joined(separator: "\n"))
        }
        try file.write(bytes)
        try file.finish()
    }
}

/// Drawing, its errors as those of commands.
enum Drawing {
    static func bytes<Result>(_ draw: () throws(PlotError) -> Result) throws -> Result {
        do throws(PlotError) {
            return try draw()
        } catch {
            throw CommandFailure(.software, error.description)
        }
    }
}
