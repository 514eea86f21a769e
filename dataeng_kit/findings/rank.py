"""From hits to ranked findings: severity = importance × distance from the target; rank = severity × rows or money affected."""

from __future__ import annotations

import math

from dataeng_kit.findings.rule import HARMS, Hit, Rule
from dataeng_kit.nouns import Context, Finding
from dataeng_kit.nouns.context import Statement
from dataeng_kit.nouns.finding import SEVERITIES
from dataeng_kit.nouns.references import write
from dataeng_kit.profile.laws.words import split

_WEIGHT = {"observation": 0.1, "low": 1.0, "medium": 10.0, "high": 100.0, "critical": 1000.0}
ASSUMED = "joins and totals over these tables can be trusted (assumed)"
"""The purpose that every discovery serves when CLAUDE.md states none."""


def purpose_of(context: Context, hit: Hit) -> tuple[Statement | None, bool]:
    """Return the stated purpose the hit matters most to, and whether it names the hit's table or columns."""
    words = {w for name in (hit.table, *hit.columns) for w in split(name) if len(w) > 3}
    for statement in context.purposes:
        if words & set(split(f"{statement.value} {statement.quote} {statement.subject}")):
            return statement, True
    return (context.purposes[0], False) if context.purposes else (None, False)


def severity(hit: Hit, named: bool) -> str:
    """Return one of SEVERITIES: the harm sets the level, the share of rows moves it by one, a purpose that names it too.

    Fewer than ten rows or under 0.1 % lower a level; 5 % of the rows raise a wrong
    key figure of a named purpose to critical. Questions and broken duties do not move.
    """
    level = HARMS.index(hit.harm)
    share = hit.failing / hit.of if hit.of else 1.0
    if hit.harm in ("rule", "figure"):
        level -= (hit.failing < 10 and share < 0.2) or share < 0.001
        level += hit.harm == "figure" and named and share >= 0.05
    return SEVERITIES[max(0, min(level, len(SEVERITIES) - 1))]


def finding(context: Context, rule: Rule, hit: Hit) -> Finding:
    """Return the finding of one hit: message filled, purpose attached, ranked."""
    statement, named = purpose_of(context, hit)
    level = severity(hit, named)
    share = hit.failing / hit.of if hit.of else 1.0
    column = hit.columns[0] if hit.columns else ""
    affected = math.log10(10 + max(hit.failing, hit.money)) * (0.25 + min(share, 0.8 if hit.harm in ("figure", "duty") else 0.4))
    values = {
        "table": hit.table,
        "column": column,
        "columns": ", ".join(hit.columns),
        "failing": f"{hit.failing:,}",
        "of": f"{hit.of:,}",
        "share": f"{100 * share:.1f} %",
        **hit.values,
    }
    text = {part: message.format_map(values) for part, message in rule.parts.items()}
    lines = (*hit.lines, *((f"{statement.file}:{statement.line}",) if statement else ()))
    return Finding(
        f"{rule.name}:{hit.subject or write(*(p for p in (hit.table, column) if p))}",
        rule.name,
        level,
        rule.dimension,
        hit.table,
        column,
        failing=hit.failing,
        of=hit.of,
        query=hit.query,
        facts=hit.facts,
        lines=lines,
        purpose=str(statement.value) if statement else ASSUMED,
        rank=round(_WEIGHT[level] * affected * (1.5 if named else 1.0), 4),
        **text,
    )
