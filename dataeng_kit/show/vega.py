"""Vega-Lite v5 specifications as plain dicts, which JupyterLab draws without any library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dataeng_kit.nouns import ColumnProfile, Profile
from dataeng_kit.nouns.references import write

MIME = "application/vnd.vegalite.v5+json"
_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"


def _chart(values: Sequence[dict[str, Any]], mark: Any, encoding: dict[str, Any], title: str, **more: Any) -> dict[str, Any]:
    return {"$schema": _SCHEMA, "title": title, "data": {"values": list(values)}, "mark": mark, "encoding": encoding, **more}


def distribution(column: ColumnProfile, table: str = "") -> dict[str, Any]:
    """Return the most frequent values as bars, or the 5, 25, 50, 75 and 95 % values of a measured quantity as a line."""
    title = write(table, column.name) if table else column.name
    if column.top and column.distinct < column.filled:
        values = [{"value": str(v), "rows": n} for v, n in column.top]
        return _chart(
            values,
            {"type": "bar", "tooltip": True},
            {
                "y": {"field": "value", "type": "nominal", "sort": "-x", "title": None},
                "x": {"field": "rows", "type": "quantitative"},
            },
            title,
        )
    shares = (5, 25, 50, 75, 95)
    values = [{"share": s, "value": q} for s, q in zip(shares, column.quantiles, strict=False)]
    time = column.type in ("date", "datetime")
    return _chart(
        values,
        {"type": "line", "point": True, "tooltip": True},
        {
            "x": {"field": "value", "type": "temporal" if time else "quantitative", "title": column.name},
            "y": {"field": "share", "type": "quantitative", "title": "% of rows at or below"},
        },
        title,
    )


def missingness(profile: Profile, most: int = 60) -> dict[str, Any]:
    """Return the share of missing values of the *most* incomplete columns."""
    found = [
        {"column": write(t.name, c.name), "missing": round(100 * c.nulls / c.rows, 2)}
        for t in profile.tables
        for c in t.columns
        if c.rows and c.nulls
    ]
    found.sort(key=lambda v: -float(str(v["missing"])))
    return _chart(
        found[:most],
        {"type": "bar", "tooltip": True},
        {
            "y": {"field": "column", "type": "nominal", "sort": "-x", "title": None},
            "x": {"field": "missing", "type": "quantitative", "title": "missing, % of rows", "scale": {"domain": [0, 100]}},
        },
        "Missing values",
    )


def coverage(profile: Profile) -> dict[str, Any]:
    """Return how many of each foreign key's values exist in the parent."""
    values = [
        {
            "key": f"{write(k.table)} → {write(k.ref_table)} ({', '.join(k.columns)})",
            "found": round(100 * k.coverage, 2),
            "orphans": k.orphans,
        }
        for k in profile.foreign_keys
    ]
    return _chart(
        values,
        {"type": "bar", "tooltip": True},
        {
            "y": {"field": "key", "type": "nominal", "sort": "x", "title": None},
            "x": {
                "field": "found",
                "type": "quantitative",
                "title": "values found in the parent, %",
                "scale": {"domain": [0, 100]},
            },
        },
        "Relationships",
    )
