"""Fixed-width text: columns are where every line has a blank between them."""

from __future__ import annotations

import re

from dataeng_kit.data.files.dialect import Dialect
from dataeng_kit.data.files.records import Records, modal_width
from dataeng_kit.data.kinds import TYPED, kind

_SAMPLE, _FEWEST, _HEAD = 400, 5, 20_000


def fixed_starts(text: str, records: Records, dialect: Dialect) -> list[int]:
    """Return the first position of every column when the text is aligned rather than delimited, else an empty list."""
    width = modal_width(records.cells)
    even = sum(len(r) == width for r in records.cells) >= 0.95 * len(records.cells)
    decimals = dialect.delimiter == "," and not re.search(r"[^\d\n],|,[^\d\n]", text[:_HEAD])  # commas only within numbers
    if width > 1 and not decimals and (even or dialect.delimiter != " "):
        return []
    lines = [line.rstrip() for line in text.split("\n")[:_SAMPLE] if line.strip() and not line.startswith("#")]
    if len(lines) < _FEWEST or "\t" in text[:10_000]:
        return []
    if sum(kind(line) in TYPED for line in lines) >= 0.8 * (len(lines) - 1):
        return []  # one column of values that hold a blank, such as dates with a time
    longest = max(map(len, lines))
    blank = [all(p >= len(line) or line[p] == " " for line in lines) for p in range(longest)]
    starts = [p for p in range(longest) if not blank[p] and (p == 0 or blank[p - 1])]
    ends = dict(zip(starts, [*starts[1:], None], strict=True))
    starts = [p for p in starts if p < 2 or blank[p - 2] or (_values_at(lines, p) and lines[0][p : ends[p]].strip())]
    full = sum(all(line[p : p + 1] for p in starts) for line in lines)
    if decimals and (len(starts) <= width or not any(p > 1 and blank[p - 1] and blank[p - 2] for p in starts)):
        return []
    return starts if 2 <= len(starts) <= longest // 2 and full * 2 >= len(lines) else []


def _values_at(lines: list[str], start: int) -> bool:
    """True when values, not words, begin at a position: then a single blank before it parts two columns."""
    found = [kind(cells[0]) for line in lines if (cells := line[start:].split())]
    return sum(k in TYPED for k in found) >= 0.8 * len(found)


def cut_fixed(text: str, starts: list[int]) -> Records:
    """Return the records cut at *starts*, with the lines on which a value crosses a border."""
    records = Records()
    ends = [*starts[1:], None]
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            records.add(number, [line[a:b].strip() for a, b in zip(starts, ends, strict=True)])
            if any(line[p - 1 : p].strip() and line[p : p + 1].strip() for p in starts[1:]):
                records.crossed.append(number)
    return records
