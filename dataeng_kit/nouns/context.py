"""Context: what CLAUDE.md (and documents named beside it) says, each fact with file, line and quote."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

from dataeng_kit.nouns.base import Noun

KINDS = ("databases", "processing", "orchestration", "cloud", "storage", "domains", "patterns", "compliance")
"""Kinds whose items are ids of the vocabulary card."""
STATEMENTS = ("purposes", "scale", "freshness", "availability", "retention", "owners", "governance", "conventions")
"""Kinds whose items carry a value and a unit."""


@dataclass(frozen=True)
class Mention(Noun):
    """One technology, domain, pattern or framework that the text names; ``name`` is a vocabulary id."""

    name: str
    file: str
    line: int
    quote: str
    why: str = ""


@dataclass(frozen=True)
class Statement(Noun):
    """One stated figure or rule: ``value`` with ``unit`` (``rows/day``, ``minutes``, ``years``, or empty)."""

    value: str | int | float
    unit: str
    file: str
    line: int
    quote: str
    subject: str = ""


@dataclass(frozen=True)
class Claim(Noun):
    """A sentence that data can test, before it was tested.

    ``kind`` is one of: unique, not_null, no_orphans, reference, enumeration, row_count, rate, since, until,
    currency, time_order, sum, derived, range, format, constant, grain, free; ``subject`` is what the sentence
    calls the table or column; ``terms`` are the parts the test needs.
    """

    kind: str
    subject: str
    terms: tuple[str, ...]
    file: str
    line: int
    quote: str


@dataclass(frozen=True)
class Question(Noun):
    """One thing to ask the data owner: ``id`` takes the answer, ``options`` are likely ones; ``changes`` are decision ids."""

    id: str
    asks: str
    options: tuple[str, ...]
    recommended: str
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceFile(Noun):
    """One file that was looked for: ``status`` is found, missing or skipped, with ``why``."""

    path: str
    status: str
    why: str = ""
    imported_by: str = ""
    line: int = 0


@dataclass(frozen=True)
class Context(Noun):
    """Everything the project's own words say; empty when there is no CLAUDE.md (``files`` then says so).

    ``said``: sentences that may state a rule in plain words; they become claims where the data holds what they speak of.
    """

    databases: tuple[Mention, ...] = ()
    processing: tuple[Mention, ...] = ()
    orchestration: tuple[Mention, ...] = ()
    cloud: tuple[Mention, ...] = ()
    storage: tuple[Mention, ...] = ()
    domains: tuple[Mention, ...] = ()
    patterns: tuple[Mention, ...] = ()
    compliance: tuple[Mention, ...] = ()
    not_used: tuple[Mention, ...] = ()
    purposes: tuple[Statement, ...] = ()
    scale: tuple[Statement, ...] = ()
    freshness: tuple[Statement, ...] = ()
    availability: tuple[Statement, ...] = ()
    retention: tuple[Statement, ...] = ()
    owners: tuple[Statement, ...] = ()
    governance: tuple[Statement, ...] = ()
    conventions: tuple[Statement, ...] = ()
    claims: tuple[Claim, ...] = ()
    said: tuple[Claim, ...] = ()
    files: tuple[SourceFile, ...] = field(default=())

    def names(self, kind: str) -> tuple[str, ...]:
        """Return the distinct ids of one kind, in order of first mention."""
        return tuple(dict.fromkeys(m.name for m in getattr(self, kind)))

    def uses(self, name: str) -> Mention | None:
        """Return the first mention that says *name* is in use, or None."""
        return next((m for kind in KINDS for m in getattr(self, kind) if m.name == name), None)

    def stated(self) -> Context:
        """Return the context without ``said``: what leaves the kernel holds no sentence that stated nothing."""
        return replace(self, said=())

    def is_empty(self) -> bool:
        """True when nothing at all was understood."""
        return not any(getattr(self, f.name) for f in fields(self) if f.name not in ("files", "said"))
