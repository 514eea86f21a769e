"""What a recipe of PostgreSQL needs from a case, found by measured facts: an event table, a family, a dated table, a name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from dataeng_kit.design.reading import TableReading, additivity
from dataeng_kit.design.sql import SOURCE
from dataeng_kit.design.words import snake, unique
from dataeng_kit.nouns import ColumnProfile
from dataeng_kit.nouns.references import fact_id
from dataeng_kit.recipes import Code
from dataeng_kit.technologies.postgresql import PostgreSQL

GROUPS = range(2, 51)
"""Distinct values that a column may have to be reported by."""
EMBEDDED = 1_000
"""Child rows above which a parent's document grows too large to rewrite with each change."""
PERIODS = 120
"""Partitions above which planning each query costs more than they save: months up to here, then years."""


@dataclass(frozen=True)
class Bound:
    """One need met: the values for the template, the tables read, the facts cited, and why these."""

    values: Mapping[str, Any]
    tables: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    why: str = ""


def _q(name: str) -> Code:
    return Code(PostgreSQL.named(name))


def _text(value: str) -> Code:
    return Code(PostgreSQL.literal(value))


def _of(table: str) -> Code:
    return Code(f"{SOURCE}.{_q(table)}")


def _largest(tables: Iterable[TableReading]) -> list[TableReading]:
    return sorted(tables, key=lambda t: (-t.profile.rows, t.name))


def _days(t: TableReading, *kinds: str) -> list[str]:
    return [c for c in t.of(*kinds) if t.profile.column(c).type in ("date", "datetime") and t.profile.column(c).filled]


def event(tables: Mapping[str, TableReading]) -> Bound | str:
    """Return the largest table with a date, an amount that adds up and a column of few values; else what is missing."""
    for t in _largest(tables.values()):
        amounts = [c for c in t.of("measure") if additivity(c) == "additive" and t.profile.column(c).filled]
        parts = [c for c in t.of("text", "flag", "reference") if t.profile.column(c).distinct in GROUPS]
        days = _days(t, "date")
        if amounts and parts and days:
            day, amount, part = days[0], amounts[0], parts[0]
            values = {
                "table": _of(t.name),
                "day": Code(f"CAST({_q(day)} AS {PostgreSQL.type_name('datetime')})"),
                "amount": _q(amount),
                "part": _q(part),
            }
            c = t.profile.column(part)
            why = f"{t.profile.rows:,} rows of {t.name}: {amount} by month of {day} and {c.distinct} values of {part}"
            facts = (fact_id("rows", t.name), fact_id("distinct", t.name, part), fact_id("nulls", t.name, day))
            return Bound(values, (t.name,), facts, why)
    return f"no table has a date, an amount that adds up and a column of {GROUPS[0]} to {GROUPS[-1]} values"


def family(tables: Mapping[str, TableReading]) -> Bound | str:
    """Return the parent and child with the most child rows, few of them per parent; else what is missing."""
    for t in _largest(tables.values()):
        for k in t.parents:
            parent = tables[k.ref_table]
            same = len(k.columns) == 1 and tuple(parent.profile.primary_key or ()) == k.ref_columns
            if not same or not 1 < k.children_max <= EMBEDDED:
                continue
            mine, theirs = t.profile.column(k.columns[0]), parent.profile.column(k.ref_columns[0])
            if mine.type == theirs.type:
                inside = unique(snake(t.name), [c.name for c in parent.profile.columns])
                values = {
                    "parent": _of(parent.name),
                    "child": _of(t.name),
                    "key": _q(theirs.name),
                    "reference": _q(mine.name),
                    "inside": _text(inside),
                }
                why = (
                    f"a row of {parent.name} has {k.children_p50:g} rows of {t.name} (median), at most {k.children_max:,}; "
                    f"{k.orphans:,} rows of {t.name} have no {parent.name} and stay outside"
                )
                facts = (fact_id("rows", parent.name), fact_id("rows", t.name), *((k.fact,) if k.fact else ()))
                return Bound(values, (parent.name, t.name), facts, why)
    return f"no reference leads to a keyed table with 2 to {EMBEDDED:,} child rows a parent"


