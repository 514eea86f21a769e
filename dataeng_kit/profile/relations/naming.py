"""Name evidence: does the child's name say the parent's, and do names say anything in this database at all."""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Sequence

from dataeng_kit.knowledge.names import name_words
from dataeng_kit.profile.names import KEYS, core, looks_described, looks_key, shared_prefix, stem
from dataeng_kit.profile.relations.pairs import Pair, Ref

KEY_STEMS = frozenset(stem(k) for k in KEYS)
UPWARD = name_words("upward")
STRONG = 0.7
UNBELIEVED = -2.0
CLEAR, PLAIN = 12.0, 2.0
"""Bits by which the best table must lead where names say nothing, and the bits that a clear lead is worth."""
SMALL_SAMPLE = -4.0
"""Least value evidence of a contained column that names its parent: two stores say little about spread."""
FEW, SEVERAL, MANY = 3, 12, 24
"""Distinct values from which a lone parent, a clear lead, and a lone parent of unique values say something without names."""
ORPHANS = 0.07


class Names:
    """The words of one database; words that most columns share say nothing and are left out."""

    def __init__(self, columns: Sequence[Ref]) -> None:
        self._prefix: dict[str, str] = {}
        for ref in columns:
            if ref.table.name not in self._prefix:
                self._prefix[ref.table.name] = shared_prefix([c.name for c in ref.table.columns])
        seen = Counter(w for ref in columns for w in set(core(ref.column.name)))
        tables = Counter(w for t in self._prefix for w in set(core(t)))
        self._empty = {w for w, n in seen.items() if len(columns) > 6 and n > 0.4 * len(columns)}
        self._empty |= {w for w, n in tables.items() if len(tables) > 3 and n > 0.6 * len(self._prefix)}
        self.informative = True

    def _say(self, words: Sequence[str]) -> tuple[str, ...]:
        return tuple(w for w in words if w not in self._empty and not w.isdigit() and len(w) > 1)

    def about(self, ref: Ref) -> tuple[str, ...]:
        """Return what a column's name is about: its words without table prefix and key words."""
        said = self._say(core(ref.column.name, self._prefix[ref.table.name]))
        return tuple(w for w in said if w not in KEY_STEMS)

    def table(self, ref: Ref) -> tuple[str, ...]:
        """Return the words of a table's name."""
        return self._say(core(ref.table.name))

    def similarity(self, child: Ref, parent: Ref) -> float:
        """Return 0..1: how well the child's name names the parent's key or table."""
        mine = self.about(child)
        if not mine:
            return 0.0
        key, table = self.about(parent), self.table(parent)
        phrases = [p for p in (key, table, table[-1:], table + key) if p]
        best = max((_match(mine, p) for p in phrases), default=0.0)
        if child.column.name.lower() == parent.column.name.lower() and key:
            best = 1.0
        if child.table.name == parent.table.name:
            upward = set(mine) & UPWARD or (len(mine) > 1 and best >= STRONG)
            best = 0.9 if upward else min(best, 0.3)
        return best

    def judge(self, pairs: Sequence[Pair]) -> None:
        """Set the name evidence of every pair; when names are meaningless here, they say nothing for or against."""
        said = {(p.child.name, p.parent.name): self.similarity(p.child, p.parent) for p in pairs}
        best: Counter[tuple[str, str]] = Counter()
        for (child, _), s in said.items():
            best[child] = max(best[child], s)  # type: ignore[assignment]  # a Counter of floats
        named = sum(s >= STRONG for s in best.values())
        self.informative = named >= max(1, 0.1 * len(best))
        rivals = Counter(p.child.name for p in pairs)
        lead = _leads(pairs)
        for pair in pairs:
            s = said[pair.child.name, pair.parent.name]
            if self.informative and s >= 0.9 and pair.inclusion >= 0.95 and not pair.itself:
                pair.bits = max(pair.bits, SMALL_SAMPLE)
            if self.informative:
                pair.name_bits = self._bits(pair, s, best[pair.child.name])
            else:
                pair.name_bits = _nameless(pair, rivals[pair.child.name], lead[pair.child.name, pair.parent.name])
            if self.informative and s >= STRONG:
                pair.reasons.append(f"the name points at {pair.parent.table.name}")

    def _bits(self, pair: Pair, similarity: float, best: float) -> float:
        child, own = pair.child.column.name, self._own(pair.child)
        if similarity >= 0.5:
            bits = 12 * similarity - 5
        elif best >= STRONG:
            bits = -8.0
        else:
            # a name like rep_id that names no table still says that it refers to something
            bits = 2.0 if looks_key(child) and self.about(pair.child) and not pair.child.is_key else -5.0
        if similarity < 0.9 and looks_described(child):
            bits -= 4
        elif looks_key(child) and self.about(pair.child):
            bits += 1.5
        if not pair.parent.is_key:
            bits -= 4
        if pair.child.is_key and own >= similarity:
            bits -= 8  # its name says that it is its own table's key
        return bits

    def _own(self, ref: Ref) -> float:
        mine, table = self.about(ref), self.table(ref)
        return max((_match(mine, t) for t in (table, table[-1:]) if mine and t), default=0.0)


def _leads(pairs: Sequence[Pair]) -> dict[tuple[tuple[str, str], tuple[str, str]], float]:
    """Return for every pair by how many bits its values lead those into any other table."""
    best: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    for pair in sorted(pairs, key=lambda p: -p.bits):
        best[pair.child.name].append(pair)
    return {
        (p.child.name, p.parent.name): p.bits
        - next((q.bits for q in best[p.child.name] if q.parent.table.name != p.parent.table.name), p.bits)
        for p in pairs
    }


def _nameless(pair: Pair, rivals: int, lead: float) -> float:
    """Where names say nothing a reference must first be believed; fitting one table alone, or far better than others, helps."""
    alone = rivals == 1 and ((pair.inclusion == 1 and pair.values >= FEW and not pair.child.column.unique) or pair.values >= MANY)
    bits = 0.0 if alone and pair.inclusion >= 1 - ORPHANS else UNBELIEVED
    if not pair.itself and not pair.child.is_key and pair.values >= SEVERAL:
        bits += (PLAIN - UNBELIEVED) * min(1.0, max(0.0, lead / CLEAR))
    return min(PLAIN, bits) if pair.parent.is_key else bits - 4


def _match(mine: Sequence[str], theirs: Sequence[str]) -> float:
    mine, theirs = tuple(mine), tuple(theirs)
    if mine == theirs:
        return 1.0
    if len(mine) > len(theirs):
        if mine[-len(theirs) :] == theirs:
            return 0.9
        if mine[: len(theirs)] == theirs:
            return 0.75
    if len(mine) < len(theirs) and theirs[-len(mine) :] == mine:
        return 0.8
    a, b = "".join(mine), "".join(theirs)
    if a == b:
        return 1.0
    if min(len(a), len(b)) >= 3 and (b.startswith(a) or a.startswith(b)):
        return 0.8
    if difflib.SequenceMatcher(None, a, b).ratio() >= 0.8:
        return 0.7
    if len(a) >= 2 and len(a) < len(b) and a[0] == b[0] and _in_order(a, b):
        return 0.6
    if any(len(w) >= 4 and t.startswith(w) for w in mine for t in theirs[-1:]):
        return 0.6
    if len(mine[-1]) >= 3 and (mine[-1] == theirs[-1] or theirs[-1].startswith(mine[-1])):
        return 0.7
    return 0.5 if set(mine) & set(theirs) else 0.0


def _in_order(short: str, long: str) -> bool:
    letters = iter(long)
    return all(c in letters for c in short)
