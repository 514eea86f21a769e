"""The end of an advice: its decisions as three phases by effort, what must be asked first, and what each phase stands on."""

from __future__ import annotations

from dataeng_kit.advice.said import decide
from dataeng_kit.nouns import Decision, Evidence

PHASES = (("S", "days"), ("M", "weeks"), ("L", "months"))
"""Effort of a decision → how long its phase takes for one engineer."""


def roadmap(evidence: Evidence, topic: str, decisions: tuple[Decision, ...]) -> Decision | None:
    """Return one decision: answers first, then what takes days, weeks, months; None below two decisions."""
    if len(decisions) < 2:
        return None
    asked = [d for d in decisions if d.questions]
    phases = [f"0. ask about {', '.join(dict.fromkeys(d.subject for d in asked))}"] if asked else []
    drivers = []
    for size, span in PHASES:
        mine = [d for d in decisions if (d.effort or "M")[:1] == size]
        if mine:
            phases.append(f"{len(phases) if asked else len(phases) + 1}. {span}: {_named(mine)}")
            driver = next((d for d in mine if ":" in d.effort), mine[0])
            drivers.append(f"{driver.subject}: {driver.effort}")
    first = next((d for d in decisions if d.flips), decisions[0])
    return decide(
        evidence,
        topic,
        evidence.name,
        "roadmap",
        f"In which order are these {len(decisions)} decisions carried out?",
        ". ".join(phases),
        f"{len(asked)} of {len(decisions)} wait for an answer; effort is driven by {'; '.join(drivers)}",
        dict.fromkeys(f for d in decisions for f in d.facts[:2]),
        dict.fromkeys(at for d in decisions for at in d.lines),
        flips=((f, v) for f, v in first.flips if v is not None),
        alternatives=(f"all {len(decisions)} at once: the {len(asked)} open answers would undo part of it",),
        flips_if=f"{first.subject}: {first.flips_if}",
        effort=f"{max((d.effort[:1] for d in decisions if d.effort), key='SML'.index, default='M')}: its largest step",
    )


def _named(decisions: list[Decision]) -> str:
    return "; ".join(f"{d.id.rsplit('/', 1)[1].replace('_', ' ')} of {d.subject} ({shortened(d.choice)})" for d in decisions)


def shortened(choice: str) -> str:
    """Return a choice cut at a word after some 60 characters."""
    return choice if len(choice) <= 64 else choice[:60].rsplit(" ", 1)[0] + " …"
