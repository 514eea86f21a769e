"""Dates as SQL: compared at the coarser of two precisions, their chance order, and placeholder dates."""

from __future__ import annotations

import bisect
from dataclasses import dataclass

from dataeng_kit.nouns import ColumnProfile, TableProfile
from dataeng_kit.profile.laws.scope import Scope
from dataeng_kit.profile.laws.words import date_role, says

PLACEHOLDERS = frozenset(
    {
        "1970-01-01",
        "1969-12-31",
        "1900-01-01",
        "1899-12-30",
        "1899-12-31",
        "1901-01-01",
        "1753-01-01",
        "1800-01-01",
        "0001-01-01",
        "1111-11-11",
        "2000-01-01",
        "2099-12-31",
        "2100-01-01",
        "2199-12-31",
        "2999-12-31",
        "3000-01-01",
        "9999-12-31",
        "9999-01-01",
    }
)
"""Dates that systems write for 'none'; 2000-01-01 is one only when it breaks an order."""


@dataclass(frozen=True)
class Moment:
    """One date column with its role and its precision: time, day, month or year."""

    table: str
    column: str
    role: str
    precision: str
    sample: tuple[float, ...]


def moments(scope: Scope, table: str, most: int = 12) -> list[Moment]:
    """Return the date columns of a table that hold two values or more, with sorted sample instants (seconds)."""
    columns = [c for c in scope.columns(table, ("date", "datetime"), filled=2)][:most]
    if not columns:
        return []
    quoted = [scope.name(table, c.name, "t") for c in columns]
    rows = scope.sample(table, [f"extract(epoch FROM CAST({q} AS TIMESTAMP))" for q in quoted], size=1_000)
    found = []
    for at, column in enumerate(columns):
        values = sorted(float(r[at]) for r in rows if r[at] is not None)
        found.append(Moment(table, column.name, date_role(column.name, table), _precision(scope, table, column), tuple(values)))
    return found


def _precision(scope: Scope, table: str, column: ColumnProfile) -> str:
    """Return the coarsest unit that loses nothing: a column of first Januaries speaks of years."""
    q = scope.name(table, column.name, "t")
    rows = scope.sample(table, [f"extract(month FROM {q})", f"extract(day FROM {q})"], f"{q} IS NOT NULL", size=500)
    if column.distinct >= 3 and rows and all(d == 1 for _, d in rows):
        return "year" if all(m == 1 for m, _ in rows) else "month"
    if column.type == "date":
        return "day"
    midnight = scope.sample(
        table,
        [f"CASE WHEN CAST({q} AS TIMESTAMP) = CAST(CAST({q} AS DATE) AS TIMESTAMP) THEN 1 ELSE 0 END"],
        f"{q} IS NOT NULL",
        size=500,
    )
    return "day" if midnight and all(m == 1 for (m,) in midnight) else "time"


def after(scope: Scope, one: Moment, other: Moment, left: str = "t", right: str = "t") -> str:
    """Return SQL that is true where *one* lies after *other*, both cut to the coarser precision; null when either is missing."""
    order = ("time", "day", "month", "year")
    unit = max(one.precision, other.precision, key=order.index)
    a, b = scope.name(one.table, one.column, left), scope.name(other.table, other.column, right)
    if unit == "time":
        return f"{a} > {b}"
    if unit == "day":
        return f"CAST({a} AS DATE) > CAST({b} AS DATE)"
    return f"date_trunc('{unit}', {a}) > date_trunc('{unit}', {b})"


def chance_after(one: Moment, other: Moment) -> float:
    """Return the share of random pairs in which *one* lies after *other*: what independence would give."""
    if not one.sample or not other.sample:
        return 0.0
    below = sum(bisect.bisect_left(other.sample, value) for value in one.sample)
    return below / (len(one.sample) * len(other.sample))


def placeholder(scope: Scope, table: str, broken: str, expressions: dict[str, str]) -> dict[str, object]:
    """Return which placeholder explains four of five exceptions, as column, value, rows; empty when none does.

    *broken*: FROM and WHERE of the exceptions; *expressions*: column name → its SQL.
    """
    for column, q in expressions.items():
        rows = scope.rows(
            table, f"SELECT CAST(CAST({q} AS DATE) AS VARCHAR), count(*) {broken} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 5"
        )
        total = scope.rows(table, f"SELECT count(*) {broken}")[0][0]
        if rows and str(rows[0][0]) in PLACEHOLDERS and rows[0][1] >= max(2, 0.8 * total):
            return {"sentinel": str(rows[0][0]), "sentinel_column": column, "sentinel_rows": int(rows[0][1])}
    return {}


def main_date(table: TableProfile) -> ColumnProfile | None:
    """Return the column that dates a table's rows: well filled, many days, an event rather than a birth, an end or a plan."""
    preferred = {"own": 5, "event": 4, "begin": 3, "created": 3, "record": 1, "end": 1, "plan": 0}
    best: tuple[float, int] | None = None
    for at, column in enumerate(table.columns):
        if column.type not in ("date", "datetime") or column.distinct < 2 or column.filled < 0.5 * column.rows:
            continue
        far = says(column.name, "birth")
        score = preferred[date_role(column.name, table.name)] + 2 * column.filled / column.rows - 4 * far
        if best is None or score > best[0]:
            best = (score, at)
    return table.columns[best[1]] if best else None
