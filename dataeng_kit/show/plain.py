"""Blocks → text for a terminal and for ``text/plain``: aligned columns, no escape codes."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

from dataeng_kit.show.blocks import Badge, Bar, Block, Bullets, Code, Grid, Heading, Inline, Mono, Para, Spark, Strong

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
WIDTH = 110


def clean(text: str) -> str:
    """Return *text* without the control characters that could move a terminal's cursor or reorder a line."""
    return _CONTROL.sub("", text)


def inline(content: Inline) -> str:
    """Return inline content as one line of text."""
    if isinstance(content, str):
        return clean(" ".join(content.split("\n")))
    if isinstance(content, Badge):
        return f"[{clean(content.text)}]"
    if isinstance(content, Mono | Strong | Bar | Spark):
        return clean(content.text)
    return "".join(inline(part) for part in content)


def _grid(grid: Grid) -> str:
    rows = [list(grid.header), *[[inline(c) for c in row] for row in grid.rows]]
    widths = [min(48, max(len(row[i]) for row in rows)) for i in range(len(grid.header))]
    lines = []
    for row in rows:
        cells = [c if len(c) <= w else c[: w - 1] + "…" for c, w in zip(row, widths, strict=True)]
        lines.append(
            "  ".join(
                c.rjust(w) if h in grid.numeric else c.ljust(w) for c, w, h in zip(cells, widths, grid.header, strict=True)
            ).rstrip()
        )
    lines.insert(1, "  ".join("─" * w for w in widths))
    return "\n".join(([grid.caption] if grid.caption else []) + lines + ([f"… and {grid.more:,} more"] if grid.more else []))


def block(item: Block) -> str:
    """Return one block as text."""
    if isinstance(item, Heading):
        return f"{clean(item.text)}\n{('═' if item.level <= 1 else '─') * min(WIDTH, len(item.text))}"
    if isinstance(item, Para):
        return textwrap.fill(inline(item.content), WIDTH)
    if isinstance(item, Bullets):
        return "\n".join(textwrap.fill(inline(i), WIDTH, initial_indent="• ", subsequent_indent="  ") for i in item.items)
    if isinstance(item, Code):
        return textwrap.indent(clean(item.text.rstrip()), "    ")
    if isinstance(item, Grid):
        return _grid(item)
    return f"{inline(item.summary)}\n{textwrap.indent(blocks(item.blocks), '  ')}"


def blocks(items: Iterable[Block]) -> str:
    """Return blocks as one text."""
    return "\n\n".join(b for b in (block(i) for i in items) if b)
