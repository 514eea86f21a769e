"""What a database says about its own tables and columns, read as a project's words."""

from __future__ import annotations

from dataclasses import replace

from dataeng_kit.context import comment_texts, understood
from dataeng_kit.data.live import Data
from dataeng_kit.nouns import Context, Table

_DUCKDB = "SELECT database_name, schema_name, table_name, column_name, comment FROM duckdb_columns() WHERE comment IS NOT NULL"


def commented(data: Data) -> Context:
    """Return what the comments on tables and columns say together, each under its place ``database:table.column``."""
    return understood(tuple(comment_texts(_with_columns(data))))


def _with_columns(data: Data) -> tuple[Table, ...]:
    """Return the tables with the comments of their columns; DuckDB tells them only when asked."""
    asked: dict[tuple[str, str], str] = {}
    for engine in {s.engine for s in data.sources if s.engine.technology.id == "duckdb"}:
        for *place, column, comment in data.rows(_DUCKDB, None, engine):
            asked[".".join(engine.quote(str(p)) for p in place), str(column)] = str(comment)
    if not asked:
        return data.tables
    return tuple(
        replace(
            t, columns=tuple(replace(c, comment=c.comment or asked.get((data.relation(t.name), c.name), "")) for c in t.columns)
        )
        for t in data.tables
    )
