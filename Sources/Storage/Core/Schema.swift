import GRDB

/// The tables and how they came about: steps forward only, each in its own transaction.
///
/// Prices and quantities are integer mantissas at the scales of their instrument, which never change once stored. Money
/// (128 bits) is exact decimal text. Instants are nanoseconds since the Unix epoch, UTC. Shares are units of 10^−8.
enum Schema {
    /// Brings the database up to date, or up to `version` for tests of older files.
    static func prepare(_ writer: any DatabaseWriter, path: String, upTo version: Int?) throws {
        let migrator = migrator()
        if try writer.read(migrator.hasBeenSuperseded) {
            throw StoreError(.newerSchema, path: path, detail: "this release knows \(steps.count) steps of its schema")
        }
        if let version {
            try migrator.migrate(writer, upTo: steps[version - 1].name)
        } else if try !writer.read(migrator.hasCompletedMigrations) {
            try migrator.migrate(writer)
        }
    }

    private static func migrator() -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for step in steps {
            migrator.registerMigration(step.name) { try $0.execute(sql: step.sql) }
        }
        return migrator
    }

    /// The steps, oldest first. A released step never changes.
    private static let steps: [(name: String, sql: String)] = [
        ("1 market", market),
        ("2 trading", trading),
        ("3 operations", operations),
        ("4 projection", projection),
        ("5 book features", features),
        ("6 studies", studies),
        ("7 evidence", evidence),
        ("8 backtest-origin", backtestOrigin),
        ("9 trade gaps", tradeGaps),
        ("10 entry protection", entryProtection),
        ("11 trailing orders", trailing),
        ("12 candle gaps", candleGaps),
        ("13 market orders", marketOrders),
    ]

    private static let features = """
        CREATE TABLE feature_series (
          id INTEGER PRIMARY KEY,
          instrument_id INTEGER NOT NULL REFERENCES instruments (id),
          levels INTEGER NOT NULL,
          band REAL NOT NULL,
          first_time INTEGER NOT NULL,
          last_time INTEGER NOT NULL,
          feature_count INTEGER NOT NULL,
          updated_at INTEGER NOT NULL,
          UNIQUE (instrument_id, levels, band)
        ) STRICT;

        -- id = series id * 2^32 + block number; a block holds the features of 660 consecutive seconds.
        CREATE TABLE feature_blocks (
          id INTEGER PRIMARY KEY,
          data BLOB NOT NULL
        ) STRICT;
        """

    private static let studies = """
        CREATE TABLE studies (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          name TEXT NOT NULL UNIQUE,
          kind TEXT NOT NULL,
          created_at INTEGER NOT NULL,
          class TEXT NOT NULL,
          series TEXT NOT NULL,
          timeframe_seconds INTEGER NOT NULL,
          first_open INTEGER NOT NULL,
          last_close INTEGER NOT NULL,
          data_hash TEXT NOT NULL,
          seed TEXT NOT NULL,
          space TEXT NOT NULL,
          definition TEXT NOT NULL
        ) STRICT;

        -- The ledger of all trials. A stage is a window of a walk-forward, 0 elsewhere. A trial that runs has its owner,
        -- and the time when it was taken; one that has ended the time when it did.
        CREATE TABLE trials (
          study_id INTEGER NOT NULL REFERENCES studies (id),
          stage INTEGER NOT NULL,
          number INTEGER NOT NULL,
          state TEXT NOT NULL,
          owner TEXT NOT NULL,
          time INTEGER NOT NULL,
          parameters TEXT NOT NULL,
          objective REAL,
          violation REAL,
          looks TEXT NOT NULL,
          metrics TEXT NOT NULL,
          PRIMARY KEY (study_id, stage, number)
        ) STRICT, WITHOUT ROWID;
        """

    /// What a backtest was made from, as the program's JSON, and its marks day by day. Those of before have neither.
    private static let backtestOrigin = """
        ALTER TABLE backtests ADD COLUMN origin TEXT NOT NULL DEFAULT '';
        ALTER TABLE backtests ADD COLUMN days BLOB NOT NULL DEFAULT x'';
        """

    private static let evidence = """
        -- What was found out about a strategy class with parameters (single values or ranges) on a series, or waived.
        CREATE TABLE evidence (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          time INTEGER NOT NULL,
          check_name TEXT NOT NULL,
          class TEXT NOT NULL,
          parameters TEXT NOT NULL,
          series TEXT NOT NULL,
          timeframe_seconds INTEGER NOT NULL,
          value REAL,
          passed INTEGER NOT NULL,
          source TEXT NOT NULL,
          detail TEXT NOT NULL
        ) STRICT;
        CREATE INDEX evidence_of ON evidence (series, timeframe_seconds, time);
        """

    private static let tradeGaps = """
        -- Stretches of trades that a live market did not hear, from one trade's number to another's, both included. `missing`
        -- of them have not come so far.
        CREATE TABLE trade_gaps (
          instrument_id INTEGER NOT NULL REFERENCES instruments (id),
          found_at INTEGER NOT NULL,
          first_trade INTEGER NOT NULL,
          last_trade INTEGER NOT NULL,
          from_time INTEGER NOT NULL,
          to_time INTEGER NOT NULL,
          state TEXT NOT NULL,
          missing INTEGER NOT NULL,
          ended_at INTEGER,
          PRIMARY KEY (instrument_id, found_at, first_trade)
        ) STRICT, WITHOUT ROWID;
        """

    private static let candleGaps = """
        -- Stretches of minutes that did not come to a live market in time, from an open time up to another, exclusive.
        -- `missing` of them have not come so far.
        CREATE TABLE candle_gaps (
          instrument_id INTEGER NOT NULL REFERENCES instruments (id),
          found_at INTEGER NOT NULL,
          from_time INTEGER NOT NULL,
          to_time INTEGER NOT NULL,
          state TEXT NOT NULL,
          missing INTEGER NOT NULL,
          ended_at INTEGER,
          PRIMARY KEY (instrument_id, found_at, from_time)
        ) STRICT, WITHOUT ROWID;
        """

    /// Where the stop and the target of an entry stand that carries its protection. Orders of before have neither.
    private static let entryProtection = """
        ALTER TABLE orders ADD COLUMN protection_stop INTEGER;
        ALTER TABLE orders ADD COLUMN protection_target INTEGER;
        """

    /// How far a trailing order follows behind, in basis points.
    private static let trailing = "ALTER TABLE orders ADD COLUMN trailing INTEGER;"

    /// The largest order at the market. Instruments of before have none until they are declared again.
    private static let marketOrders =
        "ALTER TABLE instruments ADD COLUMN maximum_market_quantity INTEGER NOT NULL DEFAULT 0;"
}
