"""The tables of a case as a picture for the workbench: parents left, children right, nothing to download.

An SVG is allowed only where the page trusts us (the widget); saved outputs carry the Mermaid text and the table of relationships.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from dataeng_kit.nouns import ForeignKey, Profile, TableProfile
from dataeng_kit.show.blocks import count, short
from dataeng_kit.show.markup import TONES, element

_WIDE, _GAP_X, _GAP_Y, _LINE = 210, 70, 22, 17


def layers(tables: Sequence[str], keys: Sequence[ForeignKey]) -> dict[str, int]:
    """Return each table's column in the picture: one more than its furthest parent; a cycle ends where it closes."""
    depth = dict.fromkeys(tables, 0)
    for _ in tables:
        before = dict(depth)
        for key in keys:
            if (
                key.table != key.ref_table
                and depth[key.ref_table] + 1 > depth[key.table]
                and depth[key.ref_table] < len(tables) - 1
            ):
                depth[key.table] = min(depth[key.ref_table] + 1, 6)
        if before == depth:
            break
    return depth


def _boxes(tables: Sequence[TableProfile], keys: Sequence[ForeignKey]) -> dict[str, tuple[int, int, int, list[str]]]:
    depth = layers([t.name for t in tables], keys)
    bottom: dict[int, int] = {}
    boxes: dict[str, tuple[int, int, int, list[str]]] = {}
    for table in sorted(tables, key=lambda t: (depth[t.name], t.name)):
        foreign = [c for k in keys if k.table == table.name for c in k.columns]
        key = list(table.primary_key or ())
        lines = [f"⚿ {short(c, 26)}" for c in key[:3]] + [f"→ {short(c, 26)}" for c in dict.fromkeys(foreign) if c not in key][:5]
        height = 34 + _LINE * len(lines) + (6 if lines else 0)
        x = 8 + depth[table.name] * (_WIDE + _GAP_X)
        y = bottom.get(depth[table.name], 8)
        boxes[table.name] = x, y, height, lines
        bottom[depth[table.name]] = y + height + _GAP_Y
    return boxes


def _box(table: TableProfile, x: int, y: int, height: int, lines: Sequence[str]) -> str:
    inner = (
        f'<rect x="{x}" y="{y}" width="{_WIDE}" height="{height}" rx="3" class="dk-box"/>'
        f'<text x="{x + 10}" y="{y + 21}" class="dk-title">{escape(short(table.name, 22))}</text>'
        f'<text x="{x + _WIDE - 10}" y="{y + 21}" text-anchor="end" class="dk-note">{table.rows:,}</text>'
    )
    inner += "".join(
        f'<text x="{x + 10}" y="{y + 42 + _LINE * i}" class="dk-note">{escape(line)}</text>' for i, line in enumerate(lines)
    )
    title = escape(f"{table.name}: {count(table.rows, 'row')}")
    return element("g", f"<title>{title}</title>{inner}")


def _arrow(key: ForeignKey, child: tuple[int, int, int, list[str]], parent: tuple[int, int, int, list[str]]) -> str:
    x1, y1 = parent[0] + _WIDE, parent[1] + 17
    x2, y2 = child[0], child[1] + 17
    if x2 <= parent[0]:  # same column or a cycle: run round the right side
        x2 = child[0] + _WIDE
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
    width = max(x for x, *_ in boxes.values()) + _WIDE + 60
    height = max(y + h for _, y, h, _ in boxes.values()) + 8
    drawn = "".join(_arrow(k, boxes[k.table], boxes[k.ref_table]) for k in keys) + "".join(
        _box(t, *boxes[t.name]) for t in tables
    )
    words = f"Relationships of {count(len(tables), 'table')}; the table below says the same"
    return (
        f'<svg role="img" aria-label="{escape(words)}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'style="max-width:100%;height:auto">{drawn}</svg>'
    )
