"""Brief: the one page a director reads: what the client does not know, and what has to be decided because of it."""

from __future__ import annotations

from dataclasses import dataclass

from dataeng_kit.nouns.advice import Decision
from dataeng_kit.nouns.base import Noun
from dataeng_kit.nouns.finding import Finding


@dataclass(frozen=True)
class Point(Noun):
    """One finding on the page; ``contradicts`` quotes the sentence of CLAUDE.md (``said_at`` = file:line) that it refutes.

    ``file`` is the name of the CSV with the failing rows, ``whom`` the person or role to ask ``finding.question``,
    ``also`` the ids of further findings of the same cause, which therefore do not take a place of their own.
    """

    finding: Finding
    file: str = ""
    whom: str = ""
    contradicts: str = ""
    said_at: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Brief(Noun):
    """Three points and three decisions; ``judgement`` is fit, fit with conditions, not fit or not assessed for ``purpose``.

    ``stated`` is true when ``purpose`` stands in CLAUDE.md (``purpose_at``), false when it is assumed; ``severities`` counts
    all findings of the case, highest first.
    """

    name: str
    judgement: str
    purpose: str
    summary: str = ""
    points: tuple[Point, ...] = ()
    decisions: tuple[Decision, ...] = ()
    stated: bool = False
    purpose_at: str = ""
    tables: int = 0
    rows: int = 0
    severities: tuple[tuple[str, int], ...] = ()
    measured_at: str = ""
