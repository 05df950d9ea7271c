"""Readers and writers of Parquet that others wrote, against what wick exports and imports.

parquet_peer.py check FILE.parquet FILE.csv     every reader that is there reads the one; every value, type and bound is
                                                compared with the other, which holds the same in decimal text
parquet_peer.py write FILE.csv DIRECTORY        every writer that is there writes the candles of the CSV file, as decimals
                                                and as doubles, in the ways it knows; prints the names of the files

Readers and writers: pyarrow, polars, DuckDB, pandas. Ends with 1 when something differs.
"""

import decimal
import importlib.util
import pathlib
import sys

PEERS = [name for name in ("pyarrow", "polars", "duckdb", "pandas") if importlib.util.find_spec(name)]
CANDLES = ("open", "high", "low", "close", "volume")
FEATURES = ("imbalance", "spread_bps", "depth_ratio")


def expect(condition, what):
    if not condition:
        sys.exit(f"parquet_peer: {what}")


def names_of(csv):
    with open(csv, encoding="utf-8") as lines:
        return lines.readline().strip().split(",")


def scale_of(parquet):
    """The decimals of prices and of volumes."""
    import pyarrow.parquet as pq

    said = {key.decode(): value.decode() for key, value in pq.read_schema(parquet).metadata.items()}
    return int(said["wick.price_scale"]), int(said["wick.quantity_scale"]), said


def expected(csv, types):
    """The CSV file as a pyarrow table, its decimals read by pyarrow."""
    import pyarrow as pa
    import pyarrow.csv as pc

    table = pc.read_csv(csv, convert_options=pc.ConvertOptions(column_types=types, true_values=["1"], false_values=["0"]))
    time = table.column("timestamp").cast(pa.timestamp("us", "UTC"))
    return table.set_column(0, "timestamp", time)


def types_of(csv, price, quantity):
    import pyarrow as pa

    if "imbalance" in names_of(csv):
        return {name: pa.float64() for name in FEATURES}
    scales = dict.fromkeys(CANDLES, price) | {"volume": quantity}
    return {name: pa.decimal128(18, scale) for name, scale in scales.items()} | {"partial": pa.bool_()}


def check_pyarrow(parquet, table, said):
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    read = pq.read_table(parquet)
    schema = pa.schema([(field.name, field.type) for field in read.schema])
    expect(schema == pa.schema([*table.schema, ("symbol", pa.string())]), f"pyarrow reads the types {schema}")
    for name in table.column_names:
        expect(read.column(name).combine_chunks() == table.column(name).combine_chunks(), f"pyarrow: {name} differs")
    symbol = f"{said['wick.venue']}:{said['wick.symbol']}"
    expect(read.column("symbol").unique().to_pylist() == [symbol], "pyarrow: the symbol differs")
    metadata = pq.read_metadata(parquet)
    start = 0
    for group in range(metadata.num_row_groups):
        rows = metadata.row_group(group).num_rows
        for index, name in enumerate(read.column_names):
            part = read.column(name).slice(start, rows)
            bounds = metadata.row_group(group).column(index).statistics
            expect(bounds.null_count == part.null_count, f"pyarrow: the count of nulls of {name} differs")
            if name not in ("symbol", "partial"):
                found = pc.min_max(part).as_py()
                expect((bounds.min, bounds.max) == (found["min"], found["max"]), f"pyarrow: bounds of {name} differ")
        start += rows
    return f"{metadata.num_rows} rows, {metadata.num_row_groups} row groups"


