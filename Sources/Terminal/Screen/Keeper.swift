import CTerminal
import Glibc

/// The process in front of this one, which the shell waits for, so that this one can leave the terminal and go on.
public enum Keeper {
    /// Splits the process in two. What follows runs in the child; the process that the shell started only waits, passes
    /// SIGTERM, SIGINT and SIGUSR1 on, and ends as the child ends. Where there can't be two, what follows runs in the only
    /// one, without a keeper.
    ///
    /// - Precondition: the process has one thread.
    /// - Parameter inKeeper: done by the keeper before it waits: it has a copy of all that was in memory, and is there as long
    ///   as the child.
    public static func split(_ inKeeper: @convention(c) () -> Void) { _ = ct_split(inKeeper) }

    /// Whether there is one.
    public static var isPresent: Bool { ct_has_keeper() != 0 }

    /// From now on this process goes on when the keeper ends, whatever ends it. The keeper stays and passes signals on.
    public static func outlive() { ct_outlive_keeper() }

    /// Leaves the terminal: this process gets a session of its own with nothing to read and write, and the keeper prints
    /// a line and ends with 0.
    ///
    /// - Returns: 0, or the error number that prevented it.
    public static func part(saying line: String) -> Int32 { ct_part_from_keeper(line + "\n") }
}
