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
BINS = 20
_COMPARING = frozenset({"min", "max", "distinct"})


def expression(measure: Measure, technology: type[Technology], quoted: str, kind: str) -> str | None:
    """Return the measure's SQL over a quoted column on one engine; None where it does not apply."""
    if kind not in measure.kinds:
        return None
    template = technology.facts.get(measure.name, measure.sql)
    if template is None:
        return None
    if kind == "text" and measure.name in _COMPARING:
        template = template.replace("{c}", technology.bytewise)
        template = template if measure is DISTINCT else technology.restored.replace("{c}", template)
    return technology.spelled(template.replace("{quantiles}", ", ".join(map(str, QUANTILES)))).replace("{c}", quoted)


def method(measure: Measure, technology: type[Technology]) -> str:
    """Return ``exact`` or ``approximate …`` as the engine declares it."""
    return technology.approximate.get(measure.name, measure.method)


@dataclass(frozen=True)
class Values:
    """The queries that count a column's values on one engine; text is told apart and ordered by its code points."""

    relation: str
    quoted: str
    kind: str
    technology: type[Technology]

    def _text(self, template: str, expression: str) -> str:
        return template.replace("{c}", expression) if self.kind == "text" else expression

    def counted(self, rows: int | None = None) -> str:
        """Return the query of value (v) and rows (n); of the first *rows* filled rows only when given."""
        c, v, source = self.quoted, self._text(self.technology.bytewise, self.quoted), self.relation
        if rows is not None:
            source = f"(SELECT {c} FROM {source} WHERE {c} IS NOT NULL LIMIT {rows}) AS h"
        return f"SELECT {v} AS v, count(*) AS n FROM {source} WHERE {c} IS NOT NULL GROUP BY {v}"

    def equal(self, literal: str) -> str:
        """Return the condition that the column holds *literal*, and no text that merely collates with it."""
        same = self._text(self.technology.bytewise, literal)
        return f"{self._text(self.technology.bytewise, self.quoted)} = {same}"

    @property
    def shown(self) -> str:
        """Return the expression that shows a counted value."""
        return self._text(self.technology.restored, "v")

    def top(self, limit: int = 10) -> str:
        """Return the query for the most frequent values, ties in the order of the values."""
        return f"SELECT {self.shown}, n FROM ({self.counted()}) AS vc ORDER BY n DESC, v LIMIT {limit}"

    def all(self, rows: int | None = None) -> str:
        """Return the query for value and count in the order of the values."""
        return f"SELECT {self.shown}, n FROM ({self.counted(rows)}) AS vc ORDER BY v"

    def top_and_distinct(self, limit: int) -> str:
        """Return value, count and the number of distinct values in one pass; no row when every value is missing."""
        picks = f"{self.shown}, n, (SELECT count(*) FROM vc) AS d"
        return f"WITH vc AS ({self.counted()}) SELECT {picks} FROM vc ORDER BY n DESC, v LIMIT {limit}"

    def ranked(self) -> str:
        """Return the query of the quantiles, one column each, for engines that rank but have no such aggregate.

        The q-quantile is the least value that at least ``q × n`` rows do not exceed (inverse of the distribution function).
        """
        ranks = f"SELECT v, sum(n) OVER (ORDER BY v) AS upto, sum(n) OVER () AS total FROM ({self.counted()}) AS vc"
        picks = ", ".join(f"min(CASE WHEN upto >= {q} * total THEN v END)" for q in QUANTILES)
        return f"SELECT {picks} FROM ({ranks}) AS ranks"


def binned(technology: type[Technology], relation: str, quoted: str, kind: str, low: float, width: float) -> str:
    """Return the query of (bin, rows) over equally wide bins from *low*; dates and times are counted in seconds since 1970."""
    x = f"extract(epoch FROM CAST({quoted} AS TIMESTAMP))" if kind in ("date", "datetime") else quoted
    place = f"floor((CAST({x} AS {technology.type_name('number')}) - {low!r}) / {width!r})"
    bins = f"SELECT least(greatest({place}, 0), {BINS - 1}) AS bin FROM {relation} WHERE {quoted} IS NOT NULL"
    return technology.spelled(f"SELECT bin, count(*) AS n FROM ({bins}) AS b GROUP BY bin ORDER BY bin")
