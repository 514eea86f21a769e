"""Grid: one table as text cells, with the account of every record that is not a row of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dataeng_kit.nouns import Reading, Rejected


@dataclass
class Grid:
    """A table cut out of a file, not yet typed; counts are records, so that they add up to the file's."""

    header: list[str] | None
    rows: list[list[str]]
    suffix: str = ""
    format: str = "csv"
    encoding: str = ""
    dialect: dict[str, Any] = field(default_factory=dict)
    evidence: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    rejects: list[Rejected] = field(default_factory=list)
    surplus: list[Rejected] = field(default_factory=list)
    """Cells beyond the last column of rows that were kept."""
    records: int = 0
    header_records: int = 0
    preamble: int = 0
    footer: int = 0
    first_line: int = 1
    """The line of the header, or of the first row where there is none."""
    comma_file: bool = False
    comments: dict[str, str] = field(default_factory=dict)
    notes: dict[str, list[int]] = field(default_factory=dict)
    """What was done to rows that did not have the table's width → their lines."""
    large: bool = False
    """The table is kept on disk."""

    def told(self) -> tuple[str, ...]:
        """Return all problems, those of single rows summed up at the end."""
        return (*self.problems, *(f"{len(at):,} rows: {note} (line {some(at)})" for note, at in self.notes.items()))

    def reading(self, rows: int, problems: Sequence[str] = ()) -> Reading:
        """Return the account of a table of which *rows* rows were loaded; records that are nowhere are lost, and said."""
        apart = self.header_records + self.preamble + self.footer + len(self.rejects)
        lost = self.records - apart - rows if self.records and self.width else 0
        told = (*([f"{lost:,} records of the file are unaccounted for"] if lost else []), *problems)
        counts = (self.records or rows, self.header_records, self.preamble, self.footer, rows, len(self.rejects), lost)
        about = (self.format, self.encoding, self.dialect, tuple(self.evidence), (*self.told(), *told))
        return Reading(*about, *counts, (*self.rejects, *self.surplus))

    def take(self, other: Grid) -> None:
        """Add the account of a later piece of the same table; its rows are not copied."""
        self.records += other.records
        self.footer += other.footer
        self.preamble += other.preamble
        self.header_records += other.header_records
        self.rejects += other.rejects
        self.surplus += other.surplus
        for note, lines in other.notes.items():
            self.notes.setdefault(note, []).extend(lines)

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return len(self.header) if self.header is not None else max(map(len, self.rows), default=0)


def some(lines: Sequence[int]) -> str:
    """Return the first five line numbers as text."""
    return ", ".join(f"{n:,}" for n in lines[:5]) + (", …" if len(lines) > 5 else "")


def as_text(value: Any) -> str:
    """Return a value as text: dates ISO, whole numbers without a point, booleans in words, bytes in hexadecimal."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        midnight = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
