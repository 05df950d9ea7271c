/// Short messages that go away by themselves.
///
/// Time is whatever the caller counts in, as long as it only grows: nothing here reads a clock.
public struct ToastStack: Sendable, Hashable {
    /// What a message is about, and how long it stays.
    public enum Kind: Sendable, Hashable {
        /// In passing; two seconds.
        case info
        /// Something went well, a fill say; six seconds.
        case good
        /// Something to watch; four seconds.
        case warning
        /// Something failed; four seconds.
        case error

        var seconds: Double {
            switch self {
            case .info: 2
            case .good: 6
            case .warning, .error: 4
            }
        }

        var key: ThemeKey {
            switch self {
            case .info: .toastInfo
            case .good: .toastGood
            case .warning: .toastWarn
            case .error: .toastError
            }
        }
    }

    /// A message on show.
    public struct Toast: Sendable, Hashable {
        /// What it says, one line.
        public let text: String
        /// What it is about.
        public let kind: Kind
        /// How often it came while on show.
        public fileprivate(set) var count: Int
        /// When it goes, in the caller's seconds.
        public fileprivate(set) var expires: Double
    }

    /// How many are shown at once; older ones make room.
    public static let limit = 3

    /// On show, newest last.
    public private(set) var toasts: [Toast] = []

    /// Starts empty.
    public init() {}

    /// Shows a message. One that is on show already counts up and stays longer.
    ///
    /// - Parameter now: seconds on the caller's clock.
    public mutating func show(_ text: String, _ kind: Kind, now: Double) {
        let text = DisplayWidth.sanitized(text)
        let expires = now + kind.seconds
        if let index = toasts.firstIndex(where: { $0.text == text && $0.kind == kind }) {
            var toast = toasts.remove(at: index)
            toast.count += 1
            toast.expires = expires
            toasts.append(toast)
        } else {
            toasts.append(Toast(text: text, kind: kind, count: 1, expires: expires))
        }
        if toasts.count > ToastStack.limit { toasts.removeFirst() }
    }

    /// Removes messages whose time is over.
    ///
    /// - Returns: whether anything changed, that is whether to draw.
    @discardableResult
    public mutating func expire(now: Double) -> Bool {
        let before = toasts.count
        toasts.removeAll { $0.expires <= now }
        return toasts.count != before
    }

    /// When the next message goes; nil when there is none. To wait no longer than that.
    public var nextExpiry: Double? { toasts.map(\.expires).min() }

    /// Draws the messages upward from a row, newest lowest.
    ///
    /// - Returns: the rows used.
    @discardableResult
    public func draw(into canvas: inout Canvas, x: Int, bottom y: Int, width: Int, theme: Theme) -> Int {
        for (offset, toast) in toasts.reversed().enumerated() {
            let style = theme[toast.kind.key]
            let row = y - offset
            canvas.fill(Rect(x: x, y: row, width: width, height: 1), Cell(" ", style: style))
            let repeats = toast.count > 1 ? " (\(toast.count)x)" : ""
            let ellipsis: Unicode.Scalar = theme.glyphs == .ascii ? "~" : "…"
            let text = DisplayWidth.truncated(
                toast.text, to: width - 2 - repeats.utf8.count, ellipsis: ellipsis)
            canvas.put(text + repeats, x: x + 1, y: row, style: style, maxWidth: width - 1)
        }
        return toasts.count
    }
}
