"""How a decision is put together: stable id, only facts that exist, the CLAUDE.md lines, and what it would be without them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from dataeng_kit import technologies
from dataeng_kit.design.target import named
from dataeng_kit.nouns import Decision, Evidence, Mention, Statement, TableProfile
from dataeng_kit.nouns.references import fact_id


def known(evidence: Evidence, ids: Iterable[str]) -> tuple[str, ...]:
    """Return the fact ids that the profile holds, each once."""
    have = evidence.profile.by_id
    return tuple(dict.fromkeys(i for i in ids if i in have))


def line(found: Mention | Statement) -> str:
    """Return ``CLAUDE.md:12`` of something the project said."""
    return f"{found.file}:{found.line}"


def untold(evidence: Evidence) -> tuple[str, ...]:
    """Return the sentence owed when the named database has no class here: its code is written for DuckDB instead."""
    found = named(evidence)
    if found is None or found.name in technologies.all():
        return ()
    return (f"{found.name} ({line(found)}) has no class of its own here: these cells are written for DuckDB and ran there",)


def decide(
    evidence: Evidence,
    topic: str,
    subject: str,
    slug: str,
    question: str,
    choice: str,
    why: str,
    facts: Iterable[str] = (),
    lines: Iterable[str] = (),
    flips: Iterable[tuple[str, Any]] = (),
    **more: Any,
) -> Decision:
    """Return one decision; its id leaves the chosen option out, so that a changed choice keeps its history.

    *flips*: a cited fact and the value at which the choice would be another; without any it is an opinion.
    """
    moves = tuple((f, v) for f, v in flips if f in evidence.profile.by_id)
    return Decision(
        f"{topic}/{subject}/{slug}",
        topic,
        subject,
        question,
        choice,
        why,
        facts=known(evidence, [*facts, *(f for f, _ in moves)]),
        lines=tuple(dict.fromkeys(lines)),
        flips=moves,
        **more,
    )


def rows(evidence: Evidence, table: str) -> str:
    """Return the row count of a table in words."""
    return f"{evidence.profile.table(table).rows:,} rows"


def rows_ids(evidence: Evidence) -> tuple[str, ...]:
    """Return the row count facts of all tables."""
    return tuple(fact_id("rows", t.name) for t in evidence.profile.tables)


def largest(evidence: Evidence) -> TableProfile:
    """Return the table with the most rows."""
    return max(evidence.profile.tables, key=lambda t: t.rows)


def place(evidence: Evidence) -> str:
    """Return the folder or file that opens this case again, or its name."""
    files = [t.source for t in evidence.tables if t.source and "://" not in t.source and os.path.exists(t.source)]
    if not files:
        return evidence.name
    return (
        os.path.dirname(files[0]) if len(files) == 1 and os.path.isdir(os.path.dirname(files[0])) else os.path.commonpath(files)
    )


def listed(names: Iterable[str], most: int = 4) -> str:
    """Return names in words, cut after *most* with the number of the rest."""
    found = list(dict.fromkeys(names))
    return ", ".join(found[:most]) + (f" and {len(found) - most} more" if len(found) > most else "")
