"""Copies: a column that repeats its parent's value under the same name, and the rows where the two disagree."""

from __future__ import annotations

from collections.abc import Iterator

from dataeng_kit.nouns import ColumnProfile, ForeignKey, Law
from dataeng_kit.nouns.references import write
from dataeng_kit.profile.laws.scope import Scope, how_many, law
from dataeng_kit.profile.laws.words import shared, split

_PAIRS = 6
_FEW = 50
"""Distinct values up to which two columns that mostly disagree still look like one category."""


def laws(scope: Scope) -> Iterator[Law]:
    """Yield parent and child columns of one name and one set of values: a law when they agree, else a question."""
    for link in scope.links():
        for mine, theirs in _pairs(scope, link)[:_PAIRS]:
            if not scope.spend("copies", link.table):
                break
            found = _copy(scope, link, mine, theirs)
            if found:
                yield found


def _pairs(scope: Scope, link: ForeignKey) -> list[tuple[ColumnProfile, ColumnProfile]]:
    """Return columns of child and parent with one name, one type and common frequent values, keys apart."""
    mine = [c for c in scope.columns(link.table, ("text", "integer", "number")) if c.name not in link.columns]
    theirs = [c for c in scope.columns(link.ref_table, ("text", "integer", "number")) if c.name not in link.ref_columns]

    def alike(one: ColumnProfile, other: ColumnProfile) -> bool:
        named = split(one.name) == split(other.name) and one.type == other.type and bool(shared(one.name, other.name))
        return named and bool({str(v) for v, _ in one.top} & {str(v) for v, _ in other.top})

    return [(a, b) for a in mine for b in theirs if alike(a, b)]


def _copy(scope: Scope, link: ForeignKey, mine: ColumnProfile, theirs: ColumnProfile) -> Law | None:
    a, b = scope.name(link.table, mine.name, "t"), scope.name(link.ref_table, theirs.name, "p")
    joined = f"FROM {scope.relation(link.table)} AS t JOIN {scope.relation(link.ref_table)} AS p ON {scope.joined(link)}"
    body = f"{joined} WHERE {a} IS NOT NULL AND {b} IS NOT NULL"
    of, broken = (int(n or 0) for n in scope.rows(link.table, f"SELECT count(*), {how_many(f'{a} <> {b}')} {body}")[0])
    if of < 20 or (broken > 0.5 * of and (mine.type != "text" or mine.distinct > _FEW)):
        return None
    shares = {str(v): n / max(theirs.filled, 1) for v, n in theirs.top}
    chance = 1 - sum(shares.get(str(v), 0) * n / max(mine.filled, 1) for v, n in mine.top)
    rare = broken <= 0.05 * of and broken * 5 <= chance * of
    level = "law" if not broken else "law_with_exceptions" if rare else "question"
    query = f"SELECT {scope.beside(link, mine.name, theirs.name)} {body} AND {a} <> {b}"
    columns = [(link.table, mine.name), (link.ref_table, theirs.name)]
    rule = f"{mine.name} repeats {write(link.ref_table, theirs.name)}"
    reasons = (f"independent values would differ in {100 * chance:.0f} % of the rows",)
    return law(
        "copy", link.table, columns, rule, (of - broken, of), level, query, chance=chance, other=link.ref_table, reasons=reasons
    )
