"""Backtests of others beside ours, on the same candles and rules: speed, and the same trades.

usage: backtest_peer.py PROGRAM DIRECTORY [CANDLES]

Prints a row for each: nanoseconds a candle and the ratio to ours. Ends with 1 when ours trades otherwise than vectorbt.
Every figure is the shortest of some runs after one that warms up; the slow ones run over fewer candles, which the row
says.
"""

import json
import subprocess
import sys
import time

import numpy as np
import pandas as pd

FAST, SLOW, FEE, CASH = 50, 200, 0.001, 10_000.0
START = 1_672_531_200_000


def candles(count):
    """A seeded walk in cents whose opens differ from the closes before."""
    random = np.random.default_rng(7)
    close = 2_500_000 + np.cumsum(np.rint(random.normal(0, 900, count))).astype(np.int64)
    close = np.maximum(close, 100_000)
    open_ = np.concatenate([[2_500_000], close[:-1]]) + random.integers(-50, 51, count)
    high = np.maximum(open_, close) + random.integers(0, 400, count)
    low = np.minimum(open_, close) - random.integers(0, 400, count)
    volume = random.integers(1, 1_000_000, count)
    return pd.DataFrame(
        {"Open": open_ / 100, "High": high / 100, "Low": low / 100, "Close": close / 100, "Volume": volume / 1000},
        index=pd.to_datetime(START + np.arange(count, dtype=np.int64) * 60_000, unit="ms"),
    )


def best(times, run):
    """The shortest of `times` runs in seconds, and what the last one gave."""
    shortest, result = float("inf"), None
    for _ in range(times):
        begin = time.perf_counter()
        result = run()
        shortest = min(shortest, time.perf_counter() - begin)
    return shortest, result


def ours(program, directory, frame):
    path = f"{directory}/TEST-BTCUSDT-1m.csv"
    columns = frame.copy()
    columns.insert(0, "open_time", START + np.arange(len(frame), dtype=np.int64) * 60_000)
    columns.columns = ["open_time", "open", "high", "low", "close", "volume"]
    columns.to_csv(path, index=False, float_format="%.10g")
    data = ["--data-dir", f"{directory}/data"]
    subprocess.run(
        [program, "data", "import", path, "--venue", "TEST", "--symbol", "BTCUSDT", "--timeframe", "1m", *data],
        check=True, stdout=subprocess.DEVNULL)
    source = ["--venue", "TEST", "--symbol", "BTCUSDT", "--timeframe", "1m", "--strategy", "sma-crossover"]
    command = [
        program, "backtest", "run", *source, "--param", f"fast={FAST}", "--param", f"slow={SLOW}", "--no-store",
        "--json", *data]
    run = lambda: json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    whole, _ = best(5, run)
    results = [run() for _ in range(7)]
    result = min(results, key=lambda result: result["seconds"])
    sweep = [
        program, "backtest", "sweep", *source, "--param", "fast=5..43/2", "--param", "slow=50..140/10", "--json", *data]
    swept, _ = best(2, lambda: subprocess.run(sweep, check=True, capture_output=True))
    return result, whole, swept


def vectorbt_runs(frame):
    import vectorbt as vbt

    close, open_ = frame["Close"], frame["Open"]

    def signals(fast, slow, **options):
        quick = vbt.MA.run(close, fast, short_name="fast", **options)
        calm = vbt.MA.run(close, slow, short_name="slow", **options)
        entries, exits = quick.ma_crossed_above(calm), quick.ma_crossed_below(calm)
        return entries.vbt.fshift(1), exits.vbt.fshift(1)

    def simulate(entries, exits):
        return vbt.Portfolio.from_signals(
            close, entries, exits, price=open_, fees=FEE, init_cash=CASH, freq="1min")

    def whole():
        portfolio = simulate(*signals(FAST, SLOW))
        return float(portfolio.final_value()), len(portfolio.trades.records)

    entries, exits = signals(FAST, SLOW)
    simulate(entries, exits)
    kernel, _ = best(7, lambda: simulate(entries, exits))
    whole()
    everything, result = best(5, whole)

    def sweep():
        values = []
        for fast in range(5, 44, 2):
            # All slow windows of one fast window at once: all 200 columns would not fit into memory.
            slows = list(range(50, 141, 10))
            values.append(np.asarray(simulate(*signals([fast] * len(slows), slows)).final_value()))
        return values

    swept, _ = best(1, sweep)
    return kernel, everything, result, swept