def check_polars(parquet, table, said):
    import polars as pl

    read = pl.read_parquet(parquet)
    wanted = pl.from_arrow(table)
    for name in wanted.columns:
        expect(read.schema[name] == wanted.schema[name], f"polars reads {name} as {read.schema[name]}")
        expect(read[name].equals(wanted[name], check_dtypes=True), f"polars: {name} differs")
    expect(read.schema["timestamp"] == pl.Datetime("us", "UTC"), "polars: the time has another type")
    # What a bound rules out is passed over, what it does not is found.
    middle = wanted["timestamp"][wanted.height // 2]
    count = pl.scan_parquet(parquet).filter(pl.col("timestamp") >= middle).select(pl.len()).collect().item()
    expect(count == wanted.height - wanted.height // 2, "polars: a filter by time finds other rows")
    return f"{read.height} rows"


def check_duckdb(parquet, table, said):
    import duckdb

    duckdb.sql("SET timezone = 'UTC'")
    read = duckdb.sql(f"SELECT * FROM '{parquet}'")
    types = dict(zip(read.columns, map(str, read.types)))
    expect(types["timestamp"] == "TIMESTAMP WITH TIME ZONE", f"DuckDB reads the time as {types['timestamp']}")
    if "open" in types:
        expect(types["open"] == f"DECIMAL(18,{said['wick.price_scale']})", f"DuckDB reads prices as {types['open']}")
        expect(types["partial"] == "BOOLEAN", f"DuckDB reads partial as {types['partial']}")
    names = ", ".join(table.column_names)
    duckdb.register("wanted", table)
    for first, second in ((f"'{parquet}'", "wanted"), ("wanted", f"'{parquet}'")):
        more = duckdb.sql(f"SELECT {names} FROM {first} EXCEPT ALL SELECT {names} FROM {second}").fetchall()
        expect(not more, f"DuckDB: {first} has other rows, as {more[:1]}")
    middle = table.column("timestamp")[table.num_rows // 2].as_py()
    count = duckdb.execute(f"SELECT count(*) FROM '{parquet}' WHERE timestamp >= ?", [middle]).fetchone()[0]
    expect(count == table.num_rows - table.num_rows // 2, "DuckDB: a filter by time finds other rows")
    return f"{table.num_rows} rows"


def check_pandas(parquet, table, said):
    import pandas as pd

    read = pd.read_parquet(parquet)
    expect(str(read["timestamp"].dtype) == "datetime64[us, UTC]", f"pandas reads the time as {read['timestamp'].dtype}")
    if "open" in read:
        expect(isinstance(read["open"].iloc[0], decimal.Decimal), "pandas reads no decimals")
    wanted = table.to_pandas()
    expect(read[list(wanted.columns)].equals(wanted), "pandas: values differ")
    return f"{len(read)} rows"


def check(parquet, csv):
    expect("pyarrow" in PEERS, "pyarrow is needed to compare")
    price, quantity, said = scale_of(parquet)
    table = expected(csv, types_of(csv, price, quantity))
    for peer in PEERS:
        result = globals()[f"check_{peer}"](parquet, table, said)
        version = getattr(__import__(peer), "__version__", "")
        print(f"{peer} {version} reads every value and type: {result}")


def write(csv, directory):
    import pyarrow as pa
    import pyarrow.parquet as pq

    directory = pathlib.Path(directory)
    table = expected(csv, {name: pa.decimal128(18, 8) for name in CANDLES} | {"partial": pa.bool_()})
    doubles = expected(csv, dict.fromkeys(CANDLES, pa.float64()) | {"partial": pa.bool_()})
    written = []

    def into(name):
        written.append(name)
        return str(directory / name)

    for kind, values in (("decimal", table), ("double", doubles)):
        pq.write_table(values, into(f"pyarrow-{kind}.parquet"))
        pq.write_table(values, into(f"pyarrow-{kind}-v2-zstd.parquet"), data_page_version="2.0", compression="zstd")
        pq.write_table(
            values, into(f"pyarrow-{kind}-plain.parquet"), use_dictionary=False, compression="none", row_group_size=1000
        )
        if kind == "double":
            pq.write_table(
                values, into("pyarrow-split.parquet"), use_dictionary=False, use_byte_stream_split=list(CANDLES)
            )
        if "polars" in PEERS:
            import polars as pl

            pl.from_arrow(values).write_parquet(into(f"polars-{kind}.parquet"))
            pl.from_arrow(values).write_parquet(into(f"polars-{kind}-snappy.parquet"), compression="snappy")
        if "duckdb" in PEERS:
            import duckdb

            duckdb.sql("SET timezone = 'UTC'")
            duckdb.sql(f"COPY values TO '{into(f'duckdb-{kind}.parquet')}' (FORMAT parquet)")
            duckdb.sql(f"COPY values TO '{into(f'duckdb-{kind}-zstd.parquet')}' (FORMAT parquet, COMPRESSION zstd)")
        if "pandas" in PEERS:
            values.to_pandas().to_parquet(into(f"pandas-{kind}.parquet"))
            values.to_pandas().set_index("timestamp").to_parquet(into(f"pandas-{kind}-index.parquet"))
    print("\n".join(written))


if __name__ == "__main__":
    expect(len(sys.argv) == 4 and sys.argv[1] in ("check", "write"), "usage: parquet_peer.py check|write A B")
    globals()[sys.argv[1]](sys.argv[2], sys.argv[3])
