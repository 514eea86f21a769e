"""Parts of a case that recipes are bound to, found by measured facts: an event table, a family, a dated table, names, people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from dataeng_kit.design.reading import TableReading, additivity, read
from dataeng_kit.design.sql import SOURCE
from dataeng_kit.design.words import snake, unique
from dataeng_kit.nouns import ColumnProfile, Evidence
from dataeng_kit.nouns.references import fact_id
from dataeng_kit.recipes import Code
from dataeng_kit.technologies.base import Technology

GROUPS = range(2, 51)
"""Distinct values that a column may have to be reported by."""
EMBEDDED = 1_000
"""Child rows above which a parent's document grows too large to rewrite with each change."""
PERIODS = 120
"""Partitions above which planning each query costs more than they save: months up to here, then years."""


@dataclass(frozen=True)
class Bound:
    """One need met: the values for the template, the tables read, the facts cited, why these, and what would end it."""

    values: Mapping[str, Any]
    tables: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    why: str = ""
    flips: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Binder:
    """One case read for recipes of one technology."""

    evidence: Evidence
    technology: type[Technology]

    @cached_property
    def tables(self) -> Mapping[str, TableReading]:
        """Return the tables as a modeller reads them."""
        return read(self.evidence)

    def q(self, name: str) -> Code:
        """Return a column or table quoted."""
        return Code(self.technology.named(name))

    def text(self, value: object) -> Code:
        """Return a literal."""
        return Code(self.technology.literal(value))

    def of(self, table: str) -> Code:
        """Return a source table."""
        return Code(f"{SOURCE}.{self.q(table)}")

    def largest(self) -> list[TableReading]:
        """Return the tables, most rows first."""
        return sorted(self.tables.values(), key=lambda t: (-t.profile.rows, t.name))

    def moment(self, column: str) -> Code:
        """Return a date column as the engine's time stamp."""
        return Code(f"CAST({self.q(column)} AS {self.technology.type_name('datetime')})")


def _days(t: TableReading, *kinds: str) -> list[str]:
    return [c for c in t.of(*kinds) if t.profile.column(c).type in ("date", "datetime") and t.profile.column(c).filled]


def _amounts(t: TableReading) -> list[str]:
    return [c for c in t.of("measure") if additivity(c) == "additive" and t.profile.column(c).filled]


def event(b: Binder) -> Bound | str:
    """Return the largest table with a date, an amount that adds up and a column of few values; else what is missing."""
    for t in b.largest():
        parts = [c for c in t.of("text", "flag", "reference") if t.profile.column(c).distinct in GROUPS]
        amounts, days = _amounts(t), _days(t, "date")
        if amounts and parts and days:
            day, amount, part = days[0], amounts[0], parts[0]
            values = {"table": b.of(t.name), "day": b.moment(day), "amount": b.q(amount), "part": b.q(part)}
            c = t.profile.column(part)
            why = f"{t.profile.rows:,} rows of {t.name}: {amount} by month of {day} and {c.distinct} values of {part}"
            facts = (fact_id("rows", t.name), fact_id("distinct", t.name, part), fact_id("nulls", t.name, day))
            return Bound(values, (t.name,), facts, why, ((fact_id("nulls", t.name, day), t.profile.rows),))
    return f"no table has a date, an amount that adds up and a column of {GROUPS[0]} to {GROUPS[-1]} values"


