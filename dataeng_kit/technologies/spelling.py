"""House phrases: SQL that every room may write in DuckDB's words, spelled as another engine wants it.

A phrase and its spelling are data of the technology (`Technology.idioms`); ``{x}`` and ``{y}`` stand for whole expressions.
Nothing is parsed or guessed: what is no phrase stays as it is, and a phrase without a spelling fails on the engine, aloud.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence

_QUOTED = r"""'(?:[^'{0}]|''{1})*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\s+|\w+|\{{[xy]\}}|."""
_PLAIN = re.compile(_QUOTED.format("", ""), re.DOTALL)
_ESCAPED = re.compile(_QUOTED.format("\\\\", r"|\\."), re.DOTALL)
_PLACE = re.compile(r"\{[xy]\}")
_DEPTH = {"(": 1, ")": -1}


def spell(sql: str, idioms: Mapping[str, str], backslash: bool = False) -> str:
    """Return *sql* with each phrase of *idioms* replaced; quoted names and literals are never looked into."""
    phrases = _phrases(tuple(idioms.items()))
    lower = sql.lower()
    if not any(head in lower for head in phrases):
        return sql
    return _spell((_ESCAPED if backslash else _PLAIN).findall(sql), phrases)


@functools.cache
def _phrases(idioms: tuple[tuple[str, str], ...]) -> dict[str, list[tuple[list[str], str]]]:
    found: dict[str, list[tuple[list[str], str]]] = {}
    for phrase, spelling in idioms:
        words = [t for t in _PLAIN.findall(phrase.lower()) if not t.isspace()]
        found.setdefault(words[0], []).append((words, spelling))
    return found


def _spell(tokens: Sequence[str], phrases: Mapping[str, list[tuple[list[str], str]]]) -> str:
    out, at = [], 0
    while at < len(tokens):
        for words, spelling in phrases.get(tokens[at].lower(), ()):
            if match := _match(tokens, at, words):
                at, held = match
                inner = {name: _spell(part, phrases).strip() for name, part in held.items()}
                out.append(_PLACE.sub(lambda m: inner[m[0]], spelling))  # noqa: B023  # called at once
                break
        else:
            out.append(tokens[at])
            at += 1
    return "".join(out)


def _match(tokens: Sequence[str], at: int, words: Sequence[str]) -> tuple[int, dict[str, Sequence[str]]] | None:
    """Return where the phrase ends and what stands for its placeholders; None where it does not match."""
    held: dict[str, Sequence[str]] = {}
    for place, word in enumerate(words):
        while at < len(tokens) and tokens[at].isspace():
            at += 1
        if word in ("{x}", "{y}"):
            end = _end(tokens, at, words[place + 1])
            held[word], at = tokens[at:end], end
        elif at < len(tokens) and tokens[at].lower() == word:
            at += 1
        else:
            return None
    return at, held


def _end(tokens: Sequence[str], at: int, word: str) -> int:
    """Return where the expression from *at* ends: before *word* outside its parentheses."""
    depth = 0
    while at < len(tokens) and not (depth == 0 and tokens[at].lower() == word):
        depth += _DEPTH.get(tokens[at], 0)
        if depth < 0:
            break
        at += 1
    return at
