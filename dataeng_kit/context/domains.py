"""The business domain of a text, by groups of signs: the best group wins only above a floor and a margin."""

from __future__ import annotations

import functools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator

from dataeng_kit.context.markdown import Block
from dataeng_kit.context.mentions import shown
from dataeng_kit.context.reading import Text, quote_at
from dataeng_kit.context.scope import Clause, Judge, Standing, clauses
from dataeng_kit.knowledge import TOKEN, domain_cards, fields, tokens
from dataeng_kit.nouns import Mention

WEIGHTS = {"name": 4.0, "strong": 2.0, "weak": 1.0}
FLOOR = 6.0
"""Points below which no domain is named: a domain's own name and one strong word, or several words of its group."""
MARGIN = 1.15
WEAK_CAP = 5.0
_BREADTH = 2
"""Distinct words of many texts up to which the cap holds; each further one of the same group raises it by half a point."""
_PAGE = 8000
"""Characters; longer texts hold more words of every kind, so the floor grows with the logarithm of their length."""
_INTRO = 1.5
_TURNED = (Standing.GONE, Standing.PLANNED, Standing.CHOICE)

Sign = tuple[str, str, tuple[str, ...]]


@functools.cache
def _index() -> dict[str, tuple[Sign, ...]]:
    index: dict[str, list[Sign]] = defaultdict(list)
    for id, card in domain_cards().items():
        for strength, signs in card.signs.items():
            for sign in signs:
                index[tokens(sign)[0]].append((id, strength, tokens(sign)))
    for id, signs in fields().items():
        for sign in signs:
            index[tokens(sign)[0]].append((id, "strong", tokens(sign)))
    return {k: tuple(sorted(v, key=lambda s: -len(s[2]))) for k, v in index.items()}


def _signs(text: str) -> Iterator[tuple[int, int, Sign]]:
    found = list(TOKEN.finditer(text))
    lower = [m[0].lower() for m in found]
    taken: dict[str, int] = {}
    for i, first in enumerate(lower):
        for sign in _index().get(first, ()):
            n = len(sign[2])
            if tuple(lower[i : i + n]) == sign[2] and taken.get(sign[0], 0) <= i:
                taken[sign[0]] = i + n
                yield found[i].start(), found[i + n - 1].end(), sign


def _spoken(block: Block, text: str) -> Iterator[tuple[int, Sign]]:
    """Return the signs of a block that its sentences do not deny."""
    found = list(_signs(text))
    if not found:
        return
    for clause in clauses(block):
        here = [f for f in found if clause.start <= f[0] < clause.end]
        names = [(a, b) for a, b, sign in here if sign[1] == "name"]
        said = Judge(text, Clause(clause.start, clause.end), names).standings() if names else {}
        yield from ((a, sign) for a, b, sign in here if said.get((a, b)) not in _TURNED)


def _score(words: Iterable[list[float]]) -> float:
    """Return the points of one domain; words that many texts hold add up to ``WEAK_CAP`` at most."""
    points = [(w, w * (1 + 0.25 * math.log2(min(n, 16)))) for w, n in words]
    weak = [p for w, p in points if w < WEIGHTS["strong"]]
    cap = WEAK_CAP + 0.5 * max(0, len(weak) - _BREADTH)
    return min(sum(weak), cap) + sum(p for w, p in points if w >= WEIGHTS["strong"])


def find_domains(texts: tuple[Text, ...]) -> tuple[Mention, ...]:
    """Return the domain that the texts speak of, with the sentence that says it best; empty when none stands out."""
    points: dict[str, dict[tuple[str, ...], list[float]]] = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    best: dict[str, tuple[float, Mention]] = {}
    for text in texts:
        for n, block in enumerate(text.blocks):
            if block.kind == "code":
                continue
            intro = _INTRO if n < 8 else 1.0
            for at, (id, strength, word) in _spoken(block, shown(block)):
                weight = WEIGHTS[strength] * intro
                held = points[id][word]
                held[0], held[1] = max(held[0], weight), held[1] + 1
                if weight > best.get(id, (0.0,))[0]:
                    best[id] = (weight, Mention(id, text.path, *quote_at(block, at), "the words around it"))
    scores = {id: _score(held.values()) for id, held in points.items()}
    ranked = sorted(scores.items(), key=lambda s: -s[1])
    length = sum(len(b.text) for t in texts for b in t.blocks)
    floor = FLOOR * (1 + 0.5 * math.log2(max(1.0, length / _PAGE)))
    if not ranked or ranked[0][1] < floor or (len(ranked) > 1 and ranked[0][1] < MARGIN * ranked[1][1]):
        return ()
    return (best[ranked[0][0]][1],)
