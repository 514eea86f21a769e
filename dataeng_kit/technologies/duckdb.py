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
        "integer": "BIGINT",
        "number": "DOUBLE",
        "decimal": "DECIMAL(18, 4)",
        "date": "DATE",
        "datetime": "TIMESTAMP",
        "time": "TIME",
        "boolean": "BOOLEAN",
        "text": "VARCHAR",
        "binary": "BLOB",
        "json": "JSON",
    }
    reserved = frozenset(
        "all analyse analyze and anti any array as asc asof asymmetric at authorization between bigint binary bit boolean "
        "both by case cast char character check coalesce collate collation column columns concurrently constraint create "
        "cross dec decimal default deferrable desc describe distinct do else end except exists extract false fetch float for "
        "foreign freeze from full generated glob group grouping grouping_id having ilike in initially inner inout int "
        "integer intersect interval into is isnull join lambda lateral leading left like limit map national natural nchar "
        "none not notnull null nullif numeric offset on only or order out outer overlaps overlay pivot pivot_longer "
        "pivot_wider placing position positional precision primary qualify real references returning right row select semi "
        "setof show similar smallint some struct substring summarize symmetric table tablesample then time timestamp to "
        "trailing treat trim true try_cast tuple union unique unpack unpivot using values varchar variadic verbose when "
        "where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot "
        "xmlserialize xmltable".split()
    )
    checked_by = (("ran", "embedded:duckdb"), ("parsed", "sqlfluff:duckdb"))
