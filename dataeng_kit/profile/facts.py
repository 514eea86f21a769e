"""The fact catalogue: each fact about a column is one line, an SQL expression in DuckDB's dialect that engines may override."""

from __future__ import annotations

from dataclasses import dataclass

from dataeng_kit.technologies.base import Technology

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
ALL = frozenset({"integer", "number", "date", "datetime", "time", "boolean", "text", "binary", "json"})
NUMERIC = frozenset({"integer", "number"})
ORDERED = NUMERIC | {"date", "datetime", "time", "text"}
TEXT = frozenset({"text"})


@dataclass(frozen=True)
class Measure:
    """One fact: its name in ids, the canonical types it applies to, its aggregate expression over ``{c}``, its method."""

    name: str
    kinds: frozenset[str]
    sql: str
    method: str = "exact"


# Portable on purpose: CASE instead of FILTER, no casts of whole columns; `distinct` and `top` are queries of their own.
AGGREGATES = (
    Measure("nulls", ALL, "count(*) - count({c})"),
    Measure("min", ORDERED, "min({c})"),
    Measure("max", ORDERED, "max({c})"),
    Measure("mean", NUMERIC, "avg({c})"),
    Measure("std", NUMERIC, "stddev_samp({c})"),
    Measure("min_length", TEXT, "min(length({c}))"),
    Measure("max_length", TEXT, "max(length({c}))"),
    Measure("mean_length", TEXT, "avg(length({c}))"),
)
PRUNING = tuple(m for m in AGGREGATES if m.name in ("nulls", "min", "max", "mean_length"))
"""What keys and relations alone need; with `DISTINCT_APPROX` it is one cheap query a table."""
DISTINCT_APPROX = Measure("distinct_approx", ALL, "approx_count_distinct({c})", "approximate ±5 %")
DISTINCT = Measure("distinct", ALL, "count(DISTINCT {c})")
BLANKS = Measure("blanks", TEXT, "count(CASE WHEN trim({c}) = '' THEN 1 END)")
QUANTILE = Measure("quantiles", NUMERIC | {"date", "datetime"}, "quantile_disc({c}, [{quantiles}])")


def expression(measure: Measure, technology: type[Technology], quoted: str, kind: str) -> str | None:
    """Return the measure's SQL over a quoted column on one engine; None where it does not apply."""
    if kind not in measure.kinds:
        return None
    template = technology.facts.get(measure.name, measure.sql)
    if template is None:
        return None
    return template.replace("{quantiles}", ", ".join(map(str, QUANTILES))).replace("{c}", quoted)


def method(measure: Measure, technology: type[Technology]) -> str:
    """Return ``exact`` or ``approximate …`` as the engine declares it."""
    return "approximate" if measure.name in technology.approximate else measure.method


def top_query(relation: str, quoted: str, limit: int = 10) -> str:
    """Return the query for the most frequent values, ties in the order of the values."""
    return (
        f"SELECT {quoted}, count(*) AS n FROM {relation} WHERE {quoted} IS NOT NULL "
        f"GROUP BY {quoted} ORDER BY n DESC, {quoted} LIMIT {limit}"
    )


def values_query(relation: str, quoted: str, rows: int | None = None) -> str:
    """Return the query for value and count; of the first *rows* filled rows only when given."""
    source = relation if rows is None else f"(SELECT {quoted} FROM {relation} WHERE {quoted} IS NOT NULL LIMIT {rows}) AS h"
    return f"SELECT {quoted}, count(*) FROM {source} WHERE {quoted} IS NOT NULL GROUP BY {quoted} ORDER BY {quoted}"


def counts_query(relation: str, quoted: str, limit: int) -> str:
    """Return value, count and the number of distinct values in one pass; no row when every value is missing."""
    return (
        f"WITH vc AS (SELECT {quoted} AS v, count(*) AS n FROM {relation} WHERE {quoted} IS NOT NULL GROUP BY {quoted}) "
        f"SELECT v, n, (SELECT count(*) FROM vc) AS d FROM vc ORDER BY n DESC, v LIMIT {limit}"
    )
