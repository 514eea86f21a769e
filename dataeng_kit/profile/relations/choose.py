"""The global choice: one parent a column, one direction between two keys, every lookup table used if it can be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from dataeng_kit.profile.names import words
from dataeng_kit.profile.relations.pairs import Pair

THRESHOLD = 0.0
LONELY, LONELY_UNNAMED = 4.0, 7.0
"""Bits for a parent that no other table refers to yet: tables are rarely kept for nothing."""
LOST_UNNAMED = 0.07
"""Orphan values that a claim without a name may have: extracts lose a few parents."""
SILENT = -5.5
"""A name that says something else, or describes, makes no claim."""
STOLEN = 3.5
"""A column that has a better parent changes sides only when that one is hardly better and has other children."""
SAME_NAME = 5.0
"""Bits for a column whose namesake in another table refers to the same parent."""
CLOSE, EVEN = 2.0, 0.15
"""Bits between a parent and its runner-up, and those that decide nothing."""
Name = tuple[str, str]


def choose(pairs: Sequence[Pair], informative: bool) -> list[Pair]:
    """Return the chosen pairs, best first; the others carry in ``refused`` why not."""
    above = _one_direction(pairs)
    by_child: dict[Name, list[Pair]] = defaultdict(list)
    for pair in pairs:
        if not pair.refused:
            by_child[pair.child.name].append(pair)
    chosen = _best(by_child, above)
    if informative and _namesakes(pairs, chosen):
        chosen = _best(by_child, above)
    _lonely(by_child, chosen, above, informative)
    for pair in pairs:
        best = chosen.get(pair.child.name)
        if pair is best or pair.refused:
            continue
        if best is not None:
            pair.refused = f"{best.parent.table.name}.{best.parent.column.name} fits better"
        else:
            pair.refused = "contained, but nothing else speaks for a reference"
    return sorted(chosen.values(), key=lambda p: -p.score)


def _best(by_child: dict[Name, list[Pair]], above: dict[Name, Name]) -> dict[Name, Pair]:
    """Choose the best parent of every column; of keys that refer to each other, the one at the root."""
    chosen: dict[Name, Pair] = {}
    for child, options in by_child.items():
        most = max(p.score for p in options)
        best = max((p for p in options if p.score >= most - EVEN), key=_preference)
        seen = {best.parent.name}
        while (root := above.get(best.parent.name)) and root not in seen:
            higher = next((p for p in options if p.parent.name == root and p.score >= best.score - 3), None)
            if higher is None:
                break
            best = higher
            seen.add(root)
        if best.score >= THRESHOLD:
            chosen[child] = best
    return chosen


def _namesakes(pairs: Sequence[Pair], chosen: dict[Name, Pair]) -> bool:
    """Let a chosen reference speak for the columns of the same name elsewhere; True when one gained."""
    parents = {(p.child.column.name.lower(), p.parent.name) for p in chosen.values() if words(p.child.column.name)[:1] != ("id",)}
    gained = [p for p in pairs if p.child.name not in chosen and (p.child.column.name.lower(), p.parent.name) in parents]
    for pair in gained:
        pair.name_bits += SAME_NAME
        pair.reasons.append("a column of the same name refers there")
    return bool(gained)


def _lonely(by_child: dict[Name, list[Pair]], chosen: dict[Name, Pair], above: dict[Name, Name], informative: bool) -> None:
    """Let keys that nobody refers to claim what is nearly theirs, the claim that costs least first."""
    used = {p.parent.table.name for p in chosen.values() if not p.itself}
    bonus, most = (LONELY, 1.0) if informative else (LONELY_UNNAMED, LOST_UNNAMED)
    best = {child: max(p.score for p in options) for child, options in by_child.items()}
    claims = [
        p for options in by_child.values() for p in options if not p.itself and p.parent.is_key and p.parent.name not in above
    ]
    for pair in sorted(claims, key=lambda p: (max(0.0, best[p.child.name]) - p.score, -p.score)):
        held = chosen.get(pair.child.name)
        taken = pair.parent.table.name in used or 2 * pair.child.table.rows < pair.parent.table.rows or pair.name_bits < SILENT
        if taken or pair.score + bonus < THRESHOLD or 1 - pair.inclusion > most or best[pair.child.name] > pair.score + STOLEN:
            continue
        if held and _sole(held, chosen):
            continue
        pair.reasons.append("no other column refers to this table")
        chosen[pair.child.name] = pair
        used.add(pair.parent.table.name)


def _sole(held: Pair, chosen: dict[Name, Pair]) -> bool:
    """True when taking this pair away would leave its parent without any child."""
    others = [p for p in chosen.values() if p is not held and p.parent.table.name == held.parent.table.name and not p.itself]
    return not others


def _preference(pair: Pair) -> tuple[bool, int, float, int]:
    """Of parents that fit alike, prefer a key, then the table that tells more about its rows."""
    return (pair.parent.is_key, len(pair.parent.table.columns), pair.score, -pair.parent.column.distinct)


def _one_direction(pairs: Sequence[Pair]) -> dict[Name, Name]:
    """Between two keys that contain each other keep the better direction; return key → key above it."""
    by_name = {(p.child.name, p.parent.name): p for p in pairs}
    above = {}
    for (child, parent), pair in by_name.items():
        back = by_name.get((parent, child))
        if back and not pair.refused and not back.refused:
            weaker, kept = (pair, back) if _direction(pair) < _direction(back) else (back, pair)
            weaker.refused = "the other direction fits better"
            if kept.score >= THRESHOLD:
                above[kept.child.name] = kept.parent.name
    for pair in pairs:
        if not pair.refused and pair.child.is_key and pair.parent.is_key and pair.score >= THRESHOLD:
            above.setdefault(pair.child.name, pair.parent.name)
    return above


def _direction(pair: Pair) -> tuple[float, float, int, int, str]:
    """The parent of a 1:1 pair holds more rows, has the plainer name and more to say about its rows."""
    more = pair.parent.column.distinct - pair.child.column.distinct
    if abs(more) <= 0.05 * pair.parent.column.distinct:
        more = 0  # an extract loses that much
    plainer = len(words(pair.child.table.name)) - len(words(pair.parent.table.name))
    wider = len(pair.parent.table.columns) - len(pair.child.table.columns)
    return (more, round(pair.score), plainer, wider, pair.child.table.name)
