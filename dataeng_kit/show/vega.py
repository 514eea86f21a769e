"""Vega-Lite v5 specifications as plain dicts, which JupyterLab draws without any library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dataeng_kit.nouns import Advice, ColumnProfile, Design, Profile
from dataeng_kit.nouns.references import write

MIME = "application/vnd.vegalite.v5+json"
_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
_SHARES = (5, 25, 50, 75, 95)
_CODES, _BARS = 30, 10
"""Up to `_CODES` distinct values a column is drawn as codes; at most `_BARS` of them in a tiny chart."""


def _chart(values: Sequence[dict[str, Any]], mark: Any, encoding: dict[str, Any], title: str, **more: Any) -> dict[str, Any]:
    return {"$schema": _SCHEMA, "title": title, "data": {"values": list(values)}, "mark": mark, "encoding": encoding, **more}


def _bars(values: Sequence[dict[str, Any]], title: str, label: str = "", share: bool = False, sort: str = "-x") -> dict[str, Any]:
    """Return horizontal bars: the first field of each value names the bar, the second is its length; *share* means 0 to 100 %."""
    names = list(values[0]) if values else ["name", "value"]
    x: dict[str, Any] = {"field": names[1], "type": "quantitative", "title": label or names[1]}
    x |= {"scale": {"domain": [0, 100]}} if share else {}
    y = {"field": names[0], "type": "nominal", "sort": sort, "title": None, "axis": {"labelLimit": 320}}
    return _chart(values, {"type": "bar", "tooltip": True}, {"y": y, "x": x}, title)


def shape(column: ColumnProfile) -> tuple[float, ...]:
    """Return the heights of a tiny chart of a column, 0 to 1 and without any value: rows per bin, or of the frequent values."""
    repeats = column.distinct < column.filled
    few = column.top and repeats and (column.distinct <= _CODES or not column.histogram)
    rows = [n for _, n in column.top[:_BARS]] if few else [n for *_, n in column.histogram]
    return tuple(n / max(rows) for n in rows) if any(rows) else ()


def distribution(column: ColumnProfile, table: str = "") -> dict[str, Any]:
    """Return a histogram of a quantity, the most frequent values as bars, or else the 5, 25, 50, 75 and 95 % values as a line."""
    title = write(table, column.name) if table else column.name
    if column.histogram and column.distinct > _CODES:
        bins = [{"from": str(a), "to": str(b), "rows": n} for a, b, n in column.histogram]
        x = {"field": "from", "type": "ordinal", "sort": None, "title": f"{column.name}, from", "axis": {"labelOverlap": True}}
        return _chart(bins, {"type": "bar", "tooltip": True}, {"x": x, "y": {"field": "rows", "type": "quantitative"}}, title)
    if column.top and column.distinct < column.filled:
        return _bars([{"value": str(v), "rows": n} for v, n in column.top], title)
    values = [{"share": s, "value": q} for s, q in zip(_SHARES, column.quantiles, strict=False)]
    kind = "temporal" if column.type in ("date", "datetime") else "quantitative"
    x = {"field": "value", "type": kind, "title": column.name}
    y = {"field": "share", "type": "quantitative", "title": "% of rows at or below"}
    return _chart(values, {"type": "line", "point": True, "tooltip": True}, {"x": x, "y": y}, title)


def missingness(profile: Profile, most: int = 60) -> dict[str, Any]:
    """Return the share of missing values of the *most* incomplete columns."""
    found = [
        {"column": write(t.name, c.name), "missing": round(100 * c.nulls / c.rows, 2)}
        for t in profile.tables
        for c in t.columns
        if c.rows and c.nulls
    ]
    found.sort(key=lambda v: -float(str(v["missing"])))
    return _bars(found[:most], "Missing values", "missing, % of rows", True)


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
    return _bars(values, "Relationships", "values found in the parent, %", True, "x")


def bus_matrix(design: Design) -> dict[str, Any]:
    """Return which fact table uses which dimension, as a grid of marks; no marks where the model has no facts."""
    values = [{"fact": e.name, "dimension": d} for e in design.entities if e.kind == "fact" for d in e.dimensions]
    x = {"field": "dimension", "type": "nominal", "title": None, "axis": {"orient": "top", "labelAngle": -30, "labelLimit": 200}}
    y = {"field": "fact", "type": "nominal", "title": None, "axis": {"labelLimit": 240}}
    return _chart(values, {"type": "circle", "size": 160, "opacity": 1, "tooltip": True}, {"x": x, "y": y}, "Bus matrix")


def before_after(advice: Advice) -> dict[str, Any]:
    """Return the measured milliseconds of each trial query without and with what was advised."""
    values = [
        {"trial": f"{c.title}: {when}", "milliseconds": ms}
        for c in advice.cells
        for promise, r in zip(c.expects, c.check.reconciliation if c.check else (), strict=False)
        if promise.kind == "faster"
        for when, ms in (("before", r.left), ("after", r.right))
    ]
    return _bars(values, "Before and after, on a scaled copy", sort="ascending")
