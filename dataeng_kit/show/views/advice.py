"""Decisions with their evidence, and cells with their checks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dataeng_kit.nouns import Advice, Cell, Check, Decision, Design, Entity, Reconciliation
from dataeng_kit.show.blocks import (
    Badge,
    Block,
    Bullets,
    Code,
    Fold,
    Grid,
    Heading,
    Inline,
    Mono,
    Para,
    Strong,
    count,
    facts,
    line,
    number,
    short,
)
from dataeng_kit.show.views.base import LEVEL, listed, view


def badge(check: Check | None) -> Badge:
    """Return a check as a badge; a failed reconciliation makes a run a failure."""
    if check is None:
        return Badge("not checked", "muted")
    broken = check.level not in ("failed", "not_checked") and not check.ok
    return Badge(
        f"{check.badge}, does not reconcile" if broken else check.badge, "bad" if broken else LEVEL.get(check.level, "plain")
    )


def standing(noun: Decision) -> Badge:
    """Return how far a decision can be trusted."""
    if noun.status != "kept":
        return Badge(noun.status, "bad")
    return Badge("opinion", "muted") if noun.opinion else Badge(_rests(noun), "good")


def _rests(noun: Decision) -> str:
    """Return how much stands behind a decision: ``3 facts, 1 line``."""
    parts = [count(len(noun.facts), "fact") if noun.facts else "", count(len(noun.lines), "line") if noun.lines else ""]
    return ", ".join(p for p in parts if p)


def decision_head(noun: Decision) -> Inline:
    """Return question and choice on one line."""
    return [short(noun.question, 120), " ", Strong(short(noun.choice, 120)), "  ", standing(noun)]


def decision_body(noun: Decision) -> tuple[Block, ...]:
    """Return why, what else, what it costs, and what would change it."""
    return (
        Para(noun.why),
        *facts(
            [
                ("Because", noun.because),
                ("Instead of", "; ".join(noun.alternatives)),
                ("Trade-offs", "; ".join(noun.trade_offs)),
                ("Risks", "; ".join(noun.risks)),
                ("Ask", "; ".join(noun.questions)),
                ("Would change if", noun.flips_if),
                ("Effort", noun.effort),
                ("Rests on", listed((*noun.lines, *noun.facts)) if noun.facts or noun.lines else ""),
            ]
        ),
    )


@view(Decision)
def decision(noun: Decision) -> Iterable[Block]:
    """One decision in full."""
    yield Para(decision_head(noun))
    yield from decision_body(noun)


def reconciliation(rows: Sequence[Reconciliation]) -> Grid:
    """Return both sides of each reconciliation."""
    return Grid(
        ("reconciliation", "left", "right", "result"),
        tuple(
            (r.name, number(r.left), number(r.right), Badge("agrees", "good") if r.ok else Badge("differs", "bad")) for r in rows
        ),
        ("left", "right"),
    )


@view(Check)
def check(noun: Check) -> Iterable[Block]:
    """What happened on the engine."""
    yield Para([badge(noun), f" in {noun.seconds:.2f} s" if noun.seconds else "", f". {noun.why}" if noun.why else ""])
    yield from facts(
        [
            ("Rows in", "" if noun.rows_in is None else number(noun.rows_in)),
            ("Rows out", "" if noun.rows_out is None else number(noun.rows_out)),
            ("Isolation", noun.isolation),
        ]
    )
    if noun.reconciliation:
        yield reconciliation(noun.reconciliation)
    if noun.output:
        yield Code(noun.output)


@view(Cell)
def cell(noun: Cell) -> Iterable[Block]:
    """One cell: purpose, code, check."""
    yield Para([Strong(noun.title), "  ", badge(noun.check)])
    yield Para([noun.purpose, "  ", Mono(noun.path or noun.id)])
    yield Code(noun.source, noun.language)
    if noun.check:
        yield from tuple(check(noun.check))[1:]


def entity_grid(entity: Entity) -> Grid:
    """Return the columns of a target table with where each comes from."""
    key = set(entity.key)
    rows = tuple(
        (
            line(Strong(a.name), " ", Badge("key", "info")) if a.name in key else Strong(a.name),
            a.type,
            a.role,
            listed(a.lineage, 3),
            short(a.note or a.expression, 60),
        )
        for a in entity.attributes
    )
    return Grid(("column", "type", "role", "comes from", "how"), rows)


@view(Design)
def design(noun: Design) -> Iterable[Block]:
    """A target model: its tables, lineage, and the bus matrix of a dimensional one."""
    yield Heading(noun.title or f"{noun.kind} model for {noun.technology}", 3)
    facts_ = [e for e in noun.entities if e.kind == "fact"]
    dimensions = tuple(dict.fromkeys(d for e in facts_ for d in e.dimensions))
    if facts_ and dimensions:
        rows = tuple(
            (Strong(e.name), short(e.grain_sentence, 80), *("●" if d in e.dimensions else "" for d in dimensions)) for e in facts_
        )
        yield Grid(("fact", "one row is", *dimensions), rows, caption="Bus matrix")
    for entity in noun.entities:
        yield Fold(
            [
                Strong(entity.name),
                f"  {entity.kind}, {count(len(entity.attributes), 'column')}. {short(entity.grain_sentence, 100)}",
            ],
            (entity_grid(entity),),
        )
    for title, items in (
        ("Steps", noun.steps),
        ("Sizing", noun.sizing),
        ("Warnings", noun.warnings),
        ("Tried and withdrawn", noun.tried),
    ):
        if items:
            yield Fold(title, (Bullets(tuple(items)),))


@view(Advice)
def advice(noun: Advice) -> Iterable[Block]:
    """Decisions first, then models, then the cells that were checked."""
    yield Heading(f"Advice: {noun.topic.replace('_', ' ')}")
    for item in noun.decisions:
        yield Fold(decision_head(item), decision_body(item))
    for model in noun.designs:
        yield from design(model)
    if noun.cells:
        good = sum(bool(c.check and c.check.ok) for c in noun.cells)
        yield Heading(f"Code: {good} of {count(len(noun.cells), 'cell')} checked and in order", 3)
    for made in noun.cells:
        yield Fold(line(Strong(made.title), "  ", badge(made.check)), tuple(cell(made))[1:])
    if noun.missing:
        yield Fold("What this advice could not say", (Bullets(tuple(noun.missing)),))
