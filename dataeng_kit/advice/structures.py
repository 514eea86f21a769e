"""The choices inside a store's design as decisions: what is embedded, what one partition is, what events are keyed by."""

from __future__ import annotations

from dataeng_kit.advice.said import decide
from dataeng_kit.nouns import Decision, Design, Evidence


def structures(topic: str, design: Design, evidence: Evidence, proof: tuple[str, ...]) -> tuple[Decision, ...]:
    """Return one decision per choice that the design took by a measured number; the design carries words and threshold."""
    return tuple(
        decide(
            evidence,
            topic,
            found["subject"],
            found["slug"],
            found["question"],
            found["choice"],
            found["why"],
            e.facts,
            (),
            found["flips"],
            alternatives=tuple(found["alternatives"]),
            flips_if=found["flips_if"],
            risks=(e.grain_sentence,),
            effort=f"S: {len(e.attributes)} fields of {e.sources[0]}",
            holds_if=proof,
            cells=proof,
        )
        for e in design.entities
        for found in e.detail.get("decisions", ())
    )
