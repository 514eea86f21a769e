"""What a header says: whole words in many languages, looked up in the label cards; it proposes, values decide."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from dataeng_kit.knowledge.names import name_pairs, name_words
from dataeng_kit.profile.semantics.cards import cards, fold

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SPLIT = re.compile(r"[\W_]+|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_NO_BLANKS = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_POSITION = re.compile(
    (
        r"(column|col|field|unnamed|variable|var|attr|attribute|feature|dim|text|num|value|val|item|data|key|"
        r"prop|param|[a-z])[ _:]*\d*"
    ),
    re.IGNORECASE,
)
_NEUTRAL, _ABOUT, _LINKING = map(name_words, ("neutral", "about", "linking"))
_SHORT = name_pairs("short")


@dataclass(frozen=True)
class Hint:
    """One label that a header proposes; `strength` 0..1, `phrase` the words that say so."""

    label: str
    strength: float
    phrase: str


@functools.cache
def _words() -> dict[str, tuple[tuple[str, float], ...]]:
    """Return phrase without blanks → (label, 1.0 for words, 0.45 for weak words)."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for card in cards().values():
        for phrase in card.weak:
            found[_joined(phrase)][card.id] = 0.45
        for phrase in card.words:
            found[_joined(phrase)][card.id] = 1.0
        for phrase in (*card.words, *card.weak):
            bare = "".join(w for w in re.split(r"[\W_]+", phrase) if w not in _LINKING)
            if len(bare) > 3:
                found[bare].setdefault(card.id, 1.0 if phrase in card.words else 0.45)
    return {p: tuple(v.items()) for p, v in found.items()}


@functools.cache
def _beginnings() -> dict[str, tuple[tuple[str, float], ...]]:
    """Return beginnings of five letters and more that only one label's words have: kodpoczt for kod pocztowy."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for phrase, labels in _words().items():
        for end in range(5, len(phrase)):
            found[phrase[:end]].update({k: 0.6 * s for k, s in labels})
    return {p: tuple(v.items()) for p, v in found.items() if len(v) == 1}


@functools.cache
def _skeletons() -> dict[str, tuple[tuple[str, float], ...]]:
    """Return consonants of English words → labels: ``cty`` for city, ``strt`` for street."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for phrase, labels in _words().items():
        bare = _consonants(phrase)
        if phrase.isascii() and 3 <= len(bare) < len(phrase) and len(phrase) <= 12:
            found[bare].update({k: 0.5 * s for k, s in labels if s > 0.5})
    return {p: tuple(v.items()) for p, v in found.items() if len(v) == 1}


@functools.cache
def _long() -> dict[str, list[str]]:
    """Return the phrases of seven letters and more by their first three."""
    found: dict[str, list[str]] = defaultdict(list)
    for phrase in _words():
        if len(phrase) >= 7 and phrase.isalpha():
            found[phrase[:3]].append(phrase)
    return found


def _squeezed(word: str) -> tuple[tuple[str, float], ...]:
    """Return the label of the phrase that a word leaves letters out of: ``woonplts``, ``achternm``; one label or none."""
    labels: dict[str, float] = {}
    for phrase in _long().get(word[:3], ()) if len(word) >= 6 else ():
        letters = iter(phrase)
        if word[-1] in phrase[-2:] and 0.6 * len(phrase) <= len(word) < len(phrase) and all(c in letters for c in word):
            labels |= {k: 0.55 * s for k, s in _words()[phrase] if s > 0.5}
    return tuple(labels.items()) if len(labels) == 1 else ()


def _consonants(word: str) -> str:
    return word[:1] + re.sub(r"[aeiou]", "", word[1:])


def _joined(phrase: str) -> str:
    return re.sub(r"[\W_]+", "", phrase)


def tokens(header: str) -> tuple[str, ...]:
    """Return the folded words of a header: camelCase, snake_case, blanks and digits split, digits dropped."""
    parts = (fold(p) for piece in _CAMEL.split(header) for p in _SPLIT.split(piece))
    return tuple(p for p in parts if p and not p.isdigit())


def meaningless(header: str) -> bool:
    """True for ``column_3``, ``c12``, ``x``: a header that names a position and nothing else."""
    return bool(_POSITION.fullmatch(header.strip())) or not tokens(header)


@functools.lru_cache(maxsize=4096)
def hints(header: str) -> tuple[Hint, ...]:
    """Return the labels a header proposes, strongest first; empty for ``column_3`` and unknown words."""
    if meaningless(header):
        return ()
    words = tokens(header)
    best: dict[str, Hint] = {}
    for hint in _proposals(words):
        if hint.label not in best or hint.strength > best[hint.label].strength:
            best[hint.label] = hint
    for label, hint in best.items():
        others = [k for k, h in best.items() if k != label and h.phrase != hint.phrase and h.strength > 0.5]
        if cards()[label].sensitive and any(cards()[k].sensitive for k in others) and 0.6 < hint.strength < 0.9:
            best[label] = Hint(label, 0.9, hint.phrase)  # a compound header such as birth date + number says both
    kept = (h for h in best.values() if not cards()[h.label].never & set(words) - set(h.phrase.split()))
    return tuple(sorted(kept, key=lambda h: -h.strength))


def _proposals(words: tuple[str, ...]) -> Iterator[Hint]:
    """Yield a hint for every run of words that is a phrase, written out or abbreviated; else for beginnings and endings."""
    long = tuple(_SHORT.get(w, w) for w in words)
    found = False
    for first in range(len(words)):
        for last in range(first + 1, min(len(words), first + 5) + 1):
            said = "".join(w for w in long[first:last] if w not in _LINKING)
            written_out = ((k, 0.95 * s) for k, s in _words().get(said, ()))
            for label, strength in (*_lookup("".join(words[first:last])), *written_out):
                found = True
                share = _share(words[:first] + words[last:], cards()[label].sensitive)
                yield Hint(label, strength * share, " ".join(words[first:last]))
    if found:
        return
    begun = _beginnings().get("".join(words), ()) or _squeezed("".join(words))
    yield from (Hint(label, strength, " ".join(words)) for label, strength in begun)
    if not begun:
        yield from (Hint(label, strength, phrase) for phrase, labels in _inside(words) for label, strength in labels)


def _lookup(joined: str) -> tuple[tuple[str, float], ...]:
    return _words().get(joined) or _skeletons().get(joined, ())


def _share(rest: tuple[str, ...], sensitive: bool) -> float:
    """Return how much of a phrase's strength is left beside the *rest* of the header's words."""
    if sensitive and any(w in _ABOUT for w in rest):
        return 0.0
    return 1.0 if not rest else 0.95 if all(w in _NEUTRAL for w in rest) else 0.7 if len(rest) == 1 else 0.5


def _inside(words: tuple[str, ...]) -> list[tuple[str, tuple[tuple[str, float], ...]]]:
    """Return phrases at the end of compounds (kundentelefonnummer) and inside scripts without blanks (顧客電話番号)."""
    found = []
    for word in words:
        spaceless = bool(_NO_BLANKS.search(word))
        for start in range(1 if not spaceless else 0, len(word) - 1):
            ends = range(len(word), start + 1, -1) if spaceless else (len(word),)
            for end in ends:
                if (end - start >= (2 if spaceless else 6)) and (labels := _words().get(word[start:end])):
                    found.append((word[start:end], tuple((k, 0.7 * s) for k, s in labels)))
    longest = max((len(p) for p, _ in found), default=0)
    return [f for f in found if len(f[0]) == longest]
