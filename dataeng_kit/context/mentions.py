"""Find the vocabulary's names in blocks, with the standing of each mention."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from dataeng_kit.context.markdown import Block
from dataeng_kit.context.scope import (
    Clause,
    Judge,
    Span,
    Standing,
    block_standing,
    clause_label,
    clauses,
    is_doubtful,
    is_stack_heading,
    is_use,
    label_standing,
    turned_later,
)
from dataeng_kit.knowledge import TOKEN, Term, tokens, vocabulary

_VERSIONED = re.compile(r"([a-z]{2,})(\d[\d.]*\w?)")
_URL = re.compile(r"(?:https?://|www\.)[^\s)>\]\"'`]+|(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.]+|(?<=\]\()[^)\n]*\)")
_STRIKE = re.compile(r"~~[^~\n]+~~")
_VERSION_AFTER = re.compile(r"\s*(?:v|version )?\d+(?:\.\d+)*\w?\b")
_KIND_OF = re.compile(r"[-–‑ ](?:compatible|like|style|inspired|agnostic|flavou?red|esque|kompatib\w*|compatibles?)\b", re.I)
_SCHEDULED = re.compile(
    r"\b(?:schedul\w*|cron|nightly|daily|hourly|planifi\w*|geplante\w*|zeitgesteuert|programad\w*|agendad\w*|etl|\d\d:\d\d)\b",
    re.I,
)


_ASKED = re.compile(r"\?\s*$")
"""A question to itself: the next sentence may answer it ("BigQuery? No.")."""
_DRAWN = ("", "text", "txt", "mermaid", "plaintext", "diff", "json", "markdown", "md")
"""Languages of fences that draw, quote or show; all others run or configure something."""


@dataclass(frozen=True)
class Seen:
    """One mention: the term, where it stands in its block, and what it says."""

    term: Term
    block: Block
    span: Span
    standing: Standing
    weak: bool = False


@dataclass(frozen=True)
class _Entry:
    term: Term
    tokens: tuple[str, ...]
    written: str
    weak: bool


@functools.cache
def _index() -> dict[str, tuple[_Entry, ...]]:
    """Return the vocabulary by the first token of each spelling, longest first."""
    index: dict[str, list[_Entry]] = {}
    for term in vocabulary().terms.values():
        for spelling, weak in [
            *((w, False) for w in term.words),
            *((w, True) for w in term.weak),
            *((w, True) for w in term.scheduled),
        ]:
            entry = _Entry(term, tokens(spelling), spelling, weak)
            index.setdefault(entry.tokens[0], []).append(entry)
    return {k: tuple(sorted(v, key=lambda e: (-len(e.tokens), e.weak))) for k, v in index.items()}


def shown(block: Block) -> str:
    """Return a block's text with addresses blanked and line ends as spaces, every offset unchanged."""
    text = _URL.sub(lambda m: " " * len(m[0]), block.text)
    return text if block.kind == "code" else text.replace("\n", " ")


