"""What a column's name says about it: date roles, identifier words, and the words two names share."""

from __future__ import annotations

import functools
import re
import unicodedata

from dataeng_kit.knowledge.names import name_words

_BREAKS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[\W_]+|(?<=\D)(?=\d)|(?<=\d)(?=\D)")


@functools.cache
def _glued() -> dict[str, tuple[str, str]]:
    """Return words that people glue together, like todate and startdate, with their two parts."""
    firsts = name_words("begin") | name_words("end") | name_words("plan") | name_words("record") | name_words("created")
    return {a + b: (a, b) for a in firsts for b in name_words("when") if len(b) > 1}


def _dated(word: str) -> tuple[str, ...]:
    """Return orderdate as order, date; words that merely end so (candidate, update) stay whole."""
    found = re.fullmatch(r"(.{4,})(date|datum)", word)
    return (found[1], found[2]) if found and found[1] not in {"candi", "vali", "consoli", "liqui", "intimi"} else (word,)


@functools.cache
def split(name: str) -> tuple[str, ...]:
    """Return the lower-case words of a name, accents removed, glued date words parted, English plurals cut."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    found: list[str] = []
    for word in (w.lower() for w in _BREAKS.split(plain) if w):
        found.extend(_glued().get(word) or _dated(word))
    pairs = {"sign up": "signup", "check in": "from", "check out": "to", "opt out": "end"}
    text = " ".join(found)
    for pair, one in pairs.items():
        text = re.sub(rf"\b{pair}\b", one, text)
    return tuple(w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith(("ss", "us", "is")) else w for w in text.split())


def says(name: str, kind: str) -> bool:
    """Return whether a name holds a word of *kind* (a section of words.toml)."""
    return any(w in name_words(kind) for w in split(name))


def date_role(name: str, table: str = "") -> str:
    """Return what a date column stands for: plan, record, created, begin, end, own or event, by its name.

    own: named after its table (``order_date`` of ``orders``), so the begin of that row's life.
    """
    for kind in ("plan", "record", "begin", "end", "created"):
        if says(name, kind):
            return kind
    rest = [w for w in split(name) if w not in name_words("when") and len(w) > 1]
    own = [w for w in split(table) if len(w) > 3]
    return "own" if rest and all(any(r.startswith(w) for w in own) for r in rest) else "event"


def stem(name: str) -> frozenset[str]:
    """Return the words of a date's name that are neither date words nor begin and end: what the interval is about."""
    return frozenset(w for w in split(name) if w not in name_words("when") | name_words("begin") | name_words("end"))


def shared(one: str, other: str) -> frozenset[str]:
    """Return the telling words (three letters or more, no flag or key words) that two names share."""
    dull = name_words("flag") | name_words("number") | name_words("when")
    return frozenset(w for w in set(split(one)) & set(split(other)) if len(w) > 2 and w not in dull)


def is_identifier(name: str) -> bool:
    """Return whether a name speaks of an identifier: id, key, code, number, in several languages, also glued to its noun."""
    words = split(name)
    if not words:
        return False
    glued = re.fullmatch(r".{3,}(id|code|uuid|guid)", words[-1]) and words[-1] not in name_words("no_id")
    return words[-1] in name_words("number") or words[0] in {"id", "uuid", "guid"} or bool(glued)
