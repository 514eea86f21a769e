"""Dependency laws of a wide table, grouped by the identifier that decides; copies of a parent's attributes are none."""

from __future__ import annotations

from dataclasses import dataclass

from dataeng_kit.design.cues import cue
from dataeng_kit.design.reading import TableReading
from dataeng_kit.design.words import words
from dataeng_kit.nouns import Evidence, Law
from dataeng_kit.nouns.references import parse

_REPEATS = 3
"""A determinant must repeat this often on average before 'one value each' means anything."""
_VALUES = 20
"""…and have at least this many values: below, a perfect dependency is easily an accident."""


@dataclass(frozen=True)
class Dependency:
    """One determinant column, the columns it decides, the rows that break it, and the fact ids of the laws."""

    determinant: str
    dependents: tuple[str, ...]
    exceptions: int
    rule: str
    facts: tuple[str, ...] = ()


def dependencies(evidence: Evidence, table: TableReading, exact: bool = True) -> tuple[Dependency, ...]:
    """Return what the identifiers inside a wide table decide, finest identifier first.

    A column that refers to another table decides nothing here: what it seems to decide are that table's attributes,
    copied at the time of the event. With *exact*, laws with exceptions are left out, since splitting them would lose rows.
    """
    refers = {c for k in table.parents for c in k.columns}
    found: dict[str, list[tuple[str, Law]]] = {}
    for law in evidence.profile.laws:
        if law.kind == "dependency" and law.table == table.name and len(law.columns) == 2 and _trusted(law, exact):
            left, right = (parse(c)[-1] for c in law.columns)
            if left not in refers | set(table.key) and right not in refers | set(table.key) and _identifies(table, left):
                found.setdefault(left, []).append((right, law))
    by_size = sorted(found, key=lambda c: -table.profile.column(c).distinct)
    taken: set[str] = set(by_size)
    result = []
    for left in reversed(by_size):  # the coarsest determinant keeps a column: third normal form
        mine = [(c, law) for c, law in found[left] if c not in taken]
        taken |= {c for c, _ in mine}
        if mine:
            result.append(
                Dependency(
                    left,
                    tuple(c for c, _ in mine),
                    sum(x.exceptions for _, x in mine),
                    mine[0][1].rule,
                    tuple(x.fact for _, x in mine if x.fact),
                )
            )
    return tuple(reversed(result))


def _trusted(law: Law, exact: bool) -> bool:
    return (law.standing == "law" and law.exceptions == 0) or (not exact and law.standing in ("law", "law_with_exceptions"))


def _identifies(table: TableReading, column: str) -> bool:
    c, said = table.profile.column(column), words(column)
    repeats = c.distinct >= _VALUES and c.filled >= _REPEATS * c.distinct
    named = bool(set(said) & cue("determinant") or (said and said[-1].endswith("id"))) and not set(said) & cue("place_code")
    return repeats and named and table.kinds.get(column) not in ("measure", "date")


def stem(determinant: str, table: str) -> tuple[str, ...]:
    """Return the words that name what a determinant identifies: CustomerID → customer; a bare id takes the table's words too."""
    return tuple(w for w in words(determinant) if w not in cue("generic")) or (*words(table), *words(determinant))