def dated(tables: Mapping[str, TableReading]) -> Bound | str:
    """Return the largest table with a main time column and its periods; else what is missing."""
    for t in _largest(tables.values()):
        time = t.profile.time
        if time is None or t.profile.column(time.column).type not in ("date", "datetime"):
            continue
        unit, periods = _periods(dt.date.fromisoformat(time.start[:10]), dt.date.fromisoformat(time.end[:10]))
        if not periods:
            continue
        middle = periods[len(periods) // 2]
        values = {
            "table": _of(t.name),
            "day": _q(time.column),
            "column": _text(PostgreSQL.fit(time.column)),
            "unit": _text(unit),
            "periods": periods,
            "first": periods[0][1],
            "past": periods[-1][2],
            "low": middle[1],
            "high": middle[2],
        }
        why = f"{t.profile.rows:,} rows of {t.name} over {len(periods)} {unit}s of {time.column}"
        c = time.column
        facts = (fact_id("rows", t.name), fact_id("min", t.name, c), fact_id("max", t.name, c), fact_id("nulls", t.name, c))
        return Bound(values, (t.name,), facts, why)
    return f"no table has a main time column that spans 2 to {PERIODS} months or years"


def _periods(start: dt.date, end: dt.date) -> tuple[str, list[tuple[Code, Code, Code]]]:
    """Return month or year and each period's name, first day and the day after; none when one period holds all."""
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if 2 <= months <= PERIODS:
        at = [start.year * 12 + start.month - 1 + n for n in range(months + 1)]
        days = [f"{m // 12:04d}-{m % 12 + 1:02d}-01" for m in at]
        return "month", _named(days, 7)
    years = end.year - start.year + 1
    return "year", _named([f"{start.year + n:04d}-01-01" for n in range(years + 1)], 4) if 2 <= years <= PERIODS else []


def _named(days: list[str], length: int) -> list[tuple[Code, Code, Code]]:
    return [(Code("p" + a[:length].replace("-", "_")), _text(a), _text(b)) for a, b in pairwise(days)]


def name(tables: Mapping[str, TableReading]) -> Bound | str:
    """Return a column of names worth searching, one that is not personal first; else what is missing."""
    found = [
        ((bool(c.label and c.label.sensitive), t.kinds[c.name] != "label", -c.distinct, t.name, c.name), t, c)
        for t in tables.values()
        for c in t.profile.columns
        if t.kinds.get(c.name) in ("label", "text") and c.type == "text" and c.distinct >= 20 and _lettered(c)
    ]
    if not found:
        return "no text column holds 20 different names of seven letters or more on average"
    _, t, c = min(found, key=lambda f: f[0])
    facts = (fact_id("rows", t.name), fact_id("distinct", t.name, c.name))
    why = f"{c.distinct:,} different values of {t.name}.{c.name}, {c.mean_length:.0f} characters on average"
    return Bound({"table": _of(t.name), "name": _q(c.name)}, (t.name,), facts, why)


def _lettered(c: ColumnProfile) -> bool:
    """True when the usual value is words of letters, long enough to be searched by part."""
    return 7 <= (c.mean_length or 0) <= 200 and not any(x.isdigit() or x in "@-/:" for mask, _ in c.masks[:2] for x in mask)


PLAN = """SET enable_seqscan = off AS $$
DECLARE
  line text;
  steps text := '';
BEGIN
  FOR line IN EXECUTE 'EXPLAIN ' || query LOOP
    steps := steps || line || chr(10);
  END LOOP;
  RETURN steps;
END
$$"""
"""Body of a function that returns a query's plan; whole reads are off, so that a small table shows what its index can do."""


def plan(tables: Mapping[str, TableReading]) -> Bound | str:
    """Return the body of the function that shows a plan; every case can have it."""
    return Bound({"plan": Code(PLAN)})


NEEDS: dict[str, Callable[[Mapping[str, TableReading]], Bound | str]] = {
    "event": event,
    "family": family,
    "dated": dated,
    "name": name,
    "plan": plan,
}
"""Need of a recipe's header → how a case meets it, or the sentence that says why not."""
