"""Finding: something a reviewer must know, in the audit's five parts; and a claim's verdict."""

from __future__ import annotations

from dataclasses import dataclass

from dataeng_kit.nouns.base import Noun

SEVERITIES = ("observation", "low", "medium", "high", "critical")
"""Lowest first; never a property of the rule alone: importance of the purpose × distance from the target."""
DIMENSIONS = ("completeness", "uniqueness", "validity", "consistency", "timeliness", "accuracy", "privacy", "reading")


@dataclass(frozen=True)
class Finding(Noun):
    """One finding; ``id`` = rule + subject, stable between runs.

    Where a sentence of the project and a rule meet in one matter, the finding has the sentence's id (``claim:FILE:DIGEST`` of
    its words) and the rule's name, counts and query: a reworded sentence is another finding, a moved one is not.

    ``condition`` is what is (with n of N), ``criterion`` what should be and who says so, ``cause`` an opinion,
    ``consequence`` for ``purpose`` (stated or assumed), ``recommendation`` what to do, ``question`` what to ask whom;
    ``failing``/``of`` count rows; ``query`` returns the failing rows; ``rank`` sorts, larger first.
    """

    id: str
    rule: str
    severity: str
    dimension: str
    table: str
    column: str
    condition: str
    criterion: str
    failing: int
    of: int
    query: str
    facts: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    cause: str = ""
    consequence: str = ""
    recommendation: str = ""
    question: str = ""
    purpose: str = ""
    rank: float = 0.0

    @property
    def evidence(self) -> str:
        """Return ``n of N (p %)``."""
        share = f" ({100 * self.failing / self.of:.1f} %)" if self.of else ""
        return f"{self.failing:,} of {self.of:,}{share}"


@dataclass(frozen=True)
class ClaimResult(Noun):
    """A tested sentence of CLAUDE.md: verdict holds, contradicted or not_testable, with counts or the reason.

    ``failing`` of ``of`` rows (or keys) of ``table`` break it, ``column`` is the one it speaks of; ``query`` returns them.
    """

    file: str
    line: int
    quote: str
    verdict: str
    evidence: str
    kind: str = ""
    facts: tuple[str, ...] = ()
    finding: str | None = None
    query: str = ""
    failing: int = 0
    of: int = 0
    table: str = ""
    column: str = ""
