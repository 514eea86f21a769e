"""Validity of texts: numbers among words, broken formats, stray blanks, damaged characters, near-misspellings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dataeng_kit.findings.rule import Hit, Look, plural, rule
from dataeng_kit.nouns import ColumnProfile, TableProfile
from dataeng_kit.profile.laws.words import is_identifier

_LIMIT = 2_000_000
_SAMPLED = 200_000
_DAMAGE = ("%Ã©%", "%Ã¼%", "%Ã¶%", "%Ã¤%", "%Ã±%", "%Ã¨%", "%â€%", "%Â %", "%\ufffd%")
"""UTF-8 read as Latin-1 or Windows-1252, and the replacement character."""
_NUMBER = re.compile(r"[-+]?9+([.,]9+)*%?")


def _numeric(column: ColumnProfile) -> tuple[int, int]:
    """Return how many of the counted values have the shape of a number, and how many were counted."""
    return sum(n for m, n in column.masks if _NUMBER.fullmatch(m.strip())), sum(n for _, n in column.masks)


@rule("validity")
def numbers_as_text(look: Look) -> Iterator[Hit]:
    """{failing} of {of} values of {table}.{column} are no numbers in a column of numbers.

    Criterion: {share_numeric} of the values are numbers.
    Cause: blanks, units or words typed into a number field (opinion).
    Consequence: the column is text: it sorts as words and cannot be added.
    Do: convert with a documented rule for the rest, and keep the original.
    Ask: What do the other values mean?
    """
    for table, column in look.columns("text"):
        numeric, counted = _numeric(column)
        if not counted or is_identifier(column.name) or not 0.9 * counted <= numeric < counted or table.rows > _LIMIT:
            continue
        q = look.name(table.name, column.name)
        if look.data.source(table.name).engine.technology.id != "duckdb":
            continue
        condition = f"{q} IS NOT NULL AND NOT regexp_full_match(trim({q}), '[-+]?[0-9]+([.,][0-9]+)*%?')"
        failing = look.count(table.name, [condition])[0]
        if failing:
            values = {"share_numeric": f"{100 * (1 - failing / column.filled):.1f} %"}
            yield Hit(
                table.name,
                (column.name,),
                failing,
                column.filled,
                look.where(table.name, (column.name,), condition),
                "rule",
                values,
            )


@rule("validity")
def broken_format(look: Look) -> Iterator[Hit]:
    """{failing} of {of} values of {table}.{column} do not have the shape {shape} of the others.

    Criterion: 98 % or more of the values of this identifier share one shape of letters and digits.
    Cause: another source, or a typing error (opinion).
    Consequence: these values find no partner in a join.
    Do: check them against the owner's list.
    Ask: Are other shapes valid?
    """
    for table, column in look.columns("text"):
        if not is_identifier(column.name) or not column.masks or column.distinct < 20 or len(column.masks) > 8:
            continue
        counted = sum(n for _, n in column.masks)
        shape, count = column.masks[0]
        if (
            counted != column.filled
            or not 0.98 * counted <= count < counted
            or look.data.source(table.name).engine.technology.id != "duckdb"
        ):
            continue
        pattern = "".join({"A": "[A-Z]", "a": "[a-z]", "9": "[0-9]"}.get(ch, re.escape(ch)) for ch in shape)
        q = look.name(table.name, column.name)
        condition = f"{q} IS NOT NULL AND NOT regexp_full_match({q}, {look.scope.literal(table.name, pattern)})"
        failing = look.count(table.name, [condition])[0]
        if failing:
            yield Hit(
                table.name,
                (column.name,),
                failing,
                column.filled,
                look.where(table.name, (column.name,), condition),
                "question",
                {"shape": shape},
            )


def _texts(look: Look, table: TableProfile) -> list[ColumnProfile]:
    return [c for c in table.columns if c.type == "text" and c.filled and c.distinct >= 2] if table.rows <= _LIMIT else []


def _suspects(
    look: Look, table: TableProfile, columns: list[ColumnProfile], tests: list[str]
) -> list[tuple[ColumnProfile, str, int]]:
    """Return the columns that fail their test, with exact counts; above 200,000 rows only where a sample of rows shows a case."""
    pairs = list(zip(columns, tests, strict=True))
    if pairs and table.rows > _SAMPLED:
        rows = look.scope.sample(table.name, [f"CASE WHEN {test} THEN 1 ELSE 0 END" for test in tests], size=20_000)
        pairs = [pair for at, pair in enumerate(pairs) if any(r[at] for r in rows)]
    counts = look.count(table.name, [test for _, test in pairs])
    return [(column, test, n) for (column, test), n in zip(pairs, counts, strict=True) if n]


@rule("validity")
def stray_blanks(look: Look) -> Iterator[Hit]:
    """{failing} of {of} values of {table}.{column} begin or end with a blank.

    Criterion: blanks at the edges are no content (convention).
    Cause: fixed-width fields or manual entry (opinion).
    Consequence: equal-looking values do not match in joins and groups.
    Do: trim when reading.
    Ask: Do the blanks mean anything?
    """
    for table in look.tables:
        linked = look.linked(table.name)
        columns = [c for c in _texts(look, table) if c.name in linked or is_identifier(c.name) or c.distinct <= 0.5 * c.filled]
        tests = [f"{q} <> trim({q}) AND trim({q}) <> ''" for q in (look.name(table.name, c.name) for c in columns)]
        for column, test, failing in _suspects(look, table, columns, tests):
            yield Hit(
                table.name, (column.name,), failing, column.filled, look.where(table.name, (column.name,), test), "cosmetic"
            )


@rule("validity")
def damaged_characters(look: Look) -> Iterator[Hit]:
    """{failing} of {of} values of {table}.{column} hold damaged characters.

    Criterion: text is stored in the encoding it was written in.
    Cause: UTF-8 read as Latin-1 somewhere on the way (opinion).
    Consequence: names do not match and cannot be shown to a customer.
    Do: repair by encoding back and decoding as UTF-8; fix the step that damages them.
    Ask: Which system writes this file?
    """
    for table in look.tables:
        columns = _texts(look, table)
        quoted = [look.name(table.name, c.name) for c in columns]
        tests = ["(" + " OR ".join(f"{q} LIKE {look.scope.literal(table.name, p)}" for p in _DAMAGE) + ")" for q in quoted]
        for column, test, failing in _suspects(look, table, columns, tests):
            yield Hit(table.name, (column.name,), failing, column.filled, look.where(table.name, (column.name,), test), "rule")


@rule("validity")
def near_misspelling(look: Look) -> Iterator[Hit]:
    """{failing} of {of} values of {table}.{column} are one letter away from a frequent value ({pairs}).

    Criterion: in a column of few values, one that is hundred times rarer and one letter away is a misspelling (convention).
    Cause: free entry (opinion).
    Consequence: groups by {column} split.
    Do: map to the frequent spelling; offer a list at entry.
    Ask: Are the rare spellings mistakes?
    """
    for table, column in look.columns("text"):
        if not 2 <= column.distinct <= 60 or table.rows < 200 or (column.max_length or 0) > 40 or is_identifier(column.name):
            continue
        q = look.scope.name(table.name, column.name)
        counts = look.scope.rows(
            table.name,
            f"SELECT {q}, count(*) FROM {look.scope.relation(table.name)} WHERE {q} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1",
        )
        pairs = [(rare, often) for rare, n in counts for often, m in counts if m >= 100 * n and _one_edit(str(rare), str(often))]
        if pairs:
            listed = ", ".join(look.scope.literal(table.name, r) for r, _ in pairs)
            condition = f"{look.name(table.name, column.name)} IN ({listed})"
            failing = look.count(table.name, [condition])[0]
            values = {"pairs": plural(len({r for r, _ in pairs}), "rare spelling")}
            yield Hit(
                table.name,
                (column.name,),
                failing,
                column.filled,
                look.where(table.name, (column.name,), condition),
                "cosmetic",
                values,
            )


def _one_edit(one: str, other: str) -> bool:
    """Return whether two words of five letters or more differ by one letter changed, missing, added or exchanged;
    digits never.
    """
    if min(len(one), len(other)) < 5 or abs(len(one) - len(other)) > 1 or one.casefold() == other.casefold():
        return False
    if any(ch.isdigit() for ch in one + other):
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])
