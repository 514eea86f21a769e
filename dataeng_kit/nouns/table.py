"""Table: a description of one tabular source and of how it was read; the rows stay in their engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dataeng_kit.nouns.base import Noun

TYPES = ("integer", "number", "date", "datetime", "time", "boolean", "text", "binary", "json")


@dataclass(frozen=True)
class Column(Noun):
    """One column: canonical ``type`` (one of TYPES), the engine's own type, why the type was chosen."""

    name: str
    type: str
    native: str = ""
    evidence: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Rejected(Noun):
    """One record that is not a row: its 1-based line in the file, the reason and the text as found."""

    line: int
    reason: str
    text: str


@dataclass(frozen=True)
class Reading(Noun):
    """How a file became a table: decisions with evidence, and the reconciliation that proves no row was lost.

    ``records == header + preamble + footer + rows + rejected`` (``reconciled``); ``lost`` is the difference.
    """

    format: str = ""
    encoding: str = ""
    dialect: dict[str, Any] = field(default_factory=dict, hash=False)
    evidence: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    records: int = 0
    header: int = 0
    preamble: int = 0
    footer: int = 0
    rows: int = 0
    rejected: int = 0
    lost: int = 0
    rejects: tuple[Rejected, ...] = ()

    @property
    def reconciled(self) -> bool:
        """True when every record of the file is accounted for."""
        return self.lost == 0


@dataclass(frozen=True)
class DeclaredKey(Noun):
    """A constraint that a database declares; ``ref_table`` is empty for primary and unique keys."""

    kind: str
    columns: tuple[str, ...]
    ref_table: str = ""
    ref_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table(Noun):
    """One table of a case: its name in references, where it came from, its columns and how it was read."""

    name: str
    source: str
    columns: tuple[Column, ...]
    reading: Reading = Reading()
    declared: tuple[DeclaredKey, ...] = ()
    comment: str = ""
    fingerprint: str = ""
    parts: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """Return the column called *name*; raises `KeyError`."""
        return next(c for c in self.columns if c.name == name)


@dataclass(frozen=True)
class Skipped(Noun):
    """A file that was not read as data, and why; ``bad`` when it should have been readable."""

    path: str
    why: str
    bad: bool = False
