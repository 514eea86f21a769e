"""Event: what streams out of an agent while it works; and the limits it works within."""

from __future__ import annotations

from dataclasses import dataclass

from dataeng_kit.nouns.base import Noun


@dataclass(frozen=True)
class Event(Noun):
    """One thing that happened; ``kind``: waiting, text, tool, cell, flag, usage or done; ``text`` is what a person reads."""

    kind: str
    text: str
    tokens_in: int = 0
    tokens_out: int = 0
    cached: int = 0


@dataclass(frozen=True)
class Limits(Noun):
    """How far one question may go; tokens are input + cache writes + output, seconds wall time."""

    turns: int = 8
    tokens: int = 120_000
    output: int = 4_000
    seconds: float = 300.0
    repairs: int = 2
    retry_after: float = 60.0
