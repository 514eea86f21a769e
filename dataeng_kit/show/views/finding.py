"""What a reviewer must know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dataeng_kit.nouns import Finding
from dataeng_kit.nouns.finding import SEVERITIES
from dataeng_kit.nouns.references import write
from dataeng_kit.show.blocks import Block, Fold, Grid, Heading, Inline, Mono, Para, Strong, count, facts, short
from dataeng_kit.show.views.base import listed, query, severity, view


def subject(noun: Finding) -> str:
    """Return the reference a finding is about."""
    return write(*filter(None, (noun.table, noun.column))) if noun.table else "the whole case"


def headline(noun: Finding) -> Inline:
    """Return the line a reader scans: severity, what is, how many."""
    return [severity(noun.severity), " ", Strong(short(noun.condition, 180)), "  ", Mono(subject(noun))]


def body(noun: Finding) -> tuple[Block, ...]:
    """Return the audit's parts of one finding."""
    return (
        *facts(
            [
                ("Measured", noun.evidence if noun.of else ""),
                ("Should be", noun.criterion),
                (
                    "Consequence",
                    f"{noun.consequence} ({noun.purpose})" if noun.purpose and noun.consequence else noun.consequence,
                ),
                ("Cause, an opinion", noun.cause),
                ("Do", noun.recommendation),
                ("Ask", noun.question),
                ("Rests on", listed((*noun.facts, *noun.lines)) if noun.facts or noun.lines else ""),
            ]
        ),
        *query(noun.query, "Query that returns the failing rows"),
    )


@view(Finding)
def finding(noun: Finding) -> Iterable[Block]:
    """One finding in full."""
    yield Para(headline(noun))
    yield from body(noun)


@view(Finding, many=True)
def findings(nouns: Sequence[Finding]) -> Iterable[Block]:
    """How many of each severity, then each behind its headline, worst first."""
    yield Heading("Findings")
    counted = tuple((severity(s), str(n)) for s in reversed(SEVERITIES) if (n := sum(f.severity == s for f in nouns)))
    yield Grid(("severity", "findings"), counted, ("findings",))
    for noun in sorted(nouns, key=lambda f: (-SEVERITIES.index(f.severity), -f.rank)):
        yield Fold(headline(noun), body(noun))
    yield Para(f"{count(len(nouns), 'finding')}; the query behind each returns its rows.")
