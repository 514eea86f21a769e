"""What CLAUDE.md says, each fact beside its line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath

from dataeng_kit.nouns import ClaimResult, Context
from dataeng_kit.nouns.context import KINDS, STATEMENTS, Mention, Statement
from dataeng_kit.show.blocks import (
    Badge,
    Block,
    Bullets,
    Fold,
    Grid,
    Heading,
    Inline,
    Mono,
    Para,
    Strong,
    count,
    line,
    number,
    quoted,
    short,
)
from dataeng_kit.show.views.base import VERDICT, view


def place(file: str, line: int) -> str:
    """Return ``CLAUDE.md:12``: the file's name is enough beside its quote."""
    return f"{PurePath(file).name}:{line}" if line else PurePath(file).name


def _mention(kind: str, item: Mention) -> tuple[Inline, ...]:
    return kind.replace("_", " "), Strong(item.name.replace("_", " ")), Mono(place(item.file, item.line)), quoted(item.quote)


def _statement(kind: str, item: Statement) -> tuple[Inline, ...]:
    subject = f" ({item.subject})" if item.subject and item.subject not in str(item.value) else ""
    value = f"{number(item.value)} {item.unit}".strip() + subject
    return kind, Strong(short(value, 60)), Mono(place(item.file, item.line)), quoted(item.quote)


@view(Context)
def context(noun: Context) -> Iterable[Block]:
    """Facts with line numbers, technologies that are *not* used, claims to test, files looked for."""
    found = [f for f in noun.files if f.status == "found"]
    yield Heading("Project context")
    if not found:
        yield Para(
            "No CLAUDE.md was found: nothing is known about purpose, technologies or rules; advice rests on the data alone."
        )
    rows = [_mention(k, m) for k in KINDS for m in getattr(noun, k)]
    rows += [_statement(k, s) for k in STATEMENTS for s in getattr(noun, k)]
    rows += [_mention("not used", m) for m in noun.not_used]
    if rows:
        yield Grid(("kind", "says", "line", "in these words"), tuple(rows))
    if noun.claims:
        claims = tuple((quoted(c.quote), Mono(place(c.file, c.line)), c.kind.replace("_", " ")) for c in noun.claims)
        yield Fold(f"{count(len(claims), 'sentence')} that the data can test", (Grid(("sentence", "line", "about"), claims),))
    if noun.files:
        items = tuple(
            line(Mono(f.path), " ", Badge(f.status, "good" if f.status == "found" else "warn"), f" {f.why}") for f in noun.files
        )
        yield Fold(f"Files: {len(found)} read, {len(noun.files) - len(found)} not", (Bullets(items),))


@view(ClaimResult, many=True)
def claims(nouns: Sequence[ClaimResult]) -> Iterable[Block]:
    """What the documents claim against what the data says; contradictions first."""
    order = {"contradicted": 0, "holds": 1}
    rows = tuple(
        (
            Badge(c.verdict.replace("_", " "), VERDICT.get(c.verdict, "plain")),
            quoted(c.quote, 160),
            Mono(place(c.file, c.line)),
            c.evidence,
        )
        for c in sorted(nouns, key=lambda c: order.get(c.verdict, 2))
    )
    yield Heading("Documents against data", 3)
    yield Grid(("verdict", "sentence", "line", "measured"), rows)
