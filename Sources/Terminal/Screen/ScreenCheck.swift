import Glibc

extension Screen {
    /// Whether a screen can be opened, without touching the terminal: for programs that want to know before they start
    /// what the screen is to show.
    ///
    /// - Returns: the type of the terminal that is used.
    /// - Throws: ``ScreenError``, what ``open(_:)`` would say.
    @discardableResult
    public static func check(_ options: ScreenOptions = ScreenOptions()) throws(ScreenError) -> String {
        if case .standard = options.destination { try TerminalDevice.checkStandard() }
        return try usableType(options.terminalType ?? options.variable("TERM") ?? "", options)
    }
}
