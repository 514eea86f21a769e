"""Tables as a picture for the workbench and the review: boxes and arrows as SVG, nothing to download.

An SVG is allowed only where the page trusts us (the widget, our own file); saved outputs carry Mermaid text and a table.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from dataeng_kit.nouns import Design, ForeignKey, Profile, TableProfile
from dataeng_kit.nouns.references import parse
from dataeng_kit.show.blocks import Tone, count, short
from dataeng_kit.show.markup import TONES, element

_WIDE, _GAP_X, _GAP_Y, _LINE, _PAGE = 210, 70, 22, 17, 1300
CLUSTER = 9
"""Tables up to which one picture reads well; more are drawn in clusters."""


@dataclass(frozen=True)
class Box:
    """One table to draw: ``lines`` are (column, words), ``step`` its place from left to right, ``click`` what a click does."""

    name: str
    note: str
    lines: tuple[tuple[str, str], ...] = ()
    step: int = 0
    click: str = ""


@dataclass(frozen=True)
class Arrow:
    """From the column *start* of one box to the column *end* of another; *words* show under the pointer, *label* on the line."""

    source: str
    target: str
    words: str
    start: str = ""
    end: str = ""
    tone: Tone = "good"
    label: str = ""


@dataclass(frozen=True)
class _Placed:
    box: Box
    x: int
    y: int

    @property
    def height(self) -> int:
        return 34 + _LINE * len(self.box.lines) + (6 if self.box.lines else 0)

    def at(self, column: str) -> int:
        """Return the height at which an arrow of *column* starts."""
        names = [c for c, _ in self.box.lines]
        return self.y + (38 + _LINE * names.index(column) if column in names else 17)


def layers(tables: Sequence[str], keys: Sequence[ForeignKey]) -> dict[str, int]:
    """Return each table's column in the picture: one more than its furthest parent, roots beside their nearest child.

    A cycle of references ends where it closes.
    """
    deepest = min(4, len(tables) - 1)
    links = [(k.table, k.ref_table) for k in keys if k.table != k.ref_table and {k.table, k.ref_table} <= set(tables)]
    depth = dict.fromkeys(tables, 0)
    for _ in tables:
        for child, parent in links:
            depth[child] = max(depth[child], min(depth[parent] + 1, deepest))
    for table in tables:
        children = [depth[c] for c, p in links if p == table]
        if children and not any(c == table for c, _ in links):
            depth[table] = max(0, min(children) - 1)
    return depth


def clusters(tables: Sequence[str], keys: Sequence[ForeignKey]) -> list[tuple[str, ...]]:
    """Return groups of at most `CLUSTER` tables that belong together, the largest first.

    Links between tables that have few others bind first, so that a table everybody refers to does not pull all into one.
    """
    links = {tuple(sorted((k.table, k.ref_table))) for k in keys if k.table != k.ref_table}
    degree = {t: sum(t in link for link in links) for t in tables}
    group = {t: [t] for t in tables}
    for one, other in sorted(links, key=lambda p: (degree[p[0]] * degree[p[1]], p)):
        a, b = group[one], group[other]
        if a is not b and len(a) + len(b) <= CLUSTER:
            a += b
            group.update(dict.fromkeys(b, a))
    found = {id(g): tuple(t for t in tables if t in g) for g in group.values()}
    return sorted(found.values(), key=lambda g: (-len(g), g))


def _stacked(boxes: Iterable[Box], x: int, y: int) -> list[_Placed]:
    bottom: dict[int, int] = {}
    placed = []
    for box in sorted(boxes, key=lambda b: (b.step, b.name)):
        one = _Placed(box, x + box.step * (_WIDE + _GAP_X), bottom.get(box.step, y))
        bottom[box.step] = one.y + one.height + _GAP_Y
        placed.append(one)
    return placed


def _packed(groups: Sequence[Sequence[Box]]) -> tuple[dict[str, _Placed], str]:
    """Return every box with its place, the groups side by side as far as the page is wide, and their frames."""
    x = y = low = 0
    placed: dict[str, _Placed] = {}
    frames = ""
    for group in groups:
        width = (max(b.step for b in group) + 1) * (_WIDE + _GAP_X)
        if x and x + width > _PAGE:
            x, y = 0, low + 30
        own = _stacked(group, x + 12, y + 12)
        height = max(p.y + p.height for p in own) + 12 - y
        edge = f'fill="none" stroke-dasharray="2 3" style="stroke:{TONES["plain"]}"'
        frames += f'<rect x="{x + 2}" y="{y + 2}" width="{width - _GAP_X + 20}" height="{height}" rx="6" {edge}/>'
        placed |= {p.box.name: p for p in own}
        x, low = x + width - _GAP_X + 44, max(low, y + height)
    return placed, frames if len(groups) > 1 else ""


def _drawn(placed: _Placed) -> str:
    box, left = placed.box, placed.x + 10
    inner = (
        f'<rect x="{placed.x}" y="{placed.y}" width="{_WIDE}" height="{placed.height}" rx="3" class="dk-box"/>'
        f'<text x="{left}" y="{placed.y + 21}" class="dk-title">{escape(short(box.name, 22))}</text>'
        f'<text x="{placed.x + _WIDE - 10}" y="{placed.y + 21}" text-anchor="end" class="dk-note">{escape(box.note)}</text>'
    )
    inner += "".join(
        f'<text x="{left}" y="{placed.y + 42 + _LINE * i}" class="dk-note">{escape(short(words, 28))}</text>'
        for i, (_, words) in enumerate(box.lines)
    )
    return element("g", f"<title>{escape(f'{box.name}: {box.note}')}</title>{inner}", data_do=box.click)


def _line(arrow: Arrow, source: _Placed, target: _Placed, far: bool) -> str:
    x1, y1 = source.x + _WIDE, source.at(arrow.start)
    x2, y2 = target.x, target.at(arrow.end)
    if x2 <= source.x:  # the same column of the picture, or a cycle: run round the right side
        x2 = target.x + _WIDE
        path = f"M{x1},{y1} C{x1 + 45},{y1} {x2 + 45},{y2} {x2},{y2}"
    else:
        bend = (x2 - x1) // 2
        path = f"M{x1},{y1} C{x1 + bend},{y1} {x2 - bend},{y2} {x2},{y2}"
    style = f'fill="none" style="stroke:{TONES[arrow.tone]}" stroke-width="1.8"'
    style += ' opacity=".45" stroke-dasharray="4 4"' if far else ""
    label = f'<text x="{x2 - 12}" y="{y2 - 5}" text-anchor="end" class="dk-note">{escape(arrow.label)}</text>'
    return f'<path d="{path}" {style}><title>{escape(arrow.words)}</title></path>' + (label if arrow.label else "")


def draw(groups: Sequence[Sequence[Box]], arrows: Sequence[Arrow], words: str) -> str:
    """Return boxes in their groups, and the arrows between them, as SVG; *words* say the same in a sentence."""
    placed, frames = _packed(groups)
    home = {b.name: n for n, group in enumerate(groups) for b in group}
    lines = "".join(_line(a, placed[a.source], placed[a.target], home[a.source] != home[a.target]) for a in arrows)
    width = max(p.x for p in placed.values()) + _WIDE + 60
    height = max(p.y + p.height for p in placed.values()) + 20
    return (
        f'<svg role="img" aria-label="{escape(words)}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'style="max-width:100%;min-width:{min(width, 900)}px;height:auto">'
        f"{frames}{lines}{''.join(map(_drawn, placed.values()))}</svg>"
    )


def _table(table: TableProfile, keys: Sequence[ForeignKey], step: int, whole: bool, click: str) -> Box:
    foreign = [c for k in keys if k.table == table.name for c in k.columns]
    key = list(table.primary_key or ())[:3]
    rest = [c.name for c in table.columns if whole and c.name not in (*key, *foreign)][:24]
    columns = dict.fromkeys([*key, *[c for c in foreign if c not in key][: 24 if whole else 6], *rest])
    mark = {**dict.fromkeys(rest, "  "), **dict.fromkeys(foreign, "→"), **dict.fromkeys(key, "◆")}
    return Box(table.name, f"{table.rows:,}", tuple((c, f"{mark[c]} {c}") for c in columns), step, click)


def _relation(key: ForeignKey) -> Arrow:
    found = f"{100 * key.coverage:.1f} % found, {count(key.orphans, 'orphan row')}"
    words = f"{key.table}.{', '.join(key.columns)} → {key.ref_table}: {found}"
    return Arrow(key.ref_table, key.table, words, key.ref_columns[0], key.columns[0], "warn" if key.orphans else "good")


def er_svg(profile: Profile, most: int = 60, focus: str = "", click: Mapping[str, object] | None = None) -> str:
    """Return the relationships as SVG, at most *most* tables; with *focus* that table with all its columns, and its neighbours.

    More than `CLUSTER` tables are drawn in clusters. *click* is the message of a click on a table, ``$table`` its name.
    Empty text when no table refers to another; raises `KeyError` for an unknown *focus*.
    """
    near = (
        {focus, *(k.ref_table for k in profile.parents(focus)), *(k.table for k in profile.children(focus))} if focus else set()
    )
    related = near or {n for k in profile.foreign_keys for n in (k.table, k.ref_table)}
    tables = [t for t in profile.tables if t.name in related][:most]
    names = [t.name for t in tables]
    keys = [
        k
        for k in profile.foreign_keys
        if k.table in names and k.ref_table in names and (not focus or focus in (k.table, k.ref_table))
    ]
    if not keys:
        return ""
    groups = [tuple(names)] if focus or len(names) <= CLUSTER else clusters(names, keys)

    def box(name: str, depth: Mapping[str, int]) -> Box:
        do = json.dumps(click).replace("$table", json.dumps(name)[1:-1]) if click else ""
        return _table(profile.table(name), keys, depth[name], name == focus, do)

    drawn = [[box(n, depth) for n in group] for group in groups for depth in (layers(group, keys),)]
    shown = f"{focus} and its neighbours" if focus else f"Relationships of {count(len(tables), 'table')}"
    split = f" in {count(len(groups), 'cluster')}" if len(groups) > 1 else ""
    return draw(drawn, [_relation(k) for k in keys], f"{shown}{split}; the table below says the same")


def lineage_svg(design: Design) -> str:
    """Return which source tables feed which target tables, the number of columns on each arrow; empty when none is known."""
    pairs: dict[tuple[str, str], list[str]] = {}
    for entity in design.entities:
        for attribute in entity.attributes:
            for reference in attribute.lineage:
                pairs.setdefault((parse(reference)[0], entity.name), []).append(f"{reference} → {attribute.name}")
    if not pairs:
        return ""
    # a target may be called like its source: the mark keeps them apart
    sources = [Box(s, "source") for s in sorted({s for s, _ in pairs})]
    targets = [Box(f"{e.name} ", e.kind, step=1) for e in design.entities]
    arrows = [
        Arrow(s, f"{t} ", "; ".join(columns[:12]), tone="info", label=str(len(columns))) for (s, t), columns in pairs.items()
    ]
    return draw(
        [[*sources, *targets]], arrows, f"Lineage: {count(len(sources), 'source table')} feed {count(len(targets), 'target')}"
    )
