"""Time: each table's life on its main date: period, rate, gaps, rhythm, late arrival and how the table changes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import pairwise

from dataeng_kit.data.live import Data
from dataeng_kit.nouns import ColumnProfile, Profile, TableProfile, TimeProfile
from dataeng_kit.nouns.base import plain
from dataeng_kit.profile.laws.moments import main_date
from dataeng_kit.profile.laws.scope import Scope, how_many
from dataeng_kit.profile.laws.words import date_role, says
from dataeng_kit.run import Run

_MOST_DAYS = 40_000
_ORDERED = 20_000
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def time_profiles(data: Data, profile: Profile, run: Run | None = None) -> dict[str, TimeProfile]:
    """Return the time profile of every table that has a date; *profile* must hold columns and keys.

    Rows per day count calendar days from first to last, placeholder dates apart; ``gaps`` are days without a row on
    weekdays that otherwise have some, counted only where most such days have rows.
    """
    run = run or Run()
    scope, found = Scope(data, profile, run), {}
    for at, table in enumerate(profile.tables):
        run.step(f"time: {table.name}", at, len(profile.tables))
        date = main_date(table)
        if date is not None and table.rows:
            measured = _measure(scope, table, date)
            if measured:
                found[table.name] = measured
    return found


def _measure(scope: Scope, table: TableProfile, date: ColumnProfile) -> TimeProfile | None:
    q = scope.name(table.name, date.name, "t")
    day = f"CAST({q} AS DATE)"
    relation = scope.relation(table.name)
    sql = f"SELECT {day}, count(*) FROM {relation} AS t WHERE {q} IS NOT NULL GROUP BY 1 ORDER BY 1 LIMIT {_MOST_DAYS}"
    sentinels = {str(plain(v))[:10] for v, _ in date.sentinels}
    days = {d: int(n) for d, n in scope.rows(table.name, sql) if isinstance(d, dt.date) and d.isoformat() not in sentinels}
    if not days:
        return None
    first, last = min(days), max(days)
    span = (last - first).days + 1
    gaps, reasons = _gaps(days, span)
    pattern, why = _pattern(scope, table, date, days)
    reasons += [why, *_zone(date), *_late(scope, table, date), *_growth(days, span)]
    return TimeProfile(
        date.name,
        first.isoformat(),
        last.isoformat(),
        round(sum(days.values()) / span, 4),
        pattern,
        gaps,
        tuple(r for r in reasons if r),
    )


def _gaps(days: dict[dt.date, int], span: int) -> tuple[int, list[str]]:
    """Return the missing days, and the weekly rhythm in words; sparse tables have no gaps, they are sparse."""
    active = Counter(d.weekday() for d in days)
    weeks = span / 7
    if weeks < 4:
        return 0, []
    usual = {w for w in range(7) if active[w] >= 0.5 * weeks}
    closed = [WEEKDAYS[w] for w in range(7) if not active[w]]
    reasons = [f"no row on any {' or '.join(closed)} in {weeks:.0f} weeks"] if closed and usual else []
    if not usual:
        return 0, reasons
    first = min(days)
    expected = [d for d in (first + dt.timedelta(n) for n in range(span)) if d.weekday() in usual]
    missing = sum(d not in days for d in expected)
    return (missing, reasons) if missing <= 0.3 * len(expected) else (0, reasons)


def _pattern(scope: Scope, table: TableProfile, date: ColumnProfile, days: dict[dt.date, int]) -> tuple[str, str]:
    """Return snapshot, updated, append-only or unknown, and what was measured for it."""
    key = table.primary_key or ()
    if date.name in key and 2 <= len(days) <= table.rows / 5:
        sizes = sorted(days.values())
        if sizes[0] >= 0.5 * sizes[-1]:
            return "snapshot", f"{date.name} is part of the key and each of {len(days)} days repeats a similar number of rows"
    for column in table.columns:
        if column.type in ("date", "datetime") and column.name != date.name and says(column.name, "changed") and column.filled:
            a, b = scope.name(table.name, column.name, "t"), scope.name(table.name, date.name, "t")
            relation = scope.relation(table.name)
            later = int(scope.rows(table.name, f"SELECT {how_many(f'{a} > {b}')} FROM {relation} AS t")[0][0] or 0)
            if later > 0.01 * table.rows:
                return "updated", f"{column.name} is later than {date.name} in {later:,} of {table.rows:,} rows"
    share = _in_order(scope, table, date)
    if share is not None and share >= 0.98:
        return "append-only", f"{100 * share:.1f} % of the first rows lie in order of {date.name}"
    return "unknown", "one delivery alone does not show how the table changes"


def _in_order(scope: Scope, table: TableProfile, date: ColumnProfile) -> float | None:
    """Return the share of neighbouring rows, as stored, that do not step back in time; None for small tables."""
    if table.rows < 50:
        return None
    q = scope.name(table.name, date.name, "t")
    rows = scope.rows(table.name, f"SELECT {q} FROM {scope.relation(table.name)} AS t LIMIT {_ORDERED}")
    values = [r[0] for r in rows if r[0] is not None]
    steps = [a <= b for a, b in pairwise(values)]
    return sum(steps) / len(steps) if steps else None


def _zone(date: ColumnProfile) -> list[str]:
    if date.type != "datetime":
        return []
    return [
        f"{date.name} carries a time zone"
        if "ZONE" in date.native.upper() or "TZ" in date.native.upper()
        else f"{date.name} states no time zone"
    ]


def _late(scope: Scope, table: TableProfile, date: ColumnProfile) -> list[str]:
    """Return how many rows were recorded more than a day after they happened, where a recording time exists."""
    for column in table.columns if date_role(date.name) != "record" else ():
        if column.type in ("date", "datetime") and column.name != date.name and date_role(column.name) in ("record", "created"):
            a, b = (f"extract(epoch FROM CAST({scope.name(table.name, c, 't')} AS TIMESTAMP))" for c in (column.name, date.name))
            late = int(
                scope.rows(table.name, f"SELECT {how_many(f'{a} - {b} > 86400')} FROM {scope.relation(table.name)} AS t")[0][0]
                or 0
            )
            if late:
                return [f"{late:,} of {table.rows:,} rows have {column.name} more than a day after {date.name}"]
    return []


def _growth(days: dict[dt.date, int], span: int) -> list[str]:
    """Return the growth from the first to the last third of the period, when it spans three months or more."""
    if span < 90:
        return []
    first = min(days)
    thirds = [0, 0, 0]
    for day, count in days.items():
        thirds[min(2, 3 * (day - first).days // span)] += count
    return (
        [f"rows per day changed by {100 * (thirds[2] / thirds[0] - 1):+.0f} % from the first to the last third"]
        if thirds[0]
        else []
    )
