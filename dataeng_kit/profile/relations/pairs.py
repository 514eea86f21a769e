"""Candidate pairs child column → key column, pruned by type and range before any value is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from dataeng_kit.data import Source
from dataeng_kit.nouns import ColumnProfile, TableProfile
from dataeng_kit.profile.names import looks_described, looks_key

REFERABLE = frozenset({"integer", "text"})
REFERRING, ALTERNATES = 300, 20
"""Leading columns of a very wide table that may refer, and unique columns beside its key that may be referred to."""
SLACK = 1.25
"""A child may hold this many times the parent's distinct values: a fifth of its values may be orphans."""


@dataclass(frozen=True)
class Ref:
    """One column with its table's facts and live side; compared by table and column name."""

    table: TableProfile = field(compare=False)
    column: ColumnProfile = field(compare=False)
    source: Source = field(compare=False)
    name: tuple[str, str] = ("", "")

    @property
    def quoted(self) -> str:
        """Return the quoted column name."""
        return self.source.engine.quote(self.column.name)

    @property
    def relation(self) -> str:
        """Return the quoted relation."""
        return self.source.relation

    @property
    def kind(self) -> str:
        """Return the type to compare by: whole numbers written as decimals (``204.0``) are integers that once met blanks."""
        return "integer" if self.column.type == "number" else self.column.type

    @cached_property
    def is_key(self) -> bool:
        """True when the column alone is its table's primary key, or would be but for a few repeated rows."""
        return self.table.primary_key == (self.column.name,) or self.repeats > 0

    @cached_property
    def repeats(self) -> int:
        """Return the rows that repeat a value of the column that was meant to be the key, 0 for any other column."""
        meant = self.table.almost_keys[:1] if self.table.primary_key is None else ()
        return next((k.repeats for k in meant if k.columns == (self.column.name,) and not k.nulls and self.column.nulls == 0), 0)

    @cached_property
    def in_key(self) -> bool:
        """True when the column is one part of a composite primary key."""
        key = self.table.primary_key
        return key is not None and len(key) > 1 and self.column.name in key


@dataclass
class Pair:
    """A child column, the key column it may refer to, what was measured about them, and how it was judged."""

    child: Ref
    parent: Ref
    values: int = 0
    found: int = 0
    ignored: Any = None
    bits: float = 0.0
    name_bits: float = 0.0
    reasons: list[str] = field(default_factory=list)
    refused: str = ""

    @property
    def inclusion(self) -> float:
        """Return the share of the child's distinct values found in the parent."""
        return self.found / self.values if self.values else 0.0

    @property
    def score(self) -> float:
        """Return the evidence of values and names together, in bits."""
        return self.bits + self.name_bits

    @property
    def itself(self) -> bool:
        """True when a table refers to itself."""
        return self.child.table.name == self.parent.table.name


def refs(tables: Sequence[TableProfile], sources: dict[str, Source]) -> list[Ref]:
    """Return every column that may take part in a reference."""
    return [
        Ref(t, c, sources[t.name], (t.name, c.name))
        for t in tables
        for c in t.columns
        if (c.type in REFERABLE or _whole(c)) and c.filled and c.distinct and (c.position < REFERRING or looks_key(c.name))
    ]


def _whole(column: ColumnProfile) -> bool:
    """True for a floating-point column whose known values are all whole; decimals of fixed scale are amounts."""
    if column.type != "number" or not column.native.upper().startswith(("DOUBLE", "FLOAT", "REAL")):
        return False
    known = (column.min, column.max, *column.quantiles, *(v for v, _ in column.top))
    return all(isinstance(v, int | float) and float(v).is_integer() for v in known)


def targets(columns: Sequence[Ref]) -> list[Ref]:
    """Return the columns that may be referred to: single-column keys and unique columns that could be one."""
    found, spare = [], Counter[str]()
    for ref in columns:
        if ref.column.type in REFERABLE and (ref.is_key or (_alternate(ref) and spare[ref.table.name] < ALTERNATES)):
            found.append(ref)
            spare[ref.table.name] += not ref.is_key
    return found


def _alternate(ref: Ref) -> bool:
    column = ref.column
    return column.unique and column.rows > 1 and (column.mean_length or 0) <= 24 and not looks_described(column.name)


def candidates(columns: Sequence[Ref], keys: Sequence[Ref]) -> Iterator[Pair]:
    """Yield the pairs whose types agree, whose ranges overlap and whose distinct counts fit."""
    for parent in keys:
        for child in columns:
            if child.name != parent.name and child.kind == parent.kind and _fits(child.column, parent.column):
                yield Pair(child, parent)


def _fits(child: ColumnProfile, parent: ColumnProfile) -> bool:
    margin = SLACK if child.distinct_method == "exact" else SLACK * 1.2
    if child.distinct > margin * parent.distinct + 1:
        return False
    try:
        if child.max < parent.min or child.min > parent.max:
            return False
    except TypeError:
        return True
    if child.type in ("integer", "number") and child.quantiles and isinstance(child.quantiles[3], int | float):
        # more than a quarter of the rows beyond the parent's end cannot be orphans of an extract alone
        return bool(child.quantiles[3] <= parent.max and child.quantiles[1] >= parent.min)
    return True
