/// Why a request brought nothing, after whatever was tried again.
public enum RequestFailure: Error, Sendable {
    /// No whole answer came.
    case transport(HTTPError)
    /// The server answered that it failed; the last of its answers.
    case server(HTTPResponse)
    /// The answers can't be read; what is wrong with the last.
    case damaged(String)
    /// The server wants nothing for longer than anybody waits here.
    case paused(RequestPause.Reason, seconds: Int64)
}