def _glued(text: str, start: int, end: int) -> bool:
    """True when the name is only a part of an identifier, path or domain (``redis_tribute``, ``docs.kafka``)."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before == "_" or after == "_":
        return not (text[start:end].isupper() and after == "_")
    if before == "-" == after and text[start - 2 : start - 1].isalnum() and text[end + 1 : end + 2].isalnum():
        return True
    if before == "@" or (before in (".", "$") and text[start - 2 : start - 1].isalnum()):
        return True
    return (before == "/" and after == "/") or (after == "(" and text[end + 1 : end + 2] == ")")


def _matches(text: str, found: list[re.Match[str]], i: int) -> tuple[_Entry, int, bool] | None:
    """Return the entry that starts at token *i*, how many tokens it takes, and whether a version is glued to it."""
    first, versioned = found[i][0].lower(), False
    entries = _index().get(first, ())
    if not entries and (split := _VERSIONED.fullmatch(first)):
        entries, versioned = tuple(e for e in _index().get(split[1], ()) if len(e.tokens) == 1), True
    for entry in entries:
        n = len(entry.tokens)
        if n > 1 and (i + n > len(found) or tuple(m[0].lower() for m in found[i : i + n]) != entry.tokens):
            continue
        if any(
            len(text[a.end() : b.start()].strip()) > 1 or b.start() - a.end() > 3
            for a, b in zip(found[i : i + n], found[i + 1 : i + n], strict=False)
        ):
            continue
        span = text[found[i].start() : found[i + n - 1].end()]
        if entry.written != entry.written.lower() and not span.startswith(entry.written):
            continue
        return entry, n, versioned
    return None


def _candidates(text: str) -> Iterator[tuple[Span, _Entry, bool]]:
    found = list(TOKEN.finditer(text))
    i = 0
    while i < len(found):
        match = _matches(text, found, i)
        if match is None:
            i += 1
            continue
        entry, n, versioned = match
        start, end = found[i].start(), found[i + n - 1].end()
        if not _glued(text, start, end):
            yield (start, end), entry, versioned
        i += n


def _near(text: str, span: Span, words: int = 6) -> list[str]:
    left = [m[0].lower() for m in TOKEN.finditer(text, max(0, span[0] - 60), span[0])][-words:]
    right = [m[0].lower() for m in TOKEN.finditer(text, span[1], span[1] + 60)][:words]
    return left + right


def _second_sign(text: str, span: Span, entry: _Entry, clause: Clause, block: Block, sure: list[Span]) -> bool:
    """True when a look-alike stands beside a version, a word of its kind, another name in a list, or under such a label."""
    if entry.term.scheduled and entry.written in entry.term.scheduled:
        return _SCHEDULED.search(text[clause.start : clause.end]) is not None
    signs = vocabulary().signs[entry.term.kind]
    if _VERSION_AFTER.match(text, span[1]):
        return True
    if any(w in signs for w in _near(text[clause.start : clause.end], (span[0] - clause.start, span[1] - clause.start))):
        return True
    if _proper_noun(text, span, block):
        return True
    labels = [clause_label(block, clause), *block.headings[-1:], *block.titles, *block.leads[-1:]]
    if block.kind == "row":
        labels += [block.text[a:b] for a, b in block.cells]
    if any(w in signs for label in labels for w in tokens(label)):
        return True
    gaps = [text[s[1] : span[0]] if s[1] <= span[0] else text[span[1] : s[0]] for s in sure if s != span]
    return any(re.fullmatch(r"[\s,/+&*`()→>|–-]*(?:and|und|et|y|e|to)?[\s*`(]*", g) for g in gaps)


def _proper_noun(text: str, span: Span, block: Block) -> bool:
    """True for a capital in the middle of a sentence, unless the sentence explains the name (``Spark is the dog``)."""
    before, after = text[: span[0]].rstrip(" *("), text[span[1] : span[1] + 12]
    if block.kind in ("heading", "code", "row") or not text[span[0]].isupper() or text[span[0] - 1 : span[0]] in ("`", '"', "“"):
        return False
    return before[-1:].islower() or (before[-1:] in (",", "+", "/") and not re.match(r"\W*(?:is|was|are) (?:an?|the)\b", after))


def _quoted(text: str, span: Span) -> bool:
    before, after = text[span[0] - 1 : span[0]], text[span[1] : span[1] + 1]
    return before in ('"', "“", "„", "«") and after in ('"', "”", "“", "»") and before != ""


def _names(text: str, clause: Clause, block: Block, found: list[tuple[Span, _Entry, bool]]) -> list[tuple[Span, _Entry, bool]]:
    """Return the mentions of one clause with a flag: true when a look-alike has no second sign."""
    sure = [span for span, entry, versioned in found if not entry.weak or versioned]
    kept = []
    for span, entry, versioned in found:
        doubtful = (entry.weak and not versioned) or _quoted(text, span)
        local = (span[0] - clause.start, span[1] - clause.start)
        lone = len(entry.tokens) == 1 and entry.term.against
        if lone and any(w in entry.term.against for w in _near(text[clause.start : clause.end], local, words=3)):
            kept.append((span, entry, True))
        else:
            kept.append((span, entry, doubtful and not _second_sign(text, span, entry, clause, block, sure)))
    return kept


def _plain(block: Block, clause: Clause, text: str, span: Span) -> Standing:
    label = clause_label(block, clause)
    definite = (
        block.kind == "row"
        or (block.kind == "code" and block.language not in _DRAWN)
        or is_use(text[clause.start : clause.end])
        or (bool(label) and clause.start + len(label) < span[0])
        or (block.kind == "item" and not text[clause.start : span[0]].strip(" -*+`_[]x>0123456789."))
        or any(is_stack_heading(h) for h in block.headings[-2:])
    )
    return Standing.DEFINITE if definite else Standing.PLAIN


def _row_standing(block: Block, text: str, titles: tuple[str, ...]) -> list[tuple[Span, Standing]]:
    """Return per cell what its column's title says, and for the whole row what a cell of its own says (``planned``)."""
    said: list[tuple[Span, Standing]] = []
    for i, cell in enumerate(block.cells):
        if i < len(titles) and (standing := label_standing(titles[i])):
            said.append((cell, standing))
        elif own := _cell_standing(text[cell[0] : cell[1]]):
            said.append(((0, len(text)), own))
    return said


