import Glibc

/// Takes what is damaged out of a journal's way, without losing a byte of it. A process that ends in the middle leaves a
/// journal that is damaged at the same place, and the next try begins anew.
struct DamageMover {
    let directory: String
    let files: any JournalFiles

    /// Moves everything from the damage on aside.
    func moveAside(_ damage: StreamScan.Damage, of segments: [SegmentFile]) throws(JournalError) {
        guard damage.segment < segments.count else { return }
        let isKept = damage.offset >= SegmentHeader.size
        let first = isKept ? damage.segment + 1 : damage.segment
        // The last first, so that no hole appears before the damage does.
        for index in stride(from: segments.count - 1, through: first, by: -1) { try moveAside(segments[index].path) }
        guard isKept else { return }
        let segment = segments[damage.segment]
        do throws(FileFailure) {
            let bytes = try files.contents(of: segment.path)
            try files.replace(aside(segment.path), with: bytes, in: directory)
            guard segment.isCompressed else {
                let file = try files.open(segment.path, flags: O_RDWR | O_CLOEXEC, mode: 0)
                defer { files.close(file) }
                try files.truncate(file, to: damage.offset)
                try files.sync(file)
                return
            }
        } catch { throw JournalError(error, segment.path) }
        try unpack(segment, until: damage.offset)
    }

    /// Moves a file aside.
    func moveAside(_ path: String) throws(JournalError) {
        do throws(FileFailure) {
            try files.rename(path, to: aside(path))
            try files.syncDirectory(directory)
        } catch { throw JournalError(error, path) }
    }

    /// The name that a damaged file gets; the catalog does not know it.
    private func aside(_ path: String) -> String { "\(path).damaged-\(MonotonicClock.wall() / 1_000_000)" }

    /// Writes the good part of a compressed segment as a plain one.
    private func unpack(_ segment: SegmentFile, until offset: Int) throws(JournalError) {
        let source = try SegmentSource(segment, files: files)
        var bytes: [UInt8] = []
        while bytes.count < offset, try source.read(into: &bytes) {}
        do throws(FileFailure) {
            try files.replace(String(segment.path.dropLast(4)), with: Array(bytes.prefix(offset)), in: directory)
            try files.remove(segment.path)
        } catch { throw JournalError(error, segment.path) }
    }
}
