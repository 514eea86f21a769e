"""References of several columns into composite primary keys, checked on tuples."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from dataeng_kit.nouns import TableProfile
from dataeng_kit.profile.relations.contain import LOST, Values
from dataeng_kit.profile.relations.naming import STRONG, Names
from dataeng_kit.profile.relations.pairs import Pair, Ref

Parents = dict[tuple[str, str], tuple[str, str]]
"""Column → the key column chosen for it."""
MOST_WAYS = 24
SURE = 8.0
"""Bits of evidence from which contained tuples are a reference."""


@dataclass(frozen=True)
class Composite:
    """Child columns that together refer to a composite key."""

    child: tuple[Ref, ...]
    parent: tuple[Ref, ...]
    score: float
    reasons: tuple[str, ...]


def find_composites(
    tables: Sequence[TableProfile], columns: Sequence[Ref], chosen: Sequence[Pair], names: Names, values: Values
) -> list[Composite]:
    """Return the composite references that hold on the tuples, at most one per child and parent table."""
    parent_of = {p.child.name: p.parent.name for p in chosen}
    found = []
    for table in tables:
        if table.primary_key is None or len(table.primary_key) < 2 or not table.rows:
            continue
        parts = [r for c in table.primary_key for r in columns if r.name == (table.name, c)]
        if len(parts) != len(table.primary_key):
            continue
        for other in tables:
            if other.name != table.name and other.rows and table.primary_key != other.primary_key:
                best = _best(parts, [r for r in columns if r.table.name == other.name], parent_of, names, values)
                found += [best] if best else []
    return found


def _best(parts: Sequence[Ref], others: Sequence[Ref], parent_of: Parents, names: Names, values: Values) -> Composite | None:
    options = [[o for o in others if _like(o, p, parent_of, names)] for p in parts]
    ways = itertools.islice((w for w in itertools.product(*options) if len({r.name for r in w}) == len(w)), MOST_WAYS)
    best: Composite | None = None
    for way in ways:
        if not _anchored(way, parts, parent_of):
            continue
        share = _tuples(way, parts, values)
        if share >= LOST and (best is None or share > best.score):
            best = Composite(tuple(way), tuple(parts), share, (f"{share:.1%} of its value tuples exist there",))
    return best


def _like(child: Ref, part: Ref, parent_of: Parents, names: Names) -> bool:
    if child.kind != part.kind:
        return False
    if parent_of.get(child.name) and parent_of.get(child.name) == parent_of.get(part.name):
        return True
    same = child.column.name.lower() == part.column.name.lower() or names.similarity(child, part) >= STRONG
    if parent_of.get(child.name, part.name) != part.name:
        return False
    inside = child.column.distinct <= 1.25 * part.column.distinct + 1
    return inside and (same or child.in_key)


def _anchored(way: Sequence[Ref], parts: Sequence[Ref], parent_of: Parents) -> bool:
    """At least one column must share its parent with the key's column, or all must share their names."""
    shared = any(parent_of.get(c.name) == parent_of.get(p.name) is not None for c, p in zip(way, parts, strict=True))
    return shared or all(c.column.name.lower() == p.column.name.lower() for c, p in zip(way, parts, strict=True))


def _tuples(way: Sequence[Ref], parts: Sequence[Ref], values: Values) -> float:
    child, parent = way[0], parts[0]
    if child.source.engine is not parent.source.engine:
        return 0.0
    c = ", ".join(r.quoted for r in way)
    present = " AND ".join(f"{r.quoted} IS NOT NULL" for r in way)
    on = " AND ".join(f"p.{p.quoted} = d.{r.quoted}" for r, p in zip(way, parts, strict=True))
    for rows in (f"(SELECT {c} FROM {child.relation} WHERE {present} LIMIT 20000)", child.relation):
        query = (
            f"SELECT count(*), count(p.{parent.quoted}) FROM (SELECT DISTINCT {c} FROM {rows} AS t WHERE {present}) AS d "
            f"LEFT JOIN {parent.relation} AS p ON {on}"
        )
        total, hits = child.source.engine.run(query, values.run)[0]
        if not total or hits < LOST * total:
            return 0.0
    return float(hits / total) if hits * _bits_each(parts) >= SURE else 0.0


def _bits_each(parts: Sequence[Ref]) -> float:
    """How surprising one hit is, when the columns are contained one by one anyway: a full grid proves nothing."""
    room = math.prod(max(1, p.column.distinct) for p in parts)
    return -math.log2(min(1.0, parts[0].table.rows / room))
