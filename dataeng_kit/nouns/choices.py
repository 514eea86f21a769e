"""Choices: what the user decided; inputs re-run the arrow that reads them, verdicts re-run nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dataeng_kit.nouns.base import Noun


@dataclass(frozen=True)
class Verdict(Noun):
    """One human decision on a finding or decision id."""

    id: str
    status: str
    author: str = ""
    reason: str = ""
    date: str = ""


@dataclass(frozen=True)
class Inputs(Noun):
    """Overrides, keyed by reference: readings (file → option → value), types, labels, keys, roles, answers, policy."""

    readings: dict[str, Any] = field(default_factory=dict, hash=False)
    types: dict[str, str] = field(default_factory=dict, hash=False)
    labels: dict[str, str] = field(default_factory=dict, hash=False)
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    roles: dict[str, str] = field(default_factory=dict, hash=False)
    answers: dict[str, str] = field(default_factory=dict, hash=False)
    policy: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Choices(Noun):
    """Everything in dataeng_kit.toml; ``agent`` says how the model may be asked and re-runs no arrow."""

    inputs: Inputs = field(default_factory=Inputs)
    verdicts: tuple[Verdict, ...] = ()
    agent: dict[str, Any] = field(default_factory=dict, hash=False)

    def verdict(self, id: str) -> Verdict | None:
        """Return the newest verdict on *id*, or None."""
        return next((v for v in reversed(self.verdicts) if v.id == id), None)
