"""Blocks → Markdown; every text is escaped, so that a column name can neither format nor link."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dataeng_kit.show.blocks import Badge, Bar, Block, Bullets, Code, Grid, Heading, Inline, Mono, Para, Spark, Strong

_SPECIAL = re.compile(r"([\\`*_{}\[\]#|~$!])")
_AT_START = re.compile(r"^(\s*)([-+>=]|\d+[.)])")


def escape(text: str) -> str:
    """Return *text* on one line, with nothing left that Markdown or HTML would act on."""
    one_line = " ".join(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").split("\n"))
    return _SPECIAL.sub(r"\\\1", one_line)


def _start(text: str) -> str:
    return _AT_START.sub(lambda m: f"{m[1]}\\{m[2]}" if not m[2][0].isdigit() else f"{m[1]}{m[2][:-1]}\\{m[2][-1]}", text)


def mono(text: str) -> str:
    """Return *text* as code; the fence is longer than any run of backticks inside."""
    clean = " ".join(text.split("\n")) or " "
    fence = "`" * (1 + max((len(r) for r in re.findall("`+", clean)), default=0))
    pad = " " if clean.startswith("`") or clean.endswith("`") else ""
    return f"{fence}{pad}{clean}{pad}{fence}"


def inline(content: Inline, table: bool = False) -> str:
    """Return inline content; in a *table* the pipe is escaped inside code too."""
    if isinstance(content, str):
        return escape(content)
    if isinstance(content, Mono):
        return mono(content.text).replace("|", r"\|") if table else mono(content.text)
    if isinstance(content, Strong | Badge):
        text = content.text.rstrip()
        return f"**{escape(text)}**{content.text[len(text) :]}" if text else ""
    if isinstance(content, Bar | Spark):
        return escape(content.text)
    return "".join(inline(part, table) for part in content)


def fenced(text: str, language: str) -> str:
    """Return a fenced code block whose fence the text cannot close."""
    fence = "`" * max(3, 1 + max((len(r) for r in re.findall("`+", text)), default=0))
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def block(item: Block, level: int = 0) -> str:
    """Return one block; folds become a bold line and what they hide."""
    if isinstance(item, Heading):
        return f"{'#' * min(6, item.level + level)} {escape(item.text)}"
    if isinstance(item, Para):
        return _start(inline(item.content))
    if isinstance(item, Bullets):
        return "\n".join(f"- {_start(inline(i))}" for i in item.items)
    if isinstance(item, Code):
        return fenced(item.text, re.sub(r"\W", "", item.language))
    if isinstance(item, Grid):
        rule = ["--:" if h in item.numeric else ":--" for h in item.header]
        rows = [[escape(h) for h in item.header], rule, *[[inline(c, table=True) for c in row] for row in item.rows]]
        lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
        more = f"\n\n… and {item.more:,} more" if item.more else ""
        return (f"{escape(item.caption)}\n\n" if item.caption else "") + lines + more
    return f"{_start(inline(item.summary))}\n\n{blocks(item.blocks, level)}"


def blocks(items: Iterable[Block], level: int = 0) -> str:
    """Return blocks as one Markdown text; *level* pushes headings down."""
    return "\n\n".join(b for b in (block(i, level) for i in items) if b)
