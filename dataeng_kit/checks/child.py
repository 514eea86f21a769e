"""The child process that runs a DuckDB chain in a fresh workspace: reads a job file, writes one JSON line per cell."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from dataeng_kit.checks.compare import evaluate
from dataeng_kit.checks.limits import Limits, restrain
from dataeng_kit.nouns import Cell, Check
from dataeng_kit.nouns.base import plain
from dataeng_kit.technologies.duckdb import DuckDB


def main(job_file: str) -> None:
    """Run the cells of a job in order; what comes after a failed cell is not run."""
    import duckdb

    job = json.loads(Path(job_file).read_text("utf-8"))
    limits = Limits(**job["limits"])
    held = restrain(limits)
    connection = duckdb.connect(job["database"])
    connection.execute(f"SET memory_limit={DuckDB.literal(limits.memory)}; SET threads={limits.threads}; SET TimeZone='UTC'")
    connection.execute(f"SET temp_directory={DuckDB.literal(str(Path(job_file).parent / 'spill'))}")
    connection.execute(f"ATTACH {DuckDB.literal(job['source'])} AS source (READ_ONLY)")
    connection.execute("SET enable_external_access=false; SET lock_configuration=true")
    isolation = f"own process, DuckDB {limits.memory} and {limits.threads} threads, {limits.seconds} s, no file access; {held}"
    failed: list[str] = []
    for row in job["cells"]:
        cell = Cell.from_json(row)
        needed = next((f for f in failed if f in cell.after), "")
        check = _skipped(needed) if needed else one(connection, cell, isolation)
        if check.level in ("failed", "not_checked"):
            failed.append(cell.id)
        sys.stdout.write(json.dumps({"id": cell.id, "check": plain(check)}) + "\n")
        sys.stdout.flush()


def _skipped(failed: str) -> Check:
    return Check("not_checked", "duckdb", why=f"needs {failed}, which failed")


def one(connection: Any, cell: Cell, isolation: str) -> Check:
    """Return what happened to one cell: executed, its promises measured, rows counted."""
    import duckdb

    begun = time.monotonic()

    def value(sql: str) -> Any:
        return plain(connection.execute(sql).fetchone()[0])

    def again() -> None:
        connection.execute(cell.source)

    try:
        result = connection.execute(cell.source) if cell.source else None
        answer = result.fetchall() if result is not None and result.description else []
        found = tuple(evaluate(e, value, again) for e in cell.expects)
        rows_in = sum(value(f"SELECT count(*) FROM source.{DuckDB.quote(t)}") for t in cell.reads) if cell.reads else None
        rows_out = len(answer) if cell.recipe.endswith("reconcile") else _target_rows(connection)
    except duckdb.Error as error:
        return Check("failed", "duckdb", duckdb.__version__, _since(begun), isolation=isolation, why=str(error)[:600])
    broken = [r.name for r in found if not r.ok]
    why = f"{len(broken)} of {len(found)} reconciliations do not hold: {broken[0]}" if broken else ""
    return Check("ran", "duckdb", duckdb.__version__, _since(begun), rows_in, rows_out, found, isolation, why)


def _since(begun: float) -> float:
    return round(time.monotonic() - begun, 3)


def _target_rows(connection: Any) -> int:
    """Rows in every table of the workspace that is not a staged copy."""
    tables = connection.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() "
        "WHERE database_name = current_database() AND NOT starts_with(table_name, 'stage_')"
    ).fetchall()
    return sum(connection.execute(f"SELECT count(*) FROM {DuckDB.path(s, t)}").fetchone()[0] for s, t in tables)


if __name__ == "__main__":
    main(sys.argv[1])
