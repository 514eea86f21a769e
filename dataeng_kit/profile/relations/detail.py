"""What a chosen reference looks like in the rows: coverage, orphans, children per parent, cardinality."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dataeng_kit.data import Source
from dataeng_kit.data.engines.bridge import Bridge
from dataeng_kit.nouns import Fact, ForeignKey
from dataeng_kit.nouns.references import fact_id
from dataeng_kit.run import Run

LISTED = 1_000
"""Orphan values between two engines that a query may name."""


@dataclass(frozen=True)
class Reference:
    """A chosen or declared reference, still to be measured."""

    child: Source
    parent: Source
    columns: tuple[str, ...]
    ref_columns: tuple[str, ...]
    score: float
    reasons: tuple[str, ...]
    runner_up: str = ""
    declared: bool = False
    repeats: int = 0
    """Parent rows beyond the first of their key value."""


def describe(reference: Reference, bridge: Bridge, run: Run) -> tuple[ForeignKey, Fact]:
    """Return the measured foreign key and its fact (orphan rows).

    Both sides are joined where they lie; between two engines their distinct values meet on the *bridge*.
    """
    child, parent, columns = reference.child, reference.parent, reference.columns
    sizes, missing = _measured(reference, bridge, run)
    values, found = sum(v for _, v, _ in sizes), sum(f for _, _, f in sizes)
    orphans, most = sum(n * (v - f) for n, v, f in sizes), sizes[-1][0] if sizes else 0
    total, parents = (int(s.engine.value(f"SELECT count(*) FROM {s.relation}", run)) for s in (child, parent))
    id = (
        fact_id("orphans", child.table.name, *columns)
        if len(columns) == 1
        else fact_id(f"orphans {'+'.join(columns)}", child.table.name)
    )
    lost = f"FROM {child.relation} AS c WHERE {missing}"
    key = ForeignKey(
        child.table.name,
        columns,
        parent.table.name,
        reference.ref_columns,
        coverage=found / values if values else 1.0,
        orphans=orphans,
        orphan_values=values - found,
        nulls=total - sum(n * v for n, v, _ in sizes),
        children_p50=_quantile(sizes, 0.5),
        children_p99=_quantile(sizes, 0.99),
        children_max=most,
        parents_without=max(0, parents - reference.repeats - found),
        cardinality="1:1" if most <= 1 and values else "n:1",
        score=reference.score,
        reasons=reference.reasons,
        runner_up=reference.runner_up,
        declared=reference.declared,
        query=f"SELECT c.* {lost}" if missing else "",
        fact=id,
    )
    return key, Fact(id, orphans, f"SELECT count(*) {lost}" if missing else "", "exact", child.engine.technology.id)


def _measured(reference: Reference, bridge: Bridge, run: Run) -> tuple[list[tuple[int, int, int]], str]:
    """Return (children, child values with so many, of these found in the parent), and the condition of an orphan row.

    One row per number of children: few rows, from which every count and quantile follows on any engine.
    """
    child, parent, places = reference.child, reference.parent, range(len(reference.columns))
    own, theirs = list(map(child.engine.quote, reference.columns)), list(map(parent.engine.quote, reference.ref_columns))
    present = " AND ".join(f"{q} IS NOT NULL" for q in own)
    groups = f"SELECT {_numbered(own)}, count(*) AS n FROM {child.relation} WHERE {present} GROUP BY {', '.join(own)}"
    keys = f"SELECT DISTINCT {_numbered(theirs)} FROM {parent.relation}"
    on = " AND ".join(f"p.k{i} = c.k{i}" for i in places)
    if child.engine is parent.engine:
        engine, c, p = child.engine, f"({groups})", f"({keys})"
        same = " AND ".join(f"p.{r} = c.{q}" for q, r in zip(own, theirs, strict=True))
        filled = " AND ".join(f"c.{q} IS NOT NULL" for q in own)
        missing = f"{filled} AND NOT EXISTS (SELECT 1 FROM {parent.relation} AS p WHERE {same})"
    else:
        typed = [(f"k{i}", child.table.column(name).type) for i, name in enumerate(reference.columns)]
        c = bridge.relation(child.engine, groups, [*typed, ("n", "integer")], run)
        p = bridge.relation(parent.engine, keys, typed, run)
        engine = bridge.engine
        picks = ", ".join(f"c.k{i}" for i in places)
        lost = engine.run(
            f"SELECT {picks} FROM {c} AS c LEFT JOIN {p} AS p ON {on} WHERE p.k0 IS NULL ORDER BY {picks} LIMIT {LISTED + 1}", run
        )
        missing = _listed(child, own, lost)
    rows = engine.run(
        f"SELECT c.n, count(*), count(p.k0) FROM {c} AS c LEFT JOIN {p} AS p ON {on} GROUP BY c.n ORDER BY c.n", run
    )
    return [(int(n), int(values), int(found)) for n, values, found in rows], missing


def _numbered(columns: Sequence[str]) -> str:
    return ", ".join(f"{q} AS k{i}" for i, q in enumerate(columns))


def _listed(child: Source, columns: Sequence[str], lost: Sequence[tuple[Any, ...]]) -> str:
    """Return the condition that names the orphan values one by one; the empty text when there are too many to name."""
    if len(lost) > LISTED:
        return ""
    literal = child.engine.technology.literal
    named = (" AND ".join(f"c.{q} = {literal(v)}" for q, v in zip(columns, row, strict=True)) for row in lost)
    return f"({' OR '.join(named) or '1 = 0'})"


def _quantile(sizes: Sequence[tuple[int, int, int]], share: float) -> float:
    """Return the least number of children that at least *share* of the parents' values do not exceed."""
    total, upto = sum(v for _, v, _ in sizes), 0
    for n, values, _ in sizes:
        upto += values
        if upto >= share * total:
            return float(n)
    return 0.0
