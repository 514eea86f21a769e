"""Rows to the table's width: padded, cut, split at another delimiter or mended; each repair is counted and named by its line."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence

from dataeng_kit.data.files.dialect import Dialect
from dataeng_kit.data.files.grid import Grid
from dataeng_kit.data.kinds import NUMBERS, TYPED, kind
from dataeng_kit.nouns import Rejected

_CUT = "those beyond the last column kept among the rejected"
OTHER_DELIMITERS = (",", ";", "\t", "|", "^", ":")


def fit_rows(rows: Sequence[tuple[int, list[str]]], width: int, dialect: Dialect, grid: Grid) -> None:
    """Fill the grid's rows from (line, cells), reporting every row that did not have the table's width."""
    kinds = _kinds([r for _, r in rows[:400] if len(r) == width], width)
    for line, row in rows:
        if len(row) == width:
            grid.rows.append(row)
            continue
        fitted, note = _fit(row, width, dialect, kinds)
        if fitted is None:
            grid.rejects.append(Rejected(line, note, dialect.delimiter.join(row)))
        else:
            grid.rows.append(fitted)
        if note.endswith(_CUT):
            grid.surplus.append(Rejected(line, note, dialect.delimiter.join(row[width:])))
        if note:
            grid.notes.setdefault(note, []).append(line)
    _trailing(grid, width)


def _fit(row: list[str], width: int, dialect: Dialect, kinds: list[str]) -> tuple[list[str] | None, str]:
    other = _other_delimiter(row, width, dialect)
    if other:
        return other[1], f"cut at {other[0]!r}, another delimiter than the table's"
    if len(row) < width:
        return _padded(row, width, dialect, kinds), "too few cells, padded with blanks"
    if not any(c.strip() for c in row[width:]):
        return row[:width], "" if len(row) == width + 1 else "too many cells, the blank ones at the end cut"
    return _narrowed(row, width, dialect, kinds)


def _other_delimiter(row: list[str], width: int, dialect: Dialect) -> tuple[str, list[str]] | None:
    if len(row) > 1 and len(row) * 2 > width:
        return None
    line = dialect.delimiter.join(row)
    for other in OTHER_DELIMITERS:
        if other != dialect.delimiter and line.count(other) >= width - 1 > 0:
            cells = next(csv.reader([line], delimiter=other, quotechar=dialect.quote or '"'))
            if len(cells) == width:
                return other, cells
    return None


def _padded(row: list[str], width: int, dialect: Dialect, kinds: list[str]) -> list[str]:
    """Return a short row at full width: cut where two quoted cells ran together, else blank where the kinds fit best."""
    quote = dialect.quote
    for at, cell in enumerate(row) if len(row) == width - 1 and quote else ():
        left, found, right = cell.partition(quote)
        if found and left and right and quote not in right:
            candidate = [*row[:at], left, right, *row[at + 1 :]]
            if _fitness(candidate, kinds) >= width - 1:
                return candidate
    return [*row, *[""] * (width - len(row))]


def _narrowed(row: list[str], width: int, dialect: Dialect, kinds: list[str]) -> tuple[list[str] | None, str]:
    """Take the reading of a long row that the columns' kinds bear out: a blank too many, a text cut in pieces, or a surplus."""
    extra = len(row) - width
    if extra > 50:
        return None, "too many cells"
    readings = [(_fitness(row[:width], kinds), row[:width], _CUT)]
    for at in range(width if extra == 1 else 0):
        if not row[at].strip():
            without = [*row[:at], *row[at + 1 :]]
            readings.append((_fitness(without, kinds) + 0.2, without, "a blank one left out where the columns' kinds then fit"))
    for at in range(width):
        joined = dialect.delimiter.join(row[at : at + extra + 1])
        candidate = [*row[:at], joined, *row[at + extra + 1 :]]
        bonus = 0.1 * joined[len(row[at]) + 1 :].startswith(" ") - (0.5 if not joined.strip(dialect.delimiter + " ") else 0.05)
        if kinds[at] == "text":
            readings.append((_fitness(candidate, kinds) + bonus, candidate, "joined again where the delimiter stood in a text"))
    _, best, note = max(readings, key=lambda r: r[0])
    return best, f"too many cells, {note}"


def _fitness(row: list[str], kinds: list[str]) -> float:
    return sum(_suits(c, k) for c, k in zip(row, kinds, strict=False))


def _suits(cell: str, wanted: str) -> float:
    found = kind(cell)
    if wanted == "empty":
        return float(found == "empty")
    if found in ("empty", "missing"):
        return 0.6
    if wanted == "text" or found not in TYPED:
        return float((found in TYPED) == (wanted != "text"))
    return 1.0 if found == wanted or {found, wanted} <= NUMBERS else 0.7


def _kinds(rows: list[list[str]], width: int) -> list[str]:
    """Return the prevailing kind of every column: a typed one, or text."""
    result = []
    for c in range(width):
        seen = Counter(k for r in rows if (k := kind(r[c])) not in ("empty", "missing"))
        result.append(seen.most_common(1)[0][0] if seen else "empty")
    return result


def _trailing(grid: Grid, width: int) -> None:
    """Drop a last column that has neither a name nor a value: a delimiter at the end of every line."""
    header = grid.header
    while (
        width > 1
        and not (header and len(header) >= width and header[width - 1].strip())
        and not any(r[width - 1].strip() for r in grid.rows)
    ):
        if not grid.rows and not header:
            return
        width -= 1
        grid.rows = [r[:width] for r in grid.rows]
        if header:
            header = grid.header = header[:width]
    if header and len(header) < width:
        grid.header = [*header, *[""] * (width - len(header))]
