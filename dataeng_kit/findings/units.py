"""Accuracy of measurements: one label, two scales."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from dataeng_kit.findings.rule import Hit, Look, rule
from dataeng_kit.nouns import ColumnProfile, TableProfile
from dataeng_kit.nouns.references import write
from dataeng_kit.profile.laws.words import says

_GAP = 2.0
"""Ratio between neighbouring values that parts two scales; within one scale neighbours lie closer."""
_LEAST = 5


@rule("accuracy")
def mixed_units(look: Look) -> Iterator[Hit]:
    """{failing} of {of} values of {table}.{column} for {group} lie on another scale than the rest ({low} against {high}).

    Criterion: values of one kind in one unit form one group; here nothing lies between the two groups.
    Cause: two units under one label (opinion).
    Consequence: averages and limits for {group} are wrong for everybody.
    Do: convert the smaller group after the owner confirmed its unit; reject values on the wrong scale at load.
    Ask: In which unit are the {failing} values?
    """
    for table in look.tables:
        if table.rows < 100:
            continue
        for column in table.columns:
            if column.type not in ("integer", "number") or not says(column.name, "reading") or column.distinct < 20:
                continue
            for kind in _kinds(table):
                yield from _two_scales(look, table, column, kind)


def _kinds(table: TableProfile) -> list[ColumnProfile]:
    """Return the column that says what was measured: few values, no unit."""
    found = [
        c
        for c in table.columns
        if c.type == "text" and 2 <= c.distinct <= 200 and c.filled >= 0.95 * c.rows and not says(c.name, "unit")
    ]
    return sorted(found, key=lambda c: -c.distinct)[:1]


def _two_scales(look: Look, table: TableProfile, column: ColumnProfile, kind: ColumnProfile) -> Iterator[Hit]:
    q, k = look.name(table.name, column.name), look.name(table.name, kind.name)
    groups: dict[object, list[float]] = defaultdict(list)
    for value, number in look.scope.sample(table.name, [k, look.scope.double(table.name, q)], f"{q} > 0", size=20_000):
        groups[value].append(number)
    for value, numbers in groups.items():
        cut = _cut(sorted(numbers))
        if cut is None:
            continue
        below = len([n for n in numbers if n < cut])
        side = "<" if below <= len(numbers) / 2 else ">="
        of_kind = f"{k} = {look.scope.literal(table.name, value)}"
        condition = f"{of_kind} AND {q} {side} {cut!r}" + (f" AND {q} > 0" if side == "<" else "")
        failing, of = look.count(table.name, [condition, f"{of_kind} AND {q} > 0"])
        ordered = sorted(numbers)
        values = {
            "group": f"{kind.name} {value}",
            "low": f"{ordered[below // 2]:g}",
            "high": f"{ordered[(below + len(ordered)) // 2]:g}",
        }
        names = (column.name, kind.name)
        subject = f"{write(table.name, column.name)}#{value}"
        yield Hit(table.name, names, failing, of, look.where(table.name, names, condition), "figure", values, subject)


def _cut(ordered: Sequence[float]) -> float | None:
    """Return the value between two scales of sorted positive numbers, or None where they form one group.

    Two scales: one gap of factor two; five different values or more on both sides (one value is a limit of detection), the
    smaller side at most 30 %; within each side the middle nine tenths span less than the distance of the two medians.
    """
    if len(ordered) < 50:
        return None
    ratio, at = max((ordered[i] / ordered[i - 1], i) for i in range(1, len(ordered)))
    low, high = ordered[:at], ordered[at:]
    if ratio < _GAP or min(len(set(low)), len(set(high))) < _LEAST or min(len(low), len(high)) > 0.3 * len(ordered):
        return None
    apart = high[len(high) // 2] / low[len(low) // 2]
    spread = max(side[int(0.95 * (len(side) - 1))] / side[int(0.05 * (len(side) - 1))] for side in (low, high))
    return (low[-1] * high[0]) ** 0.5 if spread < apart else None
