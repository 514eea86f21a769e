"""The review's own HTML → Markdown, so that the document says the same in both forms."""

from __future__ import annotations

from html.parser import HTMLParser

from dataeng_kit.show.md import escape, fenced, mono

_SKIPPED = frozenset({"svg", "figure", "style"})


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
        if tag in ("p", "h3", "h4", "li", "dt", "summary", "figcaption", "article"):
            self.flush()
        elif tag == "table":
            self.flush()
            self.rows = []
        elif tag == "tr":
            self.row = []
        elif tag in ("td", "th"):
            self.line = []
        elif tag == "pre":
            self.flush()
            self.pre = True
        elif tag == "code":
            self.mono = True
        elif tag == "br":
            self.line.append(" ")
        elif tag in ("del", "strong"):
            self.line.append("~~" if tag == "del" else "**")

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
        elif tag in ("h3", "h4"):
            self.flush("### " if tag == "h3" else "#### ")
        elif tag in ("li", "dd"):
            self.flush("- ")
        elif tag == "dt":
            self.line.append(": ")
        elif tag in ("p", "summary", "div", "article"):
            self.flush()
        elif tag == "code":
            self.mono = False
        elif tag == "pre":
            self.pre = False
        elif tag in ("del", "strong"):
            self.line.append("~~" if tag == "del" else "**")

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
