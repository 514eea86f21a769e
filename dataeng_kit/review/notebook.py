"""The review as a notebook: the sections as text, the advised cells as code with where they come from."""

from __future__ import annotations

import hashlib
import html
from typing import Any

from dataeng_kit.nouns import Cell
from dataeng_kit.review.markdown import markdown
from dataeng_kit.review.page import Page
from dataeng_kit.review.render import Section
from dataeng_kit.show.md import escape

_TEXT_ONLY = ("B", "C", "D", "A", "15")
"""Sections that stay in the HTML: a notebook is for working, the appendices are for looking up."""


def notebook(page: Page, parts: list[Section]) -> dict[str, Any]:
    """Return an nbformat 4.5 notebook as a mapping; it opens the case in its first code cell and holds no output."""
    cells = [_text("title", f"# Data discovery review: {escape(page.evidence.name)}\n\n{page.policy}")]
    opened = page.open_line or "dk.open('.')"
    cells.append(_code("open", f"%reload_ext dataeng_kit\nimport dataeng_kit as dk\n\ncase = {opened}", page, "open the case"))
    for part in parts:
        if part.number in _TEXT_ONLY:
            continue
        cells.append(_text(f"section {part.number}", f"## {part.number} {part.title}\n\n{markdown(str(part.html))}"))
        if part.number == "1":
            cells.append(_code("brief", "case.brief()", page, "the brief, measured now"))
        if part.number == "8":
            cells.append(_code("findings", "case.findings", page, "the findings, measured now"))
        if part.number == "11":
            for cell in page.cells:
                cells.append(_text(f"title {cell.id}", _title(cell)))
                cells.append(_code(cell.id, _source(cell), page, cell.title, cell))
    metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "dataeng_kit": {
            "kit": page.snapshot.kit,
            "data_hash": page.snapshot.data_hash,
            "profile_hash": page.snapshot.profile_hash,
        },
    }
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _source(cell: Cell) -> str:
    return cell.source if cell.language == "python" and not cell.path else f"%%run {cell.id}\n{cell.source}"


def _title(cell: Cell) -> str:
    badge = cell.check.badge if cell.check else "not checked"
    agreed = (
        f", {sum(r.ok for r in cell.check.reconciliation)} of {len(cell.check.reconciliation)} reconciliations agree"
        if cell.check
        else ""
    )
    return markdown(
        f"<h3>{html.escape(cell.title)}</h3><p>{html.escape(cell.purpose)}</p><p>Check: {html.escape(badge)}{agreed}</p>"
    )


def _id(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _text(id: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": _id(f"text {id}"), "metadata": {}, "source": source}


def _code(id: str, source: str, page: Page, title: str, cell: Cell | None = None) -> dict[str, Any]:
    origin: dict[str, Any] = {"case": page.evidence.name, "title": title, "kit": page.snapshot.kit}
    if cell:
        check = {"level": cell.check.level, "engine": cell.check.engine, "version": cell.check.version} if cell.check else None
        origin |= {"cell": cell.id, "facts": list(cell.facts), "check": check}
    return {
        "cell_type": "code",
        "id": _id(f"code {id}"),
        "metadata": {"dataeng_kit": origin},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }
