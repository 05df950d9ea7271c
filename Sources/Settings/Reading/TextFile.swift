/// A small file of text that is no configuration: a table that an option names.
public enum TextFile {
    /// No such table is larger.
    private static let largest = 64 << 20

    /// What stands in a file.
    ///
    /// - Throws: `SettingsError` when it can't be read, is no text in UTF-8, or is larger than 64 MiB.
    public static func contents(of file: String) throws(SettingsError) -> String {
        try SettingsDocument.contents(file, largest: largest)
    }
}
