"""What a label, heading, lead or column title introduces: the stretch of text that speaks of one kind of statement."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from dataeng_kit.context.markdown import Block
from dataeng_kit.knowledge import figures

_LABEL = re.compile(r"^[\s>*_`#~+•-]*(?:\d+[.)]\s*)?[*_`]*(?P<label>[^:\n*_`]{2,60}?)[*_`\s]*(?::|\s[—–-]\s)[*_`\s]*", re.M)
_MARK = re.compile(r"[\s>*_+•-]*(?:\d+[.)]\s+)?(?:\[[ xX]\]\s*)?")
_TRIM = re.compile(r"^[\W\d_]+|[\s:*_`.!?]+$")


@dataclass(frozen=True)
class Part:
    """The stretch of a block that is about one kind of statement; ``subject``: what the row of a table is about."""

    kind: str
    start: int
    end: int
    subject: str = ""


@functools.cache
def _named() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern, re.I)) for kind, pattern in figures()["labels"].items())


@functools.lru_cache(4096)
def kind_of(label: str) -> str:
    """Return the kind of statement that a label or heading introduces, or the empty text."""
    shown = _TRIM.sub("", label.replace("**", "").replace("`", ""))
    if not shown or len(shown) > 70:
        return ""
    return next((kind for kind, pattern in _named() if pattern.fullmatch(shown)), "")


def parts_of(block: Block) -> tuple[Part, ...]:
    """Return the parts of a block by its labels; without any, by its lead, its last heading, or its column titles."""
    if block.kind in ("code", "heading"):
        return ()
    if block.kind == "row":
        return tuple(_of_row(block))
    found = [(kind_of(m["label"]), m) for m in _LABEL.finditer(block.text)]
    starts = [m.start() for kind, m in found if kind]
    parts = [Part(kind, m.end(), next((s for s in starts if s >= m.end()), len(block.text))) for kind, m in found if kind]
    if parts:
        return tuple(p for p in parts if block.text[p.start : p.end].strip())
    above = above_kind(block)
    mark = _MARK.match(block.text)
    return (Part(above, mark.end() if mark else 0, len(block.text)),) if above else ()


def above_kind(block: Block) -> str:
    """Return the kind that the lead or last heading above a block introduces, or the empty text."""
    for lead in reversed(block.leads):
        if lead.rstrip(" *_").endswith(":") and (kind := kind_of(lead)):
            return kind
    return kind_of(block.headings[-1]) if block.headings else ""


def _of_row(block: Block) -> Iterator[Part]:
    cells = block.cells
    if len(cells) < 2 or not block.titles:
        return
    first = block.text[slice(*cells[0])].strip(" *_`")
    if kind := kind_of(first):
        yield from (Part(kind, a, b) for a, b in cells[1:] if block.text[a:b].strip())
        return
    for (a, b), title in zip(cells[1:], block.titles[1:], strict=False):
        kind = kind_of(title)  # a column "Purpose" mostly says what a file or a variable is for
        if block.text[a:b].strip() and kind and kind != "purposes":
            yield Part(kind, a, b, first)
    if (kind := above_kind(block)) in ("purposes", "owners"):
        yield Part(kind, *cells[1], first)
