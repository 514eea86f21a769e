"""Advice as the JSON of `advise`."""

from __future__ import annotations

from typing import Any

from dataeng_kit.design import design_answer
from dataeng_kit.nouns import Advice, Cell
from dataeng_kit.nouns.base import plain

_CHECK = ("level", "engine", "version", "seconds", "rows_in", "rows_out", "reconciliation", "isolation", "why")


def answer(advice: Advice) -> dict[str, Any]:
    """Return decisions, cells with their checks, and designs."""
    return {
        "topic": advice.topic,
        "decisions": [{**plain(d), "opinion": d.opinion} for d in advice.decisions],
        "cells": [_cell(c) for c in advice.cells],
        "designs": [design_answer(d) for d in advice.designs],
        "missing": list(advice.missing),
    }


def _cell(cell: Cell) -> dict[str, Any]:
    check = cell.check
    found = (
        {k: plain(getattr(check, k)) for k in _CHECK}
        if check
        else {**dict.fromkeys(_CHECK), "level": "not_checked", "why": "not run yet"}
    )
    own = ("id", "recipe", "technology", "language", "title", "purpose", "path", "source", "chain")
    return {**{k: getattr(cell, k) for k in own}, "after": list(cell.after), "facts": list(cell.facts), "check": found}
