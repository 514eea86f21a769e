"""Text to records, each with its line; a misplaced quote costs one cell its quoting, never a row."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field

from dataeng_kit.data.files.dialect import Dialect

_JOIN_LINES, _JOIN_CHARS = 500, 200_000


@dataclass
class Records:
    """Cells of every record with the 1-based line it starts on.

    ``odd``: lines whose quotes had to be read as text; ``crossed``: lines of fixed width with a value over a border.
    """

    cells: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    odd: list[int] = field(default_factory=list)
    crossed: list[int] = field(default_factory=list)

    def add(self, line: int, cells: list[str]) -> None:
        """Append one record."""
        self.cells.append(cells)
        self.lines.append(line)


def modal_width(rows: list[list[str]]) -> int:
    """Return the commonest width of the rows that hold something, wider ones preferred at equal counts."""
    widths = Counter(len(r) for r in rows if any(r))
    several = {w: n for w, n in widths.items() if w > 1}
    if not several:
        return 1
    best = max(several, key=lambda w: (several[w], w))
    return best if several[best] * 3 >= widths.get(1, 0) else 1


def cut(text: str, dialect: Dialect) -> Records:
    """Return the records of *text*; well-formed text in one pass, otherwise line by line."""
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    try:
        records = Records()
        reader = dialect.split((line + "\n" for line in lines), strict=True)
        start = 1
        for cells in reader:
            records.add(start, cells)
            start = reader.line_num + 1
        if not _swallowed(records, lines, dialect):
            return records
    except csv.Error:
        pass  # a misplaced quote: the careful pass below finds and names its line
    return _line_by_line(lines, dialect)


def _swallowed(records: Records, lines: list[str], dialect: Dialect) -> bool:
    """True when a record of several lines holds lines that are records by themselves."""
    width = modal_width(records.cells)
    ends = [*records.lines[1:], len(lines) + 1] if records.lines else []
    for start, end, cells in zip(records.lines, ends, records.cells, strict=True):
        if end - start > 1 and len(cells) != width and _full(lines[start : end - 1], dialect, width):
            return True
    return False


def _full(lines: list[str], dialect: Dialect, width: int) -> bool:
    whole = sum(line.count(dialect.delimiter) >= width - 1 for line in lines)
    return width > 1 and whole * 2 >= len(lines) and whole > 0


def _one(line: str, dialect: Dialect) -> list[str] | None:
    """Return the cells of one well-formed line, None when its quotes do not close or stand wrongly."""
    try:
        rows = list(dialect.split([line + "\n"], strict=True))
    except csv.Error:
        return None
    return rows[0] if rows else []


def _line_by_line(lines: list[str], dialect: Dialect) -> Records:
    sample = [r for line in lines[:5_000] if (r := _one(line, dialect)) is not None]
    width = modal_width(sample)
    records, at = Records(), 0
    while at < len(lines):
        cells = _one(lines[at], dialect)
        step = 1
        if cells is None:
            joined = _join(lines, at, dialect, width)
            if joined:
                cells, step = joined
            else:
                cells = mend(lines[at], dialect, width)
                records.odd.append(at + 1)
        records.add(at + 1, cells)
        at += step
    return records


def _join(lines: list[str], at: int, dialect: Dialect, width: int) -> tuple[list[str], int] | None:
    """Return the record that starts at a line whose quote closes some lines below."""
    if lines[at].count(dialect.quote) % 2 == 0 and not dialect.escape:
        return None
    text = lines[at]
    for step in range(2, min(_JOIN_LINES, len(lines) - at) + 1):
        text += "\n" + lines[at + step - 1]
        if len(text) > _JOIN_CHARS:
            return None
        if dialect.quote not in lines[at + step - 1]:
            continue
        try:
            rows = list(dialect.split(text.splitlines(keepends=True), strict=True))
        except csv.Error:
            continue
        if len(rows) == 1 and len(rows[0]) == width and not _full(lines[at + 1 : at + step], dialect, width):
            return rows[0], step
        if len(rows) == 1 and len(rows[0]) >= width:
            return None
    return None


def mend(line: str, dialect: Dialect, width: int) -> list[str]:
    """Return the cells of a line with a stray quote: the reading that gives the table's width and keeps every character."""
    quote = dialect.quote
    if not quote:
        return line.split(dialect.delimiter)
    lenient = _lenient(line, dialect)
    if len(lenient) == width:
        return lenient
    places = [i for i, c in enumerate(line) if c == quote]
    for place in places[:200]:
        cells = _one(line[:place] + "\ue000" + line[place + 1 :], dialect)
        if cells is not None and len(cells) == width:
            return [c.replace("\ue000", quote) for c in cells]
    naive = line.split(dialect.delimiter)
    return min((lenient, naive), key=lambda c: abs(len(c) - width))


def _lenient(line: str, dialect: Dialect) -> list[str]:
    """Split at delimiters outside quotes, where a quote closes only before a delimiter or the end."""
    cells, cell, quoted, at = [], "", False, 0
    d, q = dialect.delimiter, dialect.quote
    while at < len(line):
        c = line[at]
        if quoted and c == q and line[at + 1 : at + 2] in (d, ""):
            quoted = False
        elif quoted and c == q and line[at + 1 : at + 2] == q:
            cell += q
            at += 1
        elif not quoted and c == q and not cell:
            quoted = True
        elif not quoted and c == d:
            cells.append(cell)
            cell = ""
        else:
            cell += c
        at += 1
    return [*cells, q + cell if quoted else cell]
