"""Pictures as the last line of a cell: JupyterLab draws Mermaid and Vega-Lite itself; a text says the same beside them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from dataeng_kit.lab.mask import shown
from dataeng_kit.nouns import Advice, Design, Profile
from dataeng_kit.show import markdown, mermaid, text, vega
from dataeng_kit.show.blocks import Block, Grid
from dataeng_kit.show.markup import element, escape
from dataeng_kit.show.md import fenced
from dataeng_kit.show.plain import blocks as plain_blocks


class Bundle:
    """A picture with its fallbacks: the representations by MIME type, richest first to whoever can draw it."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return self.data


def _drawn(source: str, words: str) -> Bundle:
    return Bundle({"text/vnd.mermaid": source, "text/markdown": fenced(source, "mermaid"), "text/plain": words})


def _charted(spec: dict[str, Any]) -> Bundle:
    values = spec["data"]["values"]
    head = tuple(values[0]) if values else ()
    grid: tuple[Block, ...] = (Grid(head, tuple(tuple(str(v[h]) for h in head) for v in values), caption=spec["title"]),)
    return Bundle({vega.MIME: spec, "text/plain": plain_blocks(grid)})


def er(what: Profile | Design, focus: str = "") -> Bundle:
    """Return the entity-relationship diagram of measured tables (*focus*: one table and its neighbours) or of a target model."""
    if isinstance(what, Design):
        return _drawn(mermaid.er_design(what), text(what))
    return _drawn(mermaid.er(what, focus), text(what.foreign_keys) if what.foreign_keys else "No relationship was found.")


def lineage(design: Design) -> Bundle:
    """Return which source tables feed which target tables."""
    return _drawn(mermaid.lineage(design), text(design))


def bus_matrix(design: Design) -> Bundle:
    """Return which fact table uses which dimension."""
    return _charted(vega.bus_matrix(design))


def before_after(advice: Advice) -> Bundle:
    """Return the measured milliseconds of each trial query before and after."""
    return _charted(vega.before_after(advice))


def missingness(profile: Profile) -> Bundle:
    """Return the share of missing values per column as bars."""
    return _charted(vega.missingness(profile))


def coverage(profile: Profile) -> Bundle:
    """Return how many values of each foreign key were found in the parent."""
    return _charted(vega.coverage(profile))


def distribution(profile: Profile, table: str, column: str) -> Bundle:
    """Return one column's values as a chart, or the sentence that they are hidden; raises `KeyError` naming the nearest."""
    seen = shown(profile).table(table).column(column)
    spec = vega.distribution(seen, table)
    if not spec["data"]["values"]:
        return Bundle({"text/plain": f"The values of {table}.{column} are hidden in outputs; the workbench shows them."})
    return _charted(spec)


def page(path: Path) -> Bundle:
    """Return an HTML file beside the notebook as a link and a frame; the notebook keeps the link, not the page."""
    near = Path(os.path.relpath(path)).as_posix()
    link = element("p", element("a", escape(f"Open {path.name} in its own tab"), href=near, target="_blank"))
    frame = element("iframe", "", src=near, title=path.name, width="100%", height="560", style="border:0;background:#ffffff")
    return Bundle({"text/html": link + frame, "text/plain": f"Written: {near}"})


def summary(noun: Any) -> Bundle:
    """Return any noun as Markdown, the form in which a notebook on the web reads best."""
    return Bundle({"text/markdown": markdown(shown(noun)), "text/plain": text(shown(noun))})
