"""Rhythm: weekdays without any row, and a last month that is not complete."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Iterator

from dataeng_kit.nouns import Law
from dataeng_kit.profile.laws.moments import main_date
from dataeng_kit.profile.laws.scope import Scope, law

_LEAST_DAYS = 40
_MOST_DAYS = 20_000
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def laws(scope: Scope) -> Iterator[Law]:
    """Yield closed weekdays and partial last months of each table's main date."""
    for table in scope.tables(200):
        date = main_date(table)
        if date is None or not _LEAST_DAYS <= date.distinct or not scope.spend("rhythm", table.name):
            continue
        days = _days(scope, table.name, date.name)
        if _LEAST_DAYS <= len(days) <= _MOST_DAYS:
            yield from _closed(scope, table.name, date.name, days)
            yield from _partial(scope, table.name, date.name, days)


def _days(scope: Scope, table: str, column: str) -> dict[dt.date, int]:
    q = scope.name(table, column, "t")
    relation = scope.relation(table)
    grouped = f"SELECT CAST({q} AS DATE), count(*) FROM {relation} AS t WHERE {q} IS NOT NULL GROUP BY 1"
    sql = f"{grouped} ORDER BY 1 LIMIT {_MOST_DAYS + 1}"
    return {d: int(n) for d, n in scope.rows(table, sql) if isinstance(d, dt.date)}


def _closed(scope: Scope, table: str, column: str, days: dict[dt.date, int]) -> Iterator[Law]:
    weeks = ((max(days) - min(days)).days + 1) / 7
    rows: Counter[int] = Counter()
    active: Counter[int] = Counter()
    for day, count in days.items():
        rows[day.weekday()] += count
        active[day.weekday()] += 1
    of = sum(rows.values())
    closed = [d for d in range(7) if rows[d] <= 0.001 * of]
    open_ = [d for d in range(7) if d not in closed]
    if not closed or len(closed) > 3 or weeks < 8 or min(active[d] for d in open_) < 0.6 * weeks:
        return
    exceptions = sum(rows[d] for d in closed)
    names = " and ".join(WEEKDAYS[d] for d in closed)
    q = scope.name(table, column, "t")
    where = f"extract(isodow FROM {q}) IN ({', '.join(str(d + 1) for d in closed)})"
    yield law(
        "closed_days",
        table,
        [(table, column)],
        f"nothing happens on {names}",
        (of - exceptions, of),
        "law" if not exceptions else "law_with_exceptions",
        scope.failing(table, [column], where),
        chance=len(closed) / 7,
        reasons=(f"{len(days):,} days with rows in {weeks:.0f} weeks",),
        detail={"weekdays": names, "days": len(days)},
    )


def _partial(scope: Scope, table: str, column: str, days: dict[dt.date, int]) -> Iterator[Law]:
    last = max(days)
    months: Counter[tuple[int, int]] = Counter()
    for day, count in days.items():
        months[day.year, day.month] += count
    end = last.replace(day=calendar.monthrange(last.year, last.month)[1])
    usual = sorted(months.values())[len(months) // 2]
    weekdays = {d.weekday() for d in days}
    missing = [d for d in range(last.day + 1, end.day + 1) if last.replace(day=d).weekday() in weekdays]
    if len(months) < 3 or len(missing) <= 1 or len(days) < 0.5 * (max(days) - min(days)).days * len(weekdays) / 7:
        return
    rows, of = months[last.year, last.month], sum(days.values())
    active = sum(1 for d in days if (d.year, d.month) == (last.year, last.month))
    q = scope.name(table, column, "t")
    where = f"CAST({q} AS DATE) >= CAST('{last.replace(day=1).isoformat()}' AS DATE)"
    yield law(
        "partial_period",
        table,
        [(table, column)],
        f"the last month is complete ({len(missing)} days are still missing)",
        (of - rows, of),
        "question",
        scope.failing(table, [column], where),
        reasons=(f"{rows:,} rows on {active} days; the median month has {usual:,}",),
        detail={"days": active, "missing": len(missing), "rows": rows, "usual": usual},
    )
