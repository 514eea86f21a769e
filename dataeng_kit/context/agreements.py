"""Readers of labelled text: what stands after "Freshness:", "Scale:", "Owners:", … in pieces with value, unit and subject."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dataeng_kit.context.figures import SCALES, scaled
from dataeng_kit.knowledge import figures

VALUE_LONGEST = 140
"""Characters of a statement that is given in words."""
_RATES = {"daily": "day", "hourly": "hour", "weekly": "week", "monthly": "month", "yearly": "year", "secondly": "second",
          "minutely": "minute"}  # fmt: skip
_PER = r"(?:\s(?:per|an?|each|every|pro|am|im|je|par|por|al|ao)\s|\s?/\s?)"
_PIECE = re.compile(r";\s*|,\s+(?![^()]*\))|\.\s+(?=[A-ZÀ-Ý])|\n\s*[-*+]\s+", re.M)
_STOP = re.compile(
    r"[,;:.()\n]|\s(?:and|und|et|y|e|in|on|at|of|with|from|since|today|now|by|for|von|mit|seit|avec|depuis|con|desde|com)\b", re.I
)
_ROW_WORDS = {"records", "record", "row", "zeilen", "lignes", "filas", "linhas"}
_PERSON = re.compile(r"^(?:(?:Dr|Prof|Mr|Mrs|Ms)\.? )?[A-ZÀ-Ý][\w'’.-]+(?: (?:[a-z]{2,3} )?[A-ZÀ-Ý][\w'’.-]+)+(?: ?\([^)]*\))?$")


@dataclass(frozen=True)
class Said:
    """One statement found: offset in the text read, value, unit, subject, and how strongly it is a target (0 best)."""

    start: int
    value: str | int | float
    unit: str = ""
    subject: str = ""
    rank: int = 0


@functools.cache
def canonical(section: str) -> Mapping[str, str]:
    """Return word → canonical name of one section of the figures card."""
    return {word: name for name, words in figures()[section].items() for word in words.split(", ")}


@functools.cache
def part(name: str) -> re.Pattern[str]:
    """Return one pattern of the figures card's parts."""
    return re.compile(figures()["parts"][name], re.I)


@functools.cache
def spoken_numbers() -> Mapping[str, int]:
    """Return number word → number, in five languages."""
    pairs = (entry.split("=") for entry in figures()["parts"]["words"].split(", "))
    return {word: int(n) for word, n in pairs}


def amount(text: str, scale: str | None = None) -> int | float | None:
    """Return the number that digits or a number word say, with its scale word; None when it is none."""
    word = spoken_numbers().get(text.lower())
    value = float(word) * SCALES.get((scale or "").lower().rstrip("."), 1) if word is not None else scaled(text, scale)
    return None if value is None else int(value) if value == int(value) else value


@functools.cache
def _duration() -> re.Pattern[str]:
    units = "|".join(sorted(map(re.escape, canonical("units")), key=len, reverse=True))
    words = "|".join(sorted(spoken_numbers(), key=len, reverse=True))
    return re.compile(rf"(?<![\w:.,])(?P<n>\d[\d.,]*|{words})[ -]?(?P<unit>{units})\b(?!:)", re.I)


@functools.cache
def spans() -> re.Pattern[str]:
    """Return the pattern of words that state a freshness without a figure."""
    return re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, canonical('spans')), key=len, reverse=True))})\b", re.I)


def short(text: str, longest: int = VALUE_LONGEST) -> str:
    """Return a text in one line without emphasis, cut at a word where it is long."""
    line = " ".join(text.replace("**", "").replace("__", "").split()).strip(" -*+>|").rstrip(".;")
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0] + " …"


def pieces(text: str, cut: re.Pattern[str] = _PIECE) -> Iterator[tuple[int, str]]:
    """Return (offset, piece) of a text cut at its separators, empty ones left out."""
    at = 0
    for m in [*cut.finditer(text), None]:
        end = m.start() if m else len(text)
        piece = text[at:end]
        if piece.strip(" *_`.\n"):
            yield at + len(piece) - len(piece.lstrip()), piece.strip()
        at = m.end() if m else end


def _subject(text: str) -> str:
    bare = part("lead_in").sub("", part("kept").sub(" ", text) + " ").strip(" ,:–—-`*")
    bare = re.sub(r"\s+", " ", part("lead_in").sub("", bare + " ")).strip(" ,:–—-`*")
    return bare if len(bare.split()) <= 8 else ""


