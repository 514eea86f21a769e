"""The page a director reads: what the client does not know, and the decisions that follow."""

from __future__ import annotations

from collections.abc import Iterable

from dataeng_kit.nouns.brief import Brief, Point
from dataeng_kit.show.blocks import Block, Bullets, Fold, Heading, Inline, Mono, Para, Strong, count, facts, line, quoted
from dataeng_kit.show.views.advice import decision_body, decision_head
from dataeng_kit.show.views.base import query, severity, view
from dataeng_kit.show.views.finding import subject


def _point(number: int, noun: Point) -> Iterable[Block]:
    found = noun.finding
    yield Para(line(Strong(f"{number}. {found.condition}"), "  ", severity(found.severity), " ", Mono(subject(found))))
    contradicts: Inline = line(f"“{quoted(noun.contradicts, 160)}” ", Mono(noun.said_at)) if noun.contradicts else ""
    asked = f"{found.question} ({noun.whom})" if noun.whom and found.question else found.question
    yield from facts(
        [
            ("Measured", found.evidence if found.of else ""),
            ("CLAUDE.md says", contradicts),
            ("Consequence", found.consequence),
            ("Ask", asked),
            ("Failing rows", noun.file),
            ("Same cause", f"{count(len(noun.also), 'further finding')}" if noun.also else ""),
        ]
    )
    yield from query(found.query, "Query that returns the failing rows")


@view(Brief)
def brief(noun: Brief) -> Iterable[Block]:
    """Judgement, three points, three decisions."""
    yield Heading(f"{noun.name}: what you did not know", 2)
    stated = f" (stated in {noun.purpose_at})" if noun.stated else " (assumed)"
    yield Para(line(Strong(noun.judgement.capitalize()), f" for {noun.purpose}{stated if noun.purpose else ''}. ", noun.summary))
    if noun.tables:
        counts = ", ".join(f"{n} {word}" for word, n in noun.severities)
        yield Para(f"{count(noun.tables, 'table')}, {count(noun.rows, 'row')}; findings: {counts or 'none'}.")
    for number, point in enumerate(noun.points, 1):
        yield from _point(number, point)
    if noun.decisions:
        yield Heading("Decisions that follow", 3)
    for item in noun.decisions:
        yield Fold(decision_head(item), decision_body(item))
    if not noun.points:
        yield Bullets(("No finding reached the first page.",))
