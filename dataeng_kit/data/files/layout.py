"""Records to tables: preamble, header (of one or two rows), units row, body, repeated headers, second tables, footer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dataeng_kit.data.files.dialect import Dialect
from dataeng_kit.data.files.fit import OTHER_DELIMITERS, fit_rows
from dataeng_kit.data.files.grid import Grid
from dataeng_kit.data.files.header import PEEK, RULE, filled, find_header, holds_values, only_names
from dataeng_kit.data.files.records import Records, modal_width
from dataeng_kit.data.kinds import TYPED, kind

_TOTAL = re.compile(
    r"(?i)(grand |sub-?|general )?(totals?|totale|totales|totaal|totalt|totali|summe|gesamt(summe)?|insgesamt|zwischensumme"
    r"|suma|soma|somme|sum|celkem|spolu|razem|ogółem|łącznie|összesen|ukupno|skupaj|toplam|i alt|yhteensä|kokku|kopā|viso"
    r"|iš viso|итого|всего|разом|усього|общо|укупно|σύνολο|المجموع|الإجمالي|إجمالي|סה\"?כ|รวม|tổng( cộng)?"
    r"|合計|総計|小計|合计|总计|總計|小计|합계|총계|소계|총합계)\b.{0,20}"
)
"""How a row of totals begins in the languages of the kit's users."""


def lay_out(records: Records, dialect: Dialect, options: dict[str, object]) -> list[Grid]:
    """Return the tables of a file: the main one first, others found below it after blank rows next."""
    rows, lines = records.cells, records.lines
    blocks = _blocks(rows)
    width = modal_width(rows)
    main = _main(blocks, rows, width)
    blocks = [part for n, block in enumerate(blocks) for part in (_other_widths(block, rows, width) if n == main else [block])]
    before = sum(len(b) for b in blocks[:main])
    tables, footer, current = [], 0, list(blocks[main]) if blocks else []
    comments = [i for i in current if _comment(rows[i])]
    header_like = comments and len(rows[comments[-1]]) == width and width > 1 and comments[-1] == max(comments) == comments[0]
    dropped = [] if header_like else comments
    current = [i for i in current if i not in set(dropped)]
    rest: list[list[int]] = []
    for block in blocks[main + 1 :]:
        if _goes_on(block, rows, width):
            current += block
        elif _note(block, rows, width):
            footer += len(block)
        else:
            rest.append(block)
    grid = _table(current, rows, lines, width, dialect, options)
    grid.preamble += before + len(dropped)
    grid.footer += footer
    grid.records = sum(map(len, blocks))
    if footer:
        grid.evidence.append(f"{footer:,} footer records after a blank row")
    for number, block in enumerate(rest, 2):
        part = _table(block, rows, lines, modal_width([rows[i] for i in block]), dialect, options)
        part.suffix, part.records = f"table {number}", len(block)
        grid.records -= len(block)
        tables.append(part)
        grid.problems.append(
            f"a second table starts at line {lines[block[0]]:,} ({len(part.rows):,} rows); kept as a table of its own"
        )
    return [grid, *tables]


def go_on(pairs: Sequence[tuple[int, list[str]]], grid: Grid, dialect: Dialect, last: bool) -> Grid:
    """Return the rows that (line, cells) of a later piece of the file add to *grid*'s table, with their own account."""
    width = max(grid.width, 1)
    part = Grid(["-"] * width, [], records=len(pairs))
    rows = [r for _, r in pairs]
    block = list(range(len(rows)))
    end = _body_end(block, rows, width, 0, _typed_columns(block, rows, width)) if last else len(rows)
    part.footer = len(rows) - end
    kept = []
    for line, row in pairs[:end]:
        if _comment(row):
            part.preamble += 1
        elif [c.strip() for c in row] == grid.header:
            part.header_records += 1
        else:
            kept.append((line, row))
    fit_rows(kept, width, dialect, part)
    if last:
        _total(part)
    return part


def _blank(row: Sequence[str]) -> bool:
    return not any(c.strip() for c in row)


def _comment(row: Sequence[str]) -> bool:
    return bool(row) and row[0].lstrip().startswith("#")


