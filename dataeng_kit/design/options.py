"""Options beside a star, weighed with its own numbers: a snowflake of its hierarchies, aggregates, one wide table."""

from __future__ import annotations

from collections.abc import Sequence

from dataeng_kit.design.sizing import WIDTH, human
from dataeng_kit.nouns import Entity, Evidence
from dataeng_kit.nouns.references import parse

WORTH_ROWS = 10_000_000
"""Fact rows from which an aggregate table pays: below, a column store sums them in well under a second."""
WORTH_BYTES = 1_000_000_000
"""Bytes a snowflake must save before a join more in every report is worth it."""
SHRINKS = 10
"""How many times fewer rows an aggregate must have (Kimball, The Data Warehouse Toolkit, ch. 20)."""


def alternatives(evidence: Evidence, facts: Sequence[Entity], dimensions: Sequence[Entity]) -> tuple[str, ...]:
    """Return the options that were weighed, each with the numbers for and against it here."""
    wide = ", ".join(f.name for f in facts)
    return (
        f"one wide table per process ({wide}): faster to read, but each dimension change rewrites it",
        *_snowflake(evidence, dimensions),
        *(a for a in (_aggregate(evidence, f, dimensions) for f in facts) if a),
        "the normalised design alone: enough while no report sums over several processes",
    )


def _snowflake(evidence: Evidence, dimensions: Sequence[Entity]) -> tuple[str, ...]:
    folded = [(d, level) for d in dimensions for level in d.detail.get("folded", ())]
    if not folded:
        return ("a snowflake schema: nothing to gain, no dimension has a level of its own table",)
    saved = 0
    for d, level in folded:
        above = evidence.profile.table(level)
        rows = evidence.profile.table(d.sources[0]).rows - above.rows
        width = sum(WIDTH.get(c.type, round((c.mean_length or 8) + 4)) for c in above.columns)
        saved += max(0, rows) * width
    levels = ", ".join(dict.fromkeys(level for _, level in folded))
    verdict = "worth weighing" if saved >= WORTH_BYTES else "not worth it"
    return (f"a snowflake schema ({levels} as tables of their own): saves {human(saved)} and costs a join per level: {verdict}",)


def _aggregate(evidence: Evidence, fact: Entity, dimensions: Sequence[Entity]) -> str:
    """An aggregate by month and the smallest dimension, its rows bounded by the product of both."""
    rows = evidence.profile.table(fact.sources[0]).rows
    sizes = {d.name: evidence.profile.table(d.sources[0]).rows for d in dimensions if d.sources}
    near = min((n for n in fact.dimensions if sizes.get(n)), key=lambda n: sizes[n], default="")
    if not (rows and near and fact.dates and any(a.additivity == "additive" for a in fact.attributes)):
        return ""
    bound = min(rows, _months(evidence, fact.dates[0]) * sizes[near])
    pays = rows >= WORTH_ROWS and bound * SHRINKS <= rows
    why = "pays, keep it beside the fact" if pays else f"not worth it below {WORTH_ROWS:,} rows and {SHRINKS} times fewer"
    return f"an aggregate of {fact.name} by month and {near}: {rows:,} rows become at most {bound:,}: {why}"


def _months(evidence: Evidence, reference: str) -> int:
    table, column = parse(reference)
    c = evidence.profile.table(table).column(column)
    begin, end = str(c.min or "")[:7].split("-"), str(c.max or "")[:7].split("-")
    if len(begin) != 2 or len(end) != 2 or not all(x.isdigit() for x in (*begin, *end)):
        return 1
    return (int(end[0]) - int(begin[0])) * 12 + int(end[1]) - int(begin[1]) + 1
