"""What a reviewer must know: filtered, with evidence, and a verdict with who and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dataeng_kit.lab.action import button
from dataeng_kit.lab.parts import fold, search, stale, verdict_form, waiting
from dataeng_kit.nouns import Finding
from dataeng_kit.nouns.finding import SEVERITIES
from dataeng_kit.show.blocks import Badge, Inline, line, number
from dataeng_kit.show.markup import blocks, element, inline
from dataeng_kit.show.views.base import severity
from dataeng_kit.show.views.finding import body, headline, subject

TITLE, ORDER, NEEDS = "Findings", 3, ("findings",)
_VERDICTS = (("Accept", "accept"), ("Won't fix", "reject"), ("Fixed", "fix"), ("Later", "defer"))


def render(bench: Any) -> str:
    """Return counts by severity, a filter, and one fold per finding, worst first."""
    findings: tuple[Finding, ...] | None = bench.got.get("findings")
    if findings is None:
        return waiting(bench, "findings", "Findings")
    if not findings:
        return stale(bench, "findings", "findings") + element("p", "No rule found anything a reviewer must know.")
    choices = bench.case.choices
    old = stale(bench, "findings", "findings")
    counts: list[Inline] = []
    for word in reversed(SEVERITIES):
        n = sum(f.severity == word for f in findings)
        counts += [severity(word), f" {n}   "] if n else []
    items = []
    for f in sorted(findings, key=lambda f: (-SEVERITIES.index(f.severity), -f.rank)):
        verdict = choices.verdict(f.id)
        mark = line("  ", Badge(verdict.status, "good")) if verdict else ""
        aged: Inline = Badge("stale", "warn") if old and _touched(bench, f) else ""
        inner = blocks(body(f)) + _again(bench, f) + verdict_form(f.id, verdict, _VERDICTS, f.condition[:80])
        items.append(
            fold(f"finding {f.id}", [headline(f), mark, aged], inner, f"{f.severity} {f.dimension} {subject(f)} {f.condition}")
        )
    top = element("p", inline(counts)) + search("Filter: severity, table, column or word", "find-findings")
    again = element("div", button("Measure all again", "findings", key="measure again"), class_="dk-row")
    return old + element("div", top + "".join(items), data_scope="1") + again


def _again(bench: Any, finding: Finding) -> str:
    """Return the button that counts the failing rows once more, and what it said."""
    fact = bench.got.get(f"measure:{finding.id}")
    if not finding.of:
        return ""
    same = fact is not None and fact.value == finding.failing
    told = (
        f"Counted again: {number(fact.value)}, {'as before' if same else f'before {finding.failing:,}'}."
        if fact is not None
        else ""
    )
    words = inline([Badge(told, "good" if same else "warn")]) if told else ""
    once = button("Measure again", "measure", finding.id, name=f"Measure again: {finding.condition[:80]}")
    return element("div", once + words, class_="dk-row")


def _touched(bench: Any, finding: Finding) -> bool:
    """True when a file that the finding stands on changed: its table's, or the document whose line it cites."""
    names = set(bench.moved.get("findings", ()))
    table = next((t for t in bench.got.get("tables", ()) if t.name == finding.table), None)
    own = {Path(table.source).name, *table.parts} if table else set()
    own |= {Path(cited.partition(":")[0]).name for cited in finding.lines}
    return bool(names & own) or table is None or "your choices" in names
