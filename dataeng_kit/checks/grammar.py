"""SQL that cannot run here, parsed: no statement unknown to sqlglot, no segment that sqlfluff's grammar refuses."""

from __future__ import annotations

import time
from importlib import metadata

from dataeng_kit.nouns import Cell, Check


def parse(cell: Cell, sqlglot_dialect: str, sqlfluff_dialect: str, why_not_run: str) -> Check:
    """Return ``parsed`` when both grammars accept every statement, else ``failed`` with the first refusal."""
    import sqlglot
    from sqlglot import exp

    begun = time.monotonic()
    version = f"{metadata.version('sqlglot')} + sqlfluff {metadata.version('sqlfluff')}"
    try:
        for statement in sqlglot.parse(cell.source, dialect=sqlglot_dialect):
            opaque = statement.find(exp.Command) if statement else None
            # sqlglot keeps CREATE EXTENSION as text; sqlfluff's grammar, asked below, knows it
            if opaque is not None and not opaque.sql().upper().startswith("CREATE EXTENSION "):
                return _failed(f"sqlglot does not know: {opaque.sql()[:120]}", version, begun)
    except sqlglot.errors.SqlglotError as error:
        return _failed(f"sqlglot refused: {str(error).splitlines()[0][:300]}", version, begun)
    refused = _unparsable(cell.source, sqlfluff_dialect)
    if refused:
        return _failed(f"sqlfluff's {sqlfluff_dialect} grammar refused: {refused[:300]}", version, begun)
    seconds = round(time.monotonic() - begun, 3)
    return Check("parsed", f"sqlglot {sqlglot_dialect}", version, seconds, isolation="nothing was executed", why=why_not_run)


def _failed(why: str, version: str, begun: float) -> Check:
    return Check("failed", "sqlglot", version, round(time.monotonic() - begun, 3), isolation="nothing was executed", why=why)


def _unparsable(sql: str, dialect: str) -> str:
    """Return the first text that the grammar cannot parse, or an empty one."""
    from sqlfluff.core import FluffConfig, Linter

    parsed = Linter(config=FluffConfig(overrides={"dialect": dialect, "large_file_skip_byte_limit": 0})).parse_string(sql)
    unparsable = next(parsed.tree.recursive_crawl("unparsable"), None) if parsed.tree else None
    if unparsable is not None:
        return str(unparsable.raw)
    return str(parsed.violations[0].desc()) if parsed.violations else ""
