"""Topic `architecture`: where the data lies and how it stays fresh, weighed by cards, with a diagram of this very case."""

from __future__ import annotations

from dataeng_kit.advice.increments import levels, plan
from dataeng_kit.design.target import target
from dataeng_kit.nouns import Advice, Evidence


def applies(evidence: Evidence) -> str:
    """Return why the topic fits the case, or an empty text."""
    return f"{len(evidence.profile.tables)} tables to place" if evidence.profile.tables else ""


def advise(evidence: Evidence) -> Advice:
    """Return the diagram, in ``detail["mermaid"]``; the decisions are cards."""
    return Advice("architecture", detail={"mermaid": diagram(evidence)})


def diagram(evidence: Evidence) -> str:
    """Return a Mermaid flowchart of the case: its tables in load waves, the landing, the models, and who starts them."""
    waves = levels(plan(evidence))
    tool = next((m.name for m in evidence.context.orchestration), "scheduler")
    lines = ["flowchart LR"]
    for n, wave in enumerate(waves):
        shown = ", ".join(_plain(t) for t in wave[:5]) + (f" and {len(wave) - 5} more" if len(wave) > 5 else "")
        lines.append(f'  w{n}["{n + 1}. {shown}"] --> landing')
    lines += [
        f'  landing[("landing in {_plain(target(evidence))}")] --> core["core: normalised"]',
        '  landing --> mart["mart: star"]',
        "  landing --> quarantine",
        f'  job["{_plain(tool)}"] -.starts.-> landing',
    ]
    return "\n".join(lines)


def _plain(text: str) -> str:
    return "".join(c if c.isalnum() or c in " _-/." else " " for c in text)