def _cell_standing(cell: str) -> Standing | None:
    text = cell.strip(" *_`")
    if not text or len(text) > 60:
        return None
    name = "X "
    judged = Judge(name + text, Clause(0, len(name + text)), [(0, 1)]).standings().get((0, 1))
    if judged in (Standing.GONE, Standing.PLANNED) and not any(True for _ in _candidates(text)):
        return judged
    return label_standing(text)


def seen_in(block: Block) -> tuple[Seen, ...]:
    """Return every mention of the vocabulary in one block with its standing."""
    text = shown(block)
    candidates = list(_candidates(text))
    if not candidates:
        return ()
    over = block_standing(block)
    struck = [m.span() for m in _STRIKE.finditer(text)]
    row = _row_standing(block, text, block.titles) if block.kind == "row" else []
    out: list[Seen] = []
    at = 0
    parts = clauses(block)
    for number, clause in enumerate(parts):
        here = []
        while at < len(candidates) and candidates[at][0][0] < clause.end:
            here.append(candidates[at])
            at += 1
        if not here:
            continue
        named = _names(text, clause, block, here)
        said = Judge(text, clause, [s for s, _, _ in named]).standings()
        after = parts[number + 1] if number + 1 < len(parts) and block.kind in ("paragraph", "item") else None
        alone = after and (at >= len(candidates) or candidates[at][0][0] >= after.end)
        if after and alone and turned_later(text[after.start : after.end]):
            said.setdefault(named[-1][0], Standing.GONE)
        label = clause_label(block, clause)
        labelled = label_standing(label)
        whole = (
            text[clause.start : (after or clause).end] if _ASKED.search(text[: clause.end]) else text[clause.start : clause.end]
        )
        doubtful = is_doubtful(whole)
        for span, entry, weak in named:
            standing = said.get(span)
            if any(a <= span[0] and span[1] <= b for a, b in struck):
                standing = Standing.GONE
            elif standing is None and _KIND_OF.match(text, span[1]):
                standing = Standing.CHOICE
            elif labelled and span[0] > clause.start + len(label):
                standing = labelled
            elif standing is None and doubtful:
                standing = Standing.DOUBT
            standing = (
                standing or next((s for (a, b), s in row if a <= span[0] < b), None) or over or _plain(block, clause, text, span)
            )
            out.append(Seen(entry.term, block, span, standing, weak))
    return tuple(out)
