"""The main job on the shipped e-commerce case: brief, findings, checked advice, a review and a notebook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dataeng_kit.case import open
from dataeng_kit.nouns import Advice
from dataeng_kit.run import Step
from dataeng_kit.share import sample
from dataeng_kit.show import text

_FINDINGS = 8


def demo(out: Path, on_step: Callable[[Step], None] | None = None) -> int:
    """Write ``review.html``, its snapshot and ``review.ipynb`` into *out*, print what matters, and return 0."""
    case = open(sample("ecommerce"))
    brief = case.start("brief", on_step=on_step).result()
    if on_step:
        print("\r\x1b[2K", end="")
    print(text(brief), "\n", sep="")
    findings = case.findings
    print(f"Findings that matter ({min(_FINDINGS, len(findings))} of {len(findings)})")
    for f in findings[:_FINDINGS]:
        print(f"  {f.severity:11} {f.condition}  [{f.evidence}]")
    for topic in ("model", "pipeline"):
        print("\n" + _summary(case.advise(topic)))
    out.mkdir(parents=True, exist_ok=True)
    written = case.review(out / "review.html", exceptions=out / "exceptions", notebook=True)
    print("\nWritten")
    for path in written:
        if path.suffix in (".html", ".ipynb"):
            print(f"  {path}")
    print("\nNext: make lab        (without make: dataeng-kit lab)")
    return 0


def _summary(advice: Advice) -> str:
    lines = [f"Advice: {advice.topic}"]
    for d in advice.decisions[:6]:
        lines.append(f"  {'✓' if d.status == 'kept' else '✗ withdrawn:'} {d.question} {d.choice}")
    green = sum(1 for c in advice.cells if c.check and c.check.ok)
    sums = sum(len(c.check.reconciliation) for c in advice.cells if c.check)
    lines.append(f"  {green} of {len(advice.cells)} cells green, {sums} reconciliations")
    return "\n".join([*lines, *(f"  FAILED {c.title}: {c.check.why}" for c in advice.cells if c.check and not c.check.ok)])
