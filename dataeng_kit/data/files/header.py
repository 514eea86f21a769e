"""The header of a table: whether there is one, of how many rows, and a row of units below it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from dataeng_kit.data.files.grid import Grid
from dataeng_kit.data.kinds import TYPED, kind

_UNIT = re.compile(r"\[[^\]]*\]|\([^)]*\)|-|–|")
_FORMAT = re.compile(r"\d+[sdnfDSN]")
_TYPED_ENOUGH = 0.8
RULE = re.compile(r":?[-=_]{2,}:?|")
PEEK = 400
"""How many rows are looked at."""


def filled(row: Sequence[str]) -> int:
    """Return how many cells hold something."""
    return sum(bool(c.strip()) for c in row)


def only_names(row: Sequence[str]) -> bool:
    """Return whether every filled cell is a word, each a different one."""
    cells = [c for c in row if c.strip()]
    return bool(cells) and all(kind(c) not in TYPED for c in cells) and len({c.strip().lower() for c in cells}) == len(cells)


def _column(rows: Sequence[Sequence[str]], c: int) -> list[str]:
    return [r[c] for r in rows if c < len(r) and r[c].strip()]


def holds_values(rows: Sequence[Sequence[str]], c: int) -> bool:
    """Return whether most cells of column *c* are numbers, dates or the like."""
    cells = [k for x in _column(rows, c) if (k := kind(x)) != "missing"]
    return bool(cells) and sum(k in TYPED for k in cells) >= _TYPED_ENOUGH * len(cells)


def find_header(body: list[list[str]], width: int, grid: Grid, options: dict[str, object]) -> int:
    """Set the grid's header and return how many records it takes, a units row included."""
    if not body:
        return 0
    asked = options.get("header")
    if asked is False or (asked is None and not _is_header(body, width)):
        grid.evidence.append(f"no header: {'the first row looks like the rows below it' if asked is None else 'as you said'}")
        return 0
    below = [r for r in body[1:PEEK] if len(r) == width and r != body[0]]
    top, used = body[0], 1
    while used < min(4, len(body) - 1) and _second_header(body[:used], body[used], body[used + 1 : PEEK], width):
        used += 1
    if used > 1:
        top = join_headers(body[:used])
        grid.evidence.append(f"{used} header rows joined")
    grid.header = [c.strip() for c in top]
    grid.evidence.append(
        "header: as you said"
        if asked
        else "header: names above values of other kinds"
        if any(holds_values(below, c) for c in range(width))
        else "header: the first row's words do not recur"
    )
    if used < len(body) and _units(body[used], body[used + 1 : PEEK], width):
        grid.evidence.append("a row of units or formats below the header was dropped")
        used += 1
    return used


def _is_header(body: list[list[str]], width: int) -> bool:
    head, below = body[0], [r for r in body[1:PEEK] if (filled(r) > 1 or width == 1) and r != body[0]]
    if only_names(head) and width > 1 and any(r == head for r in body[1:]):
        return True
    kinds = [kind(c) for c in head]
    years = [k == "integer" and 1800 <= int(c) <= 2200 for k, c in zip(kinds, head, strict=True)]
    values = [k in TYPED and not y for k, y in zip(kinds, years, strict=True)]
    if any(values):
        return False
    if any(years) and (not any(k == "text" for k in kinds) and "empty" not in kinds):
        return False
    if not below:
        return True
    if any(holds_values(below, c) and kinds[c] == "text" for c in range(min(width, len(head)))):
        return True
    if any(years):
        return True
    return not _alike(head, below)


def _shape(cell: str) -> str:
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "0", cell.strip()))


def _alike(head: list[str], below: list[list[str]]) -> bool:
    """True when an all-text first row has the shapes or the words of the rows below it."""
    for c, cell in enumerate(head):
        column = _column(below, c)
        if len(column) < 2 or not cell.strip():
            continue
        shapes = Counter(map(_shape, column))
        common = shapes.get(_shape(cell), 0) >= 0.9 * len(column)
        if (common and "0" in _shape(cell)) or column.count(cell) * 4 >= len(column):
            return True
    return False


def _second_header(above: list[list[str]], row: list[str], below: list[list[str]], width: int) -> bool:
    """True for a further header row: names where the columns hold values, below a row that groups or repeats."""
    if len(row) != width or not below or any(kind(c) in TYPED or kind(c) == "missing" for c in row):
        return False
    typed = [c for c in range(width) if holds_values(below, c)]
    if not typed or not all(row[c].strip() or above[-1][c : c + 1] != [""] for c in typed) or filled(row) * 2 < width:
        return False
    if _units(row, below, width) or sum(bool(row[c].strip()) for c in typed) * 2 < len(typed):
        return False
    first = [c.strip() for c in above[0]]
    grouped = len(set(first)) < len(first) or "" in first
    fresh = sum(row[c] not in _column(below, c) for c in range(width))
    return (grouped or len(typed) >= 2) and fresh == width and len({c.strip() for c in row}) >= len(row) - row.count("")


def join_headers(rows: list[list[str]]) -> list[str]:
    """Return one name per column from several header rows, each carried on over the blanks to its right."""
    last = [c.strip() for c in rows[-1]]
    if len(set(last)) == len(last) and all(last) and all(c.strip() for r in rows[:-1] for c in r):
        return last
    filled = []
    for row in rows[:-1]:
        carried, line = "", []
        for cell in row:
            carried = cell.strip() or carried
            line.append(carried)
        filled.append(line)
    return [" ".join(dict.fromkeys(part for part in (*parts, name) if part)) for *parts, name in zip(*filled, last, strict=False)]


def _units(row: list[str], below: list[list[str]], width: int) -> bool:
    cells = [c.strip() for c in row]
    if not any(cells) or (not below and not all(_FORMAT.fullmatch(c) for c in cells)):
        return False
    if all(_FORMAT.fullmatch(c) for c in cells) or all(RULE.fullmatch(c) for c in cells):
        return True
    bracketed = all(_UNIT.fullmatch(c) for c in cells) and any(c[:1] in ("[", "(") for c in cells)
    typed = [c for c in range(min(width, len(cells))) if holds_values(below, c) and cells[c]]
    plain = (
        bool(typed)
        and all(len(c) <= 8 for c in cells)
        and all(re.search(r"[°%/²³µ]|^(kg|g|m|mm|cm|km|s|h|min|EUR|USD|GBP|l|kWh|MWh|V|A|W|Pa|hPa)$", cells[c]) for c in typed)
    )
    return bracketed or plain
