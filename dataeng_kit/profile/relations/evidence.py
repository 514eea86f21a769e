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
from dataeng_kit.profile.relations.tree import tree_bits

CAP = 12.0
OFFSET = 4.0
"""Most bits for a range that does not start at 1: few counts lie between 100 and 206."""
YOUNGER = 5.0
"""Most bits lost because a row's forerunners are the older rows."""
RECENT = 4.0
"""Most bits lost where the child reaches the parent's last keys: an extract of the latest period."""
ENOUGH = 8
"""Distinct values from which the shape of a distribution is looked at."""


def weigh(pair: Pair, values: Values) -> None:
    """Set the pair's value evidence and its reasons."""
    child, window = values.counts(pair.child), values.keys(pair)
    pair.bits = _roles(pair) - 20 * (1 - pair.inclusion)
    if child is not None and window is not None:
        keys, below = window
        known = set(keys)
        held = [v for v in child if v in known]
        pair.bits += _rarity(pair, held, keys) + _spread(pair, held, keys, below)
        pair.bits += _measure_like(pair, child, keys) + _beyond(pair, child)
        if pair.itself:
            pair.bits += tree_bits(pair, values.run)
    else:
        pair.bits += _rarity(pair, (), ()) + _fill(pair.found, pair.parent.column.distinct)
    found = "all" if pair.inclusion == 1 else f"{pair.found:,} of"
    pair.reasons.append(f"{found} {pair.values:,} values exist there")


def _rarity(pair: Pair, held: Sequence[Any], keys: Sequence[Any]) -> float:
    """Values hit by chance in a dense range 1..n prove nothing; hits in a sparse range or among texts do."""
    parent, bits, each = pair.parent.column, 0.0, 0.0
    if parent.type == "text":
        each = 1.5 if (parent.mean_length or 9) <= 2.5 else 3.0
    elif isinstance(parent.min, int) and isinstance(parent.max, int):
        low, high, there = (
            (held[0], held[-1], _between(keys, held[0], held[-1])) if held else (parent.min, parent.max, parent.distinct)
        )
        density = min(1.0, there / max(1, high - low + 1))
        each = min(5.0, -math.log2(density)) if density < 0.8 else 0.0
        share = min(1.0, (parent.max - parent.min + 1) / max(1, parent.max))
        bits = min(OFFSET, pair.found * -math.log2(max(share, 1e-9)))
    bits += min(CAP, each * pair.found)
    if bits >= 6:
        pair.reasons.append("hits in a sparse domain are no chance")
    return bits


def _between(keys: Sequence[Any], low: Any, high: Any) -> int:
    return bisect.bisect_right(keys, high) - bisect.bisect_left(keys, low)


def _fill(found: int, keys: int) -> float:
    return min(6.0, math.log2(max(2, keys))) * found / max(1, keys)


def _spread(pair: Pair, held: Sequence[Any], keys: Sequence[Any], below: int) -> float:
    """Are the child's values spread over the parent's keys, as references are, or only the first few, as counts are?

    ``C(s, d) / C(n, d)`` is the chance that *d* references drawn from *n* keys all fall into the *s* keys they span.
    """
    n, d = max(pair.parent.column.distinct, len(keys)), len(held)
    if not d or not n:
        return 0.0
    ranks = [below + bisect.bisect_left(keys, v) for v in held]
    low, s = ranks[0], max(ranks[-1] - ranks[0] + 1, d)
    chance = _log2_choose(s, d) - _log2_choose(n, d)
    if low > 0:  # the window may lie anywhere; measures start at the first key
        chance += math.log2(max(1, min(n - s + 1, n)))
    chance = min(0.0, chance) * min(1.0, 4 * (1 - s / n))
    most = YOUNGER if pair.itself else RECENT if low > 0 and ranks[-1] >= 0.98 * n - 1 else CAP
    if chance > -3:
        pair.reasons.append(f"its values spread over {d:,} of {n:,} keys")
    return max(-most, chance) + _fill(d, n) + _evenness(ranks, n)


def _evenness(ranks: Sequence[int], n: int) -> float:
    """Reward values that lie evenly over the whole key range without filling it (Kolmogorov-Smirnov distance)."""
    d = len(ranks)
    if d < ENOUGH or d > 0.7 * n or ranks[-1] < 0.9 * n:
        return 0.0
    distance = max(abs((i + 1) / d - r / n) for i, r in enumerate(ranks))
    return 4.0 * (0.3 - distance) / 0.3 if distance < 0.3 else 0.0


def _log2_choose(n: int, k: int) -> float:
    return (math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)) / math.log(2)


def _measure_like(pair: Pair, child: Mapping[Any, int], keys: Sequence[Any]) -> float:
    """Counts, steps of five and sequence numbers are contained in every dense key; their shape gives them away."""
    values = [v for v in child if v != pair.ignored]
    if pair.child.kind != "integer":
        return 0.0
    bits = -4.0 if len(values) == 1 else 0.0
    if len(values) >= 4 and _stepped(values) and not _stepped(keys):
        bits -= 8
    counts = [child[v] for v in values]
    falling = sum(a >= b for a, b in pairwise(counts))
    if len(counts) >= 4 and values[0] in (0, 1) and falling >= 0.9 * (len(counts) - 1) and counts[0] >= 3 * counts[-1]:
        bits -= 4
    elif len(counts) >= ENOUGH and max(counts) > 2 and _rank_correlation(counts) < -0.8:
        bits -= 4
    return bits


def _rank_correlation(counts: Sequence[int]) -> float:
    """Return Spearman's correlation between the order of the values and their frequencies."""
    n = len(counts)
    order = sorted(range(n), key=lambda i: counts[i])
    ranks = [0.0] * n
    at = 0
    while at < n:
        end = at
        while end + 1 < n and counts[order[end + 1]] == counts[order[at]]:
            end += 1
        for i in range(at, end + 1):
            ranks[order[i]] = (at + end) / 2
        at = end + 1
    mean = (n - 1) / 2
    spread = sum((r - mean) ** 2 for r in ranks) * sum((i - mean) ** 2 for i in range(n))
    return sum((r - mean) * (i - mean) for i, r in enumerate(ranks)) / math.sqrt(spread) if spread else 0.0


def _beyond(pair: Pair, child: Mapping[Any, int]) -> float:
    """Lost parents leave gaps inside the key range; values beyond its ends belong to another scale."""
    parent = pair.parent.column
    if pair.child.kind != "integer" or pair.inclusion == 1 or not isinstance(parent.min, int):
        return 0.0
    outside = [v for v in child if v != pair.ignored and not parent.min <= v <= parent.max]
    return -4.0 if len(outside) > 0.5 * (pair.values - pair.found) else 0.0


def _stepped(values: Collection[Any]) -> bool:
    return bool(sum(v % 5 == 0 for v in values) >= 0.8 * len(values))


def _roles(pair: Pair) -> float:
    """What the two columns are in their own tables."""
    child, bits = pair.child, 0.0
    if child.in_key:
        bits += 2
    if child.is_key:
        bits -= 8 if child.kind == "integer" else 2
    elif child.column.unique:
        bits -= 4 if child.kind == "integer" else 1
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
    return len(mine) > 1 and any(
        k[:-1] == mine[:-1] and k[-1] in ("type", "kind", "class", "model", "table") for k in kinds if len(k) > 1
    )
