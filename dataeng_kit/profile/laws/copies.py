"""Copies: a column that repeats its parent's value under the same name, and the rows where the two disagree."""

from __future__ import annotations

from collections.abc import Iterator

from dataeng_kit.nouns import Law
from dataeng_kit.nouns.references import write
from dataeng_kit.profile.laws.scope import Scope, law
from dataeng_kit.profile.laws.words import shared, split


def laws(scope: Scope) -> Iterator[Law]:
    """Yield parent and child columns of one name and one set of values: a law when they agree, else a question."""
    for link in scope.links():
        child, parent = scope.profile.table(link.table), scope.profile.table(link.ref_table)
        pairs = [
            (c, p)
            for c in child.columns
            for p in parent.columns
            if split(c.name) == split(p.name)
            and shared(c.name, p.name)
            and c.type == p.type
            and c.name not in link.columns
            and p.name not in link.ref_columns
            and c.type in ("text", "integer", "number")
            and c.distinct >= 2
            and {str(v) for v, _ in c.top} & {str(v) for v, _ in p.top}
        ]
        for mine, theirs in pairs[:6]:
            if not scope.spend("copies", link.table):
                break
            a, b = scope.name(link.table, mine.name, "t"), scope.name(link.ref_table, theirs.name, "p")
            body = (
                f"FROM {scope.relation(link.table)} AS t JOIN {scope.relation(link.ref_table)} AS p ON {scope.joined(link)} "
                f"WHERE {a} IS NOT NULL AND {b} IS NOT NULL"
            )
            of, broken = (
                int(n or 0)
                for n in scope.rows(link.table, f"SELECT count(*), sum(CASE WHEN {a} <> {b} THEN 1 ELSE 0 END) {body}")[0]
            )
            if of < 20:
                continue
            shares = {str(v): n / max(theirs.filled, 1) for v, n in theirs.top}
            chance = 1 - sum(shares.get(str(v), 0) * n / max(mine.filled, 1) for v, n in mine.top)
            if broken > 0.5 * of and (mine.type != "text" or mine.distinct > 50):
                continue
            level = (
                "law"
                if not broken
                else "law_with_exceptions"
                if broken <= 0.05 * of and broken * 5 <= chance * of
                else "question"
            )
            shown = scope.beside(link, mine.name, theirs.name)
            yield law(
                "copy",
                link.table,
                [(link.table, mine.name), (link.ref_table, theirs.name)],
                f"{mine.name} repeats {write(link.ref_table, theirs.name)}",
                (of - broken, of),
                level,
                f"SELECT {shown} {body} AND {a} <> {b}",
                chance=chance,
                other=link.ref_table,
                reasons=(f"independent values would differ in {100 * chance:.0f} % of the rows",),
            )
