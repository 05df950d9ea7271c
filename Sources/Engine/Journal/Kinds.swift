import Trading

/// What a record of the journal is. The journal itself has a few numbers of its own beyond these.
typealias JournalKind = Trading.JournalKind