def freshness(text: str) -> Iterator[Said]:
    """Return the stated targets: durations, "yesterday" and clock times as a day with the hour in the subject."""
    found = False
    for at, piece in pieces(text):
        if part("later").search(piece):
            continue
        duration, hour = _duration().search(piece), part("deadline").search(piece)
        day = part("asof").search(piece)
        due = f"by {hour['time'].strip()}" if hour else ""
        if duration and (n := amount(duration["n"])) is not None:
            yield Said(at, n, canonical("units")[duration["unit"].lower()], _both(_subject(piece[: duration.start()]), due))
        elif day or hour:
            first = min(m.start() for m in (day, hour) if m)
            yield Said(at, 1, "days", _both(_subject(re.sub(r"\b(?:shows?|is|are)\s*$", "", piece[:first], flags=re.I)), due))
        elif word := spans().search(piece):
            yield Said(at, int(canonical("spans")[word[0].lower()]), "minutes", _subject(piece[: word.start()]))
        else:
            continue
        found = True
    if not found and not part("later").search(text):
        yield Said(0, short(text))


def _both(subject: str, due: str) -> str:
    return ", ".join(p for p in (subject, due) if p)


@functools.cache
def _counted() -> re.Pattern[str]:
    words = "|".join(sorted((w for w, n in spoken_numbers().items() if n > 1), key=len, reverse=True))
    scales = "|".join(sorted(map(re.escape, SCALES), key=len, reverse=True))
    return re.compile(
        rf"(?<![\w.,:/-])(?:(?P<n>\d[\d.,\u00a0\u202f' ]*\d|\d) ?(?:(?P<scale>{scales})\b\.?)?|(?P<word>\b(?:{words})\b))"
        r"(?: (?:de|d['’]))? ?(?=[^\W\d_])", re.I
    )  # fmt: skip


@functools.cache
def _period() -> re.Pattern[str]:
    periods = "|".join(sorted(map(re.escape, canonical("rates")), key=len, reverse=True))
    each = "|".join(sorted((w for w in canonical("rates") if w.endswith(("ly", "lich"))), key=len, reverse=True))
    return re.compile(rf"{_PER}(?P<period>{periods})s?\b| (?P<each>{each})\b", re.I)


def _rate(found: re.Match[str] | None) -> str:
    return _RATES[canonical("rates")[(found["period"] or found["each"]).lower()]] if found else ""


_AND = re.compile(
    r",?\s*(?P<and>(?:and|und|et|y|e)\b)?\s*"
    r"(?:(?:about|around|roughly|rund|etwa|environ|unos|unas|cerca de|~)\s*)?", re.I
)  # fmt: skip


def scale(text: str, labelled: bool) -> Iterator[Said]:
    """Return the stated volumes; one without a period takes that of the next in its list ("3,000 a and 8,000 b a year")."""
    shared, shared_from, listed = "", len(text) + 1, False
    said: list[Said] = []
    for m in reversed(list(_counted().finditer(text))):
        rest = text[m.end() : m.end() + 80]
        period, stop = _period().search(rest), _STOP.search(rest)
        limit = min(f.start() if f else len(rest) for f in (period, stop))
        if period and period.start() == limit:
            shared = _rate(period)
            listed = False
        else:
            joined = _AND.fullmatch(text[m.end() + limit : max(m.end() + limit, shared_from)])
            listed = bool(joined and (joined["and"] or listed))  # "500 GB, 20 GB a day" is no list: only "a, b and c a day" is
            shared = shared if listed else ""
        shared_from = m.start()
        n, noun = amount(m["n"] or m["word"], m["scale"]), " ".join(rest[:limit].split()[:4]).lower().strip("`* ")
        if n is not None and noun and _is_volume(n, noun, bool(shared), labelled):
            said.append(Said(m.start(), n, f"{_unit(noun)}/{shared}" if shared else _unit(noun), noun))
    yield from reversed(said)


def _unit(noun: str) -> str:
    return noun.upper() if re.fullmatch(r"[gtpm]i?b", noun) else "rows" if noun in _ROW_WORDS else noun


def _is_volume(n: float, noun: str, rate: bool, labelled: bool) -> bool:
    first, size = noun.split()[0], re.match(r"[kgtpm]i?b\b|tera|giga", noun)
    if not labelled and (n < 10 or len(noun.split()) > 3 or (size and not rate)):
        return False
    if first in canonical("units") or _NO_VOLUME.match(first):
        return False
    known = part("nouns").fullmatch(first) or part("nouns").fullmatch(noun.split()[-1])
    return bool(known) or labelled or (rate and n >= 10)


