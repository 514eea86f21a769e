"""The review's own HTML → Markdown, so that the document says the same in both forms."""

from __future__ import annotations

from html.parser import HTMLParser

from dataeng_kit.show.md import escape, fenced, mono

_SKIPPED = frozenset({"svg", "figure", "style"})
_BEGINS = frozenset({"p", "h3", "h4", "li", "dt", "summary", "figcaption", "article", "table", "pre"})
_ENDS = {"h3": "### ", "h4": "#### ", "li": "- ", "dd": "- ", "p": "", "summary": "", "div": "", "article": ""}
"""Elements that begin and end a block, with what an ended one begins with in Markdown."""
_WRITTEN = {"del": "~~", "strong": "**"}


class _Writer(HTMLParser):
    """Collects Markdown while the parser walks the few elements that the section templates use."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self.line: list[str] = []
        self.row: list[str] | None = None
        self.rows: list[list[str]] = []
        self.pre = self.mono = False
        self.hidden = 0

    def flush(self, prefix: str = "") -> None:
        """End the current line as a block."""
        text = " ".join("".join(self.line).split())
        self.line = []
        if text:
            self.blocks.append(prefix + text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        self.hidden += tag in _SKIPPED
        if tag in _BEGINS:
            self.flush()
        if tag == "table":
            self.rows = []
        elif tag == "tr":
            self.row = []
        elif tag in ("td", "th"):
            self.line = []
        elif tag == "br":
            self.line.append(" ")
        self._mark(tag, True)

    def handle_endtag(self, tag: str) -> None:
        """Close an element and write what it holds."""
        self.hidden -= tag in _SKIPPED
        if tag in ("td", "th") and self.row is not None:
            self.row.append(" ".join("".join(self.line).split()))
            self.line = []
        elif tag == "tr" and self.row is not None:
            self.rows.append(self.row)
            self.row = None
        elif tag == "table":
            self.blocks.append(_table(self.rows))
        elif tag in _ENDS:
            self.flush(_ENDS[tag])
        elif tag == "dt":
            self.line.append(": ")
        self._mark(tag, False)

    def _mark(self, tag: str, opens: bool) -> None:
        """Note what an element makes of the text inside it."""
        self.pre = opens if tag == "pre" else self.pre
        self.mono = opens if tag == "code" else self.mono
        self.line += [_WRITTEN[tag]] if tag in _WRITTEN else []

    def handle_data(self, data: str) -> None:
        """Write text, escaped; code as code."""
        if self.hidden:
            return
        if self.pre:
            self.blocks.append(fenced(data, "sql" if "select" in data.lower() else ""))
        elif self.mono:
            self.line.append(mono(data))
        else:
            self.line.append(escape(data))


def _table(rows: list[list[str]]) -> str:
    """Return a Markdown table; a table without a heading row gets an empty one, as the format wants one."""
    width = max((len(r) for r in rows), default=0)
    cells = [
        [c.replace("\n", " ").replace("|", "\\|").replace("\\\\|", "\\|") for c in r] + [""] * (width - len(r)) for r in rows
    ]
    head, body = (cells[0], cells[1:]) if len(cells) > 1 else ([""] * width, cells)
    return "\n".join(f"| {' | '.join(r)} |" for r in [head, [":--"] * width, *body])


def markdown(html: str) -> str:
    """Return a fragment of the review as Markdown; pictures are left out, their tables say the same."""
    writer = _Writer()
    writer.feed(html)
    writer.flush()
    return "\n\n".join(b for b in writer.blocks if b)
