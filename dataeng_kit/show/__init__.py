"""Nouns → HTML, Markdown, text, Mermaid and Vega-Lite: the one room that knows HTML.

``html``, ``markdown`` and ``text`` take a noun or a sequence of nouns of one kind. They hide nothing: whoever
writes for someone else passes what `privacy.visible` returned.
"""

from __future__ import annotations

from typing import Any

from dataeng_kit.show import markup as _html
from dataeng_kit.show import md as _markdown
from dataeng_kit.show import plain as _plain
from dataeng_kit.show.views import blocks

__all__ = ["blocks", "html", "markdown", "text"]


def html(noun: Any) -> str:
    """Return self-contained HTML that reads in a trusted and in an untrusted notebook."""
    return _html.document(blocks(noun))


def markdown(noun: Any) -> str:
    """Return Markdown with every name and value escaped."""
    return _markdown.blocks(blocks(noun))


def text(noun: Any) -> str:
    """Return plain text with aligned columns."""
    return _plain.blocks(blocks(noun))