_NO_VOLUME = re.compile(
    r"(?:with|for|via|because|that|which|percent|prozent|usd|eur|euros?|dollars?|times?|mal|am|pm|uhr|o)\b", re.I
)


def availability(text: str, labelled: bool) -> Iterator[Said]:
    """Return stated downtime as ``hours/month``, and a labelled text without any figure in its own words."""
    for m in _duration().finditer(text):
        away = part("downtime").match(text[m.end() :].lstrip())
        if away and (n := amount(m["n"])) is not None:
            rest = text[m.end() :].lstrip()[away.end() :]
            period = _period().match(rest)
            unit, rate = canonical("units")[m["unit"].lower()], _rate(period)
            yield Said(m.start(), n, f"{unit}/{rate}" if rate else unit, "downtime")
    if labelled and not re.search(r"\d ?%|\bRPO\b|\bRTO\b|24[/x]7", text, re.I) and not part("downtime").search(text):
        yield from (Said(at, short(piece)) for at, piece in pieces(text))


def retention(text: str) -> Iterator[Said]:
    """Return how long what is kept, one item per subject; what has no period in its own words."""
    for at, piece in pieces(text):
        m = _duration().search(piece)
        kept = part("kept").search(piece)
        if m and (n := amount(m["n"])) is not None:
            yield Said(at, n, canonical("units")[m["unit"].lower()], _subject(piece[: m.start()]))
        elif kept:
            yield Said(
                at,
                short(re.sub(r"^(?:is|are|be|wird|werden|sont|est|se)\s", "", piece[kept.start() :], flags=re.I)),
                "",
                _subject(piece[: kept.start()]),
            )


_LIST = re.compile(
    r";\s*|\n\s*(?:[-*+]\s+)?|,\s+(?=[^,;:()]{2,40}:\s)|,\s+(?=[A-ZÀ-Ý][^,;:]{2,40}\()|(?<=\))\s+(?:and|und|et|y|e)\s+"
)
_END = re.compile(r"(?<!\bDr)(?<!\bProf)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\b[A-Z])\.\s+(?=[A-ZÀ-Ý])")


def owners(text: str, subject: str = "") -> Iterator[Said]:
    """Return one item per owner: the person or team with the role in brackets, and what they own as subject."""
    text = text[: found.start()] if (found := _END.search(text)) else text
    for at, piece in pieces(text, _LIST):
        left, colon, right = (p.strip(" *_`.") for p in re.sub(r"\s[–—-]\s|\s?→\s?", ": ", piece, count=1).partition(":"))
        if colon and right:
            what, who = (right, left) if _PERSON.match(left) and not _PERSON.match(right) else (left, right)
        else:
            role = re.search(r"\(([^)]+)\)$", left)
            what, who = subject or (role[1] if role else ""), left
        if 2 <= len(who) <= 100:
            yield Said(at, who, "", what or subject)


_PARTS = re.compile(r"(?<=[.;])\s+(?=[A-ZÀ-Ý`])|;\s+")
_COMMAS = re.compile(r";\s*|,\s+(?![^()]*\))|\.\s+(?=[A-ZÀ-Ý`])")


_INSTRUCTION = re.compile(
    r"(?:this (?:file|document|playbook|guide|section|repo\w*)|claude|you|do not|don['’]t|never|always|run|use|see)\b|`", re.I
)


def purposes(text: str, subject: str = "") -> Iterator[Said]:
    """Return what the data is for, sentence by sentence; instructions to a coding assistant are no purpose."""
    for at, piece in pieces(text, _PARTS):
        if not _INSTRUCTION.match(piece) and len(piece) > 4 and not piece.endswith(":"):
            yield Said(at, short(f"{subject}: {piece}" if subject else piece))


def rules(text: str) -> Iterator[Said]:
    """Return the rules of a governance label, one per sentence, in their own words."""
    yield from (Said(at, short(piece)) for at, piece in pieces(text, _PARTS))


def conventions(text: str) -> Iterator[Said]:
    """Return the naming and format rules of a list, each part that names a thing of data."""
    yield from (Said(at, short(piece, 90)) for at, piece in pieces(text, _COMMAS) if part("convention").search(piece))
