"""The label cards: what each label is called in headers, which laws it touches, which checks and word lists it has."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources

from dataeng_kit.errors import KitError

_PLAIN = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ё": "е", "ς": "σ"}
)
_FIELDS = {"class", "sensitive", "secret", "quasi", "law", "never", "weak", "words", "lexicon", "checks"}


@functools.lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Return *text* in lower case without accents, in every script."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.lower().translate(_PLAIN))
    return unicodedata.normalize("NFC", "".join(c for c in plain if not unicodedata.combining(c)))


@dataclass(frozen=True)
class Check:
    """One validator: `name` is a module of python-stdnum or ``own.*``; `chance` the share of random texts that pass."""

    country: str
    name: str
    chance: float
    shape: re.Pattern[str]


@dataclass(frozen=True)
class Card:
    """One label: its class, its laws, the words that name it, and whether it is sensitive, secret or a quasi-identifier."""

    id: str
    group: str
    sensitive: bool = False
    secret: bool = False
    quasi: bool = False
    law: dict[str, str] = field(default_factory=dict, hash=False)
    words: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    never: frozenset[str] = frozenset()
    lexicon: dict[str, frozenset[str]] = field(default_factory=dict, hash=False)
    checks: tuple[Check, ...] = ()


def _phrases(text: str) -> Iterator[str]:
    return (fold(p.strip()) for p in text.split(";") if p.strip())


def _checks(lines: str) -> tuple[Check, ...]:
    rows = (line.split(maxsplit=3) for line in lines.strip().splitlines())
    return tuple(Check(country, name, float(chance), re.compile(shape)) for country, name, chance, shape in rows)


def _card(id: str, raw: dict[str, object], where: str) -> Card:
    if unknown := set(raw) - _FIELDS:
        raise KitError(
            f"The label card '{where}' has an unknown field '{sorted(unknown)[0]}' in [{id}]", "Use " + ", ".join(sorted(_FIELDS))
        )
    words, lexicon, checks = (dict(raw.get(k, {})) for k in ("words", "lexicon", "checks"))  # type: ignore[call-overload]  # tables of text
    return Card(
        id,
        str(raw["class"]),
        bool(raw.get("sensitive")),
        bool(raw.get("secret")),
        bool(raw.get("quasi")),
        dict(raw.get("law", {})),  # type: ignore[call-overload]  # a TOML table of text
        tuple(dict.fromkeys(p for text in words.values() for p in _phrases(text))),
        tuple(_phrases(str(raw.get("weak", "")))),
        frozenset(_phrases(str(raw.get("never", "")))),
        {k: frozenset(fold(w) for w in v.split()) for k, v in lexicon.items()},
        _checks(checks.get("lines", "")),
    )


@functools.cache
def cards() -> dict[str, Card]:
    """Return every label card by its id; a file in ``knowledge/labels`` is its registration."""
    found: dict[str, Card] = {}
    folder = resources.files("dataeng_kit.knowledge") / "labels"
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            for id, raw in tomllib.loads(file.read_text("utf-8")).items():
                found[id] = _card(id, raw, file.name)
    return found


@functools.cache
def lexicon(label: str, *names: str) -> frozenset[str]:
    """Return the words of one card's lists (all of them unless *names* are given)."""
    lists = cards()[label].lexicon
    return frozenset().union(*(lists[n] for n in (names or lists)))
