"""Names of columns and tables as words: split, stripped of what a whole table shares, compared without a dictionary."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from dataeng_kit.knowledge.names import name_words

_WORD = re.compile(r"[A-Z]+(?![^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+|\d+")
KEYS = name_words("keys")
"""Words that say 'this identifies a thing', in the languages clients write."""
NOT_KEYS = name_words("not_keys")
"""Words that say 'this describes or measures'."""


def fold(text: str) -> str:
    """Return *text* without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


TAILS = ("number", "code", "key", "id", "nr")
NO_TAILS = name_words("no_tails")
"""What stands before a false tail: valid, rapid, hybrid, monkey, decode."""


@functools.lru_cache(maxsize=65_536)
def words(name: str) -> tuple[str, ...]:
    """Return the lower-case words of a name: camel case, underscores, blanks and digits separate, as does a tail like ``key``."""
    found = tuple(w.lower() for w in _WORD.findall(fold(name)[:200]))
    for tail in TAILS if found else ():
        head = found[-1].removesuffix(tail)
        if head != found[-1] and len(head) >= 2 and head not in NO_TAILS:
            return (*found[:-1], head, tail)
    return found


@functools.lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return a word without its plural; good enough to make orders ~ order, categories ~ category, boxes ~ box."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def stems(name: str) -> tuple[str, ...]:
    """Return the stems of a name's words."""
    return tuple(stem(w) for w in words(name))


def shared_prefix(names: Iterable[str]) -> str:
    """Return the first word that (nearly) all of a table's columns share, like ``l`` in ``l_orderkey``; else empty."""
    firsts = Counter(words(n)[0] for n in names if len(words(n)) > 1)
    total = sum(1 for _ in names) if isinstance(names, list | tuple) else sum(firsts.values())
    if not firsts:
        return ""
    word, n = firsts.most_common(1)[0]
    return word if total >= 3 and n >= 0.8 * total else ""


def core(name: str, prefix: str = "") -> tuple[str, ...]:
    """Return the stems of a column name without its table's shared prefix."""
    found = stems(name)
    return found[1:] if prefix and len(found) > 1 and found[0] == stem(prefix) else found


def looks_key(name: str) -> bool:
    """True when the name says 'identifier'."""
    found = words(name)
    return bool(found) and (found[-1] in KEYS or found[0] in KEYS)


def looks_described(name: str) -> bool:
    """True when the name says 'measure or description'."""
    found = words(name)
    return bool(found) and (found[-1] in NOT_KEYS or any(len(w) > 2 and found[-1].endswith(w) for w in NOT_KEYS))
