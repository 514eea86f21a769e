"""Agents: one protocol; the offline agent answers from measured facts and is the default."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataeng_kit.agent.desk import Desk
from dataeng_kit.errors import NotApplicable, unknown
from dataeng_kit.nouns import Evidence
from dataeng_kit.nouns.answer import Answer
from dataeng_kit.nouns.base import plain

if TYPE_CHECKING:
    from dataeng_kit.agent.claude import Claude

AGENTS = ("offline", "claude")


def named(agent: str) -> str:
    """Return *agent* when there is one of that name; raises `KitError` naming the nearest."""
    if agent not in AGENTS:
        raise unknown("agent", agent, AGENTS)
    return agent


def ask(question: str, evidence: Evidence, agent: str = "offline") -> Answer:
    """Return the offline agent's answer, every sentence with the facts it cites; another agent needs a desk (`beside`)."""
    if named(agent) != "offline":
        raise NotApplicable("The Claude agent needs the case; nothing was sent", "Use case.ask, or --agent offline")
    from dataeng_kit.agent.offline import answer

    return answer(question, evidence)


def beside(desk: Desk, ledger: Path | None = None) -> tuple[Claude, dict[str, Any]]:
    """Return the Claude agent at *desk* and the case as the data of its first turn; nothing is sent.

    The model is the one that the variable ``DATAENG_KIT_MODEL`` names, else the default.
    """
    from dataeng_kit.agent.claude import MODEL, Claude
    from dataeng_kit.agent.prompt import case_data, system

    model = os.environ.get("DATAENG_KIT_MODEL") or MODEL
    agent = Claude(desk, system(desk.evidence.context), model=model, ledger=ledger, columns=desk.columns)
    return agent, plain(case_data(desk.evidence))
