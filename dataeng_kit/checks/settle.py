"""Settle advice by its checks: each cell carries what happened, each decision is kept or withdrawn and listed as tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dataeng_kit.nouns import Advice, Check, Decision, Design


def settle(advice: Advice, checks: Mapping[str, Check]) -> Advice:
    """Return the advice with checks on its cells and the status of every decision; nothing is dropped."""
    cells = tuple(replace(c, check=checks.get(c.id, c.check)) for c in advice.cells)
    found = {c.id: c.check for c in cells}
    decisions = tuple(_settled(d, found) for d in advice.decisions)
    tried = tuple(f"{d.choice}: {d.because}" for d in decisions if d.status == "withdrawn")
    designs = tuple(_mark(d, tried) for d in advice.designs)
    return replace(advice, cells=cells, decisions=decisions, designs=designs)


def _settled(decision: Decision, found: Mapping[str, Check | None]) -> Decision:
    for cell in decision.holds_if:
        check = found.get(cell)
        if check is not None and check.level != "not_checked" and not check.ok:
            return replace(decision, status="withdrawn", because=f"{cell} {check.badge}: {check.why}"[:500])
    return decision


def _mark(design: Design, tried: tuple[str, ...]) -> Design:
    return replace(design, tried=(*design.tried, *tried)) if tried else design
