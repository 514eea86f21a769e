"""Answer: what an agent says, in claims that each cite evidence; and one row of the ledger of what left the machine."""

from __future__ import annotations

from dataclasses import dataclass

from dataeng_kit.nouns.base import Noun
from dataeng_kit.nouns.cell import Cell


@dataclass(frozen=True)
class Said(Noun):
    """One sentence of an answer: ``standing`` is grounded, opinion or struck; ``facts`` and ``lines`` are what it cites."""

    text: str
    standing: str
    facts: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer(Noun):
    """An agent's whole answer; ``state`` is complete, stopped or failed, with one sentence ``why`` unless complete."""

    question: str
    agent: str
    said: tuple[Said, ...] = ()
    cells: tuple[Cell, ...] = ()
    state: str = "complete"
    why: str = ""


@dataclass(frozen=True)
class Sent(Noun):
    """One request that left the machine: never its text, only time, size in bytes, columns named, and a hash."""

    time: str
    bytes: int
    tokens: int
    columns: tuple[str, ...]
    hash: str
    request: str = ""
