"""Deliveries: what two deliveries of the same tables have in common, and in what they differ."""

from __future__ import annotations

from dataclasses import dataclass

from dataeng_kit.nouns.base import Noun


@dataclass(frozen=True)
class Kept(Noun):
    """One column over the keys that both deliveries hold: ``changed`` of ``kept`` rows; ``method`` exact or sample of n."""

    table: str
    column: str
    kept: int
    changed: int
    method: str = "exact"

    @property
    def rate(self) -> float:
        """Return the share of kept rows whose value differs, an empty value being one too."""
        return self.changed / self.kept if self.kept else 0.0


@dataclass(frozen=True)
class Keys(Noun):
    """What became of one table's keys: of ``asked`` old keys ``gone`` are missing; ``new`` counted where exact."""

    table: str
    asked: int
    gone: int
    new: int | None = None
    method: str = "exact"


@dataclass(frozen=True)
class Drift(Noun):
    """One difference: ``kind`` schema, volume, gaps, distribution, category or key; ``p`` of the test, None where none is made.

    ``shift`` is the population stability index of a distribution or category, the difference of shares for gaps.
    """

    table: str
    column: str
    kind: str
    statement: str
    p: float | None = None
    shift: float | None = None


@dataclass(frozen=True)
class Deliveries(Noun):
    """All differences, largest first within a table; ``tests`` made; ``alarm_rate`` for all of them together.

    ``keys`` and ``kept``: which rows both deliveries hold, and how often each column's value changed in them.
    """

    drifts: tuple[Drift, ...] = ()
    tests: int = 0
    alarm_rate: float = 0.0
    keys: tuple[Keys, ...] = ()
    kept: tuple[Kept, ...] = ()
