"""Delimiter, quote and escape of a text table, scored by how even the rows are and how much the cells look like values."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dataeng_kit.data.kinds import kind

csv.field_size_limit(1 << 30)
_DELIMITERS = (",", ";", "\t", "|", "^", "~", ":", " ")
_DAMPED = {" ": 0.55, ":": 0.55, "~": 0.9}
_WORDS = re.compile(r"[^,;\t|^\"]*")
_SAMPLE_LINES = 400


@dataclass(frozen=True)
class Dialect:
    """How records are cut: ``quote`` empty for none, ``escape`` empty when quotes are doubled."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    blanks: bool = False
    evidence: str = ""

    def format(self) -> dict[str, Any]:
        """Return the arguments of `csv.reader`."""
        return {
            "delimiter": self.delimiter,
            "quotechar": self.quote or None,
            "quoting": csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            "doublequote": not self.escape,
            "escapechar": self.escape or None,
            "skipinitialspace": self.blanks,
        }

    def told(self) -> dict[str, Any]:
        """Return what a reading says of it."""
        return {"delimiter": self.delimiter, "quote": self.quote, "escape": self.escape or "doubled"}

    def split(self, lines: Iterable[str], strict: bool = False) -> Any:
        """Return a `csv.reader` over *lines*; strict raises `csv.Error` on a misplaced quote."""
        return csv.reader(lines, strict=strict, **self.format())


def find_dialect(text: str, options: dict[str, Any]) -> tuple[Dialect, int]:
    """Return the dialect and the number of leading characters that only named it (``sep=;``); options are the user's word."""
    skip, delimiter = 0, str(options.get("delimiter", ""))
    hint = re.match(r"\"?sep=(.)\"?\n", text, re.IGNORECASE)
    if hint:
        skip, delimiter = hint.end(), delimiter or hint[1]
    lines = [line for line in text[skip : skip + 400_000].split("\n")[:_SAMPLE_LINES] if line.strip()]
    lines = [line for line in lines if not line.startswith("#")] or lines
    best, best_score = Dialect(",", '"', evidence="nothing to tell"), -1.0
    for candidate in _candidates(lines, delimiter):
        score = _score(lines, candidate)
        if score > best_score:
            best, best_score = candidate, score
    quote = str(options["quote"]) if "quote" in options else best.quote
    why = "sep= line" if hint else "as you said" if delimiter else f"most even rows and cells (score {best_score:.2f})"
    return Dialect(best.delimiter, quote, str(options.get("escape", best.escape)), best.blanks, why), skip


def tidy(text: str) -> str:
    """Return *text* without the blanks that stand between a closing quote and its delimiter, where that is its habit."""
    head = text[:100_000]
    spaced = len(re.findall(r"\" +[,;|\t]", head))
    if spaced <= len(re.findall(r"\"[,;|\t]", head)):
        return text
    return re.sub(r"\" +(?=[,;|\t]|\n|$)", '"', text)


def _candidates(lines: Sequence[str], delimiter: str) -> Iterable[Dialect]:
    sample = "\n".join(lines)
    for d in [delimiter] if delimiter else [d for d in _DELIMITERS if d in sample or d == ","]:
        quote = _quote(lines, d)
        escape = "\\" if _backslash(sample, quote or '"', d) else ""
        spaced = d not in " \t" and sample.count(d + " ") >= 0.9 * sample.count(d)
        blanks = spaced or _blank_before_quote(sample, d, quote)
        yield Dialect(d, quote, escape, blanks)
        if d == " ":
            yield Dialect(d, quote, escape, True)


def _blank_before_quote(sample: str, d: str, quote: str) -> bool:
    return bool(quote) and d != " " and sample.count(f"{d} {quote}") > sample.count(d + quote)


def _quote(lines: Sequence[str], d: str) -> str:
    """Return the quote whose pairs open after a delimiter and close before one."""
    found = {}
    for q in "\"'":
        opens = sum(len(re.findall(rf"(?:^|{re.escape(d)}) *{q}", line)) for line in lines)
        closes = sum(len(re.findall(rf"{q} *(?:$|{re.escape(d)})", line)) for line in lines)
        found[q] = min(opens, closes)
    if found["'"] > 2 * found['"'] and found["'"] >= 2:
        return "'"
    return '"' if '"' in "".join(lines) else ""


def _backslash(sample: str, quote: str, d: str) -> bool:
    escaped = len(re.findall(rf"\\{quote}(?!{re.escape(d)}|\n|$)", sample)) + len(
        re.findall(rf"\\{quote}{quote}(?:{re.escape(d)}|\n|$)", sample)
    )
    doubled = len(re.findall(rf"(?<![{re.escape(d)}\n{quote}]){quote}{quote}", sample))
    return escaped > doubled


def _score(lines: Sequence[str], dialect: Dialect) -> float:
    rows = [r for r in _rows(lines, dialect) if any(c.strip() for c in r)]
    if not rows:
        return 0.0
    widths = Counter(map(len, rows))
    width, often = max(widths.items(), key=lambda w: (w[1] * (w[0] > 1), w[0]))
    cells = [c for r in rows if len(r) == width for c in r]
    phrase = 0.5 if width == 1 else 0.6 if dialect.delimiter == " " else 0.95
    held = set(re.findall(f"{dialect.quote}([^{dialect.quote}]*){dialect.quote}", "\n".join(lines))) if dialect.quote else set()
    clean = sum(0.95 if c in held and dialect.delimiter not in "\t " else _clean(c, phrase) for c in cells) / len(cells)
    bonus = width / (width + 1)
    return (often / len(rows)) * bonus * (0.15 + 0.85 * clean) * _DAMPED.get(dialect.delimiter if width > 1 else "", 1.0)


def _rows(lines: Sequence[str], dialect: Dialect) -> list[list[str]]:
    try:
        return list(dialect.split([line + "\n" for line in lines]))
    except csv.Error:
        return []


def _clean(cell: str, phrase: float) -> float:
    """Return 1 for a value, *phrase* for plain words, less for text that still holds delimiters or quotes."""
    what = kind(cell)
    if what != "text":
        return 1.0 if what != "empty" else 0.7
    return phrase if _WORDS.fullmatch(cell) else 0.3
