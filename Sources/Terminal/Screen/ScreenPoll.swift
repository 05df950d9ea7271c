import CTerminal
import Glibc

extension Screen {
    /// How long a new size must stand before it counts: dragging a window corner gives dozens.
    private static let resizePatience = Duration.milliseconds(50)
    /// How long a paste may pause before it counts as ended.
    private static let pastePatience = Duration.milliseconds(500)

    /// Waits for input, a wake-up or the time to pass, and gives the events that came.
    ///
    /// - Parameters:
    ///   - timeout: how long to wait at most; nil for as long as it takes.
    ///   - waker: ends the waiting early from another thread.
    ///   - descriptor: another descriptor that ends the waiting when it is readable; the caller makes it quiet.
    /// - Returns: the events in order; empty after a wake-up, when time ran out, or when a slow terminal has caught up
    ///   and ``owesFrame``.
    public func poll(timeout: Duration?, waker: Waker? = nil, watching descriptor: Int32 = -1) -> [InputEvent] {
        let end = timeout.map { ContinuousClock.now + $0 }
        var events: [InputEvent] = []
        while true {
            var isWoken = false
            let wait = milliseconds(until: end)
            for ready in pollDescriptors(waker, descriptor, wait) {
                switch ready {
                case .terminal: events += readTerminal()
                case .signals: events += readSignals()
                case .waker, .watched: isWoken = true
                case .hangUp:
                    events += readTerminal()
                    device.markGone()
                }
            }
            if device.isDraining {
                device.drain()
                if owesFrame, !device.isDraining { isWoken = true }
            }
            events += giveUpIfDue()
            if device.isGone, !device.isHeadless, !hasReportedHangUp {
                hasReportedHangUp = true
                events.append(.hangUp)
            }
            if let resize = resizeIfSettled() { events.append(resize) }
            if !events.isEmpty || isWoken { return events }
            if let end, ContinuousClock.now >= end { return events }
        }
    }

    private enum Ready {
        case terminal
        case signals
        case waker
        case watched
        case hangUp
    }

    private func pollDescriptors(_ waker: Waker?, _ watched: Int32, _ milliseconds: Int32) -> [Ready] {
        let isListening = !device.isHeadless && !device.isGone
        let terminalEvents = POLLIN | (device.isDraining ? POLLOUT : 0)
        var entries = [
            pollfd(fd: isListening ? device.descriptor : -1, events: Int16(terminalEvents), revents: 0),
            pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
            pollfd(fd: waker?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: watched, events: Int16(POLLIN), revents: 0),
        ]
        guard Glibc.poll(&entries, 4, milliseconds) > 0 else { return [] }
        var ready: [Ready] = []
        let terminal = Int32(entries[0].revents)
        if terminal & (POLLHUP | POLLERR | POLLNVAL) != 0 {
            ready.append(.hangUp)
        } else if terminal & POLLIN != 0 {
            ready.append(.terminal)
        }
        if entries[1].revents != 0 { ready.append(.signals) }
        if entries[2].revents != 0 {
            waker?.drain()
            ready.append(.waker)
        }
        if entries[3].revents != 0 { ready.append(.watched) }
        return ready
    }

    /// The time until something has to be looked at: the caller's end, a pending sequence, a size to settle. Sizes are
    /// compared four times a second even without a signal, which another thread or library may have swallowed.
    private func milliseconds(until end: ContinuousClock.Instant?) -> Int32 {
        let now = ContinuousClock.now
        var shortest: Duration = device.isHeadless || device.isGone ? .seconds(3600) : .milliseconds(250)
        if let end { shortest = min(shortest, end - now) }
        if let decoderDeadline { shortest = min(shortest, decoderDeadline - now) }
        if let announcedSize { shortest = min(shortest, announcedSize.since + Screen.resizePatience - now) }
        return shortest <= .zero ? 0 : Int32(min(3_600_000, shortest / .milliseconds(1) + 1))
    }

    private func readTerminal() -> [InputEvent] {
        let bytes = device.receive()
        guard !bytes.isEmpty else { return [] }
        let events = decoder.decode(bytes)
        switch decoder.pending {
        case nil: decoderDeadline = nil
        case .sequence: decoderDeadline = .now + .milliseconds(options.escapeDelayMilliseconds)
        case .paste: decoderDeadline = .now + Screen.pastePatience
        }
        return events
    }

    private func giveUpIfDue() -> [InputEvent] {
        guard let decoderDeadline, ContinuousClock.now >= decoderDeadline else { return [] }
        self.decoderDeadline = nil
        return decoder.giveUp()
    }

    private func readSignals() -> [InputEvent] {
        var numbers = [UInt8](repeating: 0, count: 64)
        let count = read(signals, &numbers, numbers.count)
        var events: [InputEvent] = []
        for number in numbers.prefix(max(0, count)) {
            switch Int32(number) {
            case SIGINT: events.append(.signal(.interrupt))
            case SIGTERM: events.append(.signal(.terminate))
            case SIGHUP: device.markGone()
            case SIGCONT: resumeAfterStop()
            default: break  // a new size is noticed by comparing
            }
        }
        return events
    }

    /// After a stop from outside the shell may have changed the modes and written on the screen.
    private func resumeAfterStop() {
        guard !device.isHeadless, !device.isGone else { return }
        ct_remake_raw()
        repaint()
    }

    private func resizeIfSettled() -> InputEvent? {
        guard !device.isGone, let current = device.size else { return nil }
        guard current != size else {
            announcedSize = nil
            return nil
        }
        let now = ContinuousClock.now
        guard let announced = announcedSize, announced.size == current else {
            announcedSize = (current, now)
            return nil
        }
        guard now - announced.since >= Screen.resizePatience else { return nil }
        announcedSize = nil
        resize(to: current)
        return .resize(current)
    }

    /// Takes over a size. A headless screen may be given one by hand, to test what a resize does.
    func resize(to newSize: Size) {
        size = newSize
        ct_resize(Int32(newSize.height), Int32(newSize.width))
        last = nil
        needsRepaint = true
    }
}
