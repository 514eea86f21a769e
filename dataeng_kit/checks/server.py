"""PostgreSQL cells on a real server: a lent one, or a private cluster; one database per chain, dropped after."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from dataeng_kit.checks.cluster import binaries, cluster
from dataeng_kit.checks.compare import evaluate
from dataeng_kit.checks.limits import LIMITS
from dataeng_kit.data import Data
from dataeng_kit.nouns import Cell, Check, Table
from dataeng_kit.nouns.base import plain
from dataeng_kit.run import Run
from dataeng_kit.technologies.duckdb import DuckDB
from dataeng_kit.technologies.postgresql import PostgreSQL


class Servers:
    """The PostgreSQL server of one call of `run_cells`, started when first needed and stopped with it."""

    def __init__(self, stack: ExitStack, scratch: str | None, folder: Path) -> None:
        self._stack, self._scratch, self._folder = stack, scratch, folder
        self._found: tuple[str, str] | None = None

    def postgresql(self, run: Run | None) -> tuple[str, str]:
        """Return (URL, "") of a server, or ("", why there is none)."""
        if self._found is None:
            self._found = self._find(run)
        return self._found

    def _find(self, run: Run | None) -> tuple[str, str]:
        try:
            import psycopg
        except ImportError:
            return "", "psycopg is not installed (pip install 'dataeng-kit[postgres]'); its DuckDB twin ran"
        if self._scratch and self._scratch.startswith(("postgresql:", "postgres:")):
            return self._scratch, ""
        home = binaries()
        if home is None:
            return "", "no PostgreSQL server at hand (name one with --scratch URL); its DuckDB twin ran"
        if run:
            run.step("starting a private PostgreSQL")
        try:
            return self._stack.enter_context(cluster(home)), ""
        except (OSError, LookupError, subprocess.SubprocessError, psycopg.Error) as error:
            return "", f"PostgreSQL did not start here ({type(error).__name__}); its DuckDB twin ran"


def run_chain(cells: list[Cell], source: str, url: str, data: Data, folder: Path, run: Run | None) -> dict[str, Check]:
    """Return the check of every cell, run in a database of its own that is dropped afterwards."""
    import psycopg

    folder.mkdir(parents=True, exist_ok=True)
    try:
        with _room(url) as connection:
            reads = {t for c in cells for t in c.reads}
            fill(connection, source, [t for t in data.tables if t.name in reads], folder)
            return _run(connection, cells, run)
    except psycopg.Error as error:
        why = str(error).strip().splitlines()[0][:400]
        return {c.id: Check("not_checked", "postgresql", why=f"the scratch server refused: {why}") for c in cells}


@contextlib.contextmanager
def _room(url: str) -> Iterator[Any]:
    """Yield a connection to a database of our own; where none may be made, to schemas of our own in the lent one.

    Either is dropped afterwards, and nothing that was there before is touched: a schema that is in the way raises.
    """
    import psycopg

    name = f"kit_check_{os.getpid()}_{time.monotonic_ns() % 10**9}"
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as admin:
        try:
            admin.execute(f"CREATE DATABASE {name}")
        except psycopg.errors.InsufficientPrivilege:
            before = _schemas(admin)
            admin.execute(f"CREATE SCHEMA {name}")
            admin.execute(f"SET search_path = {name}")
            try:
                yield admin
            finally:
                for schema in _schemas(admin) - before:
                    admin.execute(f"DROP SCHEMA {PostgreSQL.quote(schema)} CASCADE")
            return
        try:
            with psycopg.connect(url, dbname=name, autocommit=True) as connection:
                yield connection
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _schemas(connection: Any) -> set[str]:
    return {name for (name,) in connection.execute("SELECT nspname FROM pg_namespace").fetchall()}


def fill(connection: Any, source: str, tables: list[Table], folder: Path) -> None:
    """Copy the snapshot's tables into schema ``source``; names longer than 63 bytes are cut as the generated code cuts them."""
    import duckdb

    connection.execute("CREATE SCHEMA source")
    snapshot = duckdb.connect(source, read_only=True)
    try:
        for table in tables:
            columns = [(PostgreSQL.quote(PostgreSQL.fit(c.name)), PostgreSQL.type_name(c.type)) for c in table.columns]
            target = f"source.{PostgreSQL.quote(PostgreSQL.fit(table.name))}"
            connection.execute(f"CREATE TABLE {target} ({', '.join(' '.join(c) for c in columns)})")
            file = folder / "rows.csv"
            picks = ", ".join(_portable(DuckDB.quote(c.name), c.type) for c in table.columns)
            csv = DuckDB.literal(str(file))
            snapshot.execute(
                f"COPY (SELECT {picks} FROM {DuckDB.quote(table.name)}) TO {csv} "
                "(FORMAT csv, HEADER false, NULLSTR '\\N', FORCE_QUOTE *)"
            )
            with connection.cursor().copy(f"COPY {target} FROM STDIN (FORMAT csv, NULL '\\N')") as copy, file.open("rb") as rows:
                while block := rows.read(1 << 20):
                    copy.write(block)
    finally:
        snapshot.close()
    connection.execute("ANALYZE")


