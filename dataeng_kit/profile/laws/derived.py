"""Derived columns: one number computed from others of its row, and integers that restate a date."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Any

from dataeng_kit.nouns import ColumnProfile, Law
from dataeng_kit.profile.laws.scope import DATES, NUMBERS, Scope, how_many, law
from dataeng_kit.profile.laws.words import is_identifier

_MOST = 16
_SHARE = 0.9
"""Share of the telling sample rows a formula must fit before it is counted on all rows."""
_LEAST = 8

Row = Sequence[Any]


@dataclass(frozen=True)
class Formula:
    """``target = shape of operands`` by column index; shapes: scaled (factor × b), sum, product, discounted (b × c × (1 − d))."""

    target: int
    operands: tuple[int, ...]
    shape: str
    factor: float = 1.0

    def value(self, row: Row) -> float:
        """Return what the formula gives for one row of numbers."""
        parts = [row[i] or 0.0 for i in self.operands]
        if self.shape == "discounted":
            return float(parts[0] * parts[1] * (1 - parts[2]))
        return float(math.prod(parts)) if self.shape == "product" else self.factor * math.fsum(parts)

    def write(self, names: Sequence[str], times: str = "*", minus: str = "-") -> str:
        """Return the formula over *names*: column names for people, expressions for SQL."""
        parts = [names[i] for i in self.operands]
        if self.shape == "discounted":
            return f"{parts[0]} {times} {parts[1]} {times} (1 {minus} {parts[2]})"
        if self.shape == "product":
            return f" {times} ".join(parts)
        return (f"{self.factor:g} {times} " if self.factor != 1 else "") + " + ".join(parts)


def laws(scope: Scope) -> Iterator[Law]:
    """Yield each column that the others of its row give, exactly or nearly."""
    for table in scope.tables(_LEAST):
        linked = scope.linked(table.name)
        columns = [c for c in scope.columns(table.name, NUMBERS, _LEAST) if c.name not in linked and not is_identifier(c.name)][
            :_MOST
        ]
        if len(columns) >= 2:
            yield from _formulas(scope, table.name, columns)
        yield from _date_parts(scope, table.name, columns)


def _formulas(scope: Scope, table: str, columns: list[ColumnProfile]) -> Iterator[Law]:
    quoted = [scope.name(table, c.name, "t") for c in columns]
    rows: list[Row] = [
        tuple(v if v is not None and math.isfinite(v) else None for v in r)
        for r in scope.sample(table, [scope.double(table, q) for q in quoted], size=600)
    ]
    random.Random(0).shuffle(rows)  # stored order would let one bad stretch end a test early
    taken: set[frozenset[int]] = set()
    for formula in _hypotheses(rows, len(columns)):
        members = frozenset((formula.target, *formula.operands))
        if any(members >= t or members <= t for t in taken) or not _fits(formula, rows):
            continue
        if not scope.spend("derived", table):
            return
        found = _count(scope, table, columns, formula)
        if found:
            taken.add(members)
            yield found


def _hypotheses(rows: list[Row], width: int) -> Iterator[Formula]:
    """Yield the formulas worth testing, simplest first: k × b, sums, products, sums of three, discounted products."""
    for b, a in permutations(range(width), 2):
        ratio = _ratio(rows, a, b)
        if ratio:
            yield Formula(a, (b,), "scaled", ratio)
    for a in range(width):
        for pair in combinations([i for i in range(width) if i != a], 2):
            yield Formula(a, pair, "sum")
            yield Formula(a, pair, "product")
    for a in range(width):
        for three in combinations([i for i in range(width) if i != a], 3):
            yield Formula(a, three, "sum")
    for d in (i for i in range(width) if _is_share(rows, i)):
        for a in (i for i in range(width) if i != d):
            for b, c in combinations([i for i in range(width) if i not in (a, d)], 2):
                yield Formula(a, (b, c, d), "discounted")


def _ratio(rows: list[Row], a: int, b: int) -> float | None:
    """Return the one ratio a / b that most rows share, when it is 1 or a whole number up to 1,000 or a simple decimal."""
    ratios = [r[a] / r[b] for r in rows[:200] if r[a] and r[b]]
    if len(ratios) < _LEAST:
        return None
    middle = float(f"{statistics.median(ratios):.4g}")
    return middle if middle == 1 or middle >= 2 or 0 < middle < 1 else None


def _is_share(rows: list[Row], at: int) -> bool:
    values = [r[at] for r in rows if r[at] is not None]
    return bool(values) and all(0 <= v < 1 for v in values) and any(values)


def _tolerance(value: float) -> float:
    return max(0.0101 if value != int(value) else 0.0051, 1e-9 * abs(value))


def _fits(formula: Formula, rows: list[Row]) -> bool:
    """Return whether the formula fits enough telling rows: none empty, no operand that changes nothing, many values."""
    hits, seen, values = 0, 0, set()
    trivial = {0.0, 1.0} if formula.shape in ("product", "discounted") else {0.0}
    for row in rows:
        target = row[formula.target]
        if target is None or any(row[i] is None or row[i] in trivial for i in formula.operands):
            continue
        seen += 1
        hits += abs(target - formula.value(row)) <= _tolerance(target)
        values.add(target)
        if seen - hits > max(2, 0.1 * len(rows)) or (seen >= 6 and hits < 3):
            return False
    return seen >= _LEAST and len(values) >= 5 and hits >= _SHARE * seen and seen >= 0.02 * len(rows)


def _count(scope: Scope, table: str, columns: list[ColumnProfile], formula: Formula) -> Law | None:
    quoted = [scope.double(table, scope.name(table, c.name, "t")) for c in columns]
    target = quoted[formula.target]
    off = f"abs({target} - ({formula.write(quoted)})) > greatest(0.0101, 1e-9 * abs({target}))"
    filled = " AND ".join(f"{quoted[i]} IS NOT NULL" for i in (formula.target, *formula.operands))
    relation = scope.relation(table)
    of, broken = scope.rows(table, f"SELECT count(*), {how_many(off)} FROM {relation} AS t WHERE {filled}")[0]
    of, broken = int(of), int(broken or 0)
    if broken > 0.05 * of:
        return None
    names = [columns[i].name for i in (formula.target, *formula.operands)]
    text = formula.write([c.name for c in columns], "×", "−")
    level = "question" if of < 20 else "law" if not broken else "law_with_exceptions"
    return law(
        "derived",
        table,
        [(table, n) for n in names],
        f"{names[0]} = {text}",
        (of - broken, of),
        level,
        scope.failing(table, names, f"{filled} AND {off}"),
        chance=1.0,
        reasons=(f"{columns[formula.target].distinct:,} different values agree to a cent: no accident",),
        detail={"formula": text},
    )


_PARTS = {
    "year": (1000, 9999),
    "month": (1, 12),
    "quarter": (1, 4),
    "day": (1, 31),
    "hour": (0, 23),
    "week": (1, 53),
    "isodow": (1, 7),
    "dow": (0, 6),
}


def _date_parts(scope: Scope, table: str, columns: list[ColumnProfile]) -> Iterator[Law]:
    dates = scope.columns(table, DATES, _LEAST)[:3]
    whole = [c for c in columns if c.type == "integer" and c.distinct >= 2]
    for date in dates:
        q = scope.name(table, date.name, "t")
        tests = [(c, p) for c in whole for p, (low, high) in _PARTS.items() if low <= (c.min or 0) and (c.max or 0) <= high]
        if not tests:
            continue
        parts = [
            f"CASE WHEN {scope.name(table, c.name, 't')} = extract({p} FROM CAST({q} AS TIMESTAMP)) THEN 1 ELSE 0 END"
            for c, p in tests
        ]
        sample = scope.sample(table, parts, f"{q} IS NOT NULL", size=500)
        for at, (column, part) in enumerate(tests):
            if len(sample) >= _LEAST and sum(r[at] for r in sample) >= 0.95 * len(sample):
                yield from _date_part(scope, table, date, column, part)


def _date_part(scope: Scope, table: str, date: ColumnProfile, column: ColumnProfile, part: str) -> Iterator[Law]:
    d, c = scope.name(table, date.name, "t"), scope.name(table, column.name, "t")
    filled, off = f"{d} IS NOT NULL AND {c} IS NOT NULL", f"{c} <> extract({part} FROM CAST({d} AS TIMESTAMP))"
    of, broken = scope.rows(table, f"SELECT count(*), {how_many(off)} FROM {scope.relation(table)} AS t WHERE {filled}")[0]
    broken = int(broken or 0)
    if broken <= 0.05 * of:
        yield law(
            "date_parts",
            table,
            [(table, column.name), (table, date.name)],
            f"{column.name} is the {part} of {date.name}",
            (of - broken, of),
            "law" if not broken else "law_with_exceptions",
            scope.failing(table, [column.name, date.name], f"{filled} AND {off}"),
            chance=1 - 1 / max(column.distinct, 2),
            detail={"part": part},
        )
