import Glibc

extension Journal {
    /// Writes a checkpoint, whole or not at all, and removes those that are no longer needed: the newest three stay, and
    /// those that a session began with. Not for the kernel's thread: it waits for the disk.
    ///
    /// - Parameters:
    ///   - checkpoint: what the state was taken after.
    ///   - body: the state.
    ///   - milliseconds: how long to wait until the records before it are on the disk.
    /// - Returns: the checkpoint with digests and path.
    /// - Throws: `JournalError`, `timeout` when the records before it are not on the disk in time.
    @discardableResult
    public func writeCheckpoint(
        _ checkpoint: JournalCheckpoint, body: [UInt8], milliseconds: Int32 = 10_000
    ) throws(JournalError) -> JournalCheckpoint {
        var checkpoint = checkpoint
        checkpoint.path = directory + "/" + checkpoint.name
        checkpoint.bytes = body.count
        guard
            waitUntilDurable(
                decisions: checkpoint.decision, market: checkpoint.market, milliseconds: milliseconds)
        else {
            throw JournalError(
                .timeout, checkpoint.path,
                "the records before the checkpoint are not on the disk after \(milliseconds) ms")
        }
        checkpoint.decisionHash = try hash(.decisions, checkpoint.decision)
        checkpoint.marketHash = try hash(.market, checkpoint.market)
        options.crashPoint?(.checkpointBegins)
        let unfinished = checkpoint.path + ".tmp"
        do throws(FileFailure) {
            let file = try files.open(unfinished, flags: O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, mode: 0o600)
            do throws(FileFailure) {
                try files.writeAll(file, checkpoint.header(for: body), at: 0)
                try files.writeAll(file, body, at: JournalCheckpoint.headerSize)
                try files.sync(file)
            } catch {
                files.close(file)
                try? files.remove(unfinished)
                throw error
            }
            files.close(file)
            options.crashPoint?(.checkpointPrepared)
            try files.rename(unfinished, to: checkpoint.path)
            try files.syncDirectory(directory)
        } catch { throw JournalError(error, checkpoint.path) }
        options.crashPoint?(.checkpointDone)
        try removeOldCheckpoints()
        return checkpoint
    }

    /// The checkpoints, by their headers.
    ///
    /// - Throws: `JournalError` when the directory can't be read.
    public func checkpoints() throws(JournalError) -> CheckpointList {
        try JournalCheckpoint.list(in: directory, files: files)
    }

    private func hash(_ stream: JournalStream, _ sequence: UInt64) throws(JournalError) -> JournalHash {
        try JournalReader.hash(of: sequence, stream, in: directory, files: files) ?? .none
    }

    private func removeOldCheckpoints() throws(JournalError) {
        let kept = 3
        let list = try checkpoints().valid
        let first = try JournalPruning.read(.decisions, in: directory, files: files)?.firstSequence ?? 1
        for checkpoint in list.dropLast(kept) where !checkpoint.bordersSession || checkpoint.decision + 1 < first {
            do throws(FileFailure) { try files.remove(checkpoint.path) } catch {
                throw JournalError(error, checkpoint.path)
            }
        }
    }
}
