"""Answer: what an agent says, in claims that each cite evidence; and one row of the ledger of what left the machine."""

from __future__ import annotations

from dataclasses import dataclass

from dataeng_kit.nouns.base import Noun
from dataeng_kit.nouns.cell import Cell
from dataeng_kit.nouns.event import Event


@dataclass(frozen=True)
class Said(Noun):
    """One sentence of an answer: ``standing`` is grounded, opinion or struck; ``facts`` and ``lines`` are what it cites."""

    text: str
    standing: str
    facts: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judged(Noun):
    """A model's word on one decision of the rules: ``agree`` or ``disagree``, the two choices, and why."""

    decision: str
    question: str
    rules: str
    stance: str
    model: str
    said: Said


@dataclass(frozen=True)
class Answer(Noun):
    """An agent's whole answer; ``state`` is complete, stopped or failed, with one sentence ``why`` unless complete."""

    question: str
    agent: str
    said: tuple[Said, ...] = ()
    cells: tuple[Cell, ...] = ()
    state: str = "complete"
    why: str = ""
    judged: tuple[Judged, ...] = ()


@dataclass(frozen=True)
class Conversation(Noun):
    """Questions that follow one another: the answers, and the turns as the service saw them (JSON text).

    ``about`` is the hash of the prompt and the case as they were sent first; another hash means another conversation.
    """

    name: str
    about: str = ""
    answers: tuple[Answer, ...] = ()
    turns: str = "[]"


@dataclass(frozen=True)
class Beat(Noun):
    """One recorded event, ``at`` seconds after the question."""

    at: float
    event: Event


@dataclass(frozen=True)
class Exchange(Noun):
    """One recorded question: what streamed and when, and the answer; ``about`` as in `Conversation`."""

    question: str
    about: str
    model: str
    recorded: str
    beats: tuple[Beat, ...]
    answer: Answer


@dataclass(frozen=True)
class Cassette(Noun):
    """Recorded exchanges that replay without a key or a network; ``note`` says who or what answered."""

    exchanges: tuple[Exchange, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Sent(Noun):
    """One request that left the machine: never its text, only time, size in bytes, columns named, and a hash.

    ``tokens`` are input and cache writes, ``output`` what came back, ``cached`` what the service read from its cache;
    ``request`` is the service's own id of the exchange, ``place`` the part of the service that was asked.
    """

    time: str
    bytes: int
    tokens: int
    columns: tuple[str, ...]
    hash: str
    request: str = ""
    place: str = ""
    model: str = ""
    output: int = 0
    cached: int = 0
