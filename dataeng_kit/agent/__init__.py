"""Agents: one protocol; the offline agent answers from measured facts and is the default."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataeng_kit.agent.desk import Desk
from dataeng_kit.agent.settings import Settings
from dataeng_kit.errors import NotApplicable, unknown
from dataeng_kit.nouns import Evidence
from dataeng_kit.nouns.answer import Answer
from dataeng_kit.nouns.base import plain
from dataeng_kit.nouns.event import Limits
from dataeng_kit.nouns.references import write

if TYPE_CHECKING:
    from dataeng_kit.agent.claude import Claude

AGENTS = ("offline", "claude", "replay")


def named(agent: str) -> str:
    """Return *agent* when there is one of that name (``replay:FILE`` with its cassette); raises `KitError` naming the nearest."""
    kind, _, cassette = agent.partition(":")
    if kind not in AGENTS or (kind == "replay") != bool(cassette):
        raise unknown("agent", agent, ("offline", "claude", "replay:FILE"))
    return agent


def ask(question: str, evidence: Evidence, agent: str = "offline", about: tuple[str, ...] = ()) -> Answer:
    """Return the offline agent's answer, every sentence with the facts it cites; another agent needs a desk (`beside`)."""
    if named(agent) != "offline":
        raise NotApplicable("The Claude agent needs the case; nothing was sent", "Use case.ask, or --agent offline")
    from dataeng_kit.agent.offline import answer
    from dataeng_kit.agent.prompt import selected

    return answer(question, selected(evidence, about))


def beside(
    desk: Desk,
    ledger: Path | None = None,
    settings: Settings | None = None,
    limits: Limits | None = None,
    rules: str = "",
    about: tuple[str, ...] = (),
) -> tuple[Claude, dict[str, Any]]:
    """Return the Claude agent at *desk* and the case as the data of its first turn; nothing is sent.

    *rules* are the user's own house rules, which end the system prompt; *about* narrows what is told to some tables and
    columns, by reference.
    """
    from dataeng_kit.agent.claude import Claude
    from dataeng_kit.agent.prompt import case_data, selected, system

    model = (settings or Settings.of({})).model
    told = system(desk.evidence.context, rules)
    shown = selected(desk.evidence, about)
    kept = {write(t.name, c.name) for t in shown.profile.tables for c in t.columns}
    columns = tuple(c for c in desk.columns if c in kept) if about else desk.columns
    agent = Claude(desk, told, model=model, limits=limits, ledger=ledger, columns=columns)
    return agent, plain(case_data(desk.evidence, shown=shown))
