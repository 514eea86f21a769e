"""Reading: what the files did not let us read as they were."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from dataeng_kit.findings.rule import Hit, Look, plural, rule
from dataeng_kit.nouns.references import write

_DATES = re.compile(r"\bdates?\b|\bday.first|\bmonth.first|format", re.I)


@rule("reading")
def rejected_rows(look: Look) -> Iterator[Hit]:
    """{failing} of {of} records of {table} are no rows: {reasons}.

    Criterion: every record of a file has as many fields as its header.
    Cause: separators or line breaks inside unquoted text (opinion).
    Consequence: figures over {table} leave these records out.
    Do: look at the kept records, repair the export, and read again.
    Ask: Can the export be written with quotes?
    """
    for table in look.data.tables:
        reading = table.reading
        if reading.rejected:
            reasons = "; ".join(dict.fromkeys(r.reason for r in reading.rejects)) or "wrong number of fields"
            values = {"reasons": reasons[:160]}
            yield Hit(table.name, (), reading.rejected, reading.rows + reading.rejected, "", "rule", values)


@rule("reading")
def lost_rows(look: Look) -> Iterator[Hit]:
    """{failing} of {of} records of {table} are unaccounted for after reading.

    Criterion: records = header + rows + rejected records.
    Cause: a damaged or cut file (opinion).
    Consequence: no figure over {table} can be called complete.
    Do: ask for the file again, with its record count.
    Ask: How many records should the file hold?
    """
    for table in look.data.tables:
        if table.reading.lost:
            yield Hit(table.name, (), abs(table.reading.lost), max(table.reading.records, 1), "", "figure")


@rule("reading")
def ambiguous_dates(look: Look) -> Iterator[Hit]:
    """Dates of {table} can be read in more than one way: {problem}.

    Criterion: a column has one date format, and it leaves no choice of day, month and century (convention).
    Cause: rows from several systems or countries (opinion).
    Consequence: day and month may be exchanged in a part of the rows, which no later check can see.
    Do: fix the format per source in the reading choices.
    Ask: Which format does each source write?
    """
    for table in look.data.tables:
        for number, problem in enumerate(p for p in table.reading.problems if _DATES.search(p) and "date" in p.lower()):
            column = next((c.name for c in table.columns if f"'{c.name}'" in problem), "")
            rarer = _rarer_shapes(look, table.name, column) if column else None
            if rarer:
                failing, of, query = rarer
                yield Hit(table.name, (column,), failing, of, query, "rule", {"problem": problem})
            else:
                yield Hit(
                    table.name,
                    (column,) if column else (),
                    1,
                    1,
                    "",
                    "rule",
                    {"problem": problem},
                    f"{write(table.name)}#{number}",
                )


def _rarer_shapes(look: Look, table: str, name: str) -> tuple[int, int, str] | None:
    """Return how many values do not have the commonest shape of their column, of how many, and their query."""
    column = look.profile.table(table).column(name)
    if column.type != "text" or not column.masks or look.data.source(table).engine.technology.id != "duckdb":
        return None
    pattern = "".join({"A": "[A-Z]", "a": "[a-z]", "9": "[0-9]"}.get(ch, re.escape(ch)) for ch in column.masks[0][0])
    q = look.name(table, name)
    condition = f"{q} IS NOT NULL AND NOT regexp_full_match({q}, {look.scope.literal(table, pattern)})"
    failing = look.count(table, [condition])[0]
    return (failing, column.filled, look.where(table, (name,), condition)) if failing else None


@rule("reading")
def reading_problem(look: Look) -> Iterator[Hit]:
    """{table} was read with {number}: {problem}.

    Criterion: none: these are decisions the reader had to take.
    Consequence: another reader of the same file may see other values.
    Do: look at the reading of {table} and confirm or change it.
    Ask: Is the file meant to be read so?
    """
    for table in look.data.tables:
        problems = [p for p in table.reading.problems if not (_DATES.search(p) and "date" in p.lower())]
        if problems:
            yield Hit(
                table.name,
                (),
                len(problems),
                len(problems),
                "",
                "question",
                {"number": plural(len(problems), "reservation"), "problem": "; ".join(problems)[:300]},
            )


@rule("reading")
def no_header(look: Look) -> Iterator[Hit]:
    """{table} has no header: its columns are called {columns} here.

    Criterion: none: a file without names needs a description beside it.
    Consequence: what the columns mean is a guess.
    Do: name the columns in the reading choices from the supplier's description.
    Ask: What are the columns of {table} called?
    """
    for source in look.data.sources:
        names = tuple(c.name for c in source.table.columns)
        if names and all(re.fullmatch(r"column_\d+", n) for n in names):
            yield Hit(source.table.name, names[:8], 1, 1, "", "question", subject=write(source.table.name))


@rule("reading")
def unreadable_file(look: Look) -> Iterator[Hit]:
    """{file} could not be read: {why}.

    Criterion: every delivered data file can be read.
    Cause: a damaged, locked or foreign file (opinion).
    Consequence: nothing in this review covers its content.
    Do: ask for it again, or name its format.
    Ask: What is in {file}?
    """
    for skipped in look.data.skipped:
        if skipped.bad:
            name = PurePath(skipped.path).name
            yield Hit("", (), 1, 1, "", "rule", {"file": name, "why": skipped.why.rstrip(".")}, write(name))
