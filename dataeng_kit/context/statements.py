"""Stated figures and rules: scale, freshness, availability, retention, owners, governance, conventions, purposes."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping

from dataeng_kit.context.figures import scaled
from dataeng_kit.context.reading import Text, quote_at
from dataeng_kit.context.scope import Clause, Standing, block_standing, clauses
from dataeng_kit.knowledge import figures
from dataeng_kit.nouns import Statement
from dataeng_kit.nouns.context import STATEMENTS

LONGEST = 400
_NUMBERS = dict.fromkeys(("one", "eine", "einer", "einen", "une", "un", "una", "um", "uma"), 1)
_NUMBERS |= {
    "two": 2,
    "three": 3,
    "five": 5,
    "fifteen": 15,
    "thirty": 30,
    **dict.fromkeys(("ten", "zehn", "dix", "diez", "dez"), 10),
}
_NUMBERS |= {"six": 6, "sechs": 6, **dict.fromkeys(("seven", "sieben", "sept", "siete", "sete"), 7)}
_COUNTED = {"scale", "availability", "retention"}
_NUMBER = re.compile(r"\d|" + "|".join(rf"\b{w}\b" for w in _NUMBERS), re.I)
_PERIODS = {
    "daily": "day",
    "hourly": "hour",
    "weekly": "week",
    "monthly": "month",
    "yearly": "year",
    "secondly": "second",
    "minutely": "minute",
}


@functools.cache
def _patterns(kind: str) -> tuple[re.Pattern[str], ...]:
    card = figures()
    return tuple(re.compile(p.replace("{number}", card["number"]), re.I) for p in card["patterns"][kind])


@functools.cache
def _spans() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, _canonical('spans')), key=len, reverse=True))})\b", re.I)


@functools.cache
def _canonical(section: str) -> Mapping[str, str]:
    return {word: name for name, words in figures()[section].items() for word in words.split(", ")}


def _groups(match: re.Match[str]) -> dict[str, str]:
    return {re.sub(r"\d+$", "", k): v.strip() for k, v in match.groupdict().items() if v and v.strip()}


def _figure(kind: str, groups: Mapping[str, str]) -> tuple[str | int | float, str, str] | None:
    """Return (value, unit, subject) of one match, or None when the figure is no number."""
    if "value" in groups:
        return groups["value"].strip(" *`|"), "", ""
    spoken = groups["n"].lower()
    value = float(_NUMBERS[spoken]) if spoken in _NUMBERS else scaled(groups["n"], groups.get("scale"))
    if value is None:
        return None
    number = int(value) if value == int(value) else value
    if kind == "scale":
        noun, period = groups["noun"].lower(), groups.get("period", "").lower()
        rate = _canonical("rates").get(period) or _canonical("rates").get(period.rstrip("s"))
        counted = (
            noun.upper()
            if re.fullmatch(r"[gtpm]i?b", noun)
            else "rows"
            if noun in ("records", "zeilen", "lignes", "filas", "linhas")
            else noun
        )
        return number, f"{counted}/{_PERIODS[rate]}" if rate else counted, noun
    unit = _canonical("units").get(groups.get("unit", "").lower(), "")
    return number, unit or ("%" if kind == "availability" else ""), groups.get("goal", "")


def _said(kind: str, text: str) -> Iterator[tuple[int, str | int | float, str, str]]:
    if kind in _COUNTED and not _NUMBER.search(text):
        return
    for pattern in _patterns(kind):
        for match in pattern.finditer(text):
            figure = _figure(kind, _groups(match))
            if figure:
                yield (match.start(), *figure)
    if kind == "freshness" and (found := _spans().search(text)):
        yield found.start(), int(_canonical("spans")[found[0].lower()]), "minutes", ""


def find_statements(texts: tuple[Text, ...]) -> dict[str, tuple[Statement, ...]]:
    """Return the statements of each kind with value, unit, file, line and quote; planned and rejected ones are left out."""
    found: dict[str, dict[tuple[str | int | float, str, str], Statement]] = {kind: {} for kind in STATEMENTS}
    for text in texts:
        for block in text.blocks:
            if block.kind in ("code", "heading") or block_standing(block) in (Standing.PLANNED, Standing.GONE):
                continue
            for clause in clauses(block):
                for kind, start, value, unit, subject in _in(block.text, clause):
                    statement = Statement(value, unit, text.path, *quote_at(block, start), subject=subject)
                    found[kind].setdefault((value, unit, subject), statement)
    return {kind: tuple(held.values()) for kind, held in found.items()}


def _in(text: str, clause: Clause) -> Iterator[tuple[str, int, str | int | float, str, str]]:
    shown = text[clause.start : clause.end].replace("\n", " ")[:LONGEST]
    for kind in STATEMENTS:
        for start, value, unit, subject in _said(kind, shown):
            yield kind, clause.start + start, value, unit, subject
