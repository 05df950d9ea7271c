import CCurl

/// Where libcurl keeps the connections that the next requests take.
///
/// A path that has died says nothing: what is sent over it is swallowed, and no end of the connection ever comes. Of a
/// connection that several requests share (HTTP/2) libcurl ends only the one that had no answer in time, and sends the next
/// over the same silence; of several that one request has each (HTTP/1.1) it takes the next, which lie on the same path. So
/// once a request broke down on its way, what comes next finds an empty pool and makes a connection anew. What is under way
/// on older connections stays there and ends by itself: it may yet be answered.
///
/// Under the loop's lock, as everything of libcurl.
struct CurlPools {
    /// Where the next request finds its connection; `nil` for the multi handle's own, where there was no memory for another.
    private(set) var current: UnsafeMutableRawPointer?
    /// Those that are used for nothing new; they go with the last request on them.
    private var old: [UnsafeMutableRawPointer] = []

    /// Makes the first pool. libcurl wants to have been told of the process before.
    mutating func open() { current = ccurl_new_pool() }

    /// What the next requests must not be sent on, as one on it broke down. Only the first such request of a pool counts: the
    /// others were on the same connections.
    mutating func retire(_ pool: UnsafeMutableRawPointer?) {
        guard pool == current, let next = ccurl_new_pool() else { return }
        if let pool { old.append(pool) }
        current = next
    }

    /// Closes the connections of old pools that no handle uses any more.
    mutating func sweep() {
        guard !old.isEmpty else { return }
        old.removeAll { curl_share_cleanup($0) == CURLSHE_OK }
    }

    /// Closes every connection. No handle may use them any more.
    mutating func close() {
        if let current { old.append(current) }
        current = nil
        sweep()
    }
}

extension CURLcode {
    /// Whether a request that was sent ended for its connection's sake, not for what was said on it. A connection that its
    /// server ended in good order tells nothing of others.
    var isOfConnection: Bool {
        switch self {
        case CURLE_OPERATION_TIMEDOUT, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_SEND_FAIL_REWIND, CURLE_HTTP2: true
        default: false
        }
    }
}
