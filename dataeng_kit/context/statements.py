"""Stated figures and rules: scale, freshness, availability, retention, owners, governance, conventions, purposes."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from dataeng_kit.context import agreements
from dataeng_kit.context.agreements import Said, amount, canonical, part, short, spans
from dataeng_kit.context.markdown import Block
from dataeng_kit.context.reading import Text, quote_at
from dataeng_kit.context.scope import Clause, Standing, block_standing, clauses
from dataeng_kit.context.sections import Part, parts_of
from dataeng_kit.knowledge import figures
from dataeng_kit.nouns import Statement
from dataeng_kit.nouns.context import STATEMENTS

LONGEST = 400
_ONLY = ("purposes", "freshness", "retention", "owners")
"""Kinds whose label rules out that its text states anything else ("readmissions within 30 days" is no freshness)."""
_TARGET, _RHYTHM = 1, 2
_TURNED = (Standing.PLANNED, Standing.GONE)
_AT_ONCE = re.compile(r"\b(?:in|en|em|near)[ -][\w -]{2,20}$", re.I)
"""Data arrives *in* real time or near real time; "real-time dashboards" alone is a manner of speaking."""
_DATED = re.compile(r"\b(?:delay|lag|behind|old(?:er)?|load\w*|alt)\b", re.I)
"""Words of age that people also say of customers and parcels: they need a word of data beside them."""


@functools.cache
def _patterns(kind: str) -> tuple[re.Pattern[str], ...]:
    words = "|".join(sorted(agreements.spoken_numbers(), key=len, reverse=True))
    return tuple(re.compile(p.replace("{word}", words), re.I) for p in figures()["patterns"].get(kind, ()))


def _groups(match: re.Match[str]) -> dict[str, str]:
    return {re.sub(r"\d+$", "", k): v.strip() for k, v in match.groupdict().items() if v and v.strip()}


def _figure(kind: str, match: re.Match[str], text: str) -> Said | None:
    """Return what one pattern found, or None when the figure is no number."""
    groups = _groups(match)
    if kind == "governance":
        return Said(match.start(), short(text))
    if "value" in groups:
        return Said(match.start(), short(groups["value"].strip(" *`|")), rank=_TARGET)
    n = amount(groups["n"])
    if n is None:
        return None
    unit = canonical("units").get(groups.get("unit", "").lower(), "")
    subject = groups.get("goal", "")
    if kind == "retention":
        subject = agreements._subject(re.sub(r"^[\s>*+-]+", "", text[: match.start()]))
    return Said(match.start(), n, unit or ("%" if kind == "availability" else ""), subject, _TARGET)


def _said(kind: str, text: str) -> Iterator[Said]:
    """Return what an unlabelled sentence states of one kind."""
    if kind == "scale":
        yield from agreements.scale(text, False)
        return
    if kind == "freshness":
        yield from _fresh(text)
        return
    for pattern in _patterns(kind):
        for match in pattern.finditer(text):
            if (said := _figure(kind, match, text)) is not None:
                yield said
                if kind == "governance":
                    return
    if kind == "availability":
        yield from agreements.availability(text, False)


def _fresh(text: str) -> Iterator[Said]:
    """Return targets with a figure or a clock time, and the mere rhythm of a load as the last resort."""
    if part("kept").search(text) or part("later").search(text):
        return
    of_data = part("shown").search(text)
    for pattern in _patterns("freshness"):
        for match in pattern.finditer(text):
            said = _figure("freshness", match, text)
            if said is not None and (of_data or not _DATED.match(match[0])):
                yield said
    day, hour = part("asof").search(text), part("deadline").search(text)
    if of_data and hour and of_data.start() < hour.start():
        due = f"by {hour['time'].strip()}"
        yield Said(of_data.start(), 1, "days", f"{of_data[0].lower()}, {due}", _TARGET if day else _RHYTHM)
    if of_data and (found := spans().search(text)):
        minutes = int(canonical("spans")[found[0].lower()])
        if minutes or _AT_ONCE.search(text[: found.end()]):
            yield Said(found.start(), minutes, "minutes", "", _RHYTHM)


def _labelled(text: str, about: Part) -> Iterator[Said]:
    """Return what a labelled stretch of text states of the kind its label names."""
    shown = text[about.start : about.end]
    readers = {
        "purposes": lambda: agreements.purposes(shown, about.subject),
        "scale": lambda: agreements.scale(shown.replace("\n", " "), True),
        "freshness": lambda: agreements.freshness(shown),
        "availability": lambda: agreements.availability(shown, True),
        "retention": lambda: agreements.retention(shown),
        "owners": lambda: agreements.owners(shown, about.subject),
        "governance": lambda: agreements.rules(shown),
        "conventions": lambda: agreements.conventions(shown),
    }
    for said in readers[about.kind]():
        subject = said.subject or about.subject
        yield Said(about.start + said.start, said.value, said.unit, subject if about.kind != "purposes" else "", said.rank)


def find_statements(texts: tuple[Text, ...]) -> dict[str, tuple[Statement, ...]]:
    """Return the statements of each kind with value, unit, file, line and quote; planned and rejected ones are left out.

    Labelled ones come first; the mere rhythm of a load counts as freshness only where no target is stated.
    """
    found: dict[str, dict[tuple[str | int | float, str, str], tuple[int, Statement]]] = {kind: {} for kind in STATEMENTS}
    for text in texts:
        for block in text.blocks:
            if block.kind in ("code", "heading") or block_standing(block) in _TURNED:
                continue
            for kind, said in _in(block):
                statement = Statement(said.value, said.unit, text.path, *quote_at(block, said.start), subject=said.subject)
                key = (said.value, said.unit, said.subject if kind in ("scale", "owners", "retention", "freshness") else "")
                found[kind].setdefault(key, (said.rank, statement))
    return {kind: _best(kind, tuple(held.values())) for kind, held in found.items()}


def _best(kind: str, ranked: tuple[tuple[int, Statement], ...]) -> tuple[Statement, ...]:
    if kind == "freshness" and any(rank < _RHYTHM for rank, _ in ranked):
        ranked = tuple(r for r in ranked if r[0] < _RHYTHM)
    if kind in ("freshness", "purposes"):
        ranked = tuple(sorted(ranked, key=lambda r: r[0]))
    return tuple(statement for _, statement in ranked)


def _in(block: Block) -> Iterator[tuple[str, Said]]:
    parts = parts_of(block)
    for about in parts:
        yield from ((about.kind, said) for said in _labelled(block.text, about))
    for clause in clauses(block):
        shown = block.text[clause.start : clause.end].replace("\n", " ")[:LONGEST]
        for kind in STATEMENTS:
            if not _covered(kind, clause, parts):
                yield from ((kind, _shift(said, clause.start)) for said in _said(kind, shown))


def _covered(kind: str, clause: Clause, parts: tuple[Part, ...]) -> bool:
    """True when a label has said what the clause is about, so that *kind* is not looked for in it again."""
    here = {p.kind for p in parts if p.start < clause.end and clause.start < p.end}
    return any(k in _ONLY or k == kind != "availability" for k in here)


def _shift(said: Said, by: int) -> Said:
    return Said(said.start + by, said.value, said.unit, said.subject, said.rank)
