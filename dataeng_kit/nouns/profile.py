"""Profile: every measured fact about columns, tables and the relations between tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dataeng_kit.errors import nearest
from dataeng_kit.nouns import flat
from dataeng_kit.nouns.base import Noun
from dataeng_kit.nouns.fact import Fact

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Label(Noun):
    """A semantic type with confidence 0..1 and its reasons; ``sensitive`` when the label is personal or secret."""

    name: str
    confidence: float = 1.0
    reasons: tuple[str, ...] = ()
    sensitive: bool = False
    runner_up: str = ""


@dataclass(frozen=True)
class ColumnProfile(Noun):
    """What was measured about one column; each value also stands in the profile's facts as ``t.c#name``.

    ``nulls`` counts missing values, ``blanks`` empty or white-space text; lengths in characters; ``quantiles``
    are the exact 5, 25, 50, 75 and 95 % values; ``top`` the most frequent values with their counts; ``masks``
    the commonest shapes (A a 9) with counts; ``sentinels`` placeholder values with counts; ``first_month_rows`` and
    ``last_month_rows`` count the rows in the months of a date column's ``min`` and ``max`` (None: not measured);
    ``histogram`` is (from, to, rows) of at most 20 equally wide bins of a number or date, without the
    empty ones; what lies beyond the outer bins is counted in them.
    """

    name: str
    type: str
    native: str
    position: int
    rows: int
    nulls: int
    distinct: int
    distinct_method: str = "exact"
    blanks: int = 0
    min: Any = None
    max: Any = None
    mean: float | None = None
    std: float | None = None
    quantiles: tuple[Any, ...] = ()
    min_length: int | None = None
    max_length: int | None = None
    mean_length: float | None = None
    top: tuple[tuple[Any, int], ...] = ()
    masks: tuple[tuple[str, int], ...] = ()
    sentinels: tuple[tuple[Any, int], ...] = ()
    label: Label | None = None
    first_month_rows: int | None = None
    last_month_rows: int | None = None
    histogram: tuple[tuple[Any, Any, int], ...] = ()

    @property
    def filled(self) -> int:
        """Return the number of rows with a value."""
        return self.rows - self.nulls

    @property
    def unique(self) -> bool:
        """True when every row holds its own value (complete and without repeats)."""
        return self.rows > 0 and self.nulls == 0 and self.distinct == self.rows

    @property
    def constant(self) -> bool:
        """True when one single value fills the column."""
        return self.rows > 1 and self.distinct == 1 and self.nulls == 0


@dataclass(frozen=True)
class Key(Noun):
    """A column set and how well it identifies rows; ``repeats`` = rows beyond the first of their key value."""

    columns: tuple[str, ...]
    rows: int
    repeats: int = 0
    nulls: int = 0
    reasons: tuple[str, ...] = ()
    query: str = ""

    @property
    def holds(self) -> bool:
        """True when the set is complete and unique."""
        return self.repeats == 0 and self.nulls == 0


@dataclass(frozen=True)
class ForeignKey(Noun):
    """A reference from child to parent columns.

    ``coverage`` = share of the child's distinct non-null values found in the parent; ``orphans`` = child rows
    whose value is missing there, ``orphan_values`` the distinct ones; ``children_*`` = child rows per parent row;
    ``cardinality`` 1:1 or n:1; ``declared`` when a database constraint says so.
    """

    table: str
    columns: tuple[str, ...]
    ref_table: str
    ref_columns: tuple[str, ...]
    coverage: float = 1.0
    orphans: int = 0
    orphan_values: int = 0
    nulls: int = 0
    children_p50: float = 0.0
    children_p99: float = 0.0
    children_max: int = 0
    parents_without: int = 0
    cardinality: str = "n:1"
    score: float = 1.0
    reasons: tuple[str, ...] = ()
    runner_up: str = ""
    declared: bool = False
    query: str = ""
    fact: str = ""


@dataclass(frozen=True)
class Refused(Noun):
    """A contained column pair that was not taken for a foreign key, and why."""

    table: str
    columns: tuple[str, ...]
    ref_table: str
    ref_columns: tuple[str, ...]
    coverage: float
    why: str


@dataclass(frozen=True)
class Law(Noun):
    """A rule that rows obey, or nearly.

    ``kind``: dependency, derived, time_order, flag_event, overlap, reconciliation, conditional_blank, closed_days,
    partial_period, date_parts, copy (of the parent's column). ``columns`` are references; ``rule`` is one sentence;
    ``holds``/``of`` count rows; ``query`` returns the exceptions; ``chance`` is the expected share of exceptions if the
    rule were an accident; ``standing``: law, law_with_exceptions, finding, question.
    """

    kind: str
    table: str
    columns: tuple[str, ...]
    rule: str
    holds: int
    of: int
    standing: str
    query: str
    chance: float | None = None
    reasons: tuple[str, ...] = ()
    other: str = ""
    fact: str = ""
    detail: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def exceptions(self) -> int:
        """Return the number of rows that break the rule."""
        return self.of - self.holds


@dataclass(frozen=True)
class TimeProfile(Noun):
    """A table's life on its main time column: period, rows per day, change pattern and zone, as measured."""

    column: str
    start: str
    end: str
    rows_per_day: float
    pattern: str = "unknown"
    gaps: int = 0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableProfile(Noun):
    """What was measured about one table; ``grain`` is one sentence, ``grain_query`` proves it (returns 0)."""

    name: str
    rows: int
    columns: tuple[ColumnProfile, ...]
    primary_key: tuple[str, ...] | None = None
    key_reasons: tuple[str, ...] = ()
    candidate_keys: tuple[Key, ...] = ()
    almost_keys: tuple[Key, ...] = ()
    grain: str = ""
    grain_query: str = ""
    duplicates: int | None = None
    bytes: int | None = None
    rejected: int = 0
    time: TimeProfile | None = None

    def column(self, name: str) -> ColumnProfile:
        """Return the column called *name*; raises `KeyError` naming the nearest one."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"no column '{name}' in '{self.name}'. {nearest(name, [c.name for c in self.columns])}")


@dataclass(frozen=True)
class Profile(Noun):
    """All facts of a case."""

    tables: tuple[TableProfile, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    refused: tuple[Refused, ...] = ()
    laws: tuple[Law, ...] = ()
    facts: tuple[Fact, ...] = ()
    engine: str = "duckdb"
    measured_at: str = ""

    @cached_property
    def by_id(self) -> dict[str, Fact]:
        """Return every fact by its id."""
        return {f.id: f for f in self.facts}

    def table(self, name: str) -> TableProfile:
        """Return the table called *name*; raises `KeyError` naming the nearest one."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(f"no table '{name}'. {nearest(name, [t.name for t in self.tables])}")

    def fact(self, id: str) -> Fact:
        """Return one fact; raises `KeyError` naming the nearest id."""
        if id not in self.by_id:
            raise KeyError(f"no fact '{id}'. {nearest(id, self.by_id)}")
        return self.by_id[id]

    def to_frame(self) -> pd.DataFrame:
        """Return a pandas table, one row per column."""
        return flat.to_frame(self)

    def to_markdown(self) -> str:
        """Return a Markdown table, one row per column; it holds minimum and maximum: pass what `privacy.visible` leaves on."""
        return flat.to_markdown(self)

    def parents(self, table: str) -> tuple[ForeignKey, ...]:
        """Return the foreign keys that leave *table*."""
        return tuple(k for k in self.foreign_keys if k.table == table)

    def children(self, table: str) -> tuple[ForeignKey, ...]:
        """Return the foreign keys that point at *table*."""
        return tuple(k for k in self.foreign_keys if k.ref_table == table)
