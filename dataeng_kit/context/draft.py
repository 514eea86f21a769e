"""A CLAUDE.md drafted from measured facts, for a folder that has none; each line names the fact it stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from dataeng_kit.context.questions import cards, said
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Profile, TableProfile
from dataeng_kit.nouns.context import Question
from dataeng_kit.nouns.references import fact_id, write

ASSUMED = "*(assumed)*"
"""Stands behind an answer that nobody gave: the kit recommended it."""


def draft(
    profile: Profile,
    name: str = "Project",
    questions: Sequence[Question] = (),
    answers: Mapping[str, str] | None = None,
    assume: bool = False,
) -> str:
    """Return a CLAUDE.md of what was measured (tables, keys, links, periods, each with its fact id) and of the answers.

    *answers*: question id → the owner's words; *assume*: take what is recommended for the rest, marked ``(assumed)``. A
    question without an answer stays as a comment with the number of decisions that wait for it.
    """
    parts = [f"# {name}", "<!-- drafted from measurements; the id in brackets names the fact; correct what is wrong -->"]
    parts += _agreed(questions, answers or {}, assume)
    parts += ["## Tables", *("\n".join(_table(t)) for t in profile.tables)]
    pairs = [(k, write(k.table, *k.columns), write(k.ref_table, *k.ref_columns)) for k in profile.foreign_keys]
    links = [f"- `{child}` references `{parent}`, {k.orphans:,} orphans{_fact(profile, k.fact)}" for k, child, parent in pairs]
    return "\n\n".join(parts + (["## Links", "\n".join(links)] if links else [])) + "\n"


def _agreed(questions: Sequence[Question], answers: Mapping[str, str], assume: bool) -> list[str]:
    """Return one section per heading of the question cards, an open question as a comment."""
    sections: dict[str, list[str]] = {}
    asked = {q.id: q for q in questions}
    for id in dict.fromkeys((*(i for i in answers if i in cards()), *asked)):
        if id in answers:
            line = f"- {said(id, answers[id])}"
        elif assume:
            line = f"- {said(id, asked[id].recommended)} {ASSUMED}"
        else:
            q = asked[id]
            line = f"<!-- {q.asks} {len(q.changes)} decisions wait; for example: {said(id, q.recommended)} -->"
        sections.setdefault(cards()[id].heading, []).append(line)
    return [f"## {heading}\n\n" + "\n".join(lines) for heading, lines in sections.items()]


def _fact(profile: Profile, id: str) -> str:
    return f" [{id}]" if id in profile.by_id else ""


def _table(table: TableProfile) -> Iterator[str]:
    yield f"### {table.name}\n"
    yield f"- {table.rows:,} rows [{fact_id('rows', table.name)}]"
    if table.primary_key:
        key = ", ".join(f"`{c}`" for c in table.primary_key)
        yield f"- one row per {key} [{fact_id('distinct', table.name, table.primary_key[0])}]"
    if table.time:
        time = table.time
        period = f"`{time.column}` runs from {time.start} to {time.end}, {time.rows_per_day:,.0f} rows per day"
        yield f"- {period} [{fact_id('max', table.name, time.column)}]"


def answered_by(questions: Sequence[Question], ask: Callable[[str], str]) -> dict[str, str]:
    """Return question id → what *ask* was told; an empty line leaves a question open, a number picks an option."""
    told = {}
    for q in questions:
        options = "; ".join(f"{n} {o}" for n, o in enumerate(q.options, 1))
        answer = ask(f"{q.asks} ({len(q.changes)} decisions wait) [{options}] ").strip()
        told[q.id] = q.options[int(answer) - 1] if answer.isdigit() and 0 < int(answer) <= len(q.options) else answer
    return {id: answer for id, answer in told.items() if answer}


def write_new(path: Path, text: str) -> Path:
    """Write *text* to *path* and return it; raises `KitError` when the file exists (a user's words stay) or has no folder."""
    if path.exists():
        raise KitError(f"'{path}' exists", "Edit it, or name another file")
    if not path.parent.is_dir():
        raise KitError(f"'{path.parent}' is no folder", "Name a folder that exists")
    path.write_text(text, "utf-8")
    return path
