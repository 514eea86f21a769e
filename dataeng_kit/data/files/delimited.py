"""The careful reading of delimited text that fits in memory: bytes → text → dialect → records → tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dataeng_kit.data.files.dialect import Dialect, find_dialect, tidy
from dataeng_kit.data.files.encoding import decode
from dataeng_kit.data.files.fixed import cut_fixed, fixed_starts
from dataeng_kit.data.files.grid import Grid
from dataeng_kit.data.files.layout import lay_out
from dataeng_kit.data.files.records import cut
from dataeng_kit.run import Run


def read_delimited(path: Path, options: dict[str, Any], run: Run) -> list[Grid]:
    """Return the tables of a text file; *options* (encoding, delimiter, quote, escape, header) override what was found."""
    run.check(f"reading {path.name}")
    text = decode(path.read_bytes(), str(options.get("encoding", "")))
    content = tidy(text.text)
    dialect, skip = find_dialect(content, options)
    records = cut(content[skip:], dialect)
    problems = list(text.problems)
    if starts := [] if options.get("delimiter") else fixed_starts(content[skip:], records, dialect):
        records, crossed = cut_fixed(content[skip:], starts)
        dialect = Dialect(" ", "", evidence=f"columns of fixed width, starting at {', '.join(str(s + 1) for s in starts[:20])}")
        problems += [f"{crossed:,} lines have a value that crosses the border of a column"] if crossed else []
    if not any(any(c.strip() for c in r) for r in records.cells):
        return [Grid(None, [], encoding=text.encoding, problems=["the file is empty", *problems])]
    grids = lay_out(records, dialect, options)
    for grid in grids:
        grid.encoding = text.encoding
        grid.evidence.insert(0, f"encoding {text.encoding}: {text.evidence}")
    grids[0].problems[:0] = problems
    if records.odd:
        shown = ", ".join(f"{n:,}" for n in records.odd[:5])
        grids[0].problems.append(f"stray quote in {len(records.odd):,} lines (line {shown}); the quote was kept as text")
    return grids