def backtesting_py(frame):
    from backtesting import Backtest, Strategy
    from backtesting.lib import crossover

    class Crossing(Strategy):
        def init(self):
            self.fast = self.I(lambda values: pd.Series(values).rolling(FAST).mean(), self.data.Close)
            self.slow = self.I(lambda values: pd.Series(values).rolling(SLOW).mean(), self.data.Close)

        def next(self):
            if crossover(self.fast, self.slow):
                self.buy()
            elif crossover(self.slow, self.fast):
                self.position.close()

    part = frame.iloc[:50_000]
    test = Backtest(part, Crossing, cash=10_000_000, commission=FEE, finalize_trades=True)
    test.run()
    seconds, _ = best(2, test.run)
    return seconds / len(part), len(part)


def nautilus(frame):
    from decimal import Decimal

    from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
    from nautilus_trader.config import LoggingConfig
    from nautilus_trader.indicators import SimpleMovingAverage
    from nautilus_trader.model.currencies import USDT
    from nautilus_trader.model.data import BarType
    from nautilus_trader.model.enums import AccountType, OmsType, OrderSide
    from nautilus_trader.model.identifiers import Venue
    from nautilus_trader.model.objects import Money
    from nautilus_trader.persistence.wranglers import BarDataWrangler
    from nautilus_trader.test_kit.providers import TestInstrumentProvider
    from nautilus_trader.trading.strategy import Strategy

    instrument = TestInstrumentProvider.btcusdt_binance()
    bar_type = BarType.from_str(f"{instrument.id}-1-MINUTE-LAST-EXTERNAL")

    class Crossing(Strategy):
        def on_start(self):
            self.fast, self.slow, self.above = SimpleMovingAverage(FAST), SimpleMovingAverage(SLOW), None
            self.register_indicator_for_bars(bar_type, self.fast)
            self.register_indicator_for_bars(bar_type, self.slow)
            self.subscribe_bars(bar_type)

        def on_bar(self, bar):
            if not self.slow.initialized:
                return
            above = self.fast.value > self.slow.value
            if self.above is not None and above != self.above:
                flat = self.portfolio.is_flat(instrument.id)
                if above and flat:
                    self.submit_order(
                        self.order_factory.market(instrument.id, OrderSide.BUY, instrument.make_qty(Decimal("0.1"))))
                elif not above and not flat:
                    self.close_all_positions(instrument.id)
            self.above = above

    part = frame.iloc[:100_000].rename(columns=str.lower)
    bars = BarDataWrangler(bar_type, instrument).process(part)

    def run():
        engine = BacktestEngine(BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True)))
        engine.add_venue(
            Venue("BINANCE"), OmsType.NETTING, AccountType.CASH, starting_balances=[Money(1_000_000, USDT)])
        engine.add_instrument(instrument)
        engine.add_data(bars)
        engine.add_strategy(Crossing())
        begin = time.perf_counter()
        engine.run()
        seconds = time.perf_counter() - begin
        orders = len(engine.cache.orders())
        engine.dispose()
        return seconds, orders

    run()
    results = [run() for _ in range(2)]
    seconds, orders = min(results)
    if orders < 100:
        raise SystemExit(f"NautilusTrader sent {orders} orders: it did not run the rules")
    return seconds / len(bars), len(bars)


def main():
    program, directory = sys.argv[1:3]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 525_600
    frame = candles(count)
    result, whole, swept = ours(program, directory, frame)
    mine = result["seconds"] / count * 1e9
    rows = [
        (f"wick, sma-crossover {FAST}/{SLOW}, {count} candles", mine, ""),
        ("wick, the whole process from the store", whole / count * 1e9, f"{whole * 1e3:.0f} ms"),
    ]
    kernel, everything, (equity, trades), peers_swept = vectorbt_runs(frame)
    rows.append(("vectorbt, simulation of ready signals, warmed", kernel / count * 1e9, ""))
    rows.append(("vectorbt, averages, signals and simulation, warmed", everything / count * 1e9, ""))
    for name, peer in (("backtesting.py", backtesting_py), ("NautilusTrader", nautilus)):
        seconds, candles_run = peer(frame)
        rows.append((f"{name}, {candles_run} candles", seconds * 1e9, ""))
    print(f"{'':58}{'ns/candle':>12}{'× wick':>10}")
    for name, nanoseconds, note in rows:
        print(f"{name:58}{nanoseconds:12.1f}{nanoseconds / mine:10.1f}  {note}")
    print(f"{'wick, 200 combinations, whole process':58}{swept:12.2f} s")
    print(f"{'vectorbt, 200 combinations':58}{peers_swept:12.2f} s{peers_swept / swept:8.1f} ×")
    final = float(result["final_equity"])
    mine_trades = result["trade_count"]
    print(f"final equity {final:.6f}, vectorbt {equity:.6f}; trades {mine_trades}, vectorbt {trades}")
    if abs(final - equity) > 1e-6 * CASH or mine_trades != trades:
        print("peers-backtest: the same rules gave different trades", file=sys.stderr)
        sys.exit(1)


main()
