"""How each file was understood, with 'change' beside it: every control is one line `case.override(…)`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from dataeng_kit.lab.action import button, select
from dataeng_kit.lab.parts import fold
from dataeng_kit.nouns import Column, Inputs, Skipped, Table, TableProfile
from dataeng_kit.nouns.references import write
from dataeng_kit.show.blocks import Badge, Block, Fold, Grid, Inline, Mono, Strong, count, facts, line, number, short
from dataeng_kit.show.markup import blocks, element, escape

_ENCODINGS = ("utf-8", "utf-16", "cp1252", "cp1250", "latin-1", "cp437", "cp932", "big5", "gb18030", "euc_kr")
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "blank"}
_TEXT = ("csv",)
_GRIDS = ("csv", "excel", "html")
_DATED = (*_GRIDS, "json", "ndjson", "xml")
_TYPES = ("text", "integer", "number", "date", "datetime", "time", "boolean")
_SHOWN = 6
_REJECTS = 50
_AS_FOUND = "as found"


def files(tables: tuple[Table, ...], skipped: tuple[Skipped, ...], inputs: Inputs) -> str:
    """Return one fold per table that was read: facts, problems, types with their reasons, and the control to change them."""
    bases = Counter(Path(s).name for s in {t.source for t in tables})
    inner = "".join(_file(t, Path(t.source).name if bases[Path(t.source).name] == 1 else t.source, inputs) for t in tables)
    left = "".join(element("li", escape(f"{Path(s.path).name}: {s.why}")) for s in skipped)
    inner += fold("skipped", f"Files not read as data: {len(skipped)}", element("ul", left)) if left else ""
    problems = sum(len(t.reading.problems) for t in tables)
    mark: Inline = Badge(count(problems, "problem"), "warn") if problems else ""
    return fold("reading", line("How each file was read  ", mark), inner)


def held(inputs: Inputs) -> str:
    """Return what the user set about the readings, each with a button that takes it back; empty when nothing was set."""
    items = []
    for kind in ("readings", "types", "labels", "keys", "answers"):
        for reference, value in getattr(inputs, kind).items():
            told = ", ".join(f"{k} {v!r}" for k, v in value.items()) if isinstance(value, dict) else str(value)
            undo = button("Take back", "override", kind, reference, "", name=f"Take back: {kind} of {reference}")
            items.append(element("li", f"{escape(f'{kind} of {reference}: {told}')}  {undo}"))
    return fold("held", f"What you set: {len(items)}", element("ul", "".join(items))) if items else ""


def _file(table: Table, file: str, inputs: Inputs) -> str:
    r = table.reading
    sum_of = [(r.header, "header"), (r.preamble, "above it"), (r.footer, "below"), (r.rows, "rows"), (r.rejected, "rejected")]
    parts = " + ".join(f"{n:,} {word}" for n, word in sum_of if n or word == "rows")
    records = f"{r.records:,} records = {parts}" + ("" if r.reconciled else f"; {r.lost:,} unaccounted for")
    dates = [c for c in table.columns if c.type in ("date", "datetime") or "month first" in c.evidence]
    said = facts(
        (
            ("File", Mono(short(table.source, 90))),
            ("Parts", ", ".join(table.parts[:_SHOWN])),
            ("Format", r.format),
            ("Encoding", r.encoding),
            *((k.capitalize(), _DELIMITERS.get(str(v), str(v))) for k, v in r.dialect.items()),
            ("Header", _header(table)),
            ("Dates", _why(dates)),
            ("Decimals", _why([c for c in table.columns if "decimal" in c.evidence])),
            ("Records", records),
            ("Because", "; ".join(r.evidence)),
        )
    )
    mark: Inline = Badge(count(len(r.problems), "problem"), "warn") if r.problems else ""
    head = line(Strong(table.name), f"  {r.format}, {number(r.rows)} rows  ", mark)
    body = element("ul", "".join(element("li", escape(p)) for p in r.problems)) if r.problems else ""
    return fold(f"reading {table.name}", head, body + blocks(said) + _change(table, file, inputs) + blocks(_details(table)))


def _header(table: Table) -> str:
    if table.reading.format not in _GRIDS:
        return ""
    return f"yes ({count(table.reading.header, 'record')})" if table.reading.header else "none: columns are numbered"


def _why(columns: list[Column]) -> str:
    told = "; ".join(f"{c.name}: {c.evidence or c.type}" for c in columns[:_SHOWN])
    return told + (f"; and {len(columns) - _SHOWN:,} more" if len(columns) > _SHOWN else "")


def _details(table: Table) -> list[Block]:
    types = tuple((Strong(c.name), c.type, c.evidence) for c in table.columns)
    found: list[Block] = [Fold("Type of each column, and why", (Grid(("column", "type", "why"), types),))]
    if rejects := table.reading.rejects:
        rows = tuple((number(x.line), x.reason) for x in rejects[:_REJECTS])
        grid = Grid(("line", "why"), rows, ("line",), max(0, len(rejects) - _REJECTS))
        found.append(Fold(f"Records set aside: {len(rejects):,}", (grid,)))
    return found


def _change(table: Table, file: str, inputs: Inputs) -> str:
    form = table.reading.format
    if form not in _DATED or table.parts:
        why = (
            "The types lie with their source; change them there."
            if not table.parts
            else "Change the reading of its parts one by one."
        )
        return element("p", escape(why))
    now = {**inputs.readings.get("*", {}), **inputs.readings.get(file, {})}
    wanted: dict[str, Any] = {k: v for k, v in now.items() if k in ("quote", "escape", "as_written")}
    boxes = ""
    if form in _TEXT:
        boxes += _box(table, "encoding", {e: e for e in _ENCODINGS}, now)
        boxes += _box(table, "delimiter", _DELIMITERS, now)
        wanted |= {"encoding": "$encoding", "delimiter": "$delimiter"}
    if form in _GRIDS:
        boxes += _box(table, "header", {"yes": "yes", "no": "no"}, now)
        wanted["header"] = "$header?"
    boxes += _box(table, "dates", {"day first": "day first", "month first": "month first"}, now)
    wanted["dates"] = "$dates"
    apply = button(
        "Read it so", "override", "readings", file, wanted, main=True, key=f"read {table.name}", name=f"Change how {file} is read"
    )
    return _asked(table, file, now) + element("div", boxes + apply, class_="dk-row", data_form="1")


def _asked(table: Table, file: str, now: dict[str, Any]) -> str:
    """Return the two answers in one click where the file does not say whether the day or the month stands first."""
    if not any("day or month first" in c.evidence for c in table.columns):
        return ""
    both = "".join(
        button(f"Dates are {d}", "override", "readings", file, {**now, "dates": d}, name=f"Dates of {file} are {d}")
        for d in ("day first", "month first")
    )
    return element("div", both, class_="dk-row")


def _box(table: Table, option: str, choices: dict[str, str], now: dict[str, Any]) -> str:
    value = now.get(option, "")
    given = {True: "yes", False: "no"}.get(value, "") if option == "header" and isinstance(value, bool) else str(value)
    known = {"": _AS_FOUND, **choices, **({given: given} if given and given not in choices else {})}
    return select(option, option.capitalize(), known, given, f"{option} {table.name}")


def correct(profile: TableProfile, labels: tuple[str, ...]) -> str:
    """Return the form that sets a column's type or label, or the table's key."""
    name = profile.name
    columns = {write(name, c.name): c.name for c in profile.columns}
    which = select("column", "Column", columns, "", f"column {name}")
    types = select("type", "Type", {"": _AS_FOUND, **{t: t for t in _TYPES}}, "", f"type {name}")
    typed = button("Set the type", "override", "types", "$column", "$type", key=f"set type {name}", name=f"Set the type, {name}")
    words = {"": _AS_FOUND, "none": "none", **{w: w.replace("_", " ") for w in labels}}
    label = select("label", "Label", words, "", f"label {name}")
    labelled = button(
        "Set the label", "override", "labels", "$column", "$label", key=f"set label {name}", name=f"Set the label, {name}"
    )
    form = element("div", which + types + typed + label + labelled, class_="dk-row", data_form="1")
    return fold(f"correct {name}", "Change a type, a label or the key", form + _keys(profile))


def _keys(profile: TableProfile) -> str:
    name = profile.name
    found = [k.columns for k in (*profile.candidate_keys, *profile.almost_keys) if k.columns != profile.primary_key][:_SHOWN]
    offered = "".join(
        button(f"Key: {' + '.join(c)}", "override", "keys", write(name), list(c), name=f"Key of {name}: {' + '.join(c)}")
        for c in found
    )
    one = select("key", "Another key", {c.name: c.name for c in profile.columns}, "", f"key {name}")
    take = button(
        "Use it as the key", "override", "keys", write(name), ["$key"], key=f"set key {name}", name=f"Use it as the key of {name}"
    )
    return element("div", offered + one + take, class_="dk-row", data_form="1")
