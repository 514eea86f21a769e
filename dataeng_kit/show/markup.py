"""Blocks → HTML that survives a sanitizer: inline styles, `<details>`, no script, style or svg; every text escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape as escape  # part of this module for the panels

from dataeng_kit.show.blocks import Badge, Bar, Block, Bullets, Code, Grid, Heading, Inline, Mono, Para, Spark, Strong, Tone

TONES: dict[Tone, str] = {
    "plain": "var(--jp-border-color1,#bdbdbd)",
    "good": "var(--jp-success-color1,#388e3c)",
    "warn": "var(--jp-warn-color1,#f57c00)",
    "bad": "var(--jp-error-color1,#d32f2f)",
    "info": "var(--jp-brand-color1,#1976d2)",
    "muted": "var(--jp-border-color2,#e0e0e0)",
}
"""JupyterLab's own colours; the literal serves where the page has none. They colour edges and bars, never words (contrast)."""
_LINE = "border:0;border-bottom:1px solid var(--jp-border-color2,#e0e0e0)"
_TABLE = "border-collapse:collapse;border:0;margin:.3em 0 .8em;font-size:.95em"
_CELL = f"padding:.3em .8em .3em 0;vertical-align:top;white-space:normal;{_LINE}"
_MONO = "font-family:var(--jp-code-font-family,monospace);font-size:.92em;overflow-wrap:anywhere"
_WHOLE = 40
"""Code up to this many characters stays on one line."""
_BACK = "background:var(--jp-layout-color2,#eeeeee)"
_BADGE = f"display:inline-block;border-left:.32em solid {{0}};padding:0 .5em 0 .4em;margin:0 .35em;white-space:nowrap;{_BACK}"
_PRE = f"{_MONO};overflow:auto;max-height:30em;white-space:pre;line-height:1.4;padding:.7em .9em;{_BACK}"


def element(tag: str, inner: str, **attributes: str) -> str:
    """Return one element; *inner* is HTML already, attribute values are escaped here (``class_`` writes ``class``)."""
    written = "".join(f' {k.rstrip("_").replace("_", "-")}="{escape(v, quote=True)}"' for k, v in attributes.items() if v)
    return f"<{tag}{written}>{inner}</{tag}>"


def inline(content: Inline) -> str:
    """Return inline content as HTML."""
    if isinstance(content, str):
        return escape(content)
    if isinstance(content, Badge):
        return element("span", escape(content.text), style=_BADGE.format(TONES[content.tone]))
    if isinstance(content, Mono):
        whole = ";white-space:nowrap" if len(content.text) <= _WHOLE else ""
        return element("code", escape(content.text), style=_MONO + whole)
    if isinstance(content, Strong):
        return element("strong", escape(content.text))
    if isinstance(content, Bar):
        return _bar(content)
    if isinstance(content, Spark):
        return _spark(content)
    return "".join(inline(part) for part in content)


def _bar(bar: Bar) -> str:
    width = max(0.0, min(1.0, bar.share)) * 100
    inside = element("span", "", style=f"display:block;height:100%;width:{width:.1f}%;background:{TONES[bar.tone]}")
    track = element(
        "span",
        inside,
        aria_hidden="true",
        style="display:inline-block;width:5em;height:.55em;margin-right:.5em;background:var(--jp-layout-color3,#e0e0e0)",
    )
    return element("span", track + escape(bar.text), style="white-space:nowrap")


def _spark(spark: Spark) -> str:
    top = max(spark.counts, default=0) or 1
    bars = "".join(
        element(
            "span",
            "",
            style="display:inline-block;width:.45em;margin-right:1px;vertical-align:bottom;"
            f"height:{max(1, round(18 * c / top))}px;background:{TONES['info']}",
        )
        for c in spark.counts[:12]
    )
    return element("span", bars, aria_hidden="true", style="white-space:nowrap;margin-right:.5em") + escape(spark.text)


def table(grid: Grid) -> str:
    """Return a grid as a table whose header cells carry their scope."""
    align = ["right" if name in grid.numeric else "left" for name in grid.header]
    head = "".join(
        element("th", escape(h), scope="col", style=f"{_CELL};text-align:{a};font-weight:600")
        for h, a in zip(grid.header, align, strict=True)
    )
    body = "".join(
        element(
            "tr",
            "".join(
                element("td", inline(c), style=f"{_CELL};text-align:{a};max-width:44em") for c, a in zip(row, align, strict=True)
            ),
            style="background:transparent",
        )
        for row in grid.rows
    )
    caption = element("caption", escape(grid.caption), style="text-align:left;padding:.2em 0") if grid.caption else ""
    more = element("p", f"… and {grid.more:,} more", style="margin:.2em 0") if grid.more else ""
    whole = element("table", f"{caption}<thead>{element('tr', head)}</thead><tbody>{body}</tbody>", style=_TABLE, id=grid.id)
    return element("div", whole, style="overflow-x:auto") + more


def block(item: Block) -> str:
    """Return one block as HTML."""
    if isinstance(item, Heading):
        size = {1: 1.5, 2: 1.2, 3: 1.05}.get(item.level, 1.0)
        return element(f"h{item.level}", escape(item.text), style=f"font-size:{size}em;font-weight:600;margin:.9em 0 .3em")
    if isinstance(item, Para):
        return element("p", inline(item.content), style="margin:.3em 0 .6em;max-width:60em")
    if isinstance(item, Bullets):
        inner = "".join(element("li", inline(i), style="margin:.15em 0") for i in item.items)
        return element("ul", inner, style="margin:.2em 0 .6em;padding-left:1.3em;max-width:64em")
    if isinstance(item, Code):
        return element("pre", element("code", escape(item.text), style="background:transparent"), style=_PRE, tabindex="0")
    if isinstance(item, Grid):
        return table(item)
    summary = element("summary", inline(item.summary), style="cursor:pointer;padding:.25em 0")
    inner = element("div", blocks(item.blocks), style="padding:.1em 0 .4em 1.1em")
    opened = element("details", summary + inner, style=_LINE)
    return opened.replace("<details", "<details open", 1) if item.open else opened


def blocks(items: Iterable[Block]) -> str:
    """Return blocks as HTML, without an outer element."""
    return "".join(block(b) for b in items)


def document(items: Iterable[Block]) -> str:
    """Return blocks in one container with the notebook's own font and colours."""
    style = "line-height:1.5;font-family:var(--jp-ui-font-family,sans-serif);color:var(--jp-content-font-color1,inherit)"
    return element("div", blocks(items), style=style)
