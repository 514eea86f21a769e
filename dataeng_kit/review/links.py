"""Numbers that lead to their query: a page registers each query it cites, an appendix then lists them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from dataeng_kit.nouns import Fact
from dataeng_kit.show.blocks import number


def slug(text: str) -> str:
    """Return an anchor for *text*: letters and digits kept, everything else as its code, so that two texts never clash."""
    return "x-" + re.sub(r"[^A-Za-z0-9-]", lambda m: f"_{ord(m[0]):x}", text)


@dataclass(frozen=True)
class Query:
    """One cited query: its anchor, the ids that cite it, how it measures and where."""

    anchor: str
    ids: tuple[str, ...]
    sql: str
    method: str
    engine: str


@dataclass
class Links:
    """Hands out anchors in order of first citation; *struck* holds ids that a second measurement refuted, with the new value.

    *register* holds, for each finding with a place of its own on the page, the short number it has there (``F3``).
    """

    facts: Mapping[str, Fact]
    struck: Mapping[str, Any] = field(default_factory=dict)
    register: Mapping[str, str] = field(default_factory=dict)
    _queries: dict[str, Query] = field(default_factory=dict)

    def number(self, value: Any, id: str = "", sql: str = "") -> Markup:
        """Return *value* as HTML, linked to the query of fact *id* or to *sql*; struck out when it no longer holds."""
        shown = value if isinstance(value, str) else number(value)
        html = Markup("{}").format(shown)
        anchor = self.anchor(id, sql)
        if anchor:
            html = Markup('<a class="n" href="#{}">{}</a>').format(anchor, html)
        if id in self.struck:
            html = Markup("<del>{}</del> <ins>{}</ins>").format(html, number(self.struck[id]))
        return html

    def anchor(self, id: str = "", sql: str = "") -> str:
        """Return the anchor of a query, registering it; empty when nothing measures the number again."""
        fact = self.facts.get(id)
        sql = sql or (fact.query if fact else "")
        if not sql:
            return ""
        known = self._queries.get(sql)
        anchor = known.anchor if known else f"q{len(self._queries) + 1}"
        ids = tuple(dict.fromkeys([*(known.ids if known else ()), *([id] if id else [])]))
        method, engine = (fact.method, fact.engine) if fact else (known.method, known.engine) if known else ("exact", "")
        self._queries[sql] = Query(anchor, ids, sql, method, engine)
        return anchor

    def finding(self, id: str) -> Markup:
        """Return a finding's number, linked to its place in the register; its id where it has none."""
        known = self.register.get(id)
        return (
            Markup('<a href="#{}">{}</a>').format(slug(id), known) if known else Markup('<span class="id">{}</span>').format(id)
        )

    @property
    def queries(self) -> list[Query]:
        """Return every cited query in order of first citation."""
        return list(self._queries.values())
