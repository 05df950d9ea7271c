import CCurl

/// How long a server asks to be left alone, as its answer says (RFC 9110, 10.2.3).
enum RetryAfter {
    /// The seconds that a field names, by their number or by the date at which they are over.
    ///
    /// - Parameters:
    ///   - text: the field `Retry-After`.
    ///   - date: the field `Date` of the same answer. A date is meant by the server's clock: held against this machine's it would
    ///     be too early or too late by as much as the two differ.
    /// - Returns: 1 or more; `nil` when it can't be read, names no time to come, or is a date of which nobody knows how far it is.
    ///   Whoever asked has a usual pause for that: a field that nobody understands must not shorten a ban.
    static func seconds(_ text: String, answeredAt date: String?) -> Int64? {
        if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return Int64(text).flatMap { $0 > 0 ? $0 : nil }
        }
        guard let end = time(text), let now = date.flatMap(time), end > now else { return nil }
        return end - now
    }

    /// The seconds since 1970 of a date in one of HTTP's three forms.
    private static func time(_ text: String) -> Int64? {
        // libcurl's reader takes more for a date than HTTP has; all of HTTP's begin with the name of a day.
        guard let first = text.utf8.first, (0x41...0x5A).contains(first), text.utf8.count >= 24 else { return nil }
        let seconds = curl_getdate(text, nil)
        return seconds < 0 ? nil : Int64(seconds)
    }
}
