"""Conditional blanks: a value is missing exactly when another column says so, or together with another column."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from dataeng_kit.nouns import ColumnProfile, Law
from dataeng_kit.profile.laws.scope import BIG, Scope, law

_MOST = 12
_EXCEPTIONS = 0.02
_BINARY = ("binary", "json")


def laws(scope: Scope) -> Iterator[Law]:
    """Yield the rules behind missing values; a blank text counts as missing."""
    for table in scope.tables(20):
        partial = [c for c in table.columns if 0 < c.nulls + c.blanks < c.rows and c.type not in _BINARY]
        partial = sorted(partial, key=lambda c: c.position)[:_MOST]
        if partial and scope.spend("blanks", table.name):
            explained: set[str] = set()
            for found in _by_value(scope, table.name, partial):
                explained.add(found.detail["blank"])
                yield found
            yield from _together(scope, table.name, partial, explained)


def _missing(scope: Scope, table: str, column: ColumnProfile) -> str:
    q = scope.name(table, column.name, "t")
    return f"({q} IS NULL OR trim({q}) = '')" if column.type == "text" and column.blanks else f"({q} IS NULL)"


def _by_value(scope: Scope, table: str, partial: list[ColumnProfile]) -> Iterator[Law]:
    """Yield ``b is empty exactly when a is one of …`` for the first column a that explains b."""
    done: set[str] = set()
    profile = scope.profile.table(table)
    sources = [
        c
        for c in profile.columns
        if not c.nulls and not c.blanks and 2 <= c.distinct <= min(200, profile.rows // 4) and c.type not in _BINARY
    ]
    for source in sorted(sources, key=lambda c: c.distinct)[: 3 * _MOST if profile.rows < BIG else _MOST]:
        wanted = [c for c in partial if c.name not in done and c.name != source.name]
        if not wanted:
            return
        q = scope.name(table, source.name, "t")
        parts = ", ".join(f"sum(CASE WHEN {_missing(scope, table, c)} THEN 1 ELSE 0 END)" for c in wanted)
        groups = scope.rows(
            table, f"SELECT CAST({q} AS VARCHAR), count(*), {parts} FROM {scope.relation(table)} AS t GROUP BY {q}"
        )
        for at, column in enumerate(wanted):
            # an engine returns groups in any order; the sentence and its code are the same each time
            empty = sorted(((v, n, m[at]) for v, n, *m in groups if m[at] * 2 > n), key=lambda e: str(e[0]))
            broken = sum(n - m for _, n, m in empty) + sum(m[at] for v, n, *m in groups if m[at] * 2 <= n)
            total = sum(m[at] for _, _, *m in groups)
            if (
                not empty
                or min(len(empty), len(groups) - len(empty)) > 3
                or len(empty) == len(groups)
                or broken > _EXCEPTIONS * min(total, profile.rows - total)
                or total < 5
            ):
                continue
            done.add(column.name)
            yield _value_law(scope, table, column, source, {str(v): n for v, n, _ in empty}, broken)


def _value_law(
    scope: Scope, table: str, column: ColumnProfile, source: ColumnProfile, values: dict[str, int], broken: int
) -> Law:
    q = scope.name(table, source.name, "t")
    listed = ", ".join(scope.literal(table, v) for v in values)
    condition = f"(CAST({q} AS VARCHAR) IN ({listed}))"
    of = scope.profile.table(table).rows
    count = column.nulls + column.blanks
    shown = set(values) <= {"0", "0.0"} or (
        source.distinct <= 50 and min(values.values()) >= 10
    )  # a rare value may name somebody
    said = (
        f"{source.name} is {' or '.join(values)}"
        if shown and len(values) <= 3
        else f"{source.name} has one of {len(values)} values"
    )
    return law(
        "conditional_blank",
        table,
        [(table, column.name), (table, source.name)],
        f"{column.name} is empty exactly when {said}",
        (of - broken, of),
        "law" if not broken else "law_with_exceptions",
        scope.failing(table, [column.name, source.name], f"{_missing(scope, table, column)} <> {condition}"),
        chance=2 * count * (of - count) / of**2,
        reasons=(f"{count:,} empty values fall on {len(values)} of {source.distinct} values",),
        detail={"blank": column.name, "when": source.name, "empty": count},
    )


def _together(scope: Scope, table: str, partial: list[ColumnProfile], explained: set[str]) -> Iterator[Law]:
    """Yield groups of columns that are missing in the same rows, as pairs with the first of the group."""
    pairs = [(a, b) for a, b in combinations(partial, 2) if abs(a.nulls + a.blanks - b.nulls - b.blanks) <= _EXCEPTIONS * a.rows]
    if not pairs:
        return
    parts = ", ".join(
        f"sum(CASE WHEN {_missing(scope, table, a)} <> {_missing(scope, table, b)} THEN 1 ELSE 0 END)" for a, b in pairs
    )
    counts = scope.rows(table, f"SELECT {parts} FROM {scope.relation(table)} AS t")[0]
    grouped = set(explained)
    for (one, other), differ in zip(pairs, counts, strict=True):
        few = min(one.nulls + one.blanks, one.rows - one.nulls - one.blanks)
        if few < 5 or differ > _EXCEPTIONS * few or (one.name in grouped and other.name in grouped):
            continue
        grouped |= {one.name, other.name}
        share = (one.nulls + one.blanks) / one.rows
        yield law(
            "conditional_blank",
            table,
            [(table, one.name), (table, other.name)],
            f"{one.name} and {other.name} are empty in the same rows",
            (one.rows - differ, one.rows),
            "law" if not differ else "law_with_exceptions",
            scope.failing(table, [one.name, other.name], f"{_missing(scope, table, one)} <> {_missing(scope, table, other)}"),
            chance=2 * share * (1 - share),
            detail={"blank": one.name, "when": other.name},
        )
