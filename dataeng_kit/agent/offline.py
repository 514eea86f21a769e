"""The offline agent: deterministic, answers from facts, findings and keys, and says so when it cannot."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from dataeng_kit.nouns import Evidence, TableProfile
from dataeng_kit.nouns.answer import Answer, Said
from dataeng_kit.nouns.references import fact_id, write

_MOST = 8


def _words(text: str) -> set[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return {w.rstrip("s") for w in re.findall(r"[^\W_]+", spaced.lower()) if len(w) > 1}


def _grounded(evidence: Evidence, text: str, *facts: str) -> Said:
    known = tuple(f for f in facts if f in evidence.profile.by_id)
    return Said(text, "grounded" if known else "opinion", known)


def _keys(evidence: Evidence, tables: list[TableProfile]) -> Iterator[Said]:
    for t in tables:
        grain = (t.grain or "no key was found").rstrip(".")
        said = f"{t.name}: {grain}."
        if t.primary_key:
            said += f" Its primary key is ({', '.join(t.primary_key)}) over {t.rows:,} rows."
        yield _grounded(evidence, said, fact_id("rows", t.name))
        for key in t.almost_keys[:2]:
            yield _grounded(
                evidence,
                f"({', '.join(key.columns)}) in {t.name} is no key: {key.repeats:,} of {key.rows:,} rows repeat it.",
                fact_id("rows", t.name),
            )


def _relations(evidence: Evidence, tables: list[TableProfile]) -> Iterator[Said]:
    names = {t.name for t in tables}
    for k in evidence.profile.foreign_keys:
        if {k.table, k.ref_table} & names:
            yield _grounded(
                evidence,
                f"{k.table}({', '.join(k.columns)}) refers to {k.ref_table}({', '.join(k.ref_columns)}), {k.cardinality}, "
                f"coverage {100 * k.coverage:.1f} %, {k.orphans:,} orphan rows.",
                k.fact,
                fact_id("rows", k.table),
            )


def _missing(evidence: Evidence, tables: list[TableProfile]) -> Iterator[Said]:
    """Say how many rows of one named table lack their row in another named one."""
    by_name = {t.name: t for t in tables}
    for k in evidence.profile.foreign_keys:
        if k.table in by_name and k.ref_table in by_name and len(k.columns) == 1:
            nulls = by_name[k.table].column(k.columns[0]).nulls
            yield _grounded(
                evidence,
                f"{k.orphans:,} rows of {k.table} hold a {k.columns[0]} that {k.ref_table} does not have; {nulls:,} hold none.",
                k.fact,
                fact_id("nulls", k.table, k.columns[0]),
            )


def _personal(evidence: Evidence, tables: list[TableProfile]) -> Iterator[Said]:
    for t in tables:
        for c in t.columns:
            if c.label and c.label.sensitive:
                yield _grounded(
                    evidence,
                    f"{write(t.name, c.name)} holds {c.label.name.replace('_', ' ')} (confidence {c.label.confidence:.2f}).",
                    fact_id("distinct", t.name, c.name),
                )


def _quality(evidence: Evidence, tables: list[TableProfile]) -> Iterator[Said]:
    names = {t.name for t in tables}
    for f in evidence.findings:
        if f.table in names:
            yield Said(f"{f.condition} ({f.severity}; {f.evidence}). {f.recommendation}".strip(), "grounded", f.facts, f.lines)


def _size(evidence: Evidence, tables: list[TableProfile]) -> Iterator[Said]:
    for t in tables:
        yield _grounded(evidence, f"{t.name} has {t.rows:,} rows and {len(t.columns)} columns.", fact_id("rows", t.name))


def _claims(evidence: Evidence, tables: list[TableProfile]) -> Iterator[Said]:
    for c in evidence.claims:
        yield Said(f"“{c.quote}” {c.verdict.replace('_', ' ')}: {c.evidence}", "grounded", c.facts, (f"{c.file}:{c.line}",))


_INTENTS: tuple[tuple[str, Callable[[Evidence, list[TableProfile]], Iterator[Said]]], ...] = (
    ("key grain unique identify identifie identifier duplicate", _keys),
    ("join relate relation relationship reference foreign parent child orphan link connect", _relations),
    ("personal pii gdpr hipaa sensitive privacy secret phi", _personal),
    ("quality wrong issue problem error broken finding fix trust clean defect", _quality),
    ("row size many count big large volume table column", _size),
    ("claim claude documentation document say true contradict", _claims),
)


_LACKING = frozenset("no without missing lack lacking orphan none".split())


def answer(question: str, evidence: Evidence) -> Answer:
    """Return what the measured facts say to *question*; with nothing to say the state is ``failed`` and why."""
    words = _words(question)
    whole = [t for t in evidence.profile.tables if _words(t.name) <= words]
    named = whole or [
        t for t in evidence.profile.tables if _words(t.name) & words or any(_words(c.name) <= words for c in t.columns)
    ]
    tables = named or list(evidence.profile.tables)
    intents = [speak for signs, speak in _INTENTS if _words(signs) & words] or (
        [_size, _keys, _relations, _quality] if named else []
    )
    if len(named) > 1 and words & _LACKING and (lacking := [*_missing(evidence, named)]):
        return Answer(question, "offline", tuple(lacking))
    if _keys in intents and _relations in intents and words & {"foreign", "orphan"}:
        intents.remove(_keys)  # a foreign key is a relation's
    if _keys in intents and _size in intents and not words & {"many", "size", "count", "big", "large", "volume"}:
        intents.remove(_size)  # what identifies a row asks for no number of rows
    said: list[Said] = []
    for speak in intents:
        said += [s for s in speak(evidence, tables) if s not in said][:_MOST]
    if said:
        return Answer(question, "offline", tuple(said))
    why = (
        "No measured fact answers this. The offline agent speaks of keys and grain, relations, personal data, quality, sizes "
        "and the claims of CLAUDE.md; for designs use advise with the topic model or pipeline."
    )
    return Answer(question, "offline", state="failed", why=why)
