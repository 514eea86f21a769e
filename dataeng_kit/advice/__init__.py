"""Advice: Evidence → decisions and cells for the checks, from a topic's module, cards and recipes. Nothing runs here."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from dataclasses import replace
from types import ModuleType
from typing import Any

from dataeng_kit.advice import stores
from dataeng_kit.advice.built import built, recipes_of
from dataeng_kit.advice.cards import cards as cards_of
from dataeng_kit.advice.cards import weigh
from dataeng_kit.advice.roadmap import roadmap
from dataeng_kit.advice.without import explained
from dataeng_kit.errors import NotApplicable, unknown
from dataeng_kit.knowledge import capabilities
from dataeng_kit.nouns import Advice, Evidence

__all__ = ["advice_answer", "advise", "topics"]

ALIASES = {"quality": "quality_governance", "governance": "quality_governance", "operations": "performance_monitoring"}


@functools.cache
def modules() -> dict[str, ModuleType]:
    """Return the module of every topic that computes, by topic id."""
    found = {m.name: importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__)}
    return {name: module for name, module in found.items() if hasattr(module, "advise") and name not in ("stores",)}


@functools.cache
def known_topics() -> tuple[str, ...]:
    """Return every topic id: the groups of the capability table, the model, the pipeline and the technologies with recipes."""
    groups = {row.split(".")[1] for row in capabilities() if row.startswith("topics.")}
    own = {row.split(".")[1] for row in capabilities() if row.startswith("technologies.")}
    return tuple(sorted({"model", "pipeline", *groups, *stores.KINDS, *(t for t in own if recipes_of(t) or cards_of(t))}))


def topics(evidence: Evidence) -> tuple[str, ...]:
    """Return the topics that this case can be advised on now."""
    return tuple(t for t in known_topics() if _applies(t, evidence))


def _applies(topic: str, evidence: Evidence) -> bool:
    if not evidence.profile.tables:
        return False
    module = modules().get(topic)
    if (module is not None and module.applies(evidence)) or stores.applies(topic, evidence):
        return True
    return bool(cards_of(topic)) or bool(built(topic, evidence).cells)


def advise(topic: str, evidence: Evidence) -> Advice:
    """Return the advice on one topic, ending in its roadmap; `KitError` for an unknown topic, `NotApplicable` without data.

    Every decision says which line of CLAUDE.md made it, and what it would be without that line: both are computed.
    """
    id = ALIASES.get(topic, topic)
    if id not in known_topics():
        raise unknown("topic", topic, (*known_topics(), *ALIASES))
    if not _applies(id, evidence):
        said = f"This case answers {', '.join(topics(evidence)) or 'no topic'}"
        raise NotApplicable(f"'{topic}' has nothing to stand on in {evidence.name}", said)
    return explained(made(id, evidence), evidence, lambda e: made(id, e))


def made(topic: str, evidence: Evidence) -> Advice:
    """Return the advice on a topic id before it is said what CLAUDE.md decides."""
    module = modules().get(topic)
    base: Advice = (
        module.advise(evidence)
        if module and module.applies(evidence)
        else stores.advise(topic, evidence)
        if topic in stores.KINDS
        else Advice(topic)
    )
    extra = built(topic, evidence)
    weighed = [weigh(card, evidence) for card in cards_of(topic)]
    decisions = (
        (*weighed, *base.decisions, *extra.decisions)
        if topic == "architecture"
        else (*base.decisions, *weighed, *extra.decisions)
    )
    if end := roadmap(evidence, topic, decisions):
        decisions = (*decisions, end)
    missing = tuple(dict.fromkeys((*base.missing, *extra.missing)))
    return replace(base, decisions=decisions, cells=(*base.cells, *extra.cells), missing=missing)


def advice_answer(advice: Advice) -> dict[str, Any]:
    """Return the document of `advise --json`."""
    from dataeng_kit.advice.answer import answer

    return answer(advice)
