"""DuckDB 2.x: the kit's embedded engine and the dialect the fact catalogue is written in."""

from __future__ import annotations

from typing import ClassVar

from dataeng_kit.technologies.base import Technology


class DuckDB(Technology):
    """Embedded analytic engine over files and frames."""

    id = "duckdb"
    title = "DuckDB"
    family = "warehouse"
    sqlglot = "duckdb"
    sqlfluff = "duckdb"
    max_name = 1_000
    foreign_keys_up_to = 200_000  # each declared key keeps an index in memory and slows every load
    types: ClassVar[dict[str, str]] = {
        "integer": "BIGINT", "number": "DOUBLE", "decimal": "DECIMAL(18, 4)", "date": "DATE", "datetime": "TIMESTAMP",
        "time": "TIME", "boolean": "BOOLEAN", "text": "VARCHAR", "binary": "BLOB", "json": "JSON",
    }
    reserved = frozenset(
        "all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default "
        "deferrable desc describe distinct do else end except false fetch for foreign from group having in initially "
        "intersect into lambda lateral leading limit not null offset on only or order pivot placing primary qualify references "
        "returning select show some summarize symmetric table then to trailing true union unique unpivot using variadic when "
        "where window with".split()
    )
    checked_by = (("ran", "embedded:duckdb"), ("parsed", "sqlfluff:duckdb"))
