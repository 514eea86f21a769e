"""Two deliveries of the same tables: what changed in schema, volume, gaps, distributions, categories and keys."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from dataeng_kit.data.live import Data
from dataeng_kit.nouns import ColumnProfile, Profile, TableProfile
from dataeng_kit.nouns.delivery import Deliveries, Drift, Kept, Keys
from dataeng_kit.nouns.references import write
from dataeng_kit.profile.kept import kept_rows
from dataeng_kit.profile.laws.moments import main_date
from dataeng_kit.profile.laws.scope import DATES, NUMBERS, Scope, how_many
from dataeng_kit.profile.laws.words import is_identifier
from dataeng_kit.run import Run

ALARM_RATE = 0.01
"""Chance that two samples of one unchanged source raise any alarm at all: Bonferroni over every test made, rows independent."""
SMALLEST = 0.01
"""Shift (population stability index) below which even a certain difference is not worth a word; 0.1 is often called moderate."""


def compare(old: Profile, new: Profile, data_old: Data, data_new: Data, run: Run | None = None) -> Deliveries:
    """Return how *new* differs from *old*; tables and columns are matched by name.

    A distribution, category or gap alarm needs both p < alarm rate / tests and a shift worth naming. Identifiers and the
    date of a row are expected to move on and are not tested.
    """
    run = run or Run()
    sides = Scope(data_old, old, run), Scope(data_new, new, run)
    names = {t.name: t for t in old.tables}, {t.name: t for t in new.tables}
    drifts = [
        Drift(t, "", "schema", f"the table {t} is {'gone' if t in names[0] else 'new'}")
        for t in sorted(names[0].keys() ^ names[1].keys())
    ]
    tested: list[Drift] = []
    keys: list[Keys] = []
    kept: list[Kept] = []
    common = [n for n in names[0] if n in names[1]]
    for at, name in enumerate(common):
        run.step(f"comparing {name}", at, len(common))
        before, after = names[0][name], names[1][name]
        drifts += [*_schema(before, after), *_volume(before, after), *_key(sides, before, after)]
        tested += _tests(sides, before, after)
        turnover, rates = kept_rows(sides, before, after)
        keys += [turnover] if turnover else []
        kept += rates
    limit = ALARM_RATE / max(len(tested), 1)
    alarms = [d for d in tested if d.p is not None and d.p < limit and (d.shift or 0) >= SMALLEST]
    found = (*drifts, *sorted(alarms, key=lambda d: (d.table, -(d.shift or 0))))
    return Deliveries(found, len(tested), ALARM_RATE, tuple(keys), tuple(kept))


def _schema(before: TableProfile, after: TableProfile) -> Iterator[Drift]:
    types = {c.name: c.type for c in before.columns}, {c.name: c.type for c in after.columns}
    for name in types[0].keys() - types[1].keys():
        yield Drift(before.name, name, "schema", f"the column {write(before.name, name)} is gone")
    for name in types[1].keys() - types[0].keys():
        yield Drift(before.name, name, "schema", f"the column {write(before.name, name)} is new")
    for name in types[0].keys() & types[1].keys():
        if types[0][name] != types[1][name]:
            yield Drift(before.name, name, "schema", f"{write(before.name, name)} was {types[0][name]} and is {types[1][name]}")


def _volume(before: TableProfile, after: TableProfile) -> Iterator[Drift]:
    """Yield a change of rows by half or more; two deliveries alone tell nothing about the usual spread, so no test is made."""
    if before.rows and not 0.5 < after.rows / before.rows < 1.5:
        change = 100 * (after.rows / before.rows - 1)
        yield Drift(before.name, "", "volume", f"{before.name} had {before.rows:,} rows and has {after.rows:,} ({change:+.0f} %)")


def _key(sides: tuple[Scope, Scope], before: TableProfile, after: TableProfile) -> Iterator[Drift]:
    key = before.primary_key
    if not key or not after.rows or any(c not in {x.name for x in after.columns} for c in key):
        return
    scope = sides[1]
    by = ", ".join(scope.name(after.name, c) for c in key)
    groups = f"SELECT count(*) AS n FROM {scope.relation(after.name)} GROUP BY {by} HAVING count(*) > 1"
    repeats = int(scope.rows(after.name, f"SELECT coalesce(sum(n - 1), 0) FROM ({groups}) AS g")[0][0])
    if repeats:
        yield Drift(
            before.name,
            ", ".join(key),
            "key",
            f"({', '.join(key)}) was a key and now repeats in {repeats:,} of {after.rows:,} rows",
        )


def _tests(sides: tuple[Scope, Scope], before: TableProfile, after: TableProfile) -> Iterator[Drift]:
    main = main_date(before)
    others = {c.name: c for c in after.columns}
    for column in before.columns:
        other = others.get(column.name)
        if other is None or other.type != column.type or not before.rows or not after.rows:
            continue
        if column.nulls or other.nulls:
            yield _gaps(before, after, column, other)
        moving = column.unique or is_identifier(column.name) or (main is not None and main.name == column.name)
        if moving or not column.filled or not other.filled:
            continue
        if max(column.distinct, other.distinct) <= 50 and column.type in ("text", "boolean", "integer"):
            yield _categories(sides, before.name, column)
        elif column.type in (*NUMBERS, *DATES) and len(column.quantiles) == 5:
            yield from _distribution(sides, before.name, column)


def _gaps(before: TableProfile, after: TableProfile, column: ColumnProfile, other: ColumnProfile) -> Drift:
    p, _ = homogeneity([column.nulls, column.filled], [other.nulls, other.filled])
    shares = column.nulls / before.rows, other.nulls / after.rows
    text = f"{write(before.name, column.name)} was empty in {100 * shares[0]:.1f} % of the rows and is in {100 * shares[1]:.1f} %"
    return Drift(before.name, column.name, "gaps", text, p, abs(shares[0] - shares[1]))


def _categories(sides: tuple[Scope, Scope], table: str, column: ColumnProfile) -> Drift:
    counts: list[dict[Any, int]] = []
    for scope in sides:
        q = scope.name(table, column.name)
        counts.append(
            dict(scope.rows(table, f"SELECT {q}, count(*) FROM {scope.relation(table)} WHERE {q} IS NOT NULL GROUP BY 1"))
        )
    values = sorted({*counts[0], *counts[1]}, key=str)
    p, shift = homogeneity([counts[0].get(v, 0) for v in values], [counts[1].get(v, 0) for v in values])
    new, gone = (sum(v not in counts[1 - i] for v in counts[i]) for i in (1, 0))
    told = "".join(f", {n} of its values {word}" for n, word in ((new, "are new"), (gone, "are gone")) if n)
    return Drift(table, column.name, "category", f"the shares of {write(table, column.name)} moved{told}", p, shift)


def _distribution(sides: tuple[Scope, Scope], table: str, column: ColumnProfile) -> Iterator[Drift]:
    """Yield the comparison over the bins between the old 5, 25, 50, 75 and 95 % values; none where these coincide."""
    cast = "TIMESTAMP" if column.type in DATES else ""
    edges = list(dict.fromkeys(column.quantiles))
    if len(edges) < 2:
        return
    counts: list[list[int]] = []
    for scope in sides:
        q = scope.name(table, column.name, "t")
        limits = [f"CAST({scope.literal(table, e)} AS {cast})" if cast else scope.literal(table, e) for e in edges]
        below = ", ".join(how_many(f"{q} <= {e}") for e in limits)
        row = scope.rows(table, f"SELECT {below}, count({q}) FROM {scope.relation(table)} AS t")[0]
        steps = [0, *(int(n or 0) for n in row)]
        counts.append([b - a for a, b in pairwise(steps)])
    p, shift = homogeneity(counts[0], counts[1])
    yield Drift(table, column.name, "distribution", f"the distribution of {write(table, column.name)} moved", p, shift)


def homogeneity(one: Sequence[int], other: Sequence[int]) -> tuple[float, float]:
    """Return the p-value of Pearson's chi-square test that two rows of counts share one distribution, and their stability index.

    Cells with fewer than five expected counts are pooled, as the approximation needs.
    """
    totals = sum(one), sum(other)
    if not all(totals):
        return 1.0, 0.0
    pooled: list[tuple[int, int]] = []
    rest = (0, 0)
    for a, b in zip(one, other, strict=True):
        if (a + b) * min(totals) / sum(totals) < 5:
            rest = rest[0] + a, rest[1] + b
        else:
            pooled.append((a, b))
    cells = [*pooled, *([rest] if any(rest) else [])]
    statistic = 0.0
    for a, b in cells:
        for found, total in ((a, totals[0]), (b, totals[1])):
            expected = (a + b) * total / sum(totals)
            statistic += (found - expected) ** 2 / expected
    shares = [((a + 0.5) / (totals[0] + 0.5 * len(cells)), (b + 0.5) / (totals[1] + 0.5 * len(cells))) for a, b in cells]
    return chi_square_tail(statistic, len(cells) - 1), sum((p - q) * math.log(p / q) for p, q in shares)


def chi_square_tail(statistic: float, freedom: int) -> float:
    """Return P(X ≥ statistic) of a chi-square distribution, by the finite sums for whole degrees (Abramowitz & Stegun 26.4)."""
    if freedom < 1 or statistic <= 0:
        return 1.0
    half = statistic / 2
    if freedom % 2 == 0:
        return min(1.0, math.fsum(math.exp(-half + k * math.log(half) - math.lgamma(k + 1)) for k in range(freedom // 2)))
    terms = (math.exp(-half + (k - 0.5) * math.log(half) - math.lgamma(k + 0.5)) for k in range(1, (freedom + 1) // 2))
    return min(1.0, math.erfc(math.sqrt(half)) + math.fsum(terms))
