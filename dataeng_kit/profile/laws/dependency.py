"""Near-functional dependencies: one column almost gives another; the rows that differ are listed.

The measure is the g3 error of Kivinen and Mannila (1995): the smallest share of rows to remove.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from dataeng_kit.nouns import ColumnProfile, Law, TableProfile
from dataeng_kit.profile.laws.scope import Scope, how_many, law, standing
from dataeng_kit.profile.laws.words import is_identifier, shared

_LEFT = 10
_SIZE = 3_000
_GLANCE = 400
_RIGHTS = 80
_SAMPLED = 0.08
"""Error that a sample may show before a full count is refused; the law itself allows five per cent."""


def laws(scope: Scope) -> Iterator[Law]:
    """Yield ``a determines b`` where it holds for all rows or nearly so, and far better than shuffled values would."""
    for table in scope.tables(30):
        known: dict[str, set[str]] = defaultdict(set)
        for left in _lefts(scope, table):
            rights = [c for c in table.columns if _right(scope, table, left, c)][:_RIGHTS]
            for right, chance in _promising(scope, table, left, rights):
                if left.name in known[right.name] or not scope.spend("dependency", table.name):
                    continue
                found = _count(scope, table.name, left, right, chance)
                if found:
                    known[left.name].add(right.name)
                    yield found


def _lefts(scope: Scope, table: TableProfile) -> list[ColumnProfile]:
    """Return possible left sides: repeated values, telling names first; never nearly unique, never a measure."""
    linked = scope.linked(table.name)
    found = []
    for column in table.columns:
        telling = column.name in linked or is_identifier(column.name)
        repeated = column.distinct >= 3 and column.filled >= 1.5 * column.distinct
        if repeated and (telling or (column.type == "text" and (column.max_length or 0) <= 60)):
            found.append((not telling, -column.distinct, column.position, column))
    return [c for *_, c in sorted(found, key=lambda f: f[:3])][:_LEFT]


def _right(scope: Scope, table: TableProfile, left: ColumnProfile, right: ColumnProfile) -> bool:
    return (
        right.name != left.name
        and right.type not in ("binary", "json")
        and right.distinct >= 2
        and right.filled >= 30
        and right.distinct <= 1.5 * left.distinct + 10
        and right.name not in (table.primary_key or ())[:1]
    )


def _promising(
    scope: Scope, table: TableProfile, left: ColumnProfile, rights: list[ColumnProfile]
) -> Iterator[tuple[ColumnProfile, float]]:
    """Yield the right sides that a sample of whole groups supports, with the error that shuffled values give."""
    if not rights:
        return
    name = table.name
    a = scope.name(name, left.name, "t")
    by_row = _SIZE >= 5 * left.distinct
    columns = [a, *(scope.name(name, c.name, "t") for c in rights)]
    rows = scope.sample(name, columns, f"{a} IS NOT NULL", by="" if by_row else a, size=_SIZE)
    for at, right in enumerate(rights, 1):
        pairs = [(r[0], r[at]) for r in rows if r[at] is not None]
        glance, _, seen = _error(pairs[:_GLANCE])
        if glance > 0.3 and seen >= 100:
            continue
        error, groups, of = _error(pairs)
        if groups < 3 or of < 30 or error > _SAMPLED:
            continue
        values = [b for _, b in pairs]
        random.Random(0).shuffle(values)
        chance = _error([(a, b) for (a, _), b in zip(pairs, values, strict=True)])[0]
        if chance >= 0.05 and error <= 0.25 * chance:
            yield right, chance


def _error(pairs: Sequence[tuple[Any, Any]]) -> tuple[float, int, int]:
    """Return the g3 error over groups of two rows or more, the number of such groups, and their rows."""
    groups: dict[Any, Counter[Any]] = defaultdict(Counter)
    for a, b in pairs:
        groups[a][b] += 1
    sizes = [(sum(c.values()), max(c.values())) for c in groups.values()]
    of = sum(n for n, _ in sizes if n > 1)
    return (1 - sum(m for n, m in sizes if n > 1) / of if of else 1.0), sum(n > 1 for n, _ in sizes), of


def _accidental(scope: Scope, table: str, left: ColumnProfile, right: ColumnProfile, error: float) -> bool:
    """Return whether exceptions would say nothing: keys of other tables go together by habit, and plain texts by geography."""
    if (right.name in scope.linked(table) or is_identifier(right.name)) and not shared(left.name, right.name):
        return True
    return left.name not in scope.linked(table) and not is_identifier(left.name) and error > 0.01


def _count(scope: Scope, table: str, left: ColumnProfile, right: ColumnProfile, chance: float) -> Law | None:
    a, b, relation = scope.name(table, left.name), scope.name(table, right.name), scope.relation(table)
    pairs = (
        f"SELECT {a} AS a, {b} AS b, count(*) AS n FROM {relation} WHERE {a} IS NOT NULL AND {b} IS NOT NULL GROUP BY {a}, {b}"
    )
    sql = (
        f"SELECT sum(n), sum(m), count(*), {how_many('k > 1')} FROM "
        f"(SELECT a, sum(n) AS n, max(n) AS m, count(*) AS k FROM ({pairs}) AS p GROUP BY a) AS g"
    )
    of, holds, groups, broken = (int(n or 0) for n in scope.rows(table, sql)[0])
    telling = left.name in scope.linked(table) or is_identifier(left.name)
    level = standing(holds, of, telling, chance)
    few = groups < 20
    if level in ("question", "finding") or (of > holds and (few or _accidental(scope, table, left, right, (of - holds) / of))):
        return None
    ranked = f"SELECT a, b, row_number() OVER (PARTITION BY a ORDER BY n DESC, b) AS place FROM ({pairs}) AS p"
    ta, tb = scope.name(table, left.name, "t"), scope.name(table, right.name, "t")
    query = (
        f"SELECT {scope.shown(table, [left.name, right.name])} FROM {relation} AS t JOIN ({ranked}) AS r "
        f"ON r.a = {ta} AND r.b = {tb} WHERE r.place > 1"
    )
    return law(
        "dependency",
        table,
        [(table, left.name), (table, right.name)],
        f"{left.name} determines {right.name}",
        (holds, of),
        level,
        query,
        chance=chance,
        reasons=(f"shuffled values would break it in {100 * chance:.0f} % of the rows",),
        detail={"left": left.name, "right": right.name, "groups": groups, "broken_groups": broken, "named": telling},
    )
