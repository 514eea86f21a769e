"""What a saved notebook may hold: outputs are masked unless the user asked to show values."""

from __future__ import annotations

import weakref
from typing import Any

from dataeng_kit.errors import KitError
from dataeng_kit.lab.host import current_case
from dataeng_kit.nouns import Evidence, Finding
from dataeng_kit.nouns.brief import Brief
from dataeng_kit.privacy import Policy, visible

_show = {"values": False}
_seen: weakref.WeakKeyDictionary[Any, tuple[Evidence, Policy, Evidence]] = weakref.WeakKeyDictionary()
"""Per case: its evidence, the policy, and the evidence as the policy lets it be seen."""


def show_values(on: bool = True) -> None:
    """Show raw values in the outputs of this kernel from now on, or hide them again."""
    _show["values"] = on


def shown(noun: Any, case: Any = None) -> Any:
    """Return *noun*, or a tuple of nouns, as a saved output may hold it under the policy of *case* (default: the notebook's).

    A noun that belongs to the case's evidence is masked as a part of it: there the names of tables and columns are
    known, and stay readable in sentences.
    """
    if _show["values"] or not noun:
        return noun
    case = case if case is not None else _current()
    policy = Policy(dict(case.choices.inputs.policy)) if case is not None else Policy()
    first = noun[0] if isinstance(noun, tuple) else noun
    whole = _masked(case, policy, isinstance(first, Finding | Brief)) if case is not None else None
    if whole is None:
        return tuple(visible(n, policy) for n in noun) if isinstance(noun, tuple) else visible(noun, policy)
    if isinstance(noun, Brief):
        from dataeng_kit.review import seen_brief

        return seen_brief(noun, whole[1], policy)
    parts = _parts(*whole)
    return (
        tuple(parts.get(id(n)) or visible(n, policy) for n in noun)
        if isinstance(noun, tuple)
        else parts.get(id(noun)) or visible(noun, policy)
    )


def _current() -> Any:
    try:
        return current_case()
    except KitError:
        return None


def _masked(case: Any, policy: Policy, walked: bool) -> tuple[Evidence, Evidence] | None:
    """Return the case's evidence and its masked twin; None when it is not known yet (*walked* says that it is)."""
    if not walked and case not in _seen:
        return None
    evidence = case.evidence
    held = _seen.get(case)
    if held is None or held[0] is not evidence or held[1].columns != policy.columns:
        held = _seen[case] = (evidence, policy, visible(evidence, policy))
    return held[0], held[2]


def _parts(evidence: Evidence, masked: Evidence) -> dict[int, Any]:
    pairs = [(evidence.context, masked.context), (evidence.profile, masked.profile)]
    pairs += zip(evidence.findings, masked.findings, strict=True)
    pairs += zip(evidence.claims, masked.claims, strict=True)
    return {id(a): b for a, b in pairs}
