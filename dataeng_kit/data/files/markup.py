"""Tables in HTML pages (often named .xls) and in XML, read by the standard library without fetching or expanding anything."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from html.parser import HTMLParser

from dataeng_kit.data.files import NotData, Task
from dataeng_kit.data.files.dialect import Dialect
from dataeng_kit.data.files.encoding import decode
from dataeng_kit.data.files.grid import Grid
from dataeng_kit.data.files.header import join_headers
from dataeng_kit.data.files.layout import lay_out
from dataeng_kit.data.files.records import Records
from dataeng_kit.data.store import Loaded
from dataeng_kit.errors import KitError

ORDER = 40
_HTML = re.compile(rb"(?i)^\s*(<!--.*?-->\s*)*(<\?xml[^>]*\?>\s*)?(<!doctype html|<html|<head|<body|<table|<meta)", re.DOTALL)
_MOST_SPAN = 1_000


def accepts(head: bytes, name: str) -> bool:
    """Return whether the file starts as HTML or XML."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return bool(_HTML.match(start)) or start.startswith(b"<?xml") or (start.startswith(b"<") and name.lower().endswith(".xml"))


def read(task: Task) -> list[Loaded]:
    """Return every table of the page, or the repeated element of the XML document."""
    raw = task.path.read_bytes()
    start = raw[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return task.load(_html(raw, task) if _HTML.match(start) else _xml(raw, task))


class _Tables(HTMLParser):
    """Collects the cells of all tables: one that spans rows holds in each, one that spans columns stands in the first."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self._open: list[_Table] = []
        self._cell: list[str] | None = None
        self._span, self._down, self._head = 1, 1, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._open.append(_Table())
            self.tables.append(self._open[-1])
        elif tag == "tr" and self._open:
            self._end()
            self._open[-1].start()
        elif tag in ("td", "th") and self._open:
            self._end()
            spans = (dict(attrs).get(name) or "1" for name in ("colspan", "rowspan"))
            self._span, self._down = (min(int(s), _MOST_SPAN) if s.isdecimal() else 1 for s in spans)
            self._cell, self._head = [], tag == "th"
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._end()
        if tag == "table" and self._open:
            self._open.pop().fill()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _end(self) -> None:
        if self._cell is not None and self._open:
            self._open[-1].add(" ".join("".join(self._cell).split()), self._span, self._down, self._head)
        self._cell = None


class _Table:
    """The rows of one table; ``heads`` says of each whether all its own cells are header cells."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.heads: list[bool] = []
        self._below: dict[int, tuple[int, str]] = {}
        self._tall, self._wide = 1, 1

    def start(self) -> None:
        """Begin a row."""
        self.fill()
        self.rows.append([])
        self.heads.append(True)

    def add(self, text: str, span: int, down: int, head: bool) -> None:
        """Add a cell at the next free place, and what it covers of this row and of those below."""
        if not self.rows:
            self.start()
        self.fill()
        self.heads[-1] &= head
        if len(self.rows) == 1:
            self._tall, self._wide = max(self._tall, down), max(self._wide, span)
        for cell in (text, *[""] * (span - 1)):
            if down > 1:
                self._below[len(self.rows[-1])] = (down - 1, cell)
            self.rows[-1].append(cell)

    def body(self) -> tuple[list[list[str]], int]:
        """Return the rows that hold cells, with several rows of header cells as one, and how many those were."""
        grouped = self._tall if self._wide > 1 else 0  # a first row that spans both ways is a header without header cells
        kept = [(row, head or at < grouped) for at, (row, head) in enumerate(zip(self.rows, self.heads, strict=True)) if row]
        rows = [row for row, _ in kept]
        width = max(map(len, rows), default=0)
        first = next((at for at, row in enumerate(rows) if len(set(filter(None, row))) > 1), 0)  # a title may span the table
        end = next((at for at, (row, head) in enumerate(kept) if at >= first and not (head and len(row) == width)), 0)
        if end - first < 2:
            return rows, 0
        return [*rows[:first], join_headers(rows[first:end]), *rows[end:]], end - first

    def fill(self) -> None:
        """Bring down the cells above that cover the next places of the row."""
        while self.rows and (held := self._below.pop(len(self.rows[-1]), None)):
            left, text = held
            if left > 1:
                self._below[len(self.rows[-1])] = (left - 1, text)
            self.rows[-1].append(text)


def _html(raw: bytes, task: Task) -> list[Grid]:
    charset = re.search(rb"charset=[\"']?([\w-]+)", raw[:4096])
    parser = _Tables()
    try:
        text = decode(raw, charset[1].decode() if charset else "")
    except LookupError:
        text = decode(raw)
    parser.feed(text.text)
    grids: list[Grid] = []
    for table in parser.tables:
        rows, joined = table.body()
        if not rows or (max(map(len, rows)) < 2 and len(parser.tables) > 1):
            continue
        records = Records(rows, list(range(1, len(rows) + 1)))
        options = dict(task.options) if joined < 2 else {"header": True, **task.options}
        for number, grid in enumerate(lay_out(records, Dialect(",", "", evidence="cells of a page"), options)):
            grid.format, grid.dialect, grid.encoding = "html", {}, text.encoding
            grid.suffix = f"table {len(grids) + 1}" if grids else ""
            if joined > 1 and not number:
                grid.records, grid.header_records = grid.records + joined - 1, grid.header_records + joined - 1
                grid.evidence.append(f"{joined} rows of header cells joined")
            grids.append(grid)
    if not grids:
        raise NotData("an HTML page without a table")
    return grids


def _xml(raw: bytes, task: Task) -> list[Grid]:
    if re.search(rb"<!(DOCTYPE|ENTITY)[^>]*(\[|SYSTEM|ENTITY)", raw[:65_536]):
        raise KitError(f"'{task.name}' declares entities, which are not expanded", "Remove the DOCTYPE, or export it as CSV")
    try:
        root = ET.fromstring(raw)
    except (ET.ParseError, ValueError) as error:
        raise KitError(f"'{task.name}' is no well-formed XML ({error})", "Export it again") from error
    best = max(root.iter(), key=lambda e: Counter(c.tag for c in e).most_common(1)[0][1] if len(e) else 0)
    if not len(best) or (Counter(c.tag for c in best).most_common(1)[0][1] < 2 and not any(len(c) or c.attrib for c in best)):
        raise NotData("an XML document without repeated records")
    tag = Counter(c.tag for c in best).most_common(1)[0][0]
    items = [_flat(e) for e in best if e.tag == tag]
    header = list(dict.fromkeys(k for item in items for k in item))
    rows = [[item.get(k, "") for k in header] for item in items]
    return [Grid(header, rows, format="xml", evidence=[f"one row per <{_local(tag)}>"], records=len(rows))]


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _flat(element: ET.Element) -> dict[str, str]:
    """Return attributes and leaves as columns named by their path; repeated leaves are joined by a semicolon."""
    found: dict[str, str] = {}
    stack: list[tuple[str, ET.Element]] = [("", element)]
    while stack:
        path, node = stack.pop()
        pairs = [(k, v) for k, v in node.attrib.items()]
        if not len(node) and (node.text or "").strip():
            pairs.append(("", (node.text or "").strip()))
        for key, value in pairs:
            name = ".".join(p for p in (path, _local(key)) if p) or "value"
            found[name] = f"{found[name]}; {value}" if name in found else value
        stack += [(".".join(p for p in (path, _local(c.tag)) if p), c) for c in reversed(node)]
    return found
