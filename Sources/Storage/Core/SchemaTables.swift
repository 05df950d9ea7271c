// The tables that stores began with: steps 1 to 4. What came later is beside the list of the steps.
extension Schema {
    static let market = """
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

    static let trading = """
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

    static let operations = """
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

    static let projection = """
        CREATE TABLE projection (
          stream TEXT PRIMARY KEY,
          sequence INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