def _blocks(rows: Sequence[Sequence[str]]) -> list[list[int]]:
    """Return runs of record numbers between blank rows."""
    blocks: list[list[int]] = [[]]
    for i, row in enumerate(rows):
        if not _blank(row):
            blocks[-1].append(i)
        elif blocks[-1]:
            blocks.append([])
    return [b for b in blocks if b]


def _main(blocks: list[list[int]], rows: Sequence[Sequence[str]], width: int) -> int:
    """Return the first block that holds the table: rows of the modal width, more than half filled."""
    for number, block in enumerate(blocks):
        good = sum(len(rows[i]) >= width and filled(rows[i]) * 2 >= width for i in block)
        if good * 2 >= len(block) and (
            good > 1 or number == len(blocks) - 1 or len(blocks[number + 1]) <= 2 or filled(rows[block[-1]]) == width > 1
        ):
            return number
    return max(range(len(blocks)), key=lambda n: len(blocks[n])) if blocks else 0


def _goes_on(block: list[int], rows: Sequence[Sequence[str]], width: int) -> bool:
    """True when a block after a blank row is more of the same table."""
    same = [i for i in block if len(rows[i]) == width and (width == 1 or filled(rows[i]) > 1)]
    names = len(block) > 1 and width > 1 and only_names(rows[block[0]]) and any(kind(c) in TYPED for c in rows[block[1]])
    return len(same) * 2 > len(block) and not names


def _other_widths(block: list[int], rows: Sequence[Sequence[str]], width: int) -> list[list[int]]:
    """Cut a block before a row of names that starts a table of another width, though no blank row stands between."""
    widths = [len(rows[i]) for i in block]
    for at in range(2, len(block) - 2):
        other = widths[at]
        if (
            other not in (width, 1)
            and only_names(rows[block[at]])
            and filled(rows[block[at]]) == other
            and any(kind(c) in TYPED for c in rows[block[at + 1]])
        ):
            rest = widths[at + 1 :]
            if sum(w == other for w in rest) * 2 > len(rest) and sum(w == width for w in widths[:at]) * 2 > at:
                return [block[:at], *_other_widths(block[at:], rows, other)]
    return [block]


def _note(block: list[int], rows: Sequence[Sequence[str]], width: int) -> bool:
    """True when a block is text below the table: few cells, or fewer columns with no table's evenness."""
    few = sum(filled(rows[i]) <= 1 for i in block)
    return few * 2 >= len(block) or (len(block) <= 2 and all(filled(rows[i]) * 2 < width for i in block))


def _table(
    block: list[int], rows: Sequence[list[str]], lines: Sequence[int], width: int, dialect: Dialect, options: dict[str, object]
) -> Grid:
    why = f"delimiter {dialect.delimiter!r}: {dialect.evidence}"
    grid = Grid(None, [], dialect=dialect.told(), evidence=[why], comma_file=dialect.delimiter == ";")
    block = list(block)
    typed = _typed_columns(block, rows, width)
    start = _lower_header(block, rows, width, typed, _body_start(block, rows, width))
    end = len(block) if options.get("goes_on") else _body_end(block, rows, width, start, typed)
    if start:
        grid.preamble = start
        grid.evidence.append(f"{start:,} records above the header")
    if end < len(block):
        grid.footer = len(block) - end
        grid.evidence.append(f"{grid.footer:,} records below the last row")
    body = [rows[i] for i in block[start:end]]
    at = [lines[i] for i in block[start:end]]
    grid.first_line = at[0] if at else 1
    used = find_header(body, width, grid, options)
    grid.header_records = used
    repeated = {tuple(r) for r in body[:used]} if grid.header is not None else set()
    kept = [(line, row) for line, row in zip(at[used:], body[used:], strict=True) if tuple(row) not in repeated]
    if again := len(body) - used - len(kept):
        grid.header_records += again
        grid.evidence.append(f"{again:,} repeated header rows removed")
    fit_rows(kept, max(width, len(grid.header or ())), dialect, grid)
    if not options.get("goes_on"):
        _total(grid)
    return grid


