import CTerminal

extension Screen {
    /// Shows a canvas: one write of exactly what differs from the last one, or nothing.
    ///
    /// A canvas of another size than ``size`` is shown in the upper left corner, clipped or with blanks around.
    ///
    /// - Returns: what became of it, for the performance overlay and for slowing down.
    /// - Complexity: O(cells) to compare, O(changed cells) to send.
    @discardableResult
    public func present(_ canvas: Canvas) -> FrameReport {
        let start = ContinuousClock.now
        var report = FrameReport(outcome: .presented)
        func finish(_ outcome: FrameReport.Outcome) -> FrameReport {
            report.outcome = outcome
            report.skippedFrames = skippedFrames
            report.isLinkSlow = framesSinceSkip < 20
            report.microseconds = Int((ContinuousClock.now - start) / .microseconds(1))
            return report
        }
        if device.isGone { return finish(.gone) }
        guard device.isDrained else {
            if device.isGone { return finish(.gone) }
            skippedFrames += 1
            framesSinceSkip = 0
            owesFrame = true
            return finish(.skipped)
        }
        owesFrame = false
        forgetPairsIfExhausted()
        report.changedCells = push(fitted(canvas))
        guard report.changedCells > 0 || needsRepaint || !preamble.isEmpty else { return finish(.unchanged) }
        if needsRepaint { ct_repaint() }
        needsRepaint = false
        let bytes = frameBytes()
        report.bytes = bytes.count
        device.send(bytes)
        if framesSinceSkip < Int.max { framesSinceSkip += 1 }
        framesSinceForget += 1
        return finish(device.isGone ? .gone : .presented)
    }

    /// Makes the next ``present(_:)`` paint everything anew: Ctrl-L, or a screen that others wrote on.
    public func repaint() {
        needsRepaint = true
    }

    /// Forgets the colours in use, for when a theme is changed and its predecessor's colours are no longer needed.
    public func forgetColors() {
        pairs.forget()
        last = nil
        framesSinceForget = 0
    }

    private func fitted(_ canvas: Canvas) -> Canvas {
        if canvas.size == size { return canvas }
        var whole = Canvas(size: size)
        whole.blit(canvas, at: Point(x: 0, y: 0))
        return whole
    }

    /// When pairs ran out the odd cell has a wrong ground; starting over mends it, unless one frame wants them all.
    private func forgetPairsIfExhausted() {
        if pairs.isExhausted, framesSinceForget > 100 { forgetColors() }
    }

    /// Gives ncurses what changed. Returns the number of cells that did.
    private func push(_ canvas: Canvas) -> Int {
        let width = size.width
        var changed = 0
        for y in 0..<size.height {
            let row = y * width..<(y + 1) * width
            guard let span = changedSpan(canvas, row) else { continue }
            cells.removeAll(keepingCapacity: true)
            for index in span {
                let cell = canvas.cells[index]
                let look = pairs.look(cell.style)
                cells.append(ct_cell(scalar: cell.scalar, pair: look.pair, attributes: look.attributes))
            }
            cells.withUnsafeBufferPointer {
                ct_put(Int32(y), Int32(span.lowerBound - row.lowerBound), $0.baseAddress, Int32($0.count))
            }
            changed += span.count
        }
        if changed > 0 { last = canvas }
        return changed
    }

    /// The part of a row from the first to the last cell that differs; it never begins with half a wide glyph.
    private func changedSpan(_ canvas: Canvas, _ row: Range<Int>) -> Range<Int>? {
        guard let last, last.size == canvas.size else { return row.isEmpty ? nil : row }
        var first = row.lowerBound
        while first < row.upperBound, canvas.cells[first] == last.cells[first] { first += 1 }
        guard first < row.upperBound else { return nil }
        var end = row.upperBound
        while canvas.cells[end - 1] == last.cells[end - 1] { end -= 1 }
        while first > row.lowerBound, canvas.cells[first].isContinuation { first -= 1 }
        while end < row.upperBound, canvas.cells[end].isContinuation { end += 1 }
        return first..<end
    }

    /// The bytes of the frame, as one synchronised update.
    private func frameBytes() -> [UInt8] {
        let count = ct_flush()
        guard count > 0 || !preamble.isEmpty else { return [] }
        let begin: StaticString = "\u{1B}[?2026h"
        let end: StaticString = "\u{1B}[?2026l"
        let marks = isSynchronizing ? begin.utf8CodeUnitCount + end.utf8CodeUnitCount : 0
        let opening = preamble
        preamble = []
        return [UInt8](unsafeUninitializedCapacity: opening.count + count + marks) { buffer, used in
            func append(_ bytes: UnsafeBufferPointer<UInt8>) {
                for byte in bytes {
                    buffer.initializeElement(at: used, to: byte)
                    used += 1
                }
            }
            opening.withUnsafeBufferPointer(append)
            if isSynchronizing { begin.withUTF8Buffer(append) }
            if count > 0, let base = buffer.baseAddress {
                ct_take(base + used, count)
                used += count
            }
            if isSynchronizing { end.withUTF8Buffer(append) }
        }
    }
}
