"""Relations: inclusion of values → candidates → evidence → one global choice → measured foreign keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from dataeng_kit.data import Data
from dataeng_kit.nouns import Fact, ForeignKey, Refused, TableProfile
from dataeng_kit.nouns.references import write
from dataeng_kit.profile.relations.choose import CLOSE, choose
from dataeng_kit.profile.relations.composite import find_composites
from dataeng_kit.profile.relations.contain import Values
from dataeng_kit.profile.relations.detail import describe
from dataeng_kit.profile.relations.evidence import weigh
from dataeng_kit.profile.relations.naming import Names
from dataeng_kit.profile.relations.pairs import Pair, candidates, refs, targets
from dataeng_kit.run import Run

SHOWN = 200
"""Refused candidates kept, best first: on hundreds of small integers nearly every pair is contained."""


def find_relations(
    data: Data, tables: Sequence[TableProfile], run: Run
) -> tuple[tuple[ForeignKey, ...], tuple[Refused, ...], list[Fact]]:
    """Return foreign keys, refused candidates and the facts that measure orphans again."""
    sources = {s.table.name: s for s in data.sources}
    columns = refs(tables, sources)
    values, names = Values(run), Names(columns)
    pairs = []
    for at, pair in enumerate(candidates(columns, targets(columns))):
        if at % 50 == 0:
            run.step("comparing columns across tables", at)
        if values.measure(pair):
            pairs.append(pair)
    for pair in pairs:
        weigh(pair, values)
    names.judge(pairs)
    chosen = choose(pairs, names.informative)
    keys, facts = [], []
    for at, pair in enumerate(chosen):
        run.step("measuring references", at, len(chosen))
        if pair.child.source.engine is pair.parent.source.engine:
            key, fact = describe(
                pair.child.source,
                (pair.child.column.name,),
                pair.parent.source,
                (pair.parent.column.name,),
                run,
                score=round(pair.score, 1),
                reasons=pair.reasons,
                runner_up=_runner_up(pair, pairs),
            )
            keys.append(key)
            facts.append(fact)
    for way in find_composites(tables, columns, chosen, names, values):
        key, fact = describe(
            way.child[0].source,
            [r.column.name for r in way.child],
            way.parent[0].source,
            [r.column.name for r in way.parent],
            run,
            score=way.score,
            reasons=way.reasons,
        )
        keys.append(key)
        facts.append(fact)
    return tuple(keys), _refused(pairs), facts


def _runner_up(chosen: Pair, pairs: Sequence[Pair]) -> str:
    rivals = [p for p in pairs if p.child.name == chosen.child.name and p is not chosen and chosen.score - p.score <= CLOSE]
    best = max(rivals, key=lambda p: p.score, default=None)
    return write(*best.parent.name) if best else ""


def _refused(pairs: Sequence[Pair]) -> tuple[Refused, ...]:
    by_child: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    for pair in sorted(pairs, key=lambda p: -p.score):
        if pair.refused:
            by_child[pair.child.name].append(pair)
    kept = [p for options in by_child.values() for p in options[:3]][:SHOWN]
    return tuple(
        Refused(p.child.table.name, (p.child.column.name,), p.parent.table.name, (p.parent.column.name,), p.inclusion, p.refused)
        for p in kept
    )
