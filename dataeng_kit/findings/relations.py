"""Consistency between tables: references that lead nowhere, and columns of one name with two types."""

from __future__ import annotations

from collections.abc import Iterator

from dataeng_kit.findings.rule import Hit, Look, rule
from dataeng_kit.nouns.references import write
from dataeng_kit.profile.laws.words import split


@rule("consistency")
def orphans(look: Look) -> Iterator[Hit]:
    """{failing} of {of} rows of {table} refer through {columns} to a row of {parent} that does not exist ({values}
    distinct values).

    Criterion: {columns} refers to {parent}: {coverage} of its distinct values are found there, {by}.
    Cause: a partial extract, a deleted parent, or a placeholder value (opinion).
    Consequence: an inner join loses these rows and their amounts; an outer join shows them without a name.
    Do: load the missing parents, or map them to a documented 'unknown' row; keep the count as a daily check.
    Ask: Where are the missing rows of {parent}?
    """
    for link in look.profile.foreign_keys:
        table = look.profile.table(link.table)
        if not link.orphans or not look.data.together(link.table, link.ref_table):
            continue
        scope = look.scope
        pairs = list(zip(link.columns, link.ref_columns, strict=True))
        on = " AND ".join(f"{scope.name(link.ref_table, r, 'p')} = {scope.name(link.table, c, 't')}" for c, r in pairs)
        filled = " AND ".join(f"{scope.name(link.table, c, 't')} IS NOT NULL" for c in link.columns)
        condition = f"{filled} AND NOT EXISTS (SELECT 1 FROM {scope.relation(link.ref_table)} AS p WHERE {on})"
        query = look.where(link.table, link.columns, condition)
        values = {
            "parent": write(link.ref_table, *link.ref_columns[:1]),
            "values": f"{link.orphan_values:,}",
            "coverage": f"{100 * link.coverage:.1f} %",
            "by": "declared by the database" if link.declared else "measured, not declared",
        }
        sure = link.declared or link.score >= 0.6
        named = bool(set(split(" ".join(link.columns))) & set(split(f"{link.ref_table} {' '.join(link.ref_columns)}")))
        harm = "figure" if sure and named and link.coverage >= 0.9 else "question"
        subject = f"{write(link.table, '+'.join(link.columns))}~{write(link.ref_table)}"
        yield Hit(
            link.table,
            link.columns,
            link.orphans,
            table.rows - link.nulls,
            query,
            harm,
            values,
            subject,
            facts=(link.fact,) if link.fact else (),
        )


@rule("consistency")
def reference_types_differ(look: Look) -> Iterator[Hit]:
    """{table}.{column} is {mine} and the column it refers to, {parent}, is {theirs}.

    Criterion: both ends of a reference have one type (convention).
    Cause: two sources, or leading zeros lost on one side (opinion).
    Consequence: the join needs a conversion, which can lose zeros and always loses the index.
    Do: store both as text when either has leading zeros, else as the narrower type.
    Ask: Which of the two types is right?
    """
    for link in look.profile.foreign_keys:
        for mine, theirs in zip(link.columns, link.ref_columns, strict=True):
            a, b = look.profile.table(link.table).column(mine), look.profile.table(link.ref_table).column(theirs)
            if a.type != b.type:
                values = {"mine": a.type, "theirs": b.type, "parent": write(link.ref_table, theirs)}
                query = look.where(link.table, (mine,), f"{look.name(link.table, mine)} IS NOT NULL")
                yield Hit(link.table, (mine,), a.filled, a.rows, query, "cosmetic", values)


@rule("consistency")
def same_name_other_type(look: Look) -> Iterator[Hit]:
    """{column} is {types} in different tables: {tables}.

    Criterion: none stated: one name suggests one meaning and one type.
    Cause: codes of one system are numbers and of another text (opinion).
    Consequence: stacking or joining these tables by {column} fails or converts silently.
    Do: decide one type per business term in the glossary.
    Ask: Does {column} mean the same in all these tables?
    """
    by_name: dict[str, list[tuple[str, str, str, int]]] = {}
    for table, column in look.columns():
        by_name.setdefault(column.name.casefold(), []).append((table.name, column.name, column.type, column.filled))
    for found in by_name.values():
        kinds = {"number" if t in ("integer", "number") else "date" if t in ("date", "datetime") else t for _, _, t, _ in found}
        if len(kinds) > 1 and kinds != {"boolean", "number"}:
            first, name, _, filled = found[0]
            values = {"types": " and ".join(sorted(kinds)), "tables": ", ".join(f"{t} ({k})" for t, _, k, _ in found[:6])}
            query = look.where(first, (name,), f"{look.name(first, name)} IS NOT NULL")
            yield Hit(first, (name,), filled, look.profile.table(first).rows, query, "question", values, subject=write(name))
