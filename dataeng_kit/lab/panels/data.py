"""The tables: how each was read, its columns, and how the tables hang together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dataeng_kit.lab.action import button, select
from dataeng_kit.lab.parts import drawing, fold, search, spark, stale, table, waiting
from dataeng_kit.lab.readings import correct, files, held
from dataeng_kit.nouns import ColumnProfile, Profile, TableProfile
from dataeng_kit.nouns.references import write
from dataeng_kit.profile.semantics.cards import cards
from dataeng_kit.show.blocks import Badge, Mono, Spark, Strong, count, line, number
from dataeng_kit.show.diagram import er_svg
from dataeng_kit.show.markup import blocks, element, escape, inline
from dataeng_kit.show.views.profile import label, null_bar, relationships, values

TITLE, ORDER, NEEDS = "Data", 2, ("data", "profile")
_MOST, _FEW = 40, 12
"""Incomplete columns listed at most; columns up to which a search shows the whole table."""


def render(bench: Any) -> str:
    """Return how the files were read, the picture of relationships, then a searchable fold per table."""
    profile: Profile | None = bench.got.get("profile")
    if bench.case is None:
        return waiting(bench, "profile", "")
    inputs = bench.case.choices.inputs
    own = _failed(bench) + held(inputs)
    if profile is None:
        return own + _known(bench) + waiting(bench, "profile", "The tables with their measured facts")
    drawn = _picture(bench, profile)
    tables = "".join(_table(bench, t, len(profile.tables) == 1) for t in profile.tables)
    data = bench.got.get("data")
    reading = files(bench.got.get("tables", ()), data.skipped if data is not None else (), inputs)
    old = stale(bench, "profile", "profile")
    total = sum(t.rows for t in profile.tables)
    facts = f"{count(len(profile.tables), 'table')}, {count(total, 'row')}, {count(len(profile.facts), 'fact')}"
    hidden = "Values that could identify someone are hidden, because a saved notebook may keep this panel."
    finder = search("Find a table or column", "find-data")
    top = own + old + element("p", escape(f"{facts}. {hidden}")) + reading
    return top + drawn + _missing(profile) + element("div", finder + tables, data_scope="1")


def _picture(bench: Any, profile: Profile) -> str:
    """Return the picture of relationships, the choice of one table to look at, and the same as a table."""
    names = sorted({n for k in profile.foreign_keys for n in (k.table, k.ref_table)})
    focus = bench.focus if bench.focus in names else ""
    svg = er_svg(profile, focus=focus, click={"verb": "focus", "args": ["$table"]})
    if not svg:
        return ""
    which = select("focus", "Focus", {"": "all tables", **{n: n for n in names}}, focus, "focus")
    tools = which + button("Show", "focus", "$focus", key="focus")
    tools += button("Insert the picture", "picture", "er", "", "", focus, key="insert er")
    tools += button("Insert the coverage", "picture", "coverage")
    linked = fold("relationships", "Relationships as a table", blocks(relationships(profile.foreign_keys)))
    row = element("div", tools, class_="dk-row", data_form="1")
    return row + drawing(svg, "Relationship picture") + linked


def _missing(profile: Profile) -> str:
    """Return the incomplete columns, worst first, as bars beside their shares."""
    found = sorted(((c.nulls / c.rows, t.name, c) for t in profile.tables for c in t.columns if c.nulls), key=lambda x: -x[0])
    if not found:
        return element("p", "No value is missing in any column.")
    rows = [[inline(Mono(write(t, c.name))), inline(null_bar(c)), escape(number(c.nulls))] for _, t, c in found[:_MOST]]
    more = element("p", f"… and {len(found) - _MOST:,} more.") if len(found) > _MOST else ""
    grid = table(("column", "missing", "rows"), rows, ("rows",))
    chart = element("div", button("Insert the chart", "picture", "missingness", key="insert missing"), class_="dk-row")
    return fold("missing", f"Missing values: {count(len(found), 'column')}", grid + more + chart)


def _failed(bench: Any) -> str:
    said = bench.failed.get("data") or bench.failed.get("profile")
    return element("p", escape(said), class_="dk-error", role="alert") if said and bench.got.get("profile") else ""


def _known(bench: Any) -> str:
    """Return the tables as read, before anything was measured: no sentence that may hold a value yet."""
    data = bench.got.get("data")
    if data is None:
        return ""
    rows = [[escape(t.name), escape(t.reading.format), escape(number(t.reading.rows))] for t in data.tables]
    return table(("table", "format", "rows"), rows, ("rows",))


def _table(bench: Any, profile: TableProfile, only: bool) -> str:
    rows = [_column(bench, profile, c) for c in profile.columns]
    words = [f"{profile.name} {c.name} {c.type} {c.label.name if c.label else ''}" for c in profile.columns]
    head = ("column", "type", "missing", "distinct", "values", "label")
    grid = table(head, rows, ("distinct",), words if len(rows) > _FEW else ())
    grain = element("p", escape(profile.grain or "No key was found: the grain is unknown."))
    tools = element(
        "div", button("ydata report", "report", profile.name, name=f"ydata report of {profile.name}"), class_="dk-row"
    )
    sensitive = sum(bool(c.label and c.label.sensitive) for c in profile.columns)
    title = line(Strong(profile.name), f"  {count(profile.rows, 'row')}, {count(len(profile.columns), 'column')}  ")
    marks = Badge(f"{sensitive} sensitive", "bad") if sensitive else ""
    find = " ".join((profile.name, *(c.name for c in profile.columns)))
    body = grain + grid + correct(profile, tuple(sorted(cards()))) + tools + _report(bench, profile.name)
    return fold(f"table {profile.name}", line(title, marks), body, find, only)


def _column(bench: Any, profile: TableProfile, c: ColumnProfile) -> list[str]:
    name = line(Strong(c.name), "  ", Badge("key", "info")) if c.name in (profile.primary_key or ()) else Strong(c.name)
    distinct = ("" if c.distinct_method == "exact" else "≈ ") + number(c.distinct)
    return [
        inline(name),
        escape(c.type),
        inline(null_bar(c)),
        escape(distinct),
        spark(bench.shapes.get((profile.name, c.name), ())) + escape(_words(c)),
        inline(label(c)) + _not(profile, c),
    ]


def _words(c: ColumnProfile) -> str:
    """Return what the values are, as far as the policy lets them be seen; the picture beside it holds none."""
    seen = values(c)
    return seen.text if isinstance(seen, Spark) else str(seen)


def _not(profile: TableProfile, c: ColumnProfile) -> str:
    if c.label is None or not c.label.sensitive:
        return ""
    name = f"{write(profile.name, c.name)} is no {c.label.name}"
    return button("not so", "override", "labels", write(profile.name, c.name), "none", name=name)


def _report(bench: Any, name: str) -> str:
    made = bench.got.get(f"report:{name}")
    if not isinstance(made, Path):
        return ""
    title = f"ydata-profiling report of {name}"
    frame = element("iframe", "", data_file=made.name, title=title, style="width:100%;height:32em;border:0;background:#fff")
    return element("p", escape(f"Written: {made.name}, beside the notebook.")) + frame
