"""The careful reading of delimited text: bytes → text → dialect → records → tables; large files piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from dataeng_kit.data.files.dialect import Dialect, find_dialect, tidy
from dataeng_kit.data.files.encoding import decode
from dataeng_kit.data.files.fixed import cut_fixed, fixed_starts
from dataeng_kit.data.files.grid import Grid
from dataeng_kit.data.files.layout import go_on, lay_out
from dataeng_kit.data.files.records import Records, cut
from dataeng_kit.errors import KitError
from dataeng_kit.run import Run

_PIECE, _LONGEST_LINE, _OPEN_LINES = 1 << 23, 1 << 24, 500
_STRAY, _CROSSED = "stray quote, kept as text", "a value crosses the border of a column"
Piece = tuple[int, str, bool]


def read_delimited(path: Path, options: dict[str, Any], run: Run) -> list[Grid]:
    """Return the tables of a text file; *options* (encoding, delimiter, quote, escape, header) override what was found."""
    run.check(f"reading {path.name}")
    text = decode(path.read_bytes(), str(options.get("encoding", "")))
    grids, _, _ = _understood(text.text, options)
    for grid in grids:
        grid.encoding = text.encoding
        grid.evidence.insert(0, f"encoding {text.encoding}: {text.evidence}")
    grids[0].problems[:0] = text.problems
    return grids


def stream_delimited(path: Path, options: dict[str, Any], run: Run) -> tuple[list[Grid], Iterator[list[str]]]:
    """Return the tables that the first 8 MB of a plain UTF-8 file hold, and the further rows of the last of them.

    The rows come piece by piece in bounded memory; the grid's account grows while they are taken.
    """
    pieces = _pieces(path, run)
    _, text, whole = next(pieces)
    grids, dialect, split = _understood(text, options | {"goes_on": not whole})
    for grid in grids:
        grid.encoding, grid.large = "utf-8", True
    return grids, _further(pieces, grids[-1], dialect, split)


def _further(pieces: Iterator[Piece], grid: Grid, dialect: Dialect, split: Callable[[str], Records]) -> Iterator[list[str]]:
    for line, text, last in pieces:
        records = split(tidy(text))
        shift = line - 1
        pairs = [(at + shift, r) for at, r in zip(records.lines, records.cells, strict=True) if any(c.strip() for c in r)]
        part = go_on(pairs, grid, dialect, last)
        _tell(part, records, shift)
        grid.take(part)
        yield from part.rows


def _tell(grid: Grid, records: Records, shift: int = 0) -> None:
    for note, lines in ((_STRAY, records.odd), (_CROSSED, records.crossed)):
        if lines:
            grid.notes.setdefault(note, []).extend(n + shift for n in lines)


def _understood(content: str, options: dict[str, Any]) -> tuple[list[Grid], Dialect, Callable[[str], Records]]:
    """Return the tables of a text, its dialect, and how more of the same text is cut into records."""
    content = tidy(content)
    dialect, skip = find_dialect(content, options)
    content = content[skip:]
    records = cut(content, dialect)
    starts = [] if options.get("delimiter") else fixed_starts(content, records, dialect)

    def split(text: str) -> Records:
        return cut_fixed(text, starts) if starts else cut(text, dialect)

    if starts:
        records = split(content)
        dialect = Dialect(" ", "", evidence=f"columns of fixed width, starting at {', '.join(str(s + 1) for s in starts[:20])}")
    if not any(any(c.strip() for c in r) for r in records.cells):
        return [Grid(None, [], problems=["the file is empty"])], dialect, split
    grids = lay_out(records, dialect, options)
    _tell(grids[0], records)
    return grids, dialect, split


def _pieces(path: Path, run: Run) -> Iterator[Piece]:
    """Yield (first line, text, whether it is the last) of a file cut between lines, where no quote is open."""
    number = 1
    with path.open(encoding="utf-8", newline="\n") as f:
        text = _piece(f, path.name)
        while text:
            run.check(f"reading {path.name}")
            following = _piece(f, path.name)
            yield number, text, not following
            number += text.count("\n")
            text = following


def _piece(f: Any, name: str) -> str:
    text = f.read(_PIECE)
    for _ in range(_OPEN_LINES):
        if text.endswith("\n") and text.count('"') % 2 == 0:
            break
        line = f.readline(_LONGEST_LINE)
        if len(line) == _LONGEST_LINE:
            raise KitError(f"A line of '{name}' is longer than {_LONGEST_LINE >> 20} MB: this is no table", "Name the right file")
        text += line
        if not line:
            break
    return str(text)
