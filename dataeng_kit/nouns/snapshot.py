"""Snapshot: one review as data, so that the next one can say what changed."""

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
