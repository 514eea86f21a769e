"""Topics this case needs, decisions to accept or turn down, and cells that have run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dataeng_kit.lab.action import button, field, select
from dataeng_kit.lab.parts import cell, drawing, fold, stale, verdict_form, waiting
from dataeng_kit.nouns import Advice, Choices, Decision, Design
from dataeng_kit.nouns.answer import Answer
from dataeng_kit.show.blocks import Badge, count, line
from dataeng_kit.show.diagram import lineage_svg
from dataeng_kit.show.markup import blocks, element, escape
from dataeng_kit.show.views import blocks as view
from dataeng_kit.show.views.advice import decision_body, decision_head

TITLE, ORDER, NEEDS = "Advice", 4, ("topics",)
_LONGEST = 40_000
"""Characters of a request shown in the panel; `case.preview` returns all."""
_AGENTS = {"": "facts and rules: nothing leaves", "claude": "Claude: sends what the preview shows"}
_VERDICTS = (("Accept", "accept"), ("Reject", "reject"), ("Later", "defer"))


def render(bench: Any) -> str:
    """Return the topics, the free question, and what was advised, newest first."""
    topics = bench.got.get("topics")
    if topics is None:
        return waiting(bench, "topics", "Topics that this case needs")
    offered = "".join(button(t.replace("_", " ").capitalize(), "advise", t, main=t in ("model", "pipeline")) for t in topics)
    asked = field("question", "Ask the case", "ask", "What identifies a row of …?") + select(
        "agent", "Who answers", _AGENTS, "", "agent"
    )
    asked += button("Ask", "ask", "$question", "$agent") + button("What Claude would be sent", "preview", "$question")
    given = [(k, v) for k, v in bench.got.items() if isinstance(v, Advice | Answer)]
    choices = bench.case.choices
    shown = "".join(_advice(bench, v, choices) if isinstance(v, Advice) else _answer(bench, k, v) for k, v in reversed(given))
    form = element("div", asked, class_="dk-row", data_form="1") + _preview(bench)
    old = stale(bench, "topics", "topics", label="Choose again")
    return old + element("h3", "Topics") + element("div", offered, class_="dk-row") + form + shown


def _preview(bench: Any) -> str:
    """Return the exact body of the request that would be sent first, as it was asked for last."""
    text = next((v for k, v in reversed(bench.got.items()) if k.startswith("preview:")), "")
    if not text:
        return ""
    body = element("pre", element("code", escape(text[:_LONGEST])), tabindex="0", aria_label="Request body")
    cut = element("p", f"… and {len(text) - _LONGEST:,} characters more.") if len(text) > _LONGEST else ""
    return fold("preview", f"What Claude would be sent: {len(text.encode()):,} bytes; nothing was", body + cut)


def _answer(bench: Any, key: str, answer: Answer) -> str:
    return stale(bench, key, "ask", key.partition(":")[2], label="Ask again") + element("div", blocks(view(answer)))


def _advice(bench: Any, advice: Advice, choices: Choices) -> str:
    topic = advice.topic
    good = sum(bool(c.check and c.check.ok) for c in advice.cells)
    head = element("h3", escape(f"Advice: {topic.replace('_', ' ')}"))
    old = stale(bench, f"advise:{topic}", "advise", topic, label="Advise again")
    words = f"{count(len(advice.decisions), 'decision')}; {good} of {count(len(advice.cells), 'cell')} checked and in order."
    tools = ""
    if advice.cells:
        ids = [c.id for c in advice.cells]
        tools += button("Insert all cells", "insert", *ids, main=True, key=f"insert all {topic}")
    tools += button("Insert a summary", "summary", topic)
    if any(e.kind == "faster" for c in advice.cells for e in c.expects):
        tools += button("Insert the chart before and after", "picture", "before_after", topic)
    missing = fold(f"missing {topic}", "What this advice could not say", element("ul", "".join(
        element("li", escape(m)) for m in advice.missing))) if advice.missing else ""  # fmt: skip
    decisions = "".join(_decision(d, choices) for d in advice.decisions)
    designs = "".join(_design(topic, at, d) for at, d in enumerate(advice.designs))
    again = {c.id: bench.got.get(f"check:{c.id}", c.check) for c in advice.cells}
    waits = bench.insertion.differ
    cells = "".join(cell(replace(c, check=again[c.id]), topic, waits.get(c.id, ""), bool(old)) for c in advice.cells)
    cells = element("h4", "Cells") + cells if cells else ""
    return (
        head + old + element("p", escape(words)) + element("div", tools, class_="dk-row") + decisions + designs + cells + missing
    )


def _design(topic: str, at: int, design: Design) -> str:
    tools = button("Insert the model as a picture", "picture", "er", topic, at, name=f"Insert the picture: {design.kind}")
    tools += button("Insert the lineage", "picture", "lineage", topic, at, name=f"Insert the lineage: {design.kind}")
    if any(e.dimensions for e in design.entities):
        tools += button("Insert the bus matrix", "picture", "bus_matrix", topic, at)
    drawn = fold(f"lineage {topic} {at}", "Where each table comes from", drawing(lineage_svg(design), "Lineage picture"))
    head = f"{design.kind.replace('_', ' ').capitalize()} model: {count(len(design.entities), 'table')}"
    return fold(f"design {topic} {at}", head, blocks(view(design)) + drawn + element("div", tools, class_="dk-row"))


def _decision(decision: Decision, choices: Choices) -> str:
    verdict = choices.verdict(decision.id)
    mark = line("  ", Badge(verdict.status, "good")) if verdict else ""
    inner = blocks(decision_body(decision)) + verdict_form(decision.id, verdict, _VERDICTS, decision.question[:80])
    return fold(f"decision {decision.id}", [decision_head(decision), mark], inner)
