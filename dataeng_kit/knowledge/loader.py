"""The strict loader of cards: an unknown key, a missing id or a doubled name is an error that names the file."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from dataeng_kit.errors import KitError

_ROOM = files("dataeng_kit.knowledge")
_CUES = "cues"
_PHRASES = "claims"
_FIELDS = "fields"
_FIGURES = "figures"
_QUESTIONS = "questions"
_PLAIN = "plain"
_TERM_KEYS = {"words", "weak", "against", "implies", "scheduled"}
TOKEN = re.compile(r"[A-Za-z0-9\u00c0-\u024f]+|[^\W_]")
"""A run of Latin letters and digits, or one sign of a script that writes no blanks between words."""


def words(text: str) -> tuple[str, ...]:
    """Return the comma-separated entries of a card's list."""
    return tuple(w for w in (part.strip() for part in text.split(", ")) if w)


def tokens(text: str) -> tuple[str, ...]:
    """Return the lower-case runs of letters and digits of a text (see `TOKEN`): ``T-SQL 2022`` → ``t, sql, 2022``."""
    return tuple(m[0].lower() for m in TOKEN.finditer(text))


@dataclass(frozen=True)
class Term:
    """One name of the vocabulary; see the head of ``vocabulary/databases.toml`` for what each part means."""

    id: str
    kind: str
    words: tuple[str, ...]
    weak: tuple[str, ...] = ()
    against: frozenset[str] = frozenset()
    implies: tuple[str, ...] = ()
    scheduled: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """All terms by id, and the neighbour words of each kind that make a look-alike count."""

    terms: Mapping[str, Term]
    signs: Mapping[str, frozenset[str]]


def _read(*path: str) -> dict[str, Any]:
    card = _ROOM.joinpath(*path)
    try:
        return tomllib.loads(card.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise KitError(f"The card {'/'.join(path)} is broken: {error}") from error


def _only(keys: Mapping[str, Any], allowed: set[str], where: str) -> None:
    if extra := set(keys) - allowed:
        raise KitError(f"{where} has unknown keys: {', '.join(sorted(extra))}", f"Allowed: {', '.join(sorted(allowed))}")


def _names(folder: str) -> list[str]:
    return sorted(f.name.removesuffix(".toml") for f in _ROOM.joinpath(folder).iterdir() if f.name.endswith(".toml"))


@functools.cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary of technologies, patterns and frameworks; raises `KitError` when a card is wrong."""
    terms: dict[str, Term] = {}
    signs: dict[str, frozenset[str]] = {}
    for name in _names("vocabulary"):
        if name in (_CUES, _PHRASES, _FIELDS, _FIGURES, _QUESTIONS, _PLAIN):
            continue
        card = _read("vocabulary", f"{name}.toml")
        _only(card, {"kind", "signs", "names"}, name)
        kind = card["kind"]
        signs[kind] = frozenset(card["signs"].split())
        for id, entry in card["names"].items():
            _only(entry, _TERM_KEYS, f"{name}: {id}")
            if id in terms and terms[id].kind == kind:
                raise KitError(f"'{id}' stands twice in the vocabulary of {kind}")
            key = id if id not in terms else f"{kind}:{id}"
            lists = {k: words(entry.get(k, "")) for k in ("words", "weak", "implies", "scheduled")}
            terms[key] = Term(id, kind, **lists, against=frozenset(entry.get("against", "").split()))
    return Vocabulary(terms, signs)


@functools.cache
def cues() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return the negation, planning and scope cues: section → list → regular expressions."""
    return {s: {k: tuple(v) for k, v in lists.items()} for s, lists in _read("vocabulary", f"{_CUES}.toml").items()}


@functools.cache
def phrases() -> Mapping[str, Any]:
    """Return the sentence patterns that testable claims and stated figures are recognised by."""
    return _read("vocabulary", f"{_PHRASES}.toml")


@functools.cache
def figures() -> Mapping[str, Any]:
    """Return the patterns and units that stated figures (scale, freshness, retention, …) are recognised by."""
    return _read("vocabulary", f"{_FIGURES}.toml")


@functools.cache
def plain_words() -> Mapping[str, Any]:
    """Return the small English that plain sentences are put into, and the patterns of rules said in it."""
    return _read("vocabulary", f"{_PLAIN}.toml")


@functools.cache
def question_cards() -> Mapping[str, Mapping[str, Any]]:
    """Return what a project without a CLAUDE.md is asked, by question id; raises `KitError` on an unknown key."""
    found = _read("vocabulary", f"{_QUESTIONS}.toml")
    for id, card in found.items():
        _only(card, {"asks", "heading", "line", "fills", "options"}, f"{_QUESTIONS}: {id}")
    return found


@functools.cache
def fields() -> Mapping[str, tuple[str, ...]]:
    """Return the signs of fields of business outside the domain cards."""
    return {name: words(text) for name, text in _read("vocabulary", f"{_FIELDS}.toml").items()}


@dataclass(frozen=True)
class RoleCard:
    """One part a column can play in a domain: header synonyms, allowed canonical types, fitting labels."""

    name: str
    headers: tuple[str, ...]
    types: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    key: str = ""


@dataclass(frozen=True)
class DomainCard:
    """One domain: its signs in prose (name, strong, weak), its entities' names and its roles."""

    id: str
    label: str
    signs: Mapping[str, tuple[str, ...]]
    entities: Mapping[str, tuple[str, ...]]
    roles: tuple[RoleCard, ...]


@functools.cache
def domain_cards() -> Mapping[str, DomainCard]:
    """Return every domain card by id; raises `KitError` when one is wrong."""
    cards: dict[str, DomainCard] = {}
    for name in _names("domains"):
        card = _read("domains", f"{name}.toml")
        _only(card, {"id", "label", "signs", "entities", "roles"}, name)
        _only(card["signs"], {"name", "strong", "weak"}, f"{name}: signs")
        roles = []
        for role, entry in card.get("roles", {}).items():
            _only(entry, {"headers", "types", "labels", "key"}, f"{name}: {role}")
            if role.split(".")[0] not in card.get("entities", {}):
                raise KitError(f"{name}: the role {role} belongs to no entity of the card")
            types, labels = frozenset(entry.get("types", "").split()), frozenset(words(entry.get("labels", "")))
            roles.append(RoleCard(role, words(entry["headers"]), types, labels, entry.get("key", "")))
        entities = {e: words(v) for e, v in card.get("entities", {}).items()}
        cards[card["id"]] = DomainCard(
            card["id"], card["label"], {k: words(v) for k, v in card["signs"].items()}, entities, tuple(roles)
        )
    return cards


@functools.cache
def capabilities() -> Mapping[str, str]:
    """Return every capability the kit answers for: ``technologies.postgresql.jsonb`` → the level wanted (``ran``)."""
    import yaml  # type: ignore[import-untyped]  # it ships no types

    table = yaml.safe_load(_ROOM.joinpath("capabilities.yaml").read_text("utf-8"))
    _only(table, {"technologies", "domains", "patterns", "topics"}, "capabilities")
    wanted: dict[str, str] = {}
    for system, levels in table["technologies"].items():
        _only(levels, {"ran", "emulated", "parsed", "shaped"}, f"technologies.{system}")
        wanted |= {f"technologies.{system}.{row}": level for level, rows in levels.items() for row in rows}
    for group in ("domains", "topics"):
        wanted |= {f"{group}.{name}.{row}": "ran" for name, rows in table[group].items() for row in rows}
    return wanted | {f"patterns.{row}": "ran" for row in table["patterns"]}
