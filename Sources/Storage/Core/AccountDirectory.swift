import FoundationEssentials
import Glibc

// Accounts of a data directory: each market trades on one of its own, so that play money on a made-up market, play money
// on real prices and real money never meet in one database or one journal.
extension DataDirectory {
    /// The file that names the account used last.
    private var accountFile: String { file("account") }

    /// The directory of a market's account: database and journal. The synthetic market's account, whose name is `nil`, is in
    /// the data directory itself; the lock, the sockets, the log and the latch of the emergency stop are there for all.
    ///
    /// - Precondition: a name consists of lower-case letters, digits and hyphens.
    public func account(named name: String?) -> DataDirectory {
        guard let name else { return self }
        precondition(DataDirectory.isAccountName(name), "'\(name)' can't be the name of an account")
        return DataDirectory(path: file(name))
    }

    /// The name of the account that an engine used last; `nil` for that of the synthetic market.
    public var lastAccount: String? {
        guard let text = try? String(contentsOfFile: accountFile, encoding: .utf8) else { return nil }
        let name = text.hasSuffix("\n") ? String(text.dropLast()) : text
        guard DataDirectory.isAccountName(name), access(file(name), X_OK) == 0 else { return nil }
        return name
    }

    /// Remembers which account an engine uses, for commands that look at it while none runs.
    ///
    /// - Throws: `StoreError` when the file can't be written; what was remembered stays then.
    public func remember(account name: String?) throws(StoreError) {
        guard lastAccount != name else { return }
        let draft = accountFile + ".new"
        do {
            guard let name else {
                if unlink(accountFile) == 0 || errno == ENOENT { return }
                throw StoreError(.cannotOpen, path: accountFile, detail: String(cString: strerror(errno)))
            }
            try Data((name + "\n").utf8).write(to: URL(filePath: draft))
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(.cannotOpen, path: draft, detail: "\(error)")
        }
        guard rename(draft, accountFile) == 0 else {
            throw StoreError(.cannotOpen, path: accountFile, detail: String(cString: strerror(errno)))
        }
    }

    private static func isAccountName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 64 && !name.hasPrefix("-")
            && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }
}
