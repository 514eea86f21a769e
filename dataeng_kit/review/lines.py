"""Where a failing row stands in its source: the file and the line, where rows can be told apart and lines counted."""

from __future__ import annotations

import gzip
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from dataeng_kit.data import Data
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Evidence, Table
from dataeng_kit.review.files import without_folders


class Lines:
    """Finds rows again by the key of their table, else by all their columns; what cannot be found gets no line."""

    def __init__(self, data: Data, evidence: Evidence) -> None:
        self.data = data
        self.files = {t.name: t.source for t in without_folders(evidence).tables}
        self.keys = {t.name: (t.primary_key, tuple(c.name for c in t.columns)) for t in evidence.profile.tables}
        self.places: dict[tuple[str, tuple[str, ...]], Mapping[tuple[Any, ...], list[int]]] = {}

    def of(self, table: str, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[tuple[str, int | str]]:
        """Return (file, 1-based line or empty) of each row of a finding on *table*; equal rows take their lines in order."""
        file = self.files.get(table, "")
        key = next((k for k in self.keys.get(table, ()) if k and set(k) <= set(names)), ())
        if not key:
            return [(file, "")] * len(rows)
        if (table, key) not in self.places:
            self.places[table, key] = self._lines(table, key)
        at, lines = [names.index(k) for k in key], self.places[table, key]
        seen: Counter[tuple[Any, ...]] = Counter()
        found: list[tuple[str, int | str]] = []
        for row in rows:
            own = tuple(row[i] for i in at)
            known = lines.get(own, ())
            found.append((file, known[min(seen[own], len(known) - 1)] if known else ""))
            seen[own] += 1
        return found

    def _lines(self, table: str, key: tuple[str, ...]) -> Mapping[tuple[Any, ...], list[int]]:
        source = next(s for s in self.data.sources if s.table.name == table)
        if not countable(source.table):
            return {}
        before = source.table.reading.header + source.table.reading.preamble + 1
        columns = ", ".join(source.engine.technology.quote(k) for k in key)
        places: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        try:
            for number, *values in source.engine.run(f"SELECT rowid, {columns} FROM {source.relation} ORDER BY rowid", None):
                places[tuple(values)].append(number + before)
        except KitError:
            return {}  # a view or a foreign table: its rows have no place
        return places


def countable(table: Table) -> bool:
    """Return whether every record of the table's one file is one line, none set aside: then its n-th row has a known line."""
    reading, path = table.reading, Path(table.source)
    plain = bool(reading.dialect.get("delimiter")) and not reading.rejected and not reading.footer and not table.parts
    return plain and path.is_file() and lines_in(path, path.stat().st_mtime_ns) == reading.records


@cache
def lines_in(path: Path, changed: int) -> int:
    """Return the number of lines of a plain or gzipped file as it was when *changed*."""
    opened = gzip.open(path) if path.suffix == ".gz" else path.open("rb")
    with opened as file:
        count, last = 0, b"\n"
        while block := file.read(1 << 20):
            count, last = count + block.count(b"\n"), block[-1:]
    return count + (last != b"\n")
