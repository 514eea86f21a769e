"""A design as the JSON of `advise`."""

from __future__ import annotations

from typing import Any

from dataeng_kit.design.facts import measure_sources
from dataeng_kit.nouns import Design, Entity
from dataeng_kit.nouns.base import plain


def answer(design: Design) -> dict[str, Any]:
    """Return the JSON object of one design; dimensional ones in facts and dimensions, others in entities."""
    result: dict[str, Any] = {"kind": design.kind, "technology": design.technology, "title": design.title}
    if design.kind == "dimensional":
        result["facts"] = [_fact(e) for e in design.entities if e.kind == "fact"]
        result["dimensions"] = [_dimension(e) for e in design.entities if e.kind in ("dimension", "junk", "calendar")]
        result["bridges"] = [
            {"name": e.name, "source_tables": _tables(e), "dimensions": list(e.dimensions)}
            for e in design.entities
            if e.kind == "bridge"
        ]
    result["entities"] = [plain(e) for e in design.entities]
    for part in ("steps", "sizing", "alternatives", "risks", "questions", "warnings", "tried"):
        result[part] = list(getattr(design, part))
    return result


def _tables(entity: Entity) -> list[str]:
    return list(dict.fromkeys(entity.sources))


def _fact(e: Entity) -> dict[str, Any]:
    return {
        "name": e.name,
        "source_tables": e.detail.get("stages", _tables(e)),
        "grain": list(e.grain),
        "grain_sentence": e.grain_sentence,
        "measures": list(measure_sources(e)),
        "dimensions": list(e.dimensions),
        "dates": list(e.dates),
        "process": e.detail.get("process", ""),
    }


def _dimension(e: Entity) -> dict[str, Any]:
    return {"name": e.name, "source_tables": _tables(e), "natural_key": list(e.grain), "scd": e.scd}
