"""MySQL 8 and MariaDB 10.6 and later, as engines whose tables are measured where they lie."""

from __future__ import annotations

from typing import ClassVar

from dataeng_kit.technologies.base import Technology


class MySQL(Technology):
    """Relational database; text compares by collation, so facts about text compare its UTF-8 bytes instead."""

    id = "mysql"
    title = "MySQL"
    sqlglot = "mysql"
    sqlfluff = "mysql"
    max_name = 64
    quote_open = quote_close = "`"
    backslash = True
    written = False
    types: ClassVar[dict[str, str]] = {
        "integer": "BIGINT",
        "number": "DOUBLE",
        "decimal": "DECIMAL(18, 4)",
        "date": "DATE",
        "datetime": "DATETIME(6)",
        "time": "TIME(6)",
        "boolean": "BOOLEAN",
        "text": "CHAR",
        "binary": "LONGBLOB",
        "json": "JSON",
    }
    checked_by = (("parsed", "sqlfluff:mysql"),)
    bytewise = "CAST(CONVERT({c} USING utf8mb4) AS BINARY)"
    restored = "CONVERT({c} USING utf8mb4)"
    facts: ClassVar[dict[str, str | None]] = {
        "distinct_approx": None,
        "quantiles": None,  # no percentile_disc as an aggregate: ranked instead, see `facts.Values.ranked`
        "mean": "avg(CAST({c} AS DOUBLE))",  # else rounded to four decimals
        "std": "stddev_samp(CAST({c} AS DOUBLE))",
        "mean_length": "avg(CAST(length({c}) AS DOUBLE))",
    }
    idioms: ClassVar[dict[str, str]] = {
        "CAST({x} AS VARCHAR)": "CAST({x} AS CHAR)",
        "CAST({x} AS TIMESTAMP)": "CAST({x} AS DATETIME(6))",
        "extract(epoch FROM {x})": "(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', {x}) / 1000000)",
        "extract(isodow FROM {x})": "(WEEKDAY({x}) + 1)",
        "extract(dow FROM {x})": "(DAYOFWEEK({x}) - 1)",
        "extract(week FROM {x})": "WEEK({x}, 3)",
        "date_trunc('month', {x})": "DATE_FORMAT({x}, '%Y-%m-01')",
        "date_trunc('year', {x})": "DATE_FORMAT({x}, '%Y-01-01')",
        "length({x})": "CHAR_LENGTH({x})",
        "regexp_full_match({x}, {y})": "({x} REGEXP CONCAT('^(', {y}, ')$'))",
        "regexp_matches({x}, {y})": "({x} REGEXP {y})",
    }
