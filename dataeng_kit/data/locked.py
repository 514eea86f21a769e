"""The child process that answers one query on a masked file. Run as a file by `python -I`: it imports nothing of ours.

A job arrives as JSON on stdin: file, sql, rows, cell and characters (caps), memory (bytes of address space). One JSON object
goes to stdout: columns, rows and whether more were cut; or the class of the error, with its words only where these
repeat the query and never the data.
"""

from __future__ import annotations

import json
import sys
from typing import Any

_LOCKED: dict[str, Any] = {
    "access_mode": "read_only", "enable_external_access": "false", "lock_configuration": "true", "threads": "2",
    "memory_limit": "512MB", "temp_directory": "", "max_temp_directory_size": "0B", "allow_community_extensions": "false",
    "autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "python_enable_replacements": "false",
}  # fmt: skip
_OF_THE_QUERY = ("ParserException", "BinderException", "CatalogException")


def answer(job: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to a job, or what refused it."""
    import duckdb

    connection = duckdb.connect(job["file"], config=_LOCKED)
    try:
        statements = connection.extract_statements(job["sql"])
        if len(statements) != 1 or statements[0].type.name not in ("SELECT", "EXPLAIN"):
            return {"error": "Only one SELECT or EXPLAIN statement is run"}
        found = connection.execute(statements[0])
        columns = [column[0][: job["cell"]] for column in found.description]
        rows = found.fetchmany(job["rows"] + 1)
    except duckdb.Error as error:
        kind, words = type(error).__name__, str(error).splitlines()[0][:300]
        return {"error": words if kind in _OF_THE_QUERY else f"The engine refused it ({kind})"}
    return _capped(columns, rows, job)


def _capped(columns: list[str], rows: list[tuple[Any, ...]], job: dict[str, Any]) -> dict[str, Any]:
    kept: list[list[Any]] = []
    left = job["characters"]
    for row in rows[: job["rows"]]:
        cells = [v if v is None or isinstance(v, bool | int | float) else str(v)[: job["cell"]] for v in row]
        left -= len(json.dumps(cells, default=str))
        if left < 0:
            break
        kept.append(cells)
    return {"columns": columns, "rows": kept, "more": len(kept) < len(rows)}


def _restrain(memory: int) -> None:
    try:
        import resource
    except ImportError:  # no such limit on Windows; the deadline holds there too
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (memory if hard == resource.RLIM_INFINITY else min(memory, hard), hard))


if __name__ == "__main__":
    given = json.loads(sys.stdin.buffer.read())
    _restrain(given["memory"])
    sys.stdout.write(json.dumps(answer(given), default=str))
