"""Snapshot: one review as data, so that the next one can say what changed; Comparison: what did."""

from __future__ import annotations

from dataclasses import dataclass, field

from dataeng_kit.nouns.advice import Advice
from dataeng_kit.nouns.base import Noun
from dataeng_kit.nouns.brief import Brief
from dataeng_kit.nouns.choices import Verdict
from dataeng_kit.nouns.evidence import Evidence


@dataclass(frozen=True)
class Snapshot(Noun):
    """Evidence, advice and verdicts as the policy lets them be seen; ``made_at`` is local time in ISO form.

    ``data_hash`` and ``profile_hash`` are 16 hex digits: of the tables' fingerprints, and of all facts without their time.
    """

    name: str
    made_at: str
    kit: str
    data_hash: str
    profile_hash: str
    evidence: Evidence
    brief: Brief
    advice: tuple[Advice, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    policy: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Change(Noun):
    """One finding's way from *before* to *after* (``n of N``); ``kind`` is one of `CHANGES`."""

    kind: str
    id: str
    condition: str
    before: str
    after: str


CHANGES = ("new", "worse", "unchanged", "better", "resolved", "not measured")
"""In the order a reader wants them; a finding is *not measured* when its table or column is gone."""


@dataclass(frozen=True)
class Comparison(Noun):
    """Everything that moved between two reviews of one case: findings by id, schema in words, (table, rows then, rows now)."""

    since: str
    changes: tuple[Change, ...]
    schema: tuple[str, ...]
    volumes: tuple[tuple[str, int, int], ...]

    def count(self, kind: str) -> int:
        """Return how many findings moved that way."""
        return sum(c.kind == kind for c in self.changes)
