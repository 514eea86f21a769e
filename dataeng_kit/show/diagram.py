"""The tables of a case as a picture for the workbench: parents left, children right, nothing to download.

An SVG is allowed only where the page trusts us (the widget); saved outputs carry the Mermaid text and the table of relationships.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from dataeng_kit.nouns import ForeignKey, Profile, TableProfile
from dataeng_kit.show.blocks import count, short
from dataeng_kit.show.markup import TONES, element

_WIDE, _GAP_X, _GAP_Y, _LINE = 210, 70, 22, 17


def layers(tables: Sequence[str], keys: Sequence[ForeignKey]) -> dict[str, int]:
    """Return each table's column in the picture: one more than its furthest parent, roots beside their nearest child.

    A cycle of references ends where it closes.
    """
    deepest = min(6, len(tables) - 1)
    links = [(k.table, k.ref_table) for k in keys if k.table != k.ref_table]
    depth = dict.fromkeys(tables, 0)
    for _ in tables:
        for child, parent in links:
            depth[child] = max(depth[child], min(depth[parent] + 1, deepest))
    for table in tables:
        children = [depth[c] for c, p in links if p == table]
        if children and not any(c == table for c, _ in links):
            depth[table] = max(0, min(children) - 1)
    return depth


@dataclass(frozen=True)
class _Box:
    """One table as drawn: its place, and the line at which each column stands."""

    x: int
    y: int
    height: int
    lines: tuple[str, ...]
    at: Mapping[str, int]


def _boxes(tables: Sequence[TableProfile], keys: Sequence[ForeignKey]) -> dict[str, _Box]:
    depth = layers([t.name for t in tables], keys)
    bottom: dict[int, int] = {}
    boxes: dict[str, _Box] = {}
    for table in sorted(tables, key=lambda t: (depth[t.name], t.name)):
        foreign = [c for k in keys if k.table == table.name for c in k.columns]
        key = list(table.primary_key or ())[:3]
        columns = [*key, *[c for c in dict.fromkeys(foreign) if c not in key][:6]]
        lines = tuple(f"{'◆' if c in key else '→'} {short(c, 26)}" for c in columns)
        x, y = 8 + depth[table.name] * (_WIDE + _GAP_X), bottom.get(depth[table.name], 8)
        height = 34 + _LINE * len(lines) + (6 if lines else 0)
        at = {c: y + 38 + _LINE * i for i, c in enumerate(columns)}
        boxes[table.name] = _Box(x, y, height, lines, at)
        bottom[depth[table.name]] = y + height + _GAP_Y
    return boxes


def _box(table: TableProfile, box: _Box) -> str:
    left, right, top = box.x + 10, box.x + _WIDE - 10, box.y + 21
    inner = (
        f'<rect x="{box.x}" y="{box.y}" width="{_WIDE}" height="{box.height}" rx="3" class="dk-box"/>'
        f'<text x="{left}" y="{top}" class="dk-title">{escape(short(table.name, 22))}</text>'
        f'<text x="{right}" y="{top}" text-anchor="end" class="dk-note">{table.rows:,}</text>'
    )
    inner += "".join(
        f'<text x="{left}" y="{box.y + 42 + _LINE * i}" class="dk-note">{escape(line)}</text>' for i, line in enumerate(box.lines)
    )
    title = escape(f"{table.name}: {count(table.rows, 'row')}")
    return element("g", f"<title>{title}</title>{inner}")


def _arrow(key: ForeignKey, child: _Box, parent: _Box) -> str:
    x1, y1 = parent.x + _WIDE, parent.at.get(key.ref_columns[0], parent.y + 17)
    x2, y2 = child.x, child.at.get(key.columns[0], child.y + 17)
    if x2 <= parent.x:  # the same column of the picture, or a cycle: run round the right side
        x2 = child.x + _WIDE
        path = f"M{x1},{y1} C{x1 + 45},{y1} {x2 + 45},{y2} {x2},{y2}"
    else:
        bend = (x2 - x1) // 2
        path = f"M{x1},{y1} C{x1 + bend},{y1} {x2 - bend},{y2} {x2},{y2}"
    colour = TONES["warn"] if key.orphans else TONES["good"]
    found = f"{100 * key.coverage:.1f} % found, {count(key.orphans, 'orphan row')}"
    words = f"{key.table}.{', '.join(key.columns)} → {key.ref_table}: {found}"
    return f'<path d="{path}" fill="none" style="stroke:{colour}" stroke-width="1.8"><title>{escape(words)}</title></path>'


def er_svg(profile: Profile, most: int = 60) -> str:
    """Return the relationships as SVG, at most *most* tables; empty text when no table refers to another."""
    related = {n for k in profile.foreign_keys for n in (k.table, k.ref_table)}
    tables = [t for t in profile.tables if t.name in related][:most]
    names = {t.name for t in tables}
    keys = [k for k in profile.foreign_keys if k.table in names and k.ref_table in names]
    if not keys:
        return ""
    boxes = _boxes(tables, keys)
    width = max(b.x for b in boxes.values()) + _WIDE + 60
    height = max(b.y + b.height for b in boxes.values()) + 8
    drawn = "".join(_arrow(k, boxes[k.table], boxes[k.ref_table]) for k in keys) + "".join(_box(t, boxes[t.name]) for t in tables)
    words = f"Relationships of {count(len(tables), 'table')}; the table below says the same"
    return (
        f'<svg role="img" aria-label="{escape(words)}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'style="max-width:100%;height:auto">{drawn}</svg>'
    )
