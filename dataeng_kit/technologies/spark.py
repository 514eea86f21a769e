"""Apache Spark 4, as an engine whose tables are measured where they lie."""

from __future__ import annotations

from typing import ClassVar

from dataeng_kit.technologies.base import Technology


class Spark(Technology):
    """Engine over files and tables of a cluster; literals know backslashes, quantiles are estimates."""

    id = "spark"
    title = "Spark"
    family = "processing"
    sqlglot = "spark"
    sqlfluff = "sparksql"
    max_name = 255
    quote_open = quote_close = "`"
    backslash = True
    written = False
    types: ClassVar[dict[str, str]] = {
        "integer": "BIGINT",
        "number": "DOUBLE",
        "decimal": "DECIMAL(18, 4)",
        "date": "DATE",
        "datetime": "TIMESTAMP",
        "time": "STRING",
        "boolean": "BOOLEAN",
        "text": "STRING",
        "binary": "BINARY",
        "json": "STRING",
    }
    checked_by = (("parsed", "sqlfluff:sparksql"),)
    facts: ClassVar[dict[str, str | None]] = {
        # exact `percentile` holds every distinct value in one task; this estimate is bounded
        "quantiles": "percentile_approx({c}, array({quantiles}), 10000)",
        "mean": "avg(CAST({c} AS DOUBLE))",
        "std": "stddev_samp(CAST({c} AS DOUBLE))",
    }
    approximate: ClassVar[dict[str, str]] = {"quantiles": "approximate ±0.01 % of the rank"}
    idioms: ClassVar[dict[str, str]] = {
        "CAST({x} AS VARCHAR)": "CAST({x} AS STRING)",
        "extract(epoch FROM {x})": "(unix_micros(CAST({x} AS TIMESTAMP)) / 1000000)",
        "extract(isodow FROM {x})": "extract(DAYOFWEEK_ISO FROM {x})",
        "extract(dow FROM {x})": "(dayofweek({x}) - 1)",
        "regexp_full_match({x}, {y})": "({x} RLIKE concat('^(', {y}, ')$'))",
        "regexp_matches({x}, {y})": "({x} RLIKE {y})",
    }
