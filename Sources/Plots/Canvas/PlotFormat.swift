/// What a plot is written as.
public enum PlotFormat: String, Sendable, CaseIterable {
    /// Pixels.
    case png
    /// Paths, for the web and for paper.
    case svg

    /// The format that a file's name asks for; `nil` when it ends with neither `.png` nor `.svg`.
    public init?(file: String) {
        let name = file.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."),
            let format = PlotFormat(rawValue: name[dot...].dropFirst().lowercased())
        else { return nil }
        self = format
    }
}
