"""A copy of the case's own tables for checks, made once per call, so that no generated code ever touches the source."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dataeng_kit.data import Data, Source
from dataeng_kit.errors import unknown
from dataeng_kit.nouns import Column
from dataeng_kit.run import Run
from dataeng_kit.technologies.duckdb import DuckDB


def copy_sources(data: Data, path: str | Path, tables: Iterable[str] | None = None, rows: int = 0, run: Run | None = None) -> str:
    """Write the named tables (default: all) into a new DuckDB file and return its path; *rows* > 0 takes the first ones only."""
    import duckdb

    wanted = set(tables) if tables is not None else {s.table.name for s in data.sources}
    target = Path(path)
    target.unlink(missing_ok=True)
    connection = duckdb.connect(str(target))
    try:
        for number, source in enumerate(s for s in data.sources if s.table.name in wanted):
            if run:
                run.step(f"copying {source.table.name} for the checks", number, len(wanted))
            _copy(connection, source, target.with_suffix(f".{number}.parquet"), rows, run)
    finally:
        connection.close()
    return str(target)


def frame_of(data: Data, table: str) -> Any:
    """Return one table as a pandas frame, its columns typed as the checks see them; raises `KitError` naming the nearest."""
    import duckdb

    if table not in (known := [s.table.name for s in data.sources]):
        raise unknown("table", table, known)
    with tempfile.TemporaryDirectory() as folder:
        copied = copy_sources(data, Path(folder) / "copy.duckdb", (table,))
        with duckdb.connect(copied, read_only=True) as connection:
            return connection.execute(f"SELECT * FROM {DuckDB.quote(table)}").df()


def _copy(connection: Any, source: Source, file: Path, rows: int, run: Run | None) -> None:
    select = f"SELECT * FROM {source.relation}" + (f" LIMIT {rows}" if rows else "")
    name = DuckDB.quote(source.table.name)
    if source.engine.technology is DuckDB:
        source.engine.run(f"COPY ({select}) TO {DuckDB.literal(str(file))} (FORMAT parquet)", run)
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet({DuckDB.literal(str(file))})")
        file.unlink()
        return
    columns = source.table.columns
    made = ", ".join(f"{DuckDB.quote(c.name)} {DuckDB.type_name(c.type)}" for c in columns)
    connection.execute(f"CREATE TABLE {name} ({made})")
    found = source.engine.run(select, run)
    if found:
        _insert(connection, name, columns, found)


def _insert(connection: Any, name: str, columns: tuple[Column, ...], found: list[tuple[Any, ...]]) -> None:
    import pandas as pd

    frame = pd.DataFrame(found, columns=[f"c{n}" for n in range(len(columns))], dtype=object)
    text = {"json", "text"}
    for n, c in enumerate(columns):
        if c.type in text:
            frame[f"c{n}"] = frame[f"c{n}"].map(lambda v: None if v is None else v if isinstance(v, str) else str(v))
    connection.register("kit_rows", frame)
    picks = ", ".join(f"CAST(c{n} AS {DuckDB.type_name(c.type)})" for n, c in enumerate(columns))
    connection.execute(f"INSERT INTO {name} SELECT {picks} FROM kit_rows")
    connection.unregister("kit_rows")
