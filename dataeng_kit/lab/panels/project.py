"""What the project says about itself, and whether the data agrees."""

from __future__ import annotations

from typing import Any

from dataeng_kit.context.corrected import PREFIX
from dataeng_kit.lab.action import button, field
from dataeng_kit.lab.parts import chips, fold, stale, table, waiting
from dataeng_kit.lab.readings import held
from dataeng_kit.nouns import Context, Mention
from dataeng_kit.nouns.context import KINDS, STATEMENTS, Question
from dataeng_kit.show.blocks import Badge, Tone, number, quoted
from dataeng_kit.show.markup import blocks, element, escape, inline
from dataeng_kit.show.views import blocks as view
from dataeng_kit.show.views.context import place

TITLE, ORDER, NEEDS = "Project", 1, ("context", "claims")


def render(bench: Any) -> str:
    """Return chips with line numbers, the tested sentences, the brief, and the files that were read."""
    context: Context | None = bench.got.get("context")
    if context is None:
        return waiting(bench, "context", "What CLAUDE.md says")
    old = stale(bench, "context", "context", label="Read again") or stale(bench, "claims", "claims")
    set_by_you = held(bench.case.choices.inputs) if bench.case is not None else ""
    return old + _brief(bench) + _says(context) + set_by_you + _questions(bench) + _claims(bench, context) + _files(context)


def _brief(bench: Any) -> str:
    brief = bench.got.get("brief:")
    ask = element("div", button("What you do not know: write the brief", "brief", main=True), class_="dk-row")
    old = stale(bench, "brief:", "brief", label="Write it again")
    return old + element("div", blocks(view(brief))) if brief is not None else ask


def _questions(bench: Any) -> str:
    """Return what to ask the data owner: one click per likely answer, a field for any other."""
    title = element("h3", "What to ask")
    asked: tuple[Question, ...] | None = bench.got.get("questions")
    if asked is None:
        return title + element("div", button("Weigh what is not said", "questions"), class_="dk-row")
    again = stale(bench, "questions", "questions", label="Weigh again")
    answers = bench.case.choices.inputs.answers
    return (
        title
        + again
        + ("".join(_question(q, answers.get(q.id, "")) for q in asked) or element("p", "No answer would change advice."))
    )


def _question(q: Question, answer: str) -> str:
    moved = "".join(element("li", escape(d)) for d in q.changes)
    back = button("take back", "override", "answers", q.id, "", name=f"{q.id}: take back")
    told = element("p", escape(f"You said: {answer} ") + back)
    offers = "".join(
        button(f"{o} (likely)" if o == q.recommended else o, "answer", q.id, o, name=f"{q.id}: {o}") for o in q.options
    )
    other = field("other", "or", key=f"other {q.id}") + button(
        "Answer", "answer", q.id, "$other", key=f"answer {q.id}", name=f"Answer: {q.asks}"
    )
    reply = told if answer else element("div", offers + other, class_="dk-row", data_form="1")
    count = f"{len(q.changes)} decision{'' if len(q.changes) == 1 else 's'} wait"
    return element("p", element("strong", escape(q.asks))) + reply + fold(f"waits {q.id}", count, element("ul", moved))


def _says(context: Context) -> str:
    parts = []
    for kind in KINDS:
        parts += _mentions(kind.capitalize(), getattr(context, kind), "no")
    for kind in STATEMENTS:
        items = [(f"{number(s.value)} {s.unit}".strip(), place(s.file, s.line), quoted(s.quote)) for s in getattr(context, kind)]
        parts += [_kind(kind.capitalize(), items)] if items else []
    parts += _mentions("Mentioned, not in use", context.not_used, "yes")
    if not parts:
        return element(
            "p",
            "No CLAUDE.md was found; advice rests on the data alone. Answer below, or draft one: dataeng-kit context DATA --init",
        )
    return element("h3", "What CLAUDE.md says") + element("dl", "".join(parts), class_="dk-says")


def _mentions(title: str, mentions: tuple[Mention, ...], other: str) -> list[str]:
    """Return one row of chips, each with the click that says the opposite; nothing when there are none."""
    items = [
        (m.name.replace("_", " "), place(m.file, m.line), m.why if m.why.startswith("you said") else quoted(m.quote))
        for m in mentions
    ]
    word = "it is in use" if other == "yes" else "not in use"
    change = {
        m.name.replace("_", " "): button(word, "override", "answers", PREFIX + m.name, other, name=f"{m.name}: {word}")
        for m in mentions
    }
    return [element("dt", escape(title)) + element("dd", chips(items, change))] if items else []


def _kind(name: str, items: list[tuple[str, str, str]]) -> str:
    return element("dt", escape(name)) + element("dd", chips(items))


def _claims(bench: Any, context: Context) -> str:
    tested = bench.got.get("claims")
    if tested:
        return blocks(view(tested))
    if tested is None and context.claims:
        return element("p", escape(f"{len(context.claims)} sentences will be tested against the data."))
    return ""


def _files(context: Context) -> str:
    rows = []
    for f in context.files:
        tone: Tone = "good" if f.status == "found" else "warn"
        asked = place(f.imported_by, f.line) if f.imported_by else ""
        rows.append([escape(f.path), inline(Badge(f.status, tone)), escape(f.why), escape(asked)])
    grid = table(("file", "status", "why", "named in"), rows) if rows else ""
    return fold("files", f"Files looked for: {len(context.files)}", grid) if rows else ""
