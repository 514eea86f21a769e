"""Where a failing row stands in its source: the file and the line, where rows can be told apart and lines counted."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from dataeng_kit.data import Data
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Profile, Table


class Lines:
    """Finds rows again by the key of their table; what cannot be found for certain gets no line."""

    def __init__(self, data: Data, profile: Profile) -> None:
        self.data = data
        self.keys = {t.name: t.primary_key for t in profile.tables if t.primary_key}
        self.places: dict[str, Mapping[tuple[Any, ...], int]] = {}

    def of(self, table: str, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[tuple[str, int | str]]:
        """Return (file, 1-based line or empty) of each row of a finding on *table*."""
        source = next((s.table.source for s in self.data.sources if s.table.name == table), "")
        key = self.keys.get(table, ())
        if not key or not set(key) <= set(names):
            return [(source, "")] * len(rows)
        if table not in self.places:
            self.places[table] = self._lines(table, key)
        at, lines = [names.index(k) for k in key], self.places[table]
        return [(source, lines.get(tuple(r[i] for i in at), "")) for r in rows]

    def _lines(self, table: str, key: tuple[str, ...]) -> Mapping[tuple[Any, ...], int]:
        source = next(s for s in self.data.sources if s.table.name == table)
        reading, name = source.table.reading, source.relation
        if not countable(source.table):
            return {}
        before = reading.header + reading.preamble + 1
        columns = ", ".join(source.engine.technology.quote(k) for k in key)
        try:
            rows = source.engine.run(f"SELECT rowid, {columns} FROM {name}", None)
        except KitError:
            return {}  # a view or a foreign table: its rows have no place
        return {tuple(r[1:]): r[0] + before for r in rows}


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
