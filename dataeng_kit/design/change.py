"""How dimension attributes change: type 0, 1 or 2 each, from history columns where there are any, else assumed and asked."""

from __future__ import annotations

from dataeng_kit.design.cues import cue
from dataeng_kit.design.reading import TableReading
from dataeng_kit.design.words import words
from dataeng_kit.nouns import ColumnProfile

_PAIR = 2
"""Distinct values from which a column can classify at all."""


def slices(column: ColumnProfile) -> str:
    """Return why reports group by this attribute over time (place, class, value, few values), or an empty text."""
    s = set(words(column.name))
    for found, why in ((s & cue("place"), "a place"), (s & cue("class"), "a class"), (s & cue("value"), "a value that is reset")):
        if found:
            return why
    few = column.type == "text" and column.rows >= 40 and _PAIR <= column.distinct <= max(_PAIR, min(50, column.rows // 20))
    return f"only {column.distinct} values over {column.rows:,} rows" if few else ""


def scd(table: TableReading, column: ColumnProfile, folded: bool) -> tuple[int, str]:
    """Return the change type of one attribute and the reason; without history in the source it is an assumption."""
    if table.versioned:
        return 2, f"{table.name} keeps versions in {' and '.join(table.versioned)}"
    kind = table.kinds.get(column.name, "")
    if kind in ("key", "lifecycle", "created"):
        return 0, "fixed at the entity's birth"
    if table.loops:
        return 1, "a recursive hierarchy: a new version of one row would version all below it"
    if column.label and column.label.name in ("gender", "date_of_birth", "nationality"):
        return 1, "assumed: a correction of a person's record, not history"
    why = "its level of the hierarchy moves" if folded else slices(column)
    return (2, f"assumed: {why}; no history in the source") if why else (1, "assumed: a correction, not history")
