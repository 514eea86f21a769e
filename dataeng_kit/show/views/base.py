"""The registration of views, and the small pieces several of them share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from dataeng_kit.show.blocks import Badge, Block, Code, Fold, Inline, Mono, Tone

View = Callable[[Any], Iterable[Block]]
ONE: dict[type, View] = {}
MANY: dict[type, View] = {}
_V = TypeVar("_V", bound=View)

SEVERITY: dict[str, Tone] = {"critical": "bad", "high": "bad", "medium": "warn", "low": "info", "observation": "muted"}
VERDICT: dict[str, Tone] = {"holds": "good", "contradicted": "bad", "not_testable": "muted"}
LEVEL: dict[str, Tone] = {
    "ran": "good",
    "emulated": "good",
    "parsed": "info",
    "shaped": "info",
    "failed": "bad",
    "not_checked": "muted",
}


def view(*kinds: type, many: bool = False) -> Callable[[_V], _V]:
    """Register a view of the nouns *kinds*; *many* takes a sequence of them."""

    def register(function: _V) -> _V:
        for kind in kinds:
            (MANY if many else ONE)[kind] = function
        return function

    return register


def listed(items: Sequence[str], limit: int = 8) -> Inline:
    """Return references as code, comma-separated, at most *limit* of them."""
    shown: list[Inline] = []
    for item in items[:limit]:
        shown += [", " if shown else "", Mono(item)]
    return [*shown, f" and {len(items) - limit} more" if len(items) > limit else ""]


def query(text: str, summary: str = "Query") -> tuple[Block, ...]:
    """Return a folded query, or nothing when there is none."""
    return (Fold(summary, (Code(text, "sql"),)),) if text else ()


def severity(word: str) -> Badge:
    """Return a severity as a badge."""
    return Badge(word, SEVERITY.get(word, "plain"))
