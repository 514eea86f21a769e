"""A view of a noun before it takes a form: a few blocks that HTML, Markdown and plain text all can write.

Every text in a block is untrusted; the writers escape it. Blocks hold values only, so a view is written once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Tone = Literal["plain", "good", "warn", "bad", "info", "muted"]


@dataclass(frozen=True)
class Badge:
    """A short word with a tone; the tone is decoration, the word carries the meaning."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True)
class Mono:
    """Code or a reference inside a sentence."""

    text: str


@dataclass(frozen=True)
class Strong:
    """The words a reader should see first."""

    text: str


@dataclass(frozen=True)
class Bar:
    """A share from 0 to 1 as a small bar, with the words that say the same."""

    share: float
    text: str = ""
    tone: Tone = "info"


@dataclass(frozen=True)
class Spark:
    """A tiny column chart of up to a dozen counts; ``text`` says what it shows."""

    counts: tuple[float, ...]
    text: str = ""


Inline = str | Badge | Mono | Strong | Bar | Spark | Sequence["Inline"]


def line(*parts: Inline) -> Inline:
    """Return several pieces as one inline content."""
    return parts


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 4."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Para:
    """One paragraph."""

    content: Inline


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[Inline, ...]


@dataclass(frozen=True)
class Grid:
    """A table; ``numeric`` names the columns to align right, ``more`` counts rows left out, ``id`` lets a panel filter it."""

    header: tuple[str, ...]
    rows: tuple[tuple[Inline, ...], ...]
    numeric: tuple[str, ...] = ()
    more: int = 0
    caption: str = ""
    id: str = ""


@dataclass(frozen=True)
class Code:
    """A block of source text in *language*."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class Fold:
    """A disclosure: a summary line and what it hides."""

    summary: Inline
    blocks: tuple[Block, ...]
    open: bool = False


Block = Heading | Para | Bullets | Grid | Code | Fold


def facts(pairs: Iterable[tuple[str, Inline]]) -> tuple[Block, ...]:
    """Return one labelled line per pair whose value is not empty."""
    items = tuple((Strong(f"{label}: "), value) for label, value in pairs if value not in ("", None, ()))
    return (Bullets(items),) if items else ()


def count(n: int | float, noun: str, plural: str = "") -> str:
    """Return ``1 row`` or ``1,234 rows``."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def short(value: object, limit: int = 80) -> str:
    """Return *value* as one line of at most *limit* characters."""
    text = " ".join(str(value).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def quoted(text: str, limit: int = 140) -> str:
    """Return a quote of a document on one line, without the mark of its list item or heading."""
    return short(re.sub(r"^\s*(?:[-*+•]|#{1,6}|\d+[.)])\s+", "", text), limit)


def number(value: object) -> str:
    """Return a figure with thousands separators and at most four significant decimals; other values as text."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else short(value, 40)
    if isinstance(value, int) or value == int(value):
        return f"{int(value):,}"
    return f"{value:,.4g}" if abs(value) < 1_000 else f"{value:,.1f}"
