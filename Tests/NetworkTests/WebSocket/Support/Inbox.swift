import Foundation
import Synchronization
import Testing

@testable import Network

/// Keeps what a WebSocket hands to its handler.
final class Inbox: Sendable {
    enum Item: Equatable {
        case text(String)
        case binary([UInt8])
        case closed(WebSocketClosure)
    }

    private let state = Mutex<(items: [Item], times: [Int64])>(([], []))

    /// What has come so far.
    var items: [Item] { state.withLock { $0.items } }

    /// When the messages came.
    var times: [Int64] { state.withLock { $0.times } }

    /// The handler.
    func take(_ event: WebSocketEvent) {
        switch event {
        case .text(let bytes, let time): keep(.text(String(decoding: bytes, as: UTF8.self)), time)
        case .binary(let bytes, let time): keep(.binary(Array(bytes)), time)
        case .closed(let closure): keep(.closed(closure), nil)
        }
    }

    private func keep(_ item: Item, _ time: Int64?) {
        state.withLock { state in
            state.items.append(item)
            if let time { state.times.append(time) }
        }
    }

    /// Waits until that many have come.
    func wait(for count: Int) async -> [Item] {
        await eventually { items.count >= count }
        return items
    }

    /// How the connection ended.
    func closure() async throws -> WebSocketClosure {
        await eventually { if case .closed = items.last { true } else { false } }
        guard case .closed(let closure) = items.last else {
            throw WebSocketError(.failed, "test", "the connection did not end: \(items.count) items")
        }
        return closure
    }
}

/// Waits until something is so; no longer than two minutes.
@discardableResult
func eventually(_ condition: () -> Bool) async -> Bool {
    let end = Date().addingTimeInterval(120)
    while !condition() {
        guard Date() < end else { return false }
        try? await Task.sleep(for: .milliseconds(2))
    }
    return true
}

extension WebSocketOptions {
    /// Options that a busy machine can't make fail: nothing happens by itself, and nothing is given up soon.
    static var patient: WebSocketOptions {
        var options = WebSocketOptions()
        options.pingInterval = nil
        options.silenceTimeout = .seconds(300)
        options.connectTimeout = .seconds(100)
        options.upgradeTimeout = .seconds(100)
        options.closeTimeout = .seconds(100)
        return options
    }
}

extension WebSocket {
    /// Opens a connection without a proxy, whatever the environment names.
    static func open(
        _ address: String, _ inbox: Inbox, _ options: WebSocketOptions = .patient
    ) async throws(WebSocketError) -> WebSocket {
        try await connect(to: address, options, through: ProxyEnvironment([:])) { inbox.take($0) }
    }
}
