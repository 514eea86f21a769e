"""Markdown → blocks with line numbers: headings, list items with their parents, table rows, fences, paragraphs.

Not a full CommonMark parser: it finds what a reader needs to know about where a sentence stands. One pass over the lines.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass

_FENCE = re.compile(r" {0,12}(?:[-*+] +)?(`{3,}|~{3,})\s*([\w+#.-]*)")
_HEADING = re.compile(r" {0,3}(#{1,6})(?=\s|$)")
_ITEM = re.compile(r"([ \t]*)(?:[-*+•]|\d{1,4}[.)])[ \t]+(?=\S)")
_SETEXT = re.compile(r" {0,3}(=+|-{2,})\s*$")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_SKIP_FRONT = re.compile(r"\A---[ \t]*\r?\n.*?^---[ \t]*$", re.S | re.M)
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Block:
    """One unit of text: ``text`` is its source lines joined by newlines, the first of them line ``line``.

    ``kind``: heading, item, paragraph, row, code; ``headings`` those above, outermost first; ``leads`` the sentences that
    introduce it (parents of a list item, the line before a list or fence); ``titles`` of a row its column titles;
    ``language`` of code.
    """

    kind: str
    line: int
    text: str
    headings: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    language: str = ""

    @property
    def cells(self) -> tuple[tuple[int, int], ...]:
        """Return the spans of a table row's cells in ``text``."""
        cuts = [m.start() for m in _CELL.finditer(self.text)]
        edges = sorted({-1, *cuts, len(self.text)})
        spans = [(a + 1, b) for a, b in itertools.pairwise(edges)]
        return tuple(s for i, s in enumerate(spans) if 0 < i < len(spans) - 1 or self.text[s[0] : s[1]].strip())


def _is_rule(line: str) -> bool:
    return "-" in line and not line.strip().strip(" :|-\t")


def _blank(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda m: re.sub(r"[^\n\r]", " ", m[0]), text)


class _Reader:
    def __init__(self, text: str) -> None:
        shown = _blank(_blank(text, _SKIP_FRONT), _COMMENT) if "<!--" in text or text.startswith("---") else text
        self.lines = shown.split("\n")
        self.headings: list[tuple[int, str]] = []
        self.parents: list[tuple[int, str]] = []
        self.lead = ""
        self.titles: tuple[str, ...] = ()

    def _above(self) -> tuple[str, ...]:
        return tuple(h for _, h in self.headings)

    def _block(self, kind: str, first: int, lines: list[str], **more: object) -> Block:
        return Block(kind, first + 1, "\n".join(lines), self._above(), **more)  # type: ignore[arg-type]  # only Block's own fields

    def blocks(self) -> Iterator[Block]:
        i = 0
        while i < len(self.lines):
            line = self.lines[i]
            if not line.strip():
                self.titles = ()
                i += 1
            elif fence := _FENCE.match(line):
                end = self._fence_end(i, fence[1])
                leads = tuple(p for _, p in self.parents) + ((self.lead,) if self.lead else ())
                yield self._block("code", i + 1, self.lines[i + 1 : end], leads=leads, language=fence[2].lower())
                i = end + 1
            elif heading := _HEADING.match(line):
                yield self._heading(i, len(heading[1]), [line])
                i += 1
            elif item := _ITEM.match(line):
                end = self._text_end(i + 1)
                yield self._item(i, len(item[1].expandtabs(4)), self.lines[i:end])
                i = end
            elif "|" in line and self._is_table(i):
                i = yield from self._table(i)
            else:
                end = self._text_end(i + 1)
                if end < len(self.lines) and end == i + 1 and _SETEXT.match(self.lines[end]):
                    yield self._heading(i, 1 if "=" in self.lines[end] else 2, self.lines[i:end])
                    i = end + 1
                    continue
                yield self._paragraph(i, self.lines[i:end])
                i = end

    def _fence_end(self, start: int, mark: str) -> int:
        for i in range(start + 1, len(self.lines)):
            text = self.lines[i].strip()
            if text.startswith(mark) and not text.strip(mark[0]):
                return i
        return len(self.lines)

    def _text_end(self, i: int) -> int:
        while i < len(self.lines):
            line = self.lines[i]
            if not line.strip() or _FENCE.match(line) or _HEADING.match(line) or _ITEM.match(line) or _SETEXT.match(line):
                break
            if line.lstrip().startswith("|"):
                break
            i += 1
        return i

    def _is_table(self, i: int) -> bool:
        stripped = self.lines[i].strip()
        below = self.lines[i + 1] if i + 1 < len(self.lines) else ""
        return bool(self.titles) or stripped.startswith("|") or ("|" in below and _is_rule(below))

    def _heading(self, i: int, level: int, lines: list[str]) -> Block:
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        block = self._block("heading", i, lines)
        self.headings.append((level, lines[0].strip().strip("#").strip()))
        self.parents, self.lead, self.titles = [], "", ()
        return block

    def _item(self, i: int, indent: int, lines: list[str]) -> Block:
        while self.parents and self.parents[-1][0] >= indent:
            self.parents.pop()
        leads = ((self.lead,) if self.lead else ()) + tuple(p for _, p in self.parents)
        block = self._block("item", i, lines, leads=leads)
        self.parents.append((indent, _ITEM.sub("", lines[0], count=1)))
        return block

    def _paragraph(self, i: int, lines: list[str]) -> Block:
        indented = lines[0].startswith(("  ", "\t")) and self.parents
        leads = tuple(p for _, p in self.parents) if indented else ()
        if not indented:
            self.parents, self.titles = [], ()
            last = lines[-1].rstrip(" *_")
            self.lead = lines[-1] if last.endswith(":") or len(lines) == 1 else ""
        return self._block("paragraph", i, lines, leads=leads)

    def _table(self, i: int) -> Generator[Block, None, int]:
        self.parents = []
        while i < len(self.lines) and "|" in self.lines[i]:
            line = self.lines[i]
            if _is_rule(line):
                i += 1
                continue
            block = self._block(
                "row", i, [line], titles=self.titles, leads=(self.lead,) if self.lead.rstrip(" *_").endswith(":") else ()
            )
            if not self.titles and i + 1 < len(self.lines) and _is_rule(self.lines[i + 1]) and "|" in self.lines[i + 1]:
                self.titles = tuple(line[a:b].strip() for a, b in block.cells) or ("",)
            yield block
            i += 1
        self.titles = ()
        return i


def read_blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of a Markdown text in order; any text is readable, front matter and comments are left out."""
    return tuple(_Reader(text.replace("\r\n", "\n").replace("\r", "\n")).blocks())


def front_matter(text: str) -> str:
    """Return the YAML between the leading ``---`` lines, or the empty text."""
    found = _SKIP_FRONT.match(text)
    return found[0].strip().strip("-").strip() if found else ""
