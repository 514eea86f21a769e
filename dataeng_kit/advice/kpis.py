"""Key figures of a case: name, formula, grain, filter, owner; and two definitions of one figure that measure differently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dataeng_kit.design import processes
from dataeng_kit.design.reading import TableReading, additivity, is_money
from dataeng_kit.design.words import singular, words
from dataeng_kit.nouns import Evidence
from dataeng_kit.nouns.references import fact_id, parse

MOST = 8
"""Key figures shown: more than these nobody defines in one meeting."""


@dataclass(frozen=True)
class Kpi:
    """One figure: ``column`` is summed (empty: rows are counted) over ``table`` by ``day``; ``line`` says who named its owner."""

    name: str
    table: str
    column: str
    day: str
    formula: str
    grain: str
    filter: str
    owner: str
    line: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Conflict:
    """Two columns that should give one total and do not: each with its measured total, and the rows that differ."""

    sides: tuple[tuple[Kpi, float], tuple[Kpi, float]]
    facts: tuple[str, ...]
    why: str
    differ: int


def owner(evidence: Evidence, table: str) -> tuple[str, str]:
    """Return who CLAUDE.md names for a table and where (``file:line``), or two empty texts."""
    mine = {singular(w) for w in words(table)}
    for s in evidence.context.owners:
        if mine & {singular(w) for w in words(f"{s.subject} {s.quote if not s.subject else ''}")}:
            return str(s.value), f"{s.file}:{s.line}"
    return "", ""


def _kpi(evidence: Evidence, table: str, column: str, day: str) -> Kpi:
    t = evidence.profile.table(table)
    missing = t.column(day).nulls
    who, line = owner(evidence, table)
    what = f"{table} {column}".replace("_", " ") if column else f"number of {table}".replace("_", " ")
    facts = (fact_id("rows", table), fact_id("nulls", table, day), *((fact_id("mean", table, column),) if column else ()))
    kept = f"rows with a {day}" + (f" ({missing:,} of {t.rows:,} have none and are left out)" if missing else "")
    formula = f"sum({table}.{column})" if column else f"count of rows of {table}"
    return Kpi(what, table, column, day, formula, f"one value per month of {table}.{day}", kept, who, line, facts)


def kpis(evidence: Evidence, tables: Mapping[str, TableReading]) -> tuple[Kpi, ...]:
    """Return the figures of every business process that is dated: its money first, then its count; at most `MOST`."""
    found = []
    for p in processes.find(dict(tables)):
        t = tables[p.table]
        day = next((c for c in t.of("date") if t.profile.column(c).type in ("date", "datetime")), "")
        if not day:
            continue
        adding = [c for c in t.of("measure") if additivity(c) == "additive" and t.profile.column(c).filled]
        money = [c for c in adding if is_money(c)]
        found += [(0, _kpi(evidence, p.table, c, day)) for c in (money or adding)[-1:]]
        found.append((1, _kpi(evidence, p.table, "", day)))
    return tuple(k for _, k in sorted(found, key=lambda f: f[0])[:MOST])


def total(evidence: Evidence, table: str, column: str) -> float:
    """Return the sum of a column: its mean times its filled rows, both measured."""
    c = evidence.profile.table(table).column(column)
    return (c.mean or 0.0) * c.filled


def conflict(evidence: Evidence) -> Conflict | None:
    """Return the reconciliation between two columns that most rows break, with both measured totals; None when all agree."""
    laws = [x for x in evidence.profile.laws if x.kind == "reconciliation" and len(x.columns) == 2 and x.exceptions]
    for law in sorted(laws, key=lambda x: -x.exceptions):
        (a, x), (b, y) = (parse(c)[-2:] for c in law.columns)
        one, two = total(evidence, a, x), total(evidence, b, y)
        if one and two and abs(one - two) > 1e-9 * max(abs(one), abs(two)):
            sides = tuple((_side(evidence, t, c), v) for t, c, v in ((a, x, one), (b, y, two)))
            why = f"sum({a}.{x}) is {one:,.2f}, sum({b}.{y}) is {two:,.2f}: {law.exceptions:,} of {law.of:,} rows differ"
            facts = (fact_id("mean", a, x), fact_id("mean", b, y), fact_id("rows", a), fact_id("rows", b))
            return Conflict((sides[0], sides[1]), facts, why, law.exceptions)
    return None


def _side(evidence: Evidence, table: str, column: str) -> Kpi:
    who, line = owner(evidence, table)
    facts = (fact_id("mean", table, column),)
    return Kpi(f"{table}.{column}", table, column, "", f"sum({table}.{column})", "whole delivery", "all rows", who, line, facts)
