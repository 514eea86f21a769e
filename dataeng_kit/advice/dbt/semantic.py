"""Semantic models and metrics of the marts, and the time spine they need; what adds up only, by the day of its event."""

from __future__ import annotations

import re
from typing import Any

from dataeng_kit.advice.dbt.names import ModelWriter
from dataeng_kit.advice.dbt.yaml import Jinja
from dataeng_kit.advice.kpis import owner
from dataeng_kit.nouns import Attribute, Entity

SPINE = "metricflow_time_spine"
"""Name of the model that holds every day: metrics are undefined without one."""
_NAME = re.compile(r"[a-z][a-z0-9_]*[a-z0-9]")


def timed(w: ModelWriter) -> list[tuple[Entity, Attribute, list[Attribute]]]:
    """Return the facts with a moment of their own and numbers that add up; names that metrics refuse are left out."""
    found = []
    for e in w.design.entities:
        moments = [a for a in e.attributes if a.type in ("date", "datetime") and _usable(w, a) and a.role == "degenerate"]
        adding = [a for a in e.attributes if a.role == "measure" and a.additivity == "additive" and _usable(w, a)]
        if e.kind == "fact" and moments and adding:
            found.append((e, moments[0], adding))
    return found


def _usable(w: ModelWriter, a: Attribute) -> bool:
    return bool(_NAME.fullmatch(a.name)) and "__" not in a.name and w.q(a.name) == a.name


def spine() -> str:
    """Return the SQL of the time spine: every day from 1990 to 2060, on both engines."""
    days = "%set days = dbt.date_spine('day', \"cast('1990-01-01' as date)\", \"cast('2061-01-01' as date)\")"
    return f"-- every day, for metrics\n\0{days}\0SELECT CAST(date_day AS date) AS date_day FROM (\0days\0) AS spine"


def semantics(w: ModelWriter) -> dict[str, Any]:
    """Return semantic models, metrics and the spine's description; empty when no fact can carry one."""
    facts = timed(w)
    if not facts:
        return {}
    described = {
        "name": SPINE,
        "description": "Every day, for metrics",
        "time_spine": {"standard_granularity_column": "date_day"},
        "columns": [{"name": "date_day", "description": "One day", "granularity": "day", "data_tests": ["not_null", "unique"]}],
    }
    return {
        "models": [described],
        "semantic_models": [_model(w, *fact) for fact in facts],
        "metrics": [_metric(w, e, a) for e, _, adding in facts for a in adding],
    }


def _model(w: ModelWriter, e: Entity, moment: Attribute, adding: list[Attribute]) -> dict[str, Any]:
    name = w.names.models[e.name]
    key = e.key[0] if len(e.key) == 1 and _NAME.fullmatch(e.key[0]) else ""
    entity = {"name": f"{name}_row", "type": "primary", "expr": key or "1"}
    return {
        "name": name,
        "description": e.grain_sentence,
        "model": Jinja(f"ref('{name}')"),
        "defaults": {"agg_time_dimension": moment.name},
        "entities": [entity],
        "dimensions": [{"name": moment.name, "type": "time", "type_params": {"time_granularity": "day"}}],
        "measures": [{"name": f"{name}_{a.name}", "agg": "sum", "expr": a.name} for a in adding],
    }


def _metric(w: ModelWriter, e: Entity, a: Attribute) -> dict[str, Any]:
    name = w.names.models[e.name]
    who, line = owner(w.evidence, e.sources[0])
    said = f"sum of {', '.join(a.lineage) or a.name}, one value a day; filter: none"
    return {
        "name": f"total_{name}_{a.name}",
        "label": f"{a.name} of {e.name}"[:120],
        "description": f"{said}; owner: {f'{who} ({line})' if who else 'not stated'}",
        "type": "simple",
        "type_params": {"measure": f"{name}_{a.name}"},
    }
