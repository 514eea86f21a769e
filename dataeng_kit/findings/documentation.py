"""Documentation against data: refuted claims, and what cannot be assessed from the data alone."""

from __future__ import annotations

from collections.abc import Iterator

from dataeng_kit.findings.rule import Hit, Look, plural, rule
from dataeng_kit.nouns.references import write


@rule("consistency")
def claim(look: Look) -> Iterator[Hit]:
    """{file} says "{quote}", and the data says otherwise: {evidence}.

    Criterion: {file}, line {line}.
    Cause: the text describes an intention, or an earlier state (opinion).
    Consequence: whoever builds on this sentence builds on something that does not hold.
    Do: correct the sentence or the data, whichever is wrong.
    Ask: Which of the two should hold?
    """
    for result in look.claims:
        if result.verdict != "contradicted":
            continue
        subject = (result.finding or "").partition(":")[2] or write(f"{result.file}:{result.line}")
        values = {"file": result.file, "quote": result.quote, "evidence": result.evidence, "line": result.line}
        harm = (
            "figure" if result.kind in ("unique", "grain", "no_orphans", "reference", "time_order", "sum", "derived") else "rule"
        )
        counted = (result.failing, max(result.of, result.failing)) if result.failing else (1, 1)  # else one sentence
        query, columns = result.query if result.failing else "", (result.column,) if result.column else ()
        lines = (f"{result.file}:{result.line}",)
        yield Hit(result.table, columns, *counted, query, harm, values, subject, facts=result.facts, lines=lines)


@rule("accuracy")
def accuracy_not_assessed(look: Look) -> Iterator[Hit]:
    """Whether the values are true of the world was not assessed: nothing to compare them with was delivered.

    Criterion: accuracy needs a second source (DAMA UK, six dimensions).
    Consequence: a value can pass every check here and still be wrong.
    Do: name a reference for the figures that matter most, and compare a sample.
    Ask: Against what could amounts and names be compared?
    """
    if look.tables:
        yield Hit("", (), 0, len(look.tables), "", "question", subject="case")


@rule("accuracy")
def no_context(look: Look) -> Iterator[Hit]:
    """No CLAUDE.md or other description speaks of the data.

    Criterion: findings are weighed by the purpose the data serves; none is stated.
    Consequence: severities rest on an assumed purpose.
    Do: answer the questions of the draft, or write purpose, owner and retention into CLAUDE.md.
    Ask: What is this data used for, and by whom?
    """
    if look.context.is_empty() and look.tables:
        yield Hit("", (), 0, len(look.tables), "", "question", subject="case")


@rule("timeliness")
def no_time_column(look: Look) -> Iterator[Hit]:
    """No column of {tables} holds a date: order in time can only come from counters or file names.

    Criterion: none known.
    Consequence: freshness, growth, history and change cannot be measured.
    Do: ask for the time of recording; until then order by the counter that counts cycles or versions.
    Ask: When was this data recorded, and which column orders it?
    """
    dated = any(c.type in ("date", "datetime") for t in look.tables for c in t.columns)
    if look.tables and not dated:
        every = len(look.tables)
        yield Hit("", (), every, every, "", "question", {"tables": plural(every, "table")}, "case")
