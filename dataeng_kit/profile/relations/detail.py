"""What a chosen reference looks like in the rows: coverage, orphans, children per parent, cardinality."""

from __future__ import annotations

from dataclasses import dataclass

from dataeng_kit.data import Source
from dataeng_kit.nouns import Fact, ForeignKey
from dataeng_kit.nouns.references import fact_id
from dataeng_kit.run import Run


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


def describe(reference: Reference, run: Run) -> tuple[ForeignKey, Fact]:
    """Return the measured foreign key and its fact (orphan rows); both sides lie in one engine."""
    child, parent, columns, ref_columns = reference.child, reference.parent, reference.columns, reference.ref_columns
    quote = child.engine.quote
    on = " AND ".join(f"p.{quote(r)} = c.{quote(k)}" for k, r in zip(columns, ref_columns, strict=True))
    filled = " AND ".join(f"c.{quote(k)} IS NOT NULL" for k in columns)
    names = ", ".join(quote(k) for k in columns)
    present = " AND ".join(f"{quote(k)} IS NOT NULL" for k in columns)
    missing = f"{filled} AND NOT EXISTS (SELECT 1 FROM {parent.relation} AS p WHERE {on})"
    orphans_query = f"SELECT count(*) FROM {child.relation} AS c WHERE {missing}"
    groups = f"SELECT {names}, count(*) AS n FROM {child.relation} WHERE {present} GROUP BY {names}"
    summary = (
        f"WITH c AS ({groups}) SELECT count(*), sum(n), max(n), "
        f"count(CASE WHEN NOT EXISTS (SELECT 1 FROM {parent.relation} AS p WHERE {on}) THEN 1 END), "
        f"sum(CASE WHEN NOT EXISTS (SELECT 1 FROM {parent.relation} AS p WHERE {on}) THEN n ELSE 0 END), "
        "percentile_disc(0.5) WITHIN GROUP (ORDER BY n), percentile_disc(0.99) WITHIN GROUP (ORDER BY n) FROM c"
    )
    values, rows, most, lost_values, lost_rows, p50, p99 = (int(v or 0) for v in child.engine.run(summary, run)[0])
    total, parents = (int(child.engine.value(f"SELECT count(*) FROM {s.relation}", run)) for s in (child, parent))
    id = (
        fact_id("orphans", child.table.name, *columns)
        if len(columns) == 1
        else fact_id(f"orphans {'+'.join(columns)}", child.table.name)
    )
    key = ForeignKey(
        child.table.name,
        columns,
        parent.table.name,
        ref_columns,
        coverage=(values - lost_values) / values if values else 1.0,
        orphans=lost_rows,
        orphan_values=lost_values,
        nulls=total - rows,
        children_p50=float(p50),
        children_p99=float(p99),
        children_max=most,
        parents_without=max(0, parents - reference.repeats - (values - lost_values)),
        cardinality="1:1" if most <= 1 and values else "n:1",
        score=reference.score,
        reasons=reference.reasons,
        runner_up=reference.runner_up,
        declared=reference.declared,
        query=f"SELECT c.* FROM {child.relation} AS c WHERE {missing}",
        fact=id,
    )
    return key, Fact(id, lost_rows, orphans_query, "exact", child.engine.technology.id)
