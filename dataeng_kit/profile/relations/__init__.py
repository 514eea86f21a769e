"""Relations: inclusion of values → candidates → evidence → one global choice → measured foreign keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from dataeng_kit.data import Data, Source
from dataeng_kit.nouns import Fact, ForeignKey, Refused, TableProfile
from dataeng_kit.nouns.references import write
from dataeng_kit.profile.relations.choose import CLOSE, choose
from dataeng_kit.profile.relations.composite import Composite, find_composites
from dataeng_kit.profile.relations.contain import Values
from dataeng_kit.profile.relations.detail import Reference, describe
from dataeng_kit.profile.relations.evidence import weigh
from dataeng_kit.profile.relations.naming import Names
from dataeng_kit.profile.relations.pairs import Pair, candidates, refs, targets
from dataeng_kit.run import Run

SHOWN = 200
"""Refused candidates kept, best first: on hundreds of small integers nearly every pair is contained."""


def find_relations(
    data: Data, tables: Sequence[TableProfile], run: Run
) -> tuple[tuple[ForeignKey, ...], tuple[Refused, ...], list[Fact]]:
    """Return foreign keys, refused candidates and the facts that measure orphans again.

    What a database declares is measured like any other reference and never second-guessed; its columns take part in
    no guess.
    """
    sources = {s.table.name: s for s in data.sources}
    columns = refs(tables, sources)
    values, names = Values(run), Names(columns)
    declared = _declared(tables, sources)
    told = {(d.child.table.name, c) for d in declared for c in d.columns}
    pairs = []
    for at, pair in enumerate(candidates([r for r in columns if r.name not in told], targets(columns))):
        if at % 50 == 0:
            run.step("comparing columns across tables", at)
        if values.measure(pair):
            pairs.append(pair)
    for pair in pairs:
        weigh(pair, values)
    names.judge(pairs)
    chosen = choose(pairs, names.informative)
    wanted = declared + [_single(p, pairs) for p in chosen]
    known = {(w.child.table.name, w.columns) for w in declared}
    for way in find_composites(tables, columns, chosen, names, values):
        reference = _several(way)
        if (reference.child.table.name, reference.columns) not in known:
            wanted.append(reference)
    keys, facts = [], []
    for at, reference in enumerate(wanted):
        run.step("measuring references", at, len(wanted))
        key, fact = describe(reference, values.bridge, run)
        keys.append(key)
        facts.append(fact)
    values.bridge.close()
    return tuple(keys), _refused(pairs), facts


def _single(pair: Pair, pairs: Sequence[Pair]) -> Reference:
    child, parent = pair.child, pair.parent
    names = (child.column.name,), (parent.column.name,)
    told = f"compared on distinct values: {parent.repeats:,} rows of {parent.table.name} repeat a {parent.column.name}"
    reasons = (*pair.reasons, told) if parent.repeats else tuple(pair.reasons)
    return Reference(
        child.source, parent.source, *names, round(pair.score, 1), reasons, _runner_up(pair, pairs), repeats=parent.repeats
    )


def _several(way: Composite) -> Reference:
    names = tuple(r.column.name for r in way.child), tuple(r.column.name for r in way.parent)
    return Reference(way.child[0].source, way.parent[0].source, *names, way.score, way.reasons)


def _declared(tables: Sequence[TableProfile], sources: Mapping[str, Source]) -> list[Reference]:
    found = []
    keys = {t.name: t.primary_key for t in tables}
    for source in sources.values():
        for key in source.table.declared:
            parent = sources.get(key.ref_table) or sources.get(key.ref_table.rsplit(".", 1)[-1])
            if key.kind == "foreign" and parent:
                there = key.ref_columns or keys[parent.table.name] or ()
                if len(there) == len(key.columns):
                    found.append(Reference(source, parent, key.columns, there, 1.0, ("declared by the database",), declared=True))
    return found


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
