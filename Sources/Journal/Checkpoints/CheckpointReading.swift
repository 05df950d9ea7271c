import Glibc

/// The checkpoints of a journal, and those files that are none any more.
public struct CheckpointList: Hashable, Sendable {
    /// Those whose headers are right, oldest first.
    public internal(set) var valid: [JournalCheckpoint] = []
    /// Files that can't be used, and why.
    public internal(set) var damaged: [JournalError] = []
}

/// A checkpoint with its state.
public struct LoadedCheckpoint: Sendable {
    /// The checkpoint.
    public let checkpoint: JournalCheckpoint
    /// The state.
    public let body: [UInt8]
    /// Newer ones that could not be used, and why.
    public let passedOver: [JournalError]
}

extension JournalCheckpoint {
    /// The checkpoints of a journal, by their headers.
    ///
    /// - Throws: `JournalError` when the directory can't be read.
    public static func list(
        in directory: String, files: any JournalFiles = SystemFiles()
    ) throws(JournalError) -> CheckpointList {
        var list = CheckpointList()
        for path in try JournalCatalog(directory, files: files).checkpoints {
            do throws(JournalError) { list.valid.append(try header(of: path, files: files)) } catch {
                // It may have been removed since the directory was read.
                if error.isDamage { list.damaged.append(error) }
            }
        }
        list.valid.sort { ($0.decision, $0.market) < ($1.decision, $1.market) }
        return list
    }

    /// The newest checkpoint that can be used: its bytes are those that were written, and the journal holds the records
    /// that it was taken after. Older ones are tried until one is.
    ///
    /// - Parameter decision: checkpoints after this decision record are left out.
    /// - Returns: `nil` when there is none.
    /// - Throws: `JournalError` when the directory or the journal can't be read.
    public static func newest(
        in directory: String, notAfter decision: UInt64 = .max, files: any JournalFiles = SystemFiles()
    ) throws(JournalError) -> LoadedCheckpoint? {
        let list = try list(in: directory, files: files)
        var passedOver = list.damaged
        for checkpoint in list.valid.reversed() where checkpoint.decision <= decision {
            do throws(JournalError) {
                try checkpoint.compare(in: directory, files: files)
                let body = try checkpoint.body(files: files)
                return LoadedCheckpoint(checkpoint: checkpoint, body: body, passedOver: passedOver)
            } catch {
                guard error.isDamage else { throw error }
                passedOver.append(error)
            }
        }
        return nil
    }

    /// The state.
    ///
    /// - Throws: `JournalError` when its bytes are not those that were written.
    public func body(files: any JournalFiles = SystemFiles()) throws(JournalError) -> [UInt8] {
        let all: [UInt8]
        do throws(FileFailure) { all = try files.contents(of: path) } catch { throw JournalError(error, path) }
        guard all.count == Self.headerSize + bytes else {
            throw JournalError(.torn, path, "the file has \(all.count) bytes, expected \(Self.headerSize + bytes)")
        }
        let isRight = all.withUnsafeBytes { raw in
            raw.number(56, as: UInt32.self) == checksum(UnsafeRawBufferPointer(rebasing: raw[Self.headerSize...]))
        }
        guard isRight else {
            throw JournalError(.checksum, path, "the checksum does not fit the \(bytes) bytes of the state")
        }
        return Array(all[Self.headerSize...])
    }

    private static func header(of path: String, files: any JournalFiles) throws(JournalError) -> JournalCheckpoint {
        var bytes = [UInt8](repeating: 0, count: headerSize)
        let count: Int
        do throws(FileFailure) {
            let file = try files.open(path, flags: O_RDONLY | O_CLOEXEC, mode: 0)
            defer { files.close(file) }
            count = try files.read(file, into: &bytes, from: 0)
        } catch { throw JournalError(error, path) }
        let result: Result<JournalCheckpoint, MalformedHeader> = bytes.withUnsafeBytes { raw in
            do throws(MalformedHeader) {
                return .success(try JournalCheckpoint(UnsafeRawBufferPointer(rebasing: raw[..<count]), path: path))
            } catch { return .failure(error) }
        }
        do throws(MalformedHeader) { return try result.get() } catch {
            throw JournalError(.header, path, offset: 0, error.reason)
        }
    }

    /// Compares the digests of the records that the state was taken after with the journal's.
    private func compare(in directory: String, files: any JournalFiles) throws(JournalError) {
        let links = [(JournalStream.decisions, decision, decisionHash), (.market, market, marketHash)]
        for (stream, sequence, expected) in links where sequence > 0 {
            guard let found = try JournalReader.hash(of: sequence, stream, in: directory, files: files) else {
                continue
            }
            guard found == expected else {
                throw JournalError(
                    .chain, path, sequence: sequence,
                    "record \(sequence) of \(stream) is not the one it was taken after")
            }
        }
    }
}

extension JournalReader {
    /// The digest of a record; `nil` when the stream begins after it, `none` for record 0.
    ///
    /// - Throws: `JournalError` of the kind `gap` when the stream ends before it.
    static func hash(
        of sequence: UInt64, _ stream: JournalStream, in directory: String, files: any JournalFiles
    ) throws(JournalError) -> JournalHash? {
        guard sequence > 0 else { return JournalHash.none }
        if let pruning = try JournalPruning.read(stream, in: directory, files: files), pruning.firstSequence > sequence
        {
            return pruning.firstSequence == sequence + 1 ? pruning.startHash : nil
        }
        var reader = try JournalReader(
            directory: directory, stream: stream, from: sequence, verifies: false, files: files)
        guard let record = try reader.record() else {
            throw JournalError(.gap, directory, sequence: sequence, "\(stream) ends before record \(sequence)")
        }
        return record.hash
    }
}

extension JournalCheckpoint {
    /// The checkpoints whose bytes are not those that were written.
    static func damaged(in directory: String, files: any JournalFiles) throws(JournalError) -> [JournalError] {
        let list = try list(in: directory, files: files)
        var damaged = list.damaged
        for checkpoint in list.valid {
            do throws(JournalError) { _ = try checkpoint.body(files: files) } catch {
                // It may have been removed since the directory was read.
                if error.isDamage { damaged.append(error) }
            }
        }
        return damaged
    }
}
