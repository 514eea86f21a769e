"""Dependency laws of a table, grouped by the column that decides."""

from __future__ import annotations

from dataclasses import dataclass

from dataeng_kit.design.reading import TableReading
from dataeng_kit.nouns import Evidence
from dataeng_kit.nouns.references import parse

_REPEATS = 3
"""A determinant must repeat this often on average before 'one value each' means anything."""
_VALUES = 20
"""…and have at least this many values: below, a perfect dependency is easily an accident."""


@dataclass(frozen=True)
class Dependency:
    """One determinant column, all the columns it decides, the rows that break it, and the fact ids of the laws."""

    determinant: str
    dependents: tuple[str, ...]
    exceptions: int
    rule: str
    facts: tuple[str, ...] = ()


def dependencies(evidence: Evidence, table: TableReading) -> tuple[Dependency, ...]:
    """Return the trustworthy one-column dependencies of a table: laws, over values that repeat, finest determinant first."""
    found: dict[str, list[tuple[str, int, str, str]]] = {}
    for law in evidence.profile.laws:
        if law.kind != "dependency" or law.table != table.name or len(law.columns) != 2 or law.standing not in ("law", "law_with_exceptions"):
            continue
        left, right = (parse(c)[-1] for c in law.columns)
        column = table.profile.column(left)
        if column.distinct >= _VALUES and column.filled >= _REPEATS * column.distinct and not (column.type == "number" and left not in table.key):
            found.setdefault(left, []).append((right, law.exceptions, law.rule, law.fact))
    result = []
    for left, rows in sorted(found.items(), key=lambda kv: -table.profile.column(kv[0]).distinct):
        exact = [r for r in rows if r[1] == 0]
        if exact and table.kinds.get(left) not in ("measure", "date"):
            result.append(Dependency(left, tuple(dict.fromkeys(r[0] for r in exact)), 0, exact[0][2], tuple(r[3] for r in exact if r[3])))
    return _transitive(tuple(result))


def _transitive(found: tuple[Dependency, ...]) -> tuple[Dependency, ...]:
    """Each dependent column belongs to one determinant only: the coarsest one that decides it (third normal form)."""
    owner: dict[str, str] = {}
    for d in found:
        for c in d.dependents:
            owner[c] = d.determinant
    alike = {d.determinant for d in found for e in found if e is not d and d.determinant in e.dependents and e.determinant in d.dependents}
    result = []
    for d in found:
        mine = tuple(c for c in d.dependents if owner[c] == d.determinant and not (c in alike and d.determinant in alike and c < d.determinant))
        if mine:
            result.append(Dependency(d.determinant, mine, d.exceptions, d.rule, d.facts))
    return tuple(result)
