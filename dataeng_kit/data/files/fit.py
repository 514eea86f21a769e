"""Rows to the table's width: padded, cut, split at another delimiter or mended; each repair is counted and named by its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dataeng_kit.data.files.dialect import Dialect
from dataeng_kit.data.files.grid import Grid
from dataeng_kit.data.kinds import TYPED, kind
from dataeng_kit.nouns import Rejected

_OTHERS = (",", ";", "\t", "|", "^", ":")


def fit_rows(rows: Sequence[tuple[int, list[str]]], width: int, dialect: Dialect, grid: Grid) -> None:
    """Fill the grid's rows from (line, cells), reporting every row that did not have the table's width."""
    kinds = _kinds([r for _, r in rows[:400] if len(r) == width], width)
    notes: dict[str, list[int]] = {}
    for line, row in rows:
        if len(row) == width:
            grid.rows.append(row)
            continue
        fitted, note = _fit(row, width, dialect, kinds)
        if fitted is None:
            grid.rejects.append(Rejected(line, note, dialect.delimiter.join(row)))
        else:
            grid.rows.append(fitted)
        if note:
            notes.setdefault(note, []).append(line)
    for note, lines in notes.items():
        shown = ", ".join(f"{n:,}" for n in lines[:5]) + (", …" if len(lines) > 5 else "")
        grid.problems.append(f"{len(lines):,} rows: {note} (line {shown})")
    _trailing(grid, width)


def _fit(row: list[str], width: int, dialect: Dialect, kinds: list[str]) -> tuple[list[str] | None, str]:
    if len(row) == 1 and width > 1:
        for other in _OTHERS:
            parts = row[0].split(other)
            if other != dialect.delimiter and len(parts) == width:
                return [p.strip('"') for p in parts], f"cut at {other!r}, another delimiter than the table's"
    if len(row) < width:
        return [*row, *[""] * (width - len(row))], "too few cells, padded with blanks"
    if not any(c.strip() for c in row[width:]):
        return row[:width], "" if len(row) == width + 1 else "too many cells, the blank ones at the end cut"
    return _merge(row, width, dialect, kinds)


def _merge(row: list[str], width: int, dialect: Dialect, kinds: list[str]) -> tuple[list[str] | None, str]:
    """Join neighbouring cells of a long row where the columns' kinds then fit best; otherwise keep it out."""
    extra = len(row) - width
    if extra > 50:
        return None, "too many cells"
    best, best_fit = None, -1.0
    for at in range(width):
        if at < len(kinds) and kinds[at] != "text":
            continue
        joined = dialect.delimiter.join(row[at : at + extra + 1])
        candidate = [*row[:at], joined, *row[at + extra + 1 :]]
        fit = sum(_suits(c, k) for c, k in zip(candidate, kinds, strict=False)) + 0.1 * joined[len(row[at]) + 1 :].startswith(" ")
        if fit > best_fit:
            best, best_fit = candidate, fit
    cut_fit = sum(_suits(c, k) for c, k in zip(row, kinds, strict=False))
    if best is not None and best_fit > cut_fit:
        return best, "too many cells, joined again where the delimiter stood in a text"
    if cut_fit >= 0.9 * width:
        return row[:width], "too many cells, those beyond the last column were cut off and kept as a note"
    return best or row[:width], "too many cells, read by the best fit"


def _suits(cell: str, kind_wanted: str) -> float:
    found = kind(cell)
    if found in ("empty", "missing"):
        return 0.6
    return float((found in TYPED) == (kind_wanted != "text")) * (1.0 if kind_wanted == "text" or found == kind_wanted else 0.8)


def _kinds(rows: list[list[str]], width: int) -> list[str]:
    """Return the prevailing kind of every column: a typed one, or text."""
    result = []
    for c in range(width):
        seen = Counter(k for r in rows if (k := kind(r[c])) not in ("empty", "missing"))
        result.append(seen.most_common(1)[0][0] if seen else "text")
    return result


def _trailing(grid: Grid, width: int) -> None:
    """Drop a last column that has neither a name nor a value: a delimiter at the end of every line."""
    header = grid.header
    while width > 1 and not (header and len(header) >= width and header[width - 1].strip()) and not any(r[width - 1].strip() for r in grid.rows):
        if not grid.rows and not header:
            return
        width -= 1
        grid.rows = [r[:width] for r in grid.rows]
        if header:
            header = grid.header = header[:width]
    if header and len(header) < width:
        grid.header = [*header, *[""] * (width - len(header))]