def family(b: Binder) -> Bound | str:
    """Return the parent and child with the most child rows, few of them per parent; else what is missing."""
    for t in b.largest():
        for k in t.parents:
            parent = b.tables[k.ref_table]
            same = len(k.columns) == 1 and tuple(parent.profile.primary_key or ()) == k.ref_columns
            if not same or not 1 < k.children_max <= EMBEDDED:
                continue
            mine, theirs = t.profile.column(k.columns[0]), parent.profile.column(k.ref_columns[0])
            if mine.type == theirs.type:
                inside = unique(snake(t.name), [c.name for c in parent.profile.columns])
                values = {
                    "parent": b.of(parent.name), "child": b.of(t.name), "key": b.q(theirs.name), "reference": b.q(mine.name),
                    "inside": b.text(inside),
                }  # fmt: skip
                why = (
                    f"a row of {parent.name} has {k.children_p50:g} rows of {t.name} (median), at most {k.children_max:,}; "
                    f"{k.orphans:,} rows of {t.name} have no {parent.name} and stay outside"
                )
                facts = (fact_id("rows", parent.name), fact_id("rows", t.name), *((k.fact,) if k.fact else ()))
                flips = ((fact_id("nulls", parent.name, theirs.name), parent.profile.rows // 2),)
                return Bound(values, (parent.name, t.name), facts, why, flips)
    return f"no reference leads to a keyed table with 2 to {EMBEDDED:,} child rows a parent"


def dated(b: Binder) -> Bound | str:
    """Return the largest table with a main time column and its periods; else what is missing."""
    for t in b.largest():
        time = t.profile.time
        if time is None or t.profile.column(time.column).type not in ("date", "datetime"):
            continue
        unit, days = _periods(dt.date.fromisoformat(time.start[:10]), dt.date.fromisoformat(time.end[:10]))
        if not days:
            continue
        named = [
            (Code("p" + x[: 7 if unit == "month" else 4].replace("-", "_")), b.text(x), b.text(y)) for x, y in pairwise(days)
        ]
        middle = named[len(named) // 2]
        values = {
            "table": b.of(t.name), "day": b.q(time.column), "column": b.text(b.technology.fit(time.column)), "unit": b.text(unit),
            "periods": named, "first": named[0][1], "past": named[-1][2], "low": middle[1], "high": middle[2],
        }  # fmt: skip
        c = time.column
        why = f"{t.profile.rows:,} rows of {t.name} over {len(named)} {unit}s of {c}"
        facts = (fact_id("rows", t.name), fact_id("min", t.name, c), fact_id("max", t.name, c), fact_id("nulls", t.name, c))
        return Bound(values, (t.name,), facts, why, ((fact_id("max", t.name, c), time.start),))
    return f"no table has a main time column that spans 2 to {PERIODS} months or years"


def _periods(start: dt.date, end: dt.date) -> tuple[str, list[str]]:
    """Return month or year and the first days of its periods and of the next; none when one period holds all."""
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if 2 <= months <= PERIODS:
        at = [start.year * 12 + start.month - 1 + n for n in range(months + 1)]
        return "month", [f"{m // 12:04d}-{m % 12 + 1:02d}-01" for m in at]
    years = end.year - start.year + 1
    return "year", [f"{start.year + n:04d}-01-01" for n in range(years + 1)] if 2 <= years <= PERIODS else []


def name(b: Binder) -> Bound | str:
    """Return a column of names worth searching, one that is not personal first; else what is missing."""
    found = [
        ((bool(c.label and c.label.sensitive), t.kinds[c.name] != "label", -c.distinct, t.name, c.name), t, c)
        for t in b.tables.values()
        for c in t.profile.columns
        if t.kinds.get(c.name) in ("label", "text") and c.type == "text" and c.distinct >= 20 and _lettered(c)
    ]
    if not found:
        return "no text column holds 20 different names of seven letters or more on average"
    _, t, c = min(found, key=lambda f: f[0])
    distinct = fact_id("distinct", t.name, c.name)
    why = f"{c.distinct:,} different values of {t.name}.{c.name}, {c.mean_length:.0f} characters on average"
    values = {"table": b.of(t.name), "name": b.q(c.name)}
    return Bound(values, (t.name,), (fact_id("rows", t.name), distinct), why, ((distinct, 2),))


def _lettered(c: ColumnProfile) -> bool:
    """True when the usual value is words of letters, long enough to be searched by part."""
    return 7 <= (c.mean_length or 0) <= 200 and not any(x.isdigit() or x in "@-/:" for mask, _ in c.masks[:2] for x in mask)


def people(b: Binder) -> Bound | str:
    """Return the keyed table with the most sensitive text columns and what refers to it; else what is missing."""
    found = []
    for t in b.largest():
        secret = [c.name for c in t.profile.columns if c.label and c.label.sensitive and c.filled and c.name not in t.key]
        if secret and len(t.key) == 1 and t.profile.primary_key == t.key:
            found.append((len(secret), t, secret))
    if not found:
        return "no table with a one-column key holds a column labelled sensitive"
    _, t, secret = max(found, key=lambda f: f[0])
    children = [(k.table, k.columns[0]) for k in t.children if len(k.columns) == 1 and k.ref_columns == t.key]
    plain = [c.name for c in t.profile.columns if c.name not in secret and c.name not in t.key]
    values = {
        "people": b.of(t.name), "person": b.q(t.key[0]), "secrets": [b.q(c) for c in secret], "plain": [b.q(c) for c in plain],
        "children": [(b.of(child), b.q(c), b.text(child)) for child, c in children], "secret": b.q(secret[0]),
        "copies": [(b.q(child), b.of(child)) for child in dict(children)],
        "child_keys": [b.q(c) for c in dict(children).values()],
    }  # fmt: skip
    why = f"{len(secret)} of {len(t.profile.columns)} columns of {t.name} are labelled sensitive ({', '.join(secret[:3])})"
    facts = (fact_id("rows", t.name), *(fact_id("nulls", t.name, c) for c in secret[:4]))
    flips = ((fact_id("distinct", t.name, t.key[0]), t.profile.rows // 2),)
    return Bound(values, (t.name, *dict.fromkeys(c for c, _ in children)), facts, why, flips)


def customers(b: Binder) -> Bound | str:
    """Return the table whose dated amounts refer to a keyed entity most often: who buys, visits or owns; else what is missing."""
    for t in b.largest():
        for k in t.parents:
            amounts, days = _amounts(t), _days(t, "date")
            if amounts and days and len(k.columns) == 1 and k.children_max > 1:
                who, day, amount = k.columns[0], days[0], amounts[0]
                values = {"table": b.of(t.name), "who": b.q(who), "day": b.moment(day), "amount": b.q(amount)}
                values["row"] = Code(", ".join(b.q(c) for c in t.key) or str(b.q(day)))
                many = t.profile.column(who).distinct
                why = f"{t.profile.rows:,} rows of {t.name} carry {amount} by {day} for {many:,} {k.ref_table}"
                facts = (fact_id("rows", t.name), fact_id("distinct", t.name, who), fact_id("nulls", t.name, amount))
                return Bound(values, (t.name,), facts, why, ((fact_id("nulls", t.name, day), t.profile.rows),))
    return "no table with a date and an amount refers to an entity with several rows each"