def _portable(column: str, type: str) -> str:
    if type == "text":
        return f"replace(CAST({column} AS VARCHAR), chr(0), '')"
    if type == "binary":
        return f"'\\x' || hex({column})"
    if type == "datetime":
        return f"CAST({column} AS TIMESTAMP)"
    return column


def _run(connection: Any, cells: list[Cell], run: Run | None) -> dict[str, Check]:
    connection.execute(f"SET statement_timeout = {LIMITS.seconds * 1000}; SET TimeZone = 'UTC'")
    found: dict[str, Check] = {}
    failed: list[str] = []
    for cell in cells:
        needed = next((f for f in failed if f in cell.after), "")
        if needed:
            found[cell.id] = Check("not_checked", "postgresql", why=f"needs {needed}, which did not end well")
            failed.append(cell.id)
            continue
        with run.interruptible(connection.cancel) if run else contextlib.nullcontext():
            found[cell.id] = _one(connection, cell)
        if run:
            run.step(f"checked {cell.id}", len(found), len(cells))
        if found[cell.id].level in ("failed", "not_checked"):
            failed.append(cell.id)
    return found


def _one(connection: Any, cell: Cell) -> Check:
    import psycopg

    begun = time.monotonic()
    version = ".".join(str(connection.info.server_version // n % 100) for n in (10_000, 1))

    def value(sql: str) -> Any:
        return plain(connection.execute(sql).fetchone()[0])

    def again() -> None:
        connection.execute(cell.source)

    try:
        result = connection.execute(cell.source)
        rows_out = result.rowcount if cell.recipe.endswith("reconcile") else _target_rows(connection)
        measured = tuple(evaluate(e, value, again) for e in cell.expects)
        rows_in = (
            sum(value(f"SELECT count(*) FROM source.{PostgreSQL.quote(PostgreSQL.fit(t))}") for t in cell.reads)
            if cell.reads
            else None
        )
    except psycopg.errors.QueryCanceled:
        why = f"ended at the limit of {LIMITS.seconds} s a statement, or stopped"  # too slow here refutes nothing
        return Check("not_checked", "postgresql", version, round(time.monotonic() - begun, 3), isolation=_ISOLATION, why=why)
    except psycopg.Error as error:
        return Check(
            "failed",
            "postgresql",
            version,
            round(time.monotonic() - begun, 3),
            isolation=_ISOLATION,
            why=str(error).strip()[:600],
        )
    broken = [r.name for r in measured if not r.ok]
    why = f"{len(broken)} of {len(measured)} reconciliations do not hold: {broken[0]}" if broken else ""
    return Check("ran", "postgresql", version, round(time.monotonic() - begun, 3), rows_in, rows_out, measured, _ISOLATION, why)


_ISOLATION = f"own database, dropped afterwards; {LIMITS.seconds} s a statement"


def _target_rows(connection: Any) -> int:
    tables = connection.execute(
        "SELECT schemaname, tablename FROM pg_tables "
        "WHERE schemaname NOT IN ('source', 'pg_catalog', 'information_schema') AND tablename NOT LIKE 'stage\\_%'"
    ).fetchall()
    return sum(connection.execute(f"SELECT count(*) FROM {PostgreSQL.path(s, t)}").fetchone()[0] for s, t in tables)
