"""Topic `analytics_engineering`: key figures with formula, grain, filter, owner; two definitions of one, with both numbers."""

from __future__ import annotations

from dataeng_kit.advice.kpis import Conflict, Kpi, conflict, kpis
from dataeng_kit.advice.said import decide
from dataeng_kit.design.reading import read
from dataeng_kit.nouns import Advice, Decision, Evidence
from dataeng_kit.nouns.references import fact_id, write

TOPIC = "analytics_engineering"


def applies(evidence: Evidence) -> str:
    """Return why the topic fits the case, or an empty text."""
    return f"{len(evidence.profile.tables)} tables to report on" if evidence.profile.tables else ""


def advise(evidence: Evidence) -> Advice:
    """Return one decision per key figure, and first the one between two definitions that disagree."""
    found = conflict(evidence)
    figures = kpis(evidence, read(evidence))
    decisions = [*([_rivals(evidence, found)] if found else []), *(_figure(evidence, k) for k in figures)]
    missing = () if figures else (f"key figures: no dated event table of {evidence.name} carries an amount that adds up",)
    return Advice(TOPIC, tuple(decisions), missing=missing)


def _figure(evidence: Evidence, k: Kpi) -> Decision:
    rows = evidence.profile.table(k.table).rows
    subject = write(k.table, k.column) if k.column else k.table
    kept = evidence.profile.table(k.table).column(k.day).filled
    return decide(
        evidence,
        TOPIC,
        subject,
        "kpi",
        f"How is “{k.name}” defined?",
        f"{k.formula}; {k.grain}; {k.filter}; owner: {k.owner or 'asked for'}",
        f"{kept:,} of {rows:,} rows of {k.table} carry a {k.day}",
        k.facts,
        [k.line] if k.line else [],
        [(fact_id("nulls", k.table, k.day), rows // 2)],
        alternatives=(f"by the day of the load instead of {k.day}: late rows of {k.table} move between months",),
        questions=() if k.owner else (f"Who answers for {k.name}, and which rows of {k.table} do not count?",),
        flips_if=f"more rows of {k.table} lack their {k.day} (now {rows - kept:,})",
        effort="S: one line in metrics.definitions" if k.owner else "M: an owner must be found",
    )


def _rivals(evidence: Evidence, found: Conflict) -> Decision:
    (one, a), (two, b) = found.sides
    lines = [k.line for k in (one, two) if k.line]
    return decide(
        evidence,
        TOPIC,
        one.name,
        "definition",
        f"Which is the figure: sum({one.name}) = {a:,.2f} or sum({two.name}) = {b:,.2f}?",
        f"sum({two.name}), {b:,.2f}: the detail can be checked row by row; sum({one.name}), {a:,.2f}, is shown beside it",
        found.why,
        found.facts,
        lines,
        [(fact_id("mean", two.table, two.column), 1.5 * (evidence.profile.table(two.table).column(two.column).mean or 1))],
        alternatives=(f"sum({one.name}): {a:,.2f}, {abs(a - b):,.2f} away, and nothing below it explains the difference",),
        questions=(f"Which of {a:,.2f} and {b:,.2f} does {one.owner or two.owner or 'finance'} report today?",),
        flips_if=f"the {found.differ:,} rows that differ are mended, and both totals agree",
        effort="S: one answer",
    )