def _body_start(block: list[int], rows: Sequence[Sequence[str]], width: int) -> int:
    """Return how many records stand above the header: until the first of nearly full width, half of it filled.

    A row of values may stand below a header of few names (``;;2020``), and a header of repeated names below its groups.
    """
    need = width if width <= 3 else width / 2
    start = next((at for at, i in enumerate(block) if len(rows[i]) >= max(width - 1, 1) and filled(rows[i]) >= need), 0)
    while start and _belongs(rows[block[start - 1]], rows[block[start]], width):
        start -= 1
    return start


def _typed_columns(block: list[int], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the columns whose cells in the middle half of the block are values."""
    quarter = len(block) // 4
    middle = [rows[i] for i in block[quarter : len(block) - quarter][:PEEK] if len(rows[i]) == width]
    return [c for c in range(width) if len(middle) >= 3 and holds_values(middle, c)]


def _values(row: Sequence[str], typed: list[int]) -> int:
    return sum(c < len(row) and kind(row[c]) in TYPED for c in typed)


def _lower_header(block: list[int], rows: Sequence[Sequence[str]], width: int, typed: list[int], start: int) -> int:
    """Move the start down to a full row of names right above the first values, when notes with gaps stand above it."""
    first = next(
        (at for at in range(start, min(start + 12, len(block))) if typed and _values(rows[block[at]], typed) * 2 > len(typed)), 0
    )
    if first - start < 2:
        return start
    names, above = rows[block[first - 1]], [rows[i] for i in block[start : first - 1]]
    full = len(names) == width and filled(names) == width and only_names(names)
    return first - 1 if full and all(filled(r) < width for r in above) else start


def _belongs(above: Sequence[str], row: Sequence[str], width: int) -> bool:
    """True when the row above is a header of few names over values, or the groups over repeated or blank names."""
    if len(above) < width or filled(above[1:]) < (2 if width > 3 else 1):
        return False
    cells = [c.strip() for c in row]
    if any(kind(c) in TYPED for c in cells):
        return not any(kind(c) in TYPED - {"integer"} for c in above)
    gaps = [i for i, c in enumerate(cells) if not c or cells.count(c) > 1]
    return bool(gaps) and any(above[i].strip() for i in gaps) and not above[0].strip()


def _body_end(block: list[int], rows: Sequence[Sequence[str]], width: int, start: int, typed: list[int]) -> int:
    """Return the end of the body: trailing records of one cell, or without a value where columns hold values, are footer."""
    end = len(block)
    while width > 2 and end > start + 2:
        row = rows[block[end - 1]]
        whole = len(row) == 1 and any(row[0].count(d) >= width - 1 for d in OTHER_DELIMITERS)
        sparse = (
            not whole
            and len(typed) >= 2
            and filled(row) * 2 <= width
            and not any(c < len(row) and kind(row[c]) in TYPED for c in range(width))
        )
        if not sparse and not _tail(row, rows[block[max(start + 1, end - 12)]], width):
            break
        end -= 1
    return end


def _tail(row: Sequence[str], sample: Sequence[str], width: int) -> bool:
    if filled(row) > 1 or filled(sample) <= 1:
        return False
    if len(row) == 1:
        return not re.search(r"[;,\t|].*[;,\t|]", row[0]) or bool(re.match(r"(?i)(source|note|quelle|\(|\*)", row[0]))
    first = row[0].strip()
    return bool(first) and kind(first) == "text" and (" " in first or len(first) > 20 or bool(RULE.fullmatch(first)))


def _total(grid: Grid) -> None:
    """Move closing totals to the footer: the word in a column of values, or a first column that is blank only here."""
    while len(grid.rows) > 2:
        row, others = grid.rows[-1], grid.rows[:-1][:PEEK]
        at = [c for c, cell in enumerate(row) if _TOTAL.fullmatch(cell.strip())]
        numbered = at and not row[0].strip() and all(r[0].strip() for r in others)
        if not numbered and not any(
            holds_values(others, c) and not any(_TOTAL.fullmatch(r[c].strip()) for r in others) for c in at
        ):
            return
        grid.rows.pop()
        grid.footer += 1
        grid.evidence.append("a closing total row was not kept as a row")
