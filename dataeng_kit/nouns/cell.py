"""Cell: one generated piece of code with its purpose and, once run, its Check."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dataeng_kit.nouns.base import Noun

LEVELS = ("ran", "emulated", "parsed", "shaped", "failed", "not_checked")
"""Strongest first; capabilities.yaml says what each means."""


@dataclass(frozen=True)
class Expectation(Noun):
    """A reconciliation a cell promises: ``query`` returns one number per side, ``left`` and ``right``, to compare.

    ``kind``: rows, sum, unique, orphans, intervals, idempotent, faster (both sides are timed); ``name`` is one sentence;
    ``relation``: ``=``, ``<=``, ``>=``.
    """

    name: str
    kind: str
    left: str
    right: str
    relation: str = "="


@dataclass(frozen=True)
class Reconciliation(Noun):
    """One reconciliation as measured: the two numbers and whether they agree."""

    name: str
    left: Any
    right: Any
    ok: bool


@dataclass(frozen=True)
class Check(Noun):
    """What happened on the engine; ``level`` is one of LEVELS; ``seconds`` wall time; ``why`` the failure or the gap."""

    level: str
    engine: str = ""
    version: str = ""
    seconds: float = 0.0
    rows_in: int | None = None
    rows_out: int | None = None
    reconciliation: tuple[Reconciliation, ...] = ()
    isolation: str = ""
    why: str = ""
    output: str = ""

    @property
    def ok(self) -> bool:
        """True when the cell did what it promised at some level."""
        return self.level not in ("failed", "not_checked") and all(r.ok for r in self.reconciliation)

    @property
    def badge(self) -> str:
        """Return the words beside the cell: ``ran on duckdb 2.0.0``."""
        words = {"not_checked": "not checked", "failed": "failed"}.get(self.level, self.level)
        return f"{words} on {self.engine} {self.version}".strip() if self.engine else words


@dataclass(frozen=True)
class Cell(Noun):
    """One cell; ``id`` = recipe + bound columns; ``after`` = ids that must have run before in the same chain.

    ``slow``: it runs for minutes, so that advice leaves its check to `case.check`.
    """

    id: str
    recipe: str
    technology: str
    language: str
    title: str
    purpose: str
    source: str
    path: str = ""
    after: tuple[str, ...] = ()
    expects: tuple[Expectation, ...] = ()
    facts: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    chain: str = ""
    reads: tuple[str, ...] = ()
    check: Check | None = field(default=None)
    slow: bool = False
