"""Agents: one protocol; the offline agent answers from measured facts and is the default."""

from __future__ import annotations

from dataeng_kit.errors import NotApplicable, unknown
from dataeng_kit.nouns import Evidence
from dataeng_kit.nouns.answer import Answer

AGENTS = ("offline", "claude")


def named(agent: str) -> str:
    """Return *agent* when it can answer here; raises `KitError` for an unknown one, `NotApplicable` for one not built."""
    if agent not in AGENTS:
        raise unknown("agent", agent, AGENTS)
    if agent == "claude":
        raise NotApplicable("The Claude agent is not part of this version; nothing was sent", "Use --agent offline, the default")
    return agent


def ask(question: str, evidence: Evidence, agent: str = "offline") -> Answer:
    """Return the answer of *agent*, every sentence with the facts it cites."""
    named(agent)
    from dataeng_kit.agent.offline import answer

    return answer(question, evidence)
