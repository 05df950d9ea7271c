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

    private static let market = """
        CREATE TABLE instruments (
          id INTEGER PRIMARY KEY,
          venue TEXT NOT NULL,
          symbol TEXT NOT NULL,
          kind TEXT NOT NULL,
          base TEXT NOT NULL,
          quote TEXT NOT NULL,
          price_scale INTEGER NOT NULL,
          quantity_scale INTEGER NOT NULL,
          tick INTEGER NOT NULL,
          quantity_step INTEGER NOT NULL,
          market_quantity_step INTEGER NOT NULL,
          minimum_quantity INTEGER NOT NULL,
          maximum_quantity INTEGER NOT NULL,
          minimum_notional INTEGER NOT NULL,
          price_band INTEGER NOT NULL,
          UNIQUE (venue, symbol)
        ) STRICT;

        CREATE TABLE series (
          id INTEGER PRIMARY KEY,
          instrument_id INTEGER NOT NULL REFERENCES instruments (id),
          timeframe_seconds INTEGER NOT NULL,
          first_open INTEGER NOT NULL,
          last_open INTEGER NOT NULL,
          candle_count INTEGER NOT NULL,
          updated_at INTEGER NOT NULL,
          UNIQUE (instrument_id, timeframe_seconds)
        ) STRICT;

        -- id = series id * 2^32 + block number; a block holds the candles of 80 consecutive intervals.
        CREATE TABLE candle_blocks (
          id INTEGER PRIMARY KEY,
          data BLOB NOT NULL
        ) STRICT;
        """

    private static let trading = """
        CREATE TABLE strategies (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          name TEXT NOT NULL,
          class TEXT NOT NULL,
          parameters TEXT NOT NULL,
          instrument_id INTEGER NOT NULL REFERENCES instruments (id),
          timeframe_seconds INTEGER NOT NULL,
          sizing TEXT NOT NULL,
          capital_share INTEGER NOT NULL,
          stop_loss INTEGER,
          take_profit INTEGER,
          trailing_stop INTEGER,
          limit_notional TEXT,
          limit_share INTEGER,
          limit_drawdown INTEGER,
          status TEXT NOT NULL,
          reason TEXT NOT NULL DEFAULT '',
          is_removed INTEGER NOT NULL DEFAULT 0,
          revision INTEGER NOT NULL DEFAULT 1,
          created_at INTEGER NOT NULL,
          updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX strategies_by_name ON strategies (name) WHERE is_removed = 0;

        CREATE TABLE signals (
          strategy_id INTEGER NOT NULL,
          time INTEGER NOT NULL,
          instrument_id INTEGER NOT NULL,
          price INTEGER NOT NULL,
          direction TEXT NOT NULL,
          strength REAL NOT NULL,
          confidence REAL NOT NULL,
          rule TEXT NOT NULL,
          explanation TEXT NOT NULL,
          outcome TEXT NOT NULL,
          PRIMARY KEY (strategy_id, time)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE orders (
          id INTEGER PRIMARY KEY,
          owner INTEGER NOT NULL,
          instrument_id INTEGER NOT NULL REFERENCES instruments (id),
          side TEXT NOT NULL,
          type TEXT NOT NULL,
          quantity INTEGER NOT NULL,
          spend TEXT,
          limit_price INTEGER,
          trigger_price INTEGER,
          time_in_force TEXT NOT NULL,
          is_post_only INTEGER NOT NULL,
          is_reduce_only INTEGER NOT NULL,
          purpose TEXT NOT NULL,
          pair_group INTEGER NOT NULL,
          state TEXT NOT NULL,
          is_closed INTEGER NOT NULL,
          reason TEXT NOT NULL,
          is_cancel_pending INTEGER NOT NULL,
          is_amend_pending INTEGER NOT NULL,
          filled INTEGER NOT NULL,
          filled_notional TEXT NOT NULL,
          quote_fees TEXT NOT NULL,
          base_fees INTEGER NOT NULL,
          decision_price INTEGER NOT NULL,
          created_at INTEGER NOT NULL,
          updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX orders_open ON orders (id) WHERE is_closed = 0;

        CREATE TABLE verdicts (
          order_id INTEGER NOT NULL,
          time INTEGER NOT NULL,
          is_allowed INTEGER NOT NULL,
          text TEXT NOT NULL,
          outcomes TEXT NOT NULL,
          PRIMARY KEY (order_id, time)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE fills (
          order_id INTEGER NOT NULL,
          trade_id INTEGER NOT NULL,
          owner INTEGER NOT NULL,
          instrument_id INTEGER NOT NULL REFERENCES instruments (id),
          side TEXT NOT NULL,
          time INTEGER NOT NULL,
          price INTEGER NOT NULL,
          quantity INTEGER NOT NULL,
          quote_fee TEXT NOT NULL,
          base_fee INTEGER NOT NULL,
          liquidity TEXT NOT NULL,
          purpose TEXT NOT NULL,
          PRIMARY KEY (order_id, trade_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX fills_by_time ON fills (time);

        CREATE TABLE positions (
          owner INTEGER NOT NULL,
          instrument_id INTEGER NOT NULL REFERENCES instruments (id),
          quantity INTEGER NOT NULL,
          cost TEXT NOT NULL,
          realized TEXT NOT NULL,
          fees TEXT NOT NULL,
          opened_at INTEGER NOT NULL,
          trip_side TEXT NOT NULL,
          trip_opened_at INTEGER NOT NULL,
          trip_closed_at INTEGER NOT NULL,
          trip_quantity INTEGER NOT NULL,
          trip_entry TEXT NOT NULL,
          trip_exit TEXT NOT NULL,
          trip_fees TEXT NOT NULL,
          trip_purpose TEXT NOT NULL,
          trip_is_open INTEGER NOT NULL,
          PRIMARY KEY (owner, instrument_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE trips (
          owner INTEGER NOT NULL,
          instrument_id INTEGER NOT NULL REFERENCES instruments (id),
          opened_at INTEGER NOT NULL,
          closed_at INTEGER NOT NULL,
          side TEXT NOT NULL,
          quantity INTEGER NOT NULL,
          entry TEXT NOT NULL,
          exit TEXT NOT NULL,
          fees TEXT NOT NULL,
          purpose TEXT NOT NULL,
          PRIMARY KEY (owner, instrument_id, opened_at, closed_at, quantity)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX trips_by_time ON trips (closed_at);

        CREATE TABLE account (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          currency TEXT NOT NULL,
          initial TEXT NOT NULL,
          cash TEXT NOT NULL,
          equity TEXT NOT NULL,
          peak TEXT NOT NULL,
          day_start TEXT NOT NULL,
          day INTEGER NOT NULL,
          fees TEXT NOT NULL,
          updated_at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE strategy_peaks (
          strategy_id INTEGER PRIMARY KEY,
          currency TEXT NOT NULL,
          peak TEXT NOT NULL
        ) STRICT;

        CREATE TABLE equity (
          time INTEGER PRIMARY KEY,
          equity TEXT NOT NULL,
          cash TEXT NOT NULL
        ) STRICT;
        """

    private static let operations = """
        CREATE TABLE alerts (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          kind TEXT NOT NULL,
          priority INTEGER NOT NULL,
          text TEXT NOT NULL,
          instrument_id INTEGER,
          strategy_id INTEGER,
          order_id INTEGER,
          first_time INTEGER NOT NULL,
          last_time INTEGER NOT NULL,
          count INTEGER NOT NULL,
          state TEXT NOT NULL,
          shelved_until INTEGER,
          changed_by TEXT NOT NULL DEFAULT ''
        ) STRICT;
        CREATE INDEX alerts_open ON alerts (kind) WHERE state <> 'acknowledged';

        CREATE TABLE backtests (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          created_at INTEGER NOT NULL,
          class TEXT NOT NULL,
          series TEXT NOT NULL,
          timeframe_seconds INTEGER NOT NULL,
          request TEXT NOT NULL,
          result TEXT NOT NULL,
          equity BLOB NOT NULL,
          trades BLOB NOT NULL
        ) STRICT;

        CREATE TABLE audit (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          time INTEGER NOT NULL,
          origin TEXT NOT NULL,
          action TEXT NOT NULL,
          subject TEXT NOT NULL,
          detail TEXT NOT NULL
        ) STRICT;

        CREATE TABLE settings (
          key TEXT PRIMARY KEY,
          value TEXT NOT NULL,
          updated_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE revisions (
          topic TEXT PRIMARY KEY,
          revision INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        INSERT INTO revisions VALUES
          ('strategies', 0), ('settings', 0), ('alerts', 0), ('series', 0), ('backtests', 0);
        """
        + ["strategies", "settings", "alerts", "series", "backtests"].flatMap { table in
            ["INSERT", "UPDATE", "DELETE"].map { event in
                """

                CREATE TRIGGER \(table)_after_\(event.lowercased()) AFTER \(event) ON \(table) BEGIN
                  UPDATE revisions SET revision = revision + 1 WHERE topic = '\(table)';
                END;
                """
            }
        }.joined()

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

    private static let projection = """
        CREATE TABLE projection (
          stream TEXT PRIMARY KEY,
          sequence INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
