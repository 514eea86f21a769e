"""Reconciliation: sums of two places that agree for most parents, so that the others are the exceptions to explain."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from dataeng_kit.nouns import ForeignKey, Law
from dataeng_kit.nouns.references import write
from dataeng_kit.profile.laws.measures import Measure, by_kind, grouped, measures, numbers, thinned
from dataeng_kit.profile.laws.scope import Scope, how_many, law

_GROUPS = 600
_HITS = 0.5
"""Share of the groups that must agree before the rest counts as exceptions rather than as no rule at all."""

Row = Sequence[Any]


@dataclass(frozen=True)
class Fit:
    """How well ``left = right`` does on sampled groups, and by chance when one side is shuffled."""

    hits: int
    of: int
    chance: float


def laws(scope: Scope) -> Iterator[Law]:
    """Yield totals that equal the sum of their lines, kinds of rows that balance, and two child tables that agree."""
    links = [k for k in scope.links() if k.cardinality != "1:1"]
    balanced: set[tuple[str, str, str]] = set()
    for link in sorted(
        links, key=lambda k: -scope.profile.table(k.ref_table).rows
    ):  # the finest group first; coarser ones repeat it
        if scope.spend("reconcile", link.table):
            yield from _header(scope, link)
            yield from _kinds(scope, link, balanced)
    for one, other in combinations(links, 2):
        if one.ref_table == other.ref_table and one.ref_columns == other.ref_columns and one.table != other.table:
            yield from _siblings(scope, one, other)


def _fit(left: Sequence[Any], right: Sequence[Any]) -> Fit | None:
    """Return the agreement of two lists of sums; None unless ten or more groups with five different totals agree beyond chance.

    Chance is measured by shuffling one side; agreement beyond it is judged like Cohen's kappa.
    """
    pairs = [(float(a or 0), float(b or 0)) for a, b in zip(left, right, strict=True) if a or b]
    if len(pairs) < 10 or len({round(a, 2) for a, _ in pairs}) < 5:
        return None
    hits = sum(_equal(a, b) for a, b in pairs)
    if hits < _HITS * len(pairs):
        return None
    others = [b for _, b in pairs]
    random.Random(0).shuffle(others)
    chance = sum(_equal(a, b) for (a, _), b in zip(pairs, others, strict=True)) / len(pairs)
    return Fit(hits, len(pairs), chance) if hits / len(pairs) - chance >= 0.5 * (1 - chance) else None


def _equal(a: float, b: float) -> bool:
    return abs(a - b) <= max(0.0101, 1e-6 * abs(a))


def _off(a: str, b: str) -> str:
    return f"abs(coalesce({a}, 0) - coalesce({b}, 0)) > greatest(0.0101, 1e-6 * abs(coalesce({a}, 0)))"


def _header(scope: Scope, link: ForeignKey) -> Iterator[Law]:
    parents = numbers(scope, link.ref_table)
    lines = [*measures(scope, link.table), *by_kind(scope, link)]
    if not parents or not lines:
        return
    on = " AND ".join(f"g.k{i} = {scope.name(link.ref_table, c, 'p')}" for i, c in enumerate(link.ref_columns))
    shown = ", ".join(
        [
            *(scope.double(link.ref_table, scope.name(link.ref_table, c.name, "p")) for c in parents),
            *(f"g.m{i}" for i in range(len(lines))),
        ]
    )
    shown += ", g.n"
    few = grouped(scope, link, lines, thinned(scope, link, _GROUPS))
    sql = f"SELECT {shown} FROM ({few}) AS g JOIN {scope.relation(link.ref_table)} AS p ON {on}"
    rows = [r for r in scope.rows(link.table, f"{sql} LIMIT {4 * _GROUPS}") if r[-1] > 1]  # one line alone is a copy, not a sum
    for at, parent in enumerate(parents):
        fits = []
        for at_line, line in enumerate(lines):
            fit = _fit([r[at] for r in rows], [r[len(parents) + at_line] for r in rows])
            if fit:  # a sum over one kind of row must fit clearly better than the plain one
                fits.append((fit.hits / fit.of - 0.005 * bool(line.kind), -at_line, line))
        if not fits:
            continue
        line = max(fits, key=lambda f: f[:2])[2]
        p = scope.double(link.ref_table, scope.name(link.ref_table, parent.name, "p"))
        keys = ", ".join(scope.name(link.ref_table, c, "p") for c in link.ref_columns)
        body = f"FROM ({grouped(scope, link, [line])}) AS g JOIN {scope.relation(link.ref_table)} AS p ON {on}"
        yield from _counted(
            scope,
            link.ref_table,
            [(link.ref_table, parent.name), *((link.table, c) for c in line.columns)],
            f"{parent.name} = {line.text} of the rows of {link.table}",
            (keys, p, "g.m0", body),
            link.table,
        )


def _kinds(scope: Scope, link: ForeignKey, balanced: set[tuple[str, str, str]]) -> Iterator[Law]:
    """Yield balances inside one table: what rows of one kind sum to, rows of another kind (or two) sum to."""
    sums = by_kind(scope, link)
    if len(sums) < 2:
        return
    width = len(link.columns)
    rows = scope.rows(link.table, f"{grouped(scope, link, sums, thinned(scope, link, _GROUPS))} LIMIT {4 * _GROUPS}")
    values = [[r[width + i] for r in rows] for i in range(len(sums))]
    filled = [i for i, v in enumerate(values) if sum(1 for x in v if x) >= 10]
    best: dict[frozenset[str], tuple[float, int, int]] = {}
    for i, j in combinations(filled, 2):
        one, other = sums[i], sums[j]
        fit = _fit(values[i], values[j]) if one.kind == other.kind and one.value != other.value else None
        pair = frozenset((one.value, other.value))
        if fit and fit.hits / fit.of > best.get(pair, (0.0, 0, 0))[0] + 1e-9:
            best[pair] = (fit.hits / fit.of, i, j)
    for _, i, j in best.values():
        one, other = sums[i], sums[j]
        if (link.table, one.text, other.text) in balanced:
            continue
        balanced.add((link.table, one.text, other.text))
        keys = ", ".join(f"g.k{n} AS {scope.name(link.table, c)}" for n, c in enumerate(link.columns))
        columns = dict.fromkeys((*link.columns, *one.columns, *other.columns))
        yield from _counted(
            scope,
            link.table,
            [(link.table, c) for c in columns],
            f"per {', '.join(link.columns)}, {one.text} = {other.text}",
            (keys, "g.m0", "g.m1", f"FROM ({grouped(scope, link, [one, other])}) AS g"),
            link.ref_table,
        )


def _siblings(scope: Scope, one: ForeignKey, other: ForeignKey) -> Iterator[Law]:
    """Yield the sum of one child table that equals a sum of another under the same parent."""
    left, right = measures(scope, one.table), measures(scope, other.table)
    if not left or not right or not scope.spend("siblings", one.table) or not scope.spend("siblings", other.table):
        return
    width = range(len(one.columns))
    on = " AND ".join(f"a.k{i} = b.k{i}" for i in width)

    def body(mine: list[Measure], theirs: list[Measure], few: bool) -> str:
        a, b = (grouped(scope, k, m, thinned(scope, k, _GROUPS) if few else "") for k, m in ((one, mine), (other, theirs)))
        return f"FROM ({a}) AS a JOIN ({b}) AS b ON {on}"

    shown = ", ".join([*(f"a.m{i}" for i in range(len(left))), *(f"b.m{i}" for i in range(len(right)))])
    rows = scope.rows(one.table, f"SELECT {shown} {body(left, right, True)} LIMIT {4 * _GROUPS}")
    fits = []
    for i in range(len(left)):
        for j in range(len(right)):
            fit = _fit([r[i] for r in rows], [r[len(left) + j] for r in rows])
            if fit:
                fits.append((fit.hits / fit.of, -i, -j))
    if fits:
        _, i, j = max(fits)
        mine, theirs = left[-i], right[-j]
        keys = ", ".join(f"a.k{n} AS {scope.name(one.table, c)}" for n, c in enumerate(one.columns))
        yield from _counted(
            scope,
            one.table,
            [*((one.table, c) for c in mine.columns), *((other.table, c) for c in theirs.columns)],
            f"per {write(one.ref_table)}, {mine.text} of {one.table} = {theirs.text} of {other.table}",
            (keys, "a.m0", "b.m0", body([mine], [theirs], False)),
            other.table,
        )


def _counted(
    scope: Scope, table: str, columns: list[tuple[str, str]], rule: str, parts: tuple[str, str, str, str], other: str
) -> Iterator[Law]:
    """Yield the law of one equation after counting it on every group; *parts*: key list, left, right, FROM."""
    keys, left, right, body = parts
    off, told = _off(left, right), f"({left} IS NOT NULL OR {right} IS NOT NULL)"
    sql = (
        f"SELECT count(*), {how_many(off)}, sum(abs(coalesce({left}, 0) - coalesce({right}, 0))), "
        f"sum(coalesce({left}, 0)), sum(coalesce({right}, 0)) {body} WHERE {told}"
    )
    of, broken, money, total, against = scope.rows(table, sql)[0]
    of, broken = int(of), int(broken or 0)
    if of < 10 or broken > (1 - _HITS) * of:
        return
    level = "law" if not broken else "law_with_exceptions" if broken <= 0.05 * of else "finding"
    shown = f"{keys}, {left} AS one_side, {right} AS other_side, coalesce({left}, 0) - coalesce({right}, 0) AS difference"
    query = f"SELECT {shown} {body} WHERE {told} AND {off}"
    yield law(
        "reconciliation",
        table,
        columns,
        rule,
        (of - broken, of),
        level,
        query,
        chance=1.0,
        other=other,
        reasons=(f"{of - broken:,} of {of:,} groups agree to a cent, which chance would not give",),
        detail={
            "difference": round(float(money or 0), 2),
            "left_total": round(float(total or 0), 2),
            "right_total": round(float(against or 0), 2),
        },
    )
