"""Measures the numbers of a review again, and says which no longer hold."""

from __future__ import annotations

import math
from typing import Any

from dataeng_kit.data import Data
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Evidence, Fact
from dataeng_kit.nouns.base import plain
from dataeng_kit.nouns.references import parse
from dataeng_kit.run import Run


def verify(evidence: Evidence, data: Data, run: Run | None = None) -> tuple[dict[str, Any], int]:
    """Return (id → new value of every number that changed, how many were measured again).

    Facts with one number each are measured by their own query, findings by counting what theirs returns; approximate
    facts and samples are left out, as a second measurement of those may differ and still be right.
    """
    struck: dict[str, Any] = {}
    facts = [f for f in evidence.profile.facts if f.method == "exact" and isinstance(f.value, int | float) and f.query]
    findings = [f for f in evidence.findings if f.query and f.of]
    for at, fact in enumerate(facts):
        if run:
            run.step("measuring again", at, len(facts) + len(findings))
        now = _again(fact, data, run)
        if not _same(fact.value, now):
            struck[fact.id] = now
    for finding in findings:
        engine = next((s.engine for s in data.sources if s.table.name == finding.table), data.sources[0].engine)
        try:
            rows = data.measure(
                finding.id, f"SELECT count(*) FROM ({finding.query.rstrip().rstrip(';')}) AS failing", run, engine
            ).value
        except KitError as error:
            rows = str(error)
        if rows != finding.failing:
            struck[finding.id] = rows
    return struck, len(facts) + len(findings)


def _again(fact: Fact, data: Data, run: Run | None) -> Any:
    table = parse(fact.id.split("#")[0])[0] if not fact.id.startswith('"') else ""
    engine = next((s.engine for s in data.sources if s.table.name == table), None)
    try:
        return plain(data.measure(fact.id, fact.query, run, engine).value)
    except KitError as error:
        return str(error)


def _same(before: Any, now: Any) -> bool:
    if isinstance(before, int | float) and isinstance(now, int | float):
        return math.isclose(before, now, rel_tol=1e-9, abs_tol=1e-9)
    return bool(before == now)
