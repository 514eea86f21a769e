"""PostgreSQL 15 and later."""

from __future__ import annotations

from typing import ClassVar

from dataeng_kit.technologies.base import Technology


class PostgreSQL(Technology):
    """Relational database; names fold to lower case, are cut at 63 bytes."""

    id = "postgresql"
    title = "PostgreSQL"
    sqlglot = "postgres"
    sqlfluff = "postgres"
    types: ClassVar[dict[str, str]] = {
        "integer": "bigint",
        "number": "double precision",
        "decimal": "numeric(18, 4)",
        "date": "date",
        "datetime": "timestamp",
        "time": "time",
        "boolean": "boolean",
        "text": "text",
        "binary": "bytea",
        "json": "jsonb",
    }
    reserved = frozenset(
        "all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation "
        "column concurrently constraint create cross current_catalog current_date current_role current_schema current_time "
        "current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze "
        "from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit "
        "localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references "
        "returning right select session_user similar some symmetric table tablesample then to trailing true union unique user "
        "using variadic verbose when where window with".split()
    )
    empty = "TRUNCATE {tables};"
    checked_by = (("ran", "server:postgresql"), ("parsed", "sqlfluff:postgres"))
    facts: ClassVar[dict[str, str | None]] = {
        "distinct_approx": None,
        "quantiles": "percentile_disc(ARRAY[{quantiles}]) WITHIN GROUP (ORDER BY {c})",
    }
    bytewise = '{c} COLLATE "C"'
    idioms: ClassVar[dict[str, str]] = {
        "regexp_full_match({x}, {y})": "({x} ~ ('^(' || {y} || ')$'))",
        "regexp_matches({x}, {y})": "({x} ~ {y})",
    }
