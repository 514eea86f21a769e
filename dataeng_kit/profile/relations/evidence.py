"""Value evidence in bits: how much likelier the contained values are under 'refers to' than under chance."""

from __future__ import annotations

import bisect
import math
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

from dataeng_kit.profile.names import words
from dataeng_kit.profile.relations.contain import Values
from dataeng_kit.profile.relations.pairs import Pair

CAP = 12.0
OFFSET = 4.0
"""Most bits for a range that does not start at 1: few counts lie between 100 and 206."""
YOUNGER = 5.0
"""Most bits lost because a row's forerunners are the older rows."""


def weigh(pair: Pair, values: Values) -> None:
    """Set the pair's value evidence and its reasons."""
    child, parent = values.counts(pair.child), values.counts(pair.parent)
    pair.bits = _rarity(pair) - 20 * (1 - pair.inclusion) + _roles(pair)
    if child is not None and parent is not None:
        held = [v for v in child if v in parent]
        pair.bits += _span(pair, held, list(parent)) + _measure_like(pair, child, parent)
        if pair.itself:
            pair.bits += _tree(pair, values)
    else:
        pair.bits += _fill(pair.found, pair.parent.column.distinct)
    if pair.inclusion == 1:
        pair.reasons.append(f"all {pair.values:,} values exist there")
    else:
        pair.reasons.append(f"{pair.found:,} of {pair.values:,} values exist there")


def _rarity(pair: Pair) -> float:
    """Values hit by chance in a dense range 1..n prove nothing; hits in a sparse range or among texts do."""
    parent, bits = pair.parent.column, 0.0
    if parent.type == "text":
        each = 1.5 if (parent.mean_length or 9) <= 2.5 else 3.0
    elif isinstance(parent.min, int) and isinstance(parent.max, int):
        density = min(1.0, parent.distinct / max(1, parent.max - parent.min + 1))
        each = min(5.0, -math.log2(density)) if density < 0.8 else 0.0
        bits = min(OFFSET, pair.found * -math.log2(min(1.0, (parent.max - parent.min + 1) / max(1, parent.max))))
    else:
        each = 0.0
    bits += min(CAP, each * pair.found)
    if bits >= 6:
        pair.reasons.append("hits in a sparse domain are no chance")
    return bits


def _fill(found: int, keys: int) -> float:
    share = found / max(1, keys)
    return min(6.0, math.log2(max(2, keys))) * share


def _span(pair: Pair, held: Sequence[Any], keys: Sequence[Any]) -> float:
    """Are the child's values spread over the parent's keys, as references are, or only the first few, as counts are?

    ``C(s, d) / C(n, d)`` is the chance that *d* references drawn from *n* keys all fall into the *s* keys they span.
    """
    n, d = len(keys), len(held)
    if not d or not n:
        return 0.0
    low, high = bisect.bisect_left(keys, min(held)), bisect.bisect_right(keys, max(held))
    s = max(high - low, d)
    chance = _log2_choose(s, d) - _log2_choose(n, d)
    if low > 0:  # the window may lie anywhere; measures start at the first key
        chance += math.log2(max(1, min(n - s + 1, n)))
    chance = min(0.0, chance)
    if chance > -3 or s > 0.9 * n:
        pair.reasons.append(f"its values spread over {d:,} of {n:,} keys")
    return max(-YOUNGER if pair.itself else -CAP, chance * min(1.0, 4 * (1 - s / n))) + _fill(d, n)


def _log2_choose(n: int, k: int) -> float:
    return (math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)) / math.log(2)


def _measure_like(pair: Pair, child: Mapping[Any, int], parent: Mapping[Any, int]) -> float:
    """Counts, steps of five and sequence numbers are contained in every dense key; their shape gives them away."""
    values = [v for v in child if v != pair.ignored]
    if pair.child.column.type != "integer":
        return 0.0
    bits = 0.0
    if len(values) == 1:
        bits -= 4
    if len(values) >= 4 and _stepped(values) and not _stepped(parent):
        bits -= 8
    counts = [child[v] for v in values]
    falling = sum(a >= b for a, b in pairwise(counts))
    if len(counts) >= 4 and values[0] in (0, 1) and falling >= 0.9 * (len(counts) - 1) and counts[0] >= 3 * counts[-1]:
        bits -= 4
    return bits


def _stepped(values: Collection[Any]) -> bool:
    return sum(v % 5 == 0 for v in values) >= 0.8 * len(values)


def _roles(pair: Pair) -> float:
    """What the two columns are in their own tables."""
    child, bits = pair.child, 0.0
    if child.in_key:
        bits += 2
    if child.is_key or (child.column.unique and child.column.type == "integer"):
        bits -= 8 if child.column.type == "integer" else 2
    if _polymorphic(pair):
        pair.reasons.append("a type column beside it says which table it means")
        bits -= 8
    if child.table.rows < pair.parent.table.rows and not pair.itself:
        bits -= 0.5
    return bits


def _polymorphic(pair: Pair) -> bool:
    """True for ``entity_id`` beside ``entity_type``: such a column refers to several tables at once."""
    mine = words(pair.child.column.name)
    kinds = {words(c.name) for c in pair.child.table.columns if c.type == "text"}
    return len(mine) > 1 and any(k[:-1] == mine[:-1] and k[-1] in ("type", "kind", "class", "model", "table") for k in kinds if len(k) > 1)


def _tree(pair: Pair, values: Values) -> float:
    """A self-reference makes a forest: some rows have no parent, no row is its own ancestor."""
    child, key = pair.child, pair.parent
    if child.column.distinct > 20_000 or child.table.rows > 100_000:
        return -1.0
    rows = child.source.engine.run(f"SELECT {key.quoted}, {child.quoted} FROM {child.relation}", values.run)
    up = {k: v for k, v in rows if v is not None and v != k}
    loops = sum(v == k for k, v in rows)
    roots = sum(v is None for _, v in rows)
    if not roots or loops > 0.2 * len(rows):
        return -8.0
    done: set[Any] = set()
    for start in up:
        path: set[Any] = set()
        node = start
        while node in up and node not in done:
            if node in path:
                return -8.0
            path.add(node)
            node = up[node]
        done |= path
    pair.reasons.append("the rows form a tree")
    return min(6.0, math.log2(max(2, len(rows)))) + (3.0 if roots == 1 else 1.0)
