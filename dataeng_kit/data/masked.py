"""A masked copy of tables under aliases, and its one query: in a locked child process that is killed at the deadline."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dataeng_kit.errors import KitError, Stopped
from dataeng_kit.run import Run
from dataeng_kit.technologies.duckdb import DuckDB

ROWS, CELL, CHARACTERS = 50, 200, 7_000
"""What one answer holds at most: rows, characters a cell, characters in all."""
SECONDS, MEMORY = 20.0, 4 * 2**30


@dataclass(frozen=True)
class MaskedTable:
    """One table of the copy: its *alias*, its *name* in the raw file, and its columns as (alias, expression)."""

    alias: str
    name: str
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Found:
    """What a query answered; ``more`` when rows were cut."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    more: bool


def write_masked(raw: Path, target: Path, tables: Iterable[MaskedTable], run: Run | None = None) -> None:
    """Write *tables* of the DuckDB file *raw* into the new file *target*; raises `KitError` without the engine's words.

    The expressions hold the masking key, so no error of theirs is ever passed on.
    """
    import duckdb

    connection = duckdb.connect(str(target))
    try:
        connection.execute(f"ATTACH {DuckDB.literal(str(raw))} AS raw (READ_ONLY)")
        for table in tables:
            if run:
                run.step(f"masking {table.name}")
            picks = ", ".join(f"{expression} AS {DuckDB.quote(alias)}" for alias, expression in table.columns) or "1 AS c0"
            connection.execute(f"CREATE TABLE {DuckDB.quote(table.alias)} AS SELECT {picks} FROM raw.{DuckDB.quote(table.name)}")
    except duckdb.Error as error:
        raise KitError(f"The masked copy could not be written ({type(error).__name__})", "Ask without the tool query") from None
    finally:
        connection.close()


def ask_masked(file: Path, sql: str, run: Run | None = None, seconds: float = SECONDS) -> Found:
    """Return what one SELECT or EXPLAIN on *file* answers; raises `KitError` when refused or late, `Stopped` on Stop."""
    job = {"file": str(file), "sql": sql, "rows": ROWS, "cell": CELL, "characters": CHARACTERS, "memory": MEMORY}
    process = subprocess.Popen(
        [sys.executable, "-I", str(Path(__file__).with_name("locked.py"))], cwd=file.parent, env=_nothing(),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        out = _talk(process, json.dumps(job).encode(), run, seconds)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
    try:
        answer = json.loads(out)
    except ValueError:
        raise KitError("The query ended its process, most likely out of memory", "Ask for less at once") from None
    if "error" in answer:
        raise KitError(answer["error"], "Write one DuckDB 2 SELECT on the tables t1, t2, … and their columns c1, c2, …")
    return Found(tuple(answer["columns"]), tuple(map(tuple, answer["rows"])), answer["more"])


def _talk(process: subprocess.Popen[bytes], job: bytes, run: Run | None, seconds: float) -> bytes:
    try:
        if run is None:
            return process.communicate(job, seconds)[0]
        with run.interruptible(process.kill):
            out = process.communicate(job, seconds)[0]
    except subprocess.TimeoutExpired:
        raise KitError(f"The query was ended at the limit of {seconds:g} s", "Ask for less, or aggregate first") from None
    if run.stopped:
        raise Stopped("querying the masked copy")
    return out


def _nothing() -> dict[str, str]:
    """Return the empty environment; Windows starts no process without its own folder."""
    return {k: os.environ[k] for k in ("SYSTEMROOT",) if k in os.environ}
