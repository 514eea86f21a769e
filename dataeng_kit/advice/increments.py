"""What each table's next load reads: everything where that is cheap or rows change, else the rows after a watermark."""

from __future__ import annotations

from dataclasses import dataclass

from dataeng_kit.design import processes
from dataeng_kit.design.cues import cue
from dataeng_kit.design.reading import TableReading, read
from dataeng_kit.design.sizing import human, row_bytes
from dataeng_kit.design.words import words
from dataeng_kit.nouns import Evidence

SMALL = 10_000
"""Rows below which comparing everything costs less than thinking about it."""
COMPARE = 5_000_000
"""Rows up to which a table whose rows change is compared whole by hash on every load."""
OVERLAP = 7
"""Days read again before the watermark, for rows that arrive late."""


@dataclass(frozen=True)
class Increment:
    """One table's load: its key (empty: the row's own hash), its watermark column (empty: read all), and why."""

    table: TableReading
    key: tuple[str, ...]
    watermark: str
    why: str
    risk: str = ""
    question: str = ""


def plan(evidence: Evidence) -> tuple[Increment, ...]:
    """Return the increments in load order: parents before the tables that refer to them."""
    tables = read(evidence)
    kinds = {p.table: p.kind for p in processes.find(tables)}
    headers = {k.ref_table for p in processes.find(tables) for k in p.headers}
    done: set[str] = set()
    result = []
    waiting = dict(tables)
    while waiting:
        name = min(waiting, key=lambda n: (len(waiting[n].targets - done), list(tables).index(n)))
        result.append(_increment(waiting.pop(name), kinds, headers))
        done.add(name)
    return tuple(result)


def levels(found: tuple[Increment, ...]) -> list[list[str]]:
    """Return the tables in waves that may load side by side."""
    depth: dict[str, int] = {}
    for i in found:
        depth[i.table.name] = 1 + max((depth[p] for p in i.table.targets if p in depth), default=-1)
    return [[t for t, d in depth.items() if d == n] for n in range(max(depth.values(), default=-1) + 1)]


def _increment(t: TableReading, kinds: dict[str, str], headers: set[str]) -> Increment:
    rows, size = t.profile.rows, human(t.profile.rows * row_bytes(t.profile))
    changed = next(
        (
            c.name
            for c in t.profile.columns
            if set(words(c.name)) & cue("changed") and c.type in ("date", "datetime") and not c.nulls
        ),
        "",
    )
    if rows < SMALL:
        return Increment(t, t.key, "", f"{rows:,} rows ({size}) are compared whole in well under a second")
    if changed:
        return Increment(
            t, t.key, changed, f"{changed} moves with every change and is never empty; {OVERLAP} days are read again"
        )
    mutable = t.name in headers or "accumulating" in kinds.get(t.name, "")
    if mutable and rows <= COMPARE:
        return Increment(
            t,
            t.key,
            "",
            f"its {rows:,} rows ({size}) change after they are written, and no column says when: compared whole by hash",
            question=f"Can the source of {t.name} deliver a change stamp?",
        )
    date = t.profile.time.column if t.profile.time else next(iter(t.dates), "")
    if t.name in kinds and date:
        missing = t.profile.column(date).nulls
        return Increment(
            t,
            t.key,
            date,
            f"rows are added by {date}; {OVERLAP} days are read again"
            + (f", and the {missing:,} rows without it each time" if missing else ""),
            risk=f"a row of {t.name} corrected more than {OVERLAP} days after its {date} is not seen: load it whole once a month",
            question=f"Are rows of {t.name} ever corrected after they were written?",
        )
    asked = f"Can the source of {t.name} deliver a change stamp, or only what changed?" if rows > COMPARE else ""
    return Increment(t, t.key, "", f"nothing dates its {rows:,} rows ({size}): compared whole by hash", question=asked)
