"""What can be summed over the rows of one parent: plain columns, products, and either of them by a row's kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from dataeng_kit.nouns import ColumnProfile, ForeignKey
from dataeng_kit.profile.laws.scope import NUMBERS, Scope
from dataeng_kit.profile.laws.words import is_identifier

_COLUMNS = 8
_KINDS = 8


@dataclass(frozen=True)
class Measure:
    """One sum: its text, its SQL over alias t, the columns it reads, and the kind of row it is limited to."""

    text: str
    sql: str
    columns: tuple[str, ...]
    kind: str = ""
    value: str = ""


def numbers(scope: Scope, table: str) -> list[ColumnProfile]:
    """Return the columns of a table that can be summed: numbers that are neither keys nor identifiers."""
    linked = scope.linked(table)
    found = [c for c in scope.columns(table, NUMBERS, filled=8) if c.name not in linked and not is_identifier(c.name)]
    return sorted(found, key=lambda c: (c.type != "number", c.position))[:_COLUMNS]


def measures(scope: Scope, table: str, products: bool = True) -> list[Measure]:
    """Return the sums worth testing over groups of *table*'s rows: columns, products of two, and a discounted product."""
    columns = numbers(scope, table)
    found = [
        Measure(f"sum of {c.name}", f"sum({scope.double(table, scope.name(table, c.name, 't'))})", (c.name,)) for c in columns
    ]
    if not products:
        return found
    shares = [c for c in columns if c.type == "number" and c.min is not None and 0 <= c.min and 0 < (c.max or 0) < 1]
    for one, other in combinations(columns[:6], 2):
        a, b = (scope.double(table, scope.name(table, c.name, "t")) for c in (one, other))
        if one in shares or other in shares:
            continue
        found.append(Measure(f"sum of {one.name} × {other.name}", f"sum({a} * {b})", (one.name, other.name)))
        for share in shares[:2]:
            d = scope.double(table, scope.name(table, share.name, "t"))
            text = f"sum of {one.name} × {other.name} × (1 − {share.name})"
            found.append(Measure(text, f"sum({a} * {b} * (1 - {d}))", (one.name, other.name, share.name)))
    return found


def by_kind(scope: Scope, link: ForeignKey) -> list[Measure]:
    """Return sums of each number limited to each kind of row, for up to two columns of few kinds."""
    table = scope.profile.table(link.table)
    kinds = [
        c
        for c in table.columns
        if c.type == "text"
        and 2 <= c.distinct <= _KINDS
        and c.nulls <= 0.02 * c.rows
        and c.name not in link.columns
        and len(c.top) >= 2
    ]
    found = []
    for kind in sorted(kinds, key=lambda c: c.position)[:2]:
        k = scope.name(link.table, kind.name, "t")
        for column in numbers(scope, link.table):
            q = scope.double(link.table, scope.name(link.table, column.name, "t"))
            for value in (v for v, n in kind.top[:_KINDS] if n >= 10):  # a rare value may name somebody
                sql = f"sum(CASE WHEN {k} = {scope.literal(link.table, value)} THEN {q} END)"
                found.append(
                    Measure(f"{column.name} of {kind.name} {value}", sql, (column.name, kind.name), kind.name, str(value))
                )
    return found


def grouped(scope: Scope, link: ForeignKey, wanted: Sequence[Measure], where: str = "") -> str:
    """Return the query of one row per parent: its key as k0, k1, …, the sums as m0, m1, …, and its rows as n"""
    keys = [scope.name(link.table, c, "t") for c in link.columns]
    shown = ", ".join(
        [*(f"{k} AS k{i}" for i, k in enumerate(keys)), *(f"{m.sql} AS m{i}" for i, m in enumerate(wanted)), "count(*) AS n"]
    )
    conditions = " AND ".join([*(f"{k} IS NOT NULL" for k in keys), *([where] if where else [])])
    return f"SELECT {shown} FROM {scope.relation(link.table)} AS t WHERE {conditions} GROUP BY {', '.join(keys)}"


def thinned(scope: Scope, link: ForeignKey, groups: int) -> str:
    """Return the condition that keeps about *groups* whole groups of the child's rows, the same ones each time."""
    parents = scope.profile.table(link.ref_table).rows
    share = parents // max(groups, 1)
    if share < 2 or scope.data.source(link.table).engine.technology.id != "duckdb":
        return ""
    return f"hash({', '.join(scope.name(link.table, c, 't') for c in link.columns)}) % {share} = 0"
