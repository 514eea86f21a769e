"""Self-references: a table that refers to itself makes a forest, and mostly younger rows point at older ones."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from dataeng_kit.profile.relations.pairs import Pair
from dataeng_kit.run import Run

REFUSED = -8.0
LARGE = 100_000


def tree_bits(pair: Pair, run: Run) -> float:
    """Return the evidence, in bits, that the child column points at rows of its own table.

    Rows without a parent are needed, and no row may be its own ancestor; by chance that happens with the share of
    missing values, so a column with a single root says most.
    """
    child, key = pair.child, pair.parent
    if child.table.rows > LARGE:
        return -1.0
    rows = child.source.engine.run(f"SELECT {key.quoted}, {child.quoted} FROM {child.relation}", run)
    up = {k: v for k, v in rows if v is not None and v != k}
    loops, roots = sum(v == k for k, v in rows), sum(v is None for _, v in rows)
    if not roots or not up or loops > 0.2 * len(rows) or _cyclic(up):
        return REFUSED
    pair.reasons.append("the rows form a tree")
    return -math.log2(max(roots, 1) / len(rows)) + 1.0 + _elders(up)


def _cyclic(up: Mapping[Any, Any]) -> bool:
    done: set[Any] = set()
    for start in up:
        path: set[Any] = set()
        node = start
        while node in up and node not in done:
            if node in path:
                return True
            path.add(node)
            node = up[node]
        done |= path
    return False


def _elders(up: Mapping[Any, Any]) -> float:
    """Reward references that all point at smaller keys, as far as that is no matter of course."""
    keys = sorted(up)
    try:
        if sum(v < k for k, v in up.items()) < 0.98 * len(up):
            return 0.0
    except TypeError:
        return 0.0
    low, high = keys[0], keys[-1]
    if not isinstance(low, int) or high == low:
        return 0.0
    return min(6.0, sum(-math.log2(min(1.0, max(0.02, (high - v) / (high - low)))) for v in up.values()))
