"""Advice: decisions with their evidence, and the cells that prove them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dataeng_kit.nouns.base import Noun
from dataeng_kit.nouns.cell import Cell
from dataeng_kit.nouns.design import Design


@dataclass(frozen=True)
class Decision(Noun):
    """One decision; ``id`` = topic + subject + question, without the option chosen.

    ``facts`` are fact ids and ``lines`` ``file:line`` of CLAUDE.md; with neither, ``opinion`` is true. ``holds_if``
    lists cell ids whose checks must be green, else the decision is withdrawn (``status`` kept | withdrawn);
    ``flips_if`` says which measured threshold would change the choice; ``effort`` S, M or L with its driver.
    ``flips``: (fact id or ``file:line``, value): the facts moved there together, or one line taken away (None), and the
    choice changes, becomes a question, or the decision vanishes. ``stance``: ``opinion`` where nothing cited
    would move it.
    """

    id: str
    topic: str
    subject: str
    question: str
    choice: str
    why: str
    alternatives: tuple[str, ...] = ()
    trade_offs: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    holds_if: tuple[str, ...] = ()
    flips_if: str = ""
    effort: str = ""
    status: str = "kept"
    because: str = ""
    flips: tuple[tuple[str, Any], ...] = ()
    stance: str = ""

    @property
    def opinion(self) -> bool:
        """True when nothing measured or written stands behind the decision, or nothing cited would move it."""
        return self.stance == "opinion" or (not self.facts and not self.lines)


@dataclass(frozen=True)
class Advice(Noun):
    """What `advise` answers on one topic."""

    topic: str
    decisions: tuple[Decision, ...] = ()
    cells: tuple[Cell, ...] = ()
    designs: tuple[Design, ...] = ()
    missing: tuple[str, ...] = ()
    detail: dict[str, Any] = field(default_factory=dict, hash=False)
