"""A bounded sample of one table: rows side by side for links, distinct values per column for shapes and checks."""

from __future__ import annotations

import functools
import re
import string
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from dataeng_kit.data.live import Data, Source
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Profile
from dataeng_kit.profile.semantics.cards import fold
from dataeng_kit.run import Run

ROWS = 500
"""Rows taken of each table, spread over it."""
VALUES = 200
"""Distinct values of a column that are looked at."""
_MISSING = frozenset({"", "n/a", "na", "-", "--", "null", "none", "nan", "nat", "?", "nil", "unknown", "#n/a", "\\n", "\\x", "."})
_SEPARATORS = re.compile(r"[\s./\-_]+")
_SHAPES = str.maketrans(
    dict.fromkeys(string.digits, "9") | dict.fromkeys(string.ascii_uppercase, "A") | dict.fromkeys(string.ascii_lowercase, "a")
)
_RUNS = re.compile(r"(.)\1+")


@functools.cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern of the detectors; re's own cache is too small for all of them."""
    return re.compile(pattern)


def mask(value: str) -> str:
    """Return the shape of a value: A for capitals, a for small letters, 9 for digits, other characters kept."""
    if value.isascii():
        return value.translate(_SHAPES)
    return "".join("9" if c.isdigit() else ("A" if c.isupper() or not c.islower() else "a") if c.isalpha() else c for c in value)


@dataclass
class View:
    """One column's sample; `cells` are aligned with the table's sampled rows, `values` distinct and not missing."""

    name: str
    position: int
    type: str
    cells: list[str | None]
    extra: list[str] = field(default_factory=list)
    rows: int = 0
    _shares: dict[str, float] = field(default_factory=dict)

    @cached_property
    def filled(self) -> list[str]:
        """Return the sampled values that are there, with repeats."""
        return [c for c in self.cells if c is not None] + self.extra

    @cached_property
    def repeats(self) -> Counter[str]:
        """Return how often each distinct value occurs in the sample."""
        return Counter(self.filled)

    @cached_property
    def values(self) -> list[str]:
        """Return up to `VALUES` distinct values in order of appearance."""
        return list(self.repeats)[:VALUES]

    @property
    def n(self) -> int:
        """Return how many distinct values are looked at."""
        return len(self.values)

    @cached_property
    def compact(self) -> list[str]:
        """Return the values in capitals without blanks, dots, slashes, dashes and low lines."""
        return [_SEPARATORS.sub("", v).upper() for v in self.values]

    @cached_property
    def masks(self) -> Counter[str]:
        """Return the shapes of the values."""
        return Counter(mask(v) for v in self.values)

    @cached_property
    def folded(self) -> list[str]:
        """Return the values in lower case without accents."""
        return [fold(v) for v in self.values]

    @cached_property
    def lengths(self) -> list[int]:
        """Return the sorted lengths of the values."""
        return sorted(len(v) for v in self.values)

    @cached_property
    def variety(self) -> float:
        """Return distinct values per filled cell: 1.0 when none repeats."""
        return len(self.repeats) / max(1, len(self.filled))

    def share(self, pattern: str) -> float:
        """Return the share of distinct values that match *pattern* from start to end."""
        if pattern not in self._shares:
            self._shares[pattern] = self._matched(pattern, self.values)
        return self._shares[pattern]

    def _matched(self, pattern: str, texts: list[str]) -> float:
        match = compiled(pattern).fullmatch
        return len([1 for t in texts if match(t)]) / max(1, self.n)

    def of(self, test: Callable[[str], bool]) -> float:
        """Return the share of distinct values that pass *test*."""
        return sum(map(test, self.values)) / max(1, self.n)

    def compact_share(self, pattern: str) -> float:
        """Return the share of compact values that match *pattern* from start to end."""
        key = "compact:" + pattern
        if key not in self._shares:
            self._shares[key] = self._matched(pattern, self.compact)
        return self._shares[key]

    @cached_property
    def digits(self) -> float:
        """Return the share of values that hold a digit."""
        return self.of(lambda v: any(c.isdigit() for c in v))

    @cached_property
    def letters(self) -> float:
        """Return the share of values that hold a letter."""
        return self.of(lambda v: any(c.isalpha() for c in v))

    @cached_property
    def words(self) -> float:
        """Return the mean number of blank-separated words."""
        return sum(len(v.split()) for v in self.values) / max(1, self.n)


def _clean(value: object) -> str | None:
    text = str(value).strip() if value is not None else ""
    return None if text.lower() in _MISSING else text[:2_000]


def views(data: Data, source: Source, profile: Profile, run: Run | None = None) -> list[View]:
    """Return the sampled columns of one table; one query, and one more where sparse columns came out nearly empty."""
    table, engine = source.table, source.engine
    known = next((t for t in profile.tables if t.name == table.name), None)
    rows = known.rows if known else int(engine.value(f"SELECT count(*) FROM {source.relation}", run) or 0)
    cast = {"mysql": "CHAR", "mariadb": "CHAR", "duckdb": "VARCHAR", "spark": "STRING"}.get(engine.technology.id, "TEXT")
    names = [engine.quote(c.name) for c in table.columns]
    listed = ", ".join(f"CAST({n} AS {cast})" for n in names)
    taken = _rows(source, listed, rows, run)
    found = []
    for i, column in enumerate(table.columns):
        cells = [_clean(r[i]) for r in taken]
        if column.type == "number" and all(c is None or c.endswith(".0") for c in cells):
            cells = [c[:-2] if c else c for c in cells]
        found.append(View(column.name, i, column.type, cells, [], rows))
    if rows > len(taken):
        for view, name in zip(found, names, strict=True):
            if len(view.filled) < 20:
                more = engine.run(
                    f"SELECT CAST({name} AS {cast}) FROM {source.relation} WHERE {name} IS NOT NULL LIMIT {VALUES}", run
                )
                view.extra = [c for (v,) in more if (c := _clean(v)) is not None]
    return found


def _rows(source: Source, listed: str, rows: int, run: Run | None) -> list[tuple[object, ...]]:
    """Return up to `ROWS` rows spread evenly over the table; the first ones where an engine has no row ids."""
    query = f"SELECT {listed} FROM {source.relation}"
    if rows > ROWS and source.engine.technology.id == "duckdb":
        try:
            return source.engine.run(f"{query} WHERE rowid % {rows // ROWS} = 0 LIMIT {ROWS}", run)
        except KitError:  # a view has no row ids
            return source.engine.run(f"{query} LIMIT {ROWS}", run)
    return source.engine.run(f"{query} LIMIT {ROWS}", run)
