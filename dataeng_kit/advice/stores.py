"""Topics of the other kinds of store: what each would hold of this case, as the design room makes it and its cells prove it."""

from __future__ import annotations

from dataeng_kit import design as designs
from dataeng_kit.advice.said import decide, largest, line, listed
from dataeng_kit.advice.structures import structures
from dataeng_kit.design.cells import cells
from dataeng_kit.errors import NotApplicable
from dataeng_kit.nouns import Advice, Design, Evidence
from dataeng_kit.nouns.references import fact_id

KINDS = {
    "mongodb": "document",
    "cassandra": "wide_column",
    "redis": "key_value",
    "kafka": "stream",
    "elasticsearch": "search",
    "vault": "vault",
    "graph": "graph",
}
"""Topic → kind of design."""

SECOND = 5_000_000
"""Rows of the largest table below which one database answers what a second store is bought for."""


def applies(topic: str, evidence: Evidence) -> bool:
    """True when the design can be made of this case."""
    return topic in KINDS and _made(topic, evidence) is not None


def _made(topic: str, evidence: Evidence) -> Design | None:
    if KINDS[topic] not in designs.kinds():
        return None
    try:
        return designs.find(KINDS[topic])(evidence)
    except NotApplicable:
        return None


def advise(topic: str, evidence: Evidence) -> Advice:
    """Return one store's design with its cells and the decision whether it is worth a second system."""
    made = _made(topic, evidence)
    if made is None:
        return Advice(topic)
    code = cells(made, evidence)
    proof = tuple(c.id for c in code if c.expects)
    top, at = largest(evidence), made.technology
    named = evidence.context.uses(at)
    refused = next((m for m in evidence.context.not_used if m.name == at), None)
    entities = listed((e.name for e in made.entities), 6)
    past = top.rows > SECOND
    verdict = f"{top.name} has passed {SECOND:,} rows: what one database no longer answers" if past else "nothing yet"
    verdict = "nothing, it is not used" if refused else "what CLAUDE.md names it for" if named else verdict
    decision = decide(
        evidence,
        topic,
        evidence.name,
        "store",
        f"What would {at} hold of {evidence.name}?",
        f"{verdict}; it would hold {len(made.entities)}: {entities}",
        "; ".join(made.sizing[:2]) or f"{top.name} is the largest table with {top.rows:,} rows",
        [f for e in made.entities for f in e.facts],
        [line(m) for m in (refused or named,) if m],
        [] if named or refused else [(fact_id("rows", top.name), SECOND if past else SECOND + 1)],
        alternatives=made.alternatives or (f"none: the {len(evidence.profile.tables)} tables stay where they are",),
        risks=(*made.risks[:2], *made.warnings[:2], f"a second copy of {entities} must be kept in step with its source"),
        questions=made.questions[:3],
        flips_if=f"{top.name} passes {SECOND:,} rows (now {top.rows:,}), or CLAUDE.md names {at}",
        effort=f"L: one writer for {len(made.entities)} targets",
        holds_if=proof,
        cells=proof,
    )
    return Advice(topic, (decision, *structures(topic, made, evidence, proof)), code, (made,))
