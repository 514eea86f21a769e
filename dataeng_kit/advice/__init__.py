"""Advice: Evidence → decisions and cells for the checks; a module with `advise` is one topic. Nothing runs here."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from types import ModuleType
from typing import Any

from dataeng_kit.errors import NotApplicable, unknown
from dataeng_kit.knowledge import capabilities
from dataeng_kit.nouns import Advice, Evidence

__all__ = ["advice_answer", "advise", "topics"]

ALIASES = {"quality": "quality_governance", "governance": "quality_governance", "operations": "performance_monitoring"}


@functools.cache
def modules() -> dict[str, ModuleType]:
    """Return the module of every topic that is built, by topic id."""
    found = {m.name: importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__)}
    return {name: module for name, module in found.items() if hasattr(module, "advise")}


@functools.cache
def known_topics() -> tuple[str, ...]:
    """Return every topic id the house knows, served or not."""
    groups = {row.split(".")[1] for row in capabilities() if row.startswith("topics.")}
    return tuple(sorted({"model", "pipeline", *groups}))


def topics(evidence: Evidence) -> tuple[str, ...]:
    """Return the topics that this case can be advised on now."""
    return tuple(name for name, module in modules().items() if module.applies(evidence))


def advise(topic: str, evidence: Evidence) -> Advice:
    """Return the advice on one topic; raises `KitError` for an unknown topic, `NotApplicable` for one not built yet."""
    id = ALIASES.get(topic, topic)
    if id not in modules():
        if id not in known_topics():
            raise unknown("topic", topic, (*known_topics(), *ALIASES))
        raise NotApplicable(f"'{topic}' is not served yet", f"Ask for one of {', '.join(modules())}")
    if not modules()[id].applies(evidence):
        raise NotApplicable(
            f"'{topic}' has nothing to stand on in {evidence.name}",
            f"This case answers {', '.join(topics(evidence)) or 'no topic'}",
        )
    result: Advice = modules()[id].advise(evidence)
    return result


def advice_answer(advice: Advice) -> dict[str, Any]:
    """Return the document of `advise --json`."""
    from dataeng_kit.advice.answer import answer

    return answer(advice)
