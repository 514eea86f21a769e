"""The global choice: one parent a column, one direction between two keys, every lookup table used if it can be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from dataeng_kit.profile.relations.pairs import Pair

THRESHOLD = 0.0
LONELY = 2.5
"""Bits for a parent that no other table refers to yet: tables are rarely kept for nothing."""
CLOSE = 2.0


def choose(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the chosen pairs, best first; the others carry in ``refused`` why not."""
    _one_direction(pairs)
    by_child: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    for pair in pairs:
        if not pair.refused:
            by_child[pair.child.name].append(pair)
    chosen = _settle(by_child)
    for pair in pairs:
        best = chosen.get(pair.child.name)
        if pair is best or pair.refused:
            continue
        if best is not None:
            pair.refused = f"{best.parent.table.name}.{best.parent.column.name} fits better"
        else:
            pair.refused = "contained, but nothing else speaks for a reference"
    return sorted(chosen.values(), key=lambda p: -p.score)


def _settle(by_child: dict[tuple[str, str], list[Pair]]) -> dict[tuple[str, str], Pair]:
    """Choose the best parent of every column; then let parents nobody refers to claim what is nearly theirs."""
    chosen: dict[tuple[str, str], Pair] = {}
    for child, options in by_child.items():
        best = max(options, key=_preference)
        if best.score >= THRESHOLD:
            chosen[child] = best
    used = {p.parent.table.name for p in chosen.values() if not p.itself}
    waiting = [p for options in by_child.values() for p in options if not p.itself and p.parent.table.name not in used]
    for pair in sorted(waiting, key=lambda p: -p.score):
        held = chosen.get(pair.child.name)
        need = max(THRESHOLD, held.score if held else THRESHOLD)
        if pair.parent.table.name in used or pair.score + LONELY < need:
            continue
        if held and _sole(held, chosen):
            continue
        pair.reasons.append("no other column refers to this table")
        chosen[pair.child.name] = pair
        used.add(pair.parent.table.name)
    return chosen


def _sole(held: Pair, chosen: dict[tuple[str, str], Pair]) -> bool:
    """True when taking this pair away would leave its parent without any child."""
    others = [p for p in chosen.values() if p is not held and p.parent.table.name == held.parent.table.name and not p.itself]
    return not others


def _preference(pair: Pair) -> tuple[float, bool, int]:
    return (pair.score, pair.parent.is_key, -pair.parent.column.distinct)


def _one_direction(pairs: Sequence[Pair]) -> None:
    """Between two keys that contain each other only the better direction may stay."""
    by_name = {(p.child.name, p.parent.name): p for p in pairs}
    for (child, parent), pair in by_name.items():
        back = by_name.get((parent, child))
        if back is None or pair.refused or back.refused:
            continue
        weaker = pair if _direction(pair) < _direction(back) else back
        weaker.refused = "the other direction fits better"


def _direction(pair: Pair) -> tuple[float, float, int, str]:
    """The parent of a 1:1 pair holds more rows, is named by the child, and has the shorter name."""
    coverage = pair.parent.column.distinct - pair.child.column.distinct
    return (coverage, pair.score, -len(pair.parent.table.name), pair.child.table.name)
