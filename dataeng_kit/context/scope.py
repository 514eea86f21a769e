"""How a sentence means a name: used, planned, gone, one of several, or unclear; decided per mention from cues and their scope."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from dataeng_kit.context.markdown import Block
from dataeng_kit.knowledge import TOKEN, cues


class Standing(Enum):
    """What one mention says about its name; ``reason`` in words for the reader."""

    DEFINITE = "said to be used"
    PLAIN = "mentioned in use"
    UNCLEAR = "mentioned in a prohibition about something else"
    CHOICE = "one of several alternatives"
    DOUBT = "mentioned as past, as talk or as a wish"
    PLANNED = "only planned"
    GONE = "rejected, removed or replaced"


@dataclass(frozen=True)
class Clause:
    """A sentence, table cell or line of code: its span in the block's text."""

    start: int
    end: int


Span = tuple[int, int]
_LONGEST = 2000
"""Characters; a longer sentence is cut there, so that the work per clause stays bounded."""
_SENTENCE = re.compile(
    r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bz\.B\.)(?<!\bvs\.)(?<!\bMr\.)(?<!\bMrs\.)(?<!\bDr\.)(?<!\bca\.)"
    r"[\"'”»)*_]*\s+(?=[\"'“«(*_`\[]*[A-ZÀ-Ý0-9])|;\s|(?<=[。！？；])|\n(?=[\s>*_-]*[\w][\w /&-]{0,24}:\s)"
)
_PREPOSITION = re.compile(
    r"\b(?:in|on|with|from|for|against|via|into|to|by|at|of|per|mit|von|aus|dans|avec|sur|pour|en|con|de la|com|para)\b", re.I
)
_GLUE = re.compile(
    r"(?:[\s,/+&|*`\"'()–-]|\b(?:and|or|nor|und|oder|et|ou|ni|y|o|e|the|a|an|any|des?|d|no|kein\w*|pas|sin|sem|sans)\b)*", re.I
)
_WORD = TOKEN
_LABEL = re.compile(r"[\s>*_`#~-]*(?:\d+[.)]\s*)?[*_`]*(?P<label>[^\s*_`:][^:\n]{0,60}?)[*_`\s]*(?::|\s[—–-]\s)")
_TRIM = re.compile(r"^[\W\d_]+|[\s:*_`.!?]+$")
_MARKS = {"❌": Standing.GONE, "🚫": Standing.GONE, "⏳": Standing.PLANNED, "🔜": Standing.PLANNED, "🚧": Standing.PLANNED}
_FINISHED = re.compile(
    r"✅|\b(?:complete[d]?|done|shipped|finished|abgeschlossen|fertig|termin[ée]e?|completad[oa]|conclu[ií]d[oa])\b", re.I
)
_ARTICLE = re.compile(r"[\s`*\"(]*(?:(?:an?|the|any|our|on|in|de[rnm]|das|eine?n?|l[ea]s?|une?|un|el|o)\s+[`*\"]*)?", re.I)
_REMOVERS = re.compile(r"(?:remove\w*|removing|removal of|delete\w*|retired|decommission\w*|discontinued|drop\w*|old)\Z", re.I)


@functools.cache
def _cue(section: str, name: str) -> re.Pattern[str]:
    joined = "|".join(cues()[section][name])
    bare = name == "turn" or name.startswith("unspaced")
    return re.compile(joined if bare else rf"(?<!\w)(?:{joined})(?!\w)", re.I)


@functools.cache
def _label_cue(name: str) -> re.Pattern[str]:
    tools = r"(?:(?:the|our|things|tools|technologies|tech|stuff|items) ){0,2}(?:(?:we|to|that) )?"
    return re.compile(
        rf"{tools}(?:{'|'.join(cues()['label'][name])})(?:\s*[(:,–—/-].*| (?:these|this|here|anything|tools?|tech\w*|items?))?",
        re.I,
    )


@functools.lru_cache(4096)
def label_standing(text: str) -> Standing | None:
    """Return what a heading, label or column title says about everything under it, or None."""
    shown = text.strip()
    if shown[:1] in _MARKS:
        return _MARKS[shown[0]]
    if _FINISHED.search(shown):
        return None
    shown = _TRIM.sub("", shown)[:80]
    if not shown or len(shown.split()) > 9:
        return None
    if _label_cue("negative").fullmatch(shown):
        return Standing.GONE
    if _label_cue("planned").fullmatch(shown):
        return Standing.PLANNED
    return Standing.CHOICE if _label_cue("choice").fullmatch(shown) else None


def clauses(block: Block) -> tuple[Clause, ...]:
    """Return the clauses of a block: sentences of prose, cells of a row, lines and comments of code."""
    if block.kind == "row":
        return tuple(Clause(a, b) for a, b in block.cells)
    if block.kind == "code":
        return tuple(_code_clauses(block.text))
    cuts = [0, *(m.end() for m in _SENTENCE.finditer(block.text)), len(block.text)]
    spans = [Clause(a, b) for a, b in itertools.pairwise(cuts) if a < b]
    return tuple(Clause(a, min(a + _LONGEST, c.end)) for c in spans for a in range(c.start, c.end, _LONGEST))


_UNCHECKED = re.compile(r"[\s>]*(?:[-*+]|\d+[.)])\s+\[ \]")
"""A box of a checklist that nobody ticked: what it names is not there yet."""
_COMMENT = re.compile(r"(?:^|\s)(?:#|//|--)\s")


def _code_clauses(text: str) -> Iterator[Clause]:
    at = 0
    for line in text.split("\n"):
        found = _COMMENT.search(line)
        if found and found.start() > 0:
            yield Clause(at, at + found.start())
            yield Clause(at + found.start(), at + len(line))
        elif line.strip():
            yield Clause(at, at + len(line))
        at += len(line) + 1


def block_standing(block: Block) -> Standing | None:
    """Return what headings, introducing sentences and warnings say about a whole block."""
    if block.kind == "item" and _UNCHECKED.match(block.text):
        return Standing.PLANNED
    for text in (*block.headings, *block.leads):
        said = label_standing(text) if text in block.headings else _lead_standing(text)
        if said:
            return said
    if block.kind == "code":
        first = block.text.split("\n", 1)[0]
        warned = [t for t in (*block.leads[-1:], first if _COMMENT.match(first) else "") if t]
        if any(_cue("limits", "bad_example").search(t) for t in warned):
            return Standing.GONE
    return None


def _lead_standing(text: str) -> Standing | None:
    head, colon, tail = text.strip().rstrip("*_ ").partition(":")
    if said := label_standing(head if colon else text):
        return said if not tail.strip(" *_") or not colon else None
    if colon and not tail.strip(" *_"):
        if re.search(_cue("before", "adoption").pattern + r"\W*$", head, re.I):
            return Standing.GONE
        if re.search(_cue("choice", "cues").pattern + r"\W*$", head, re.I):
            return Standing.CHOICE
    return None


def clause_label(block: Block, clause: Clause) -> str:
    """Return the words before a clause's colon or dash (``GONE``, ``Database``), or the empty text."""
    found = _LABEL.match(block.text[clause.start : clause.end])
    return found["label"].strip() if found else ""


def _between(text: str, names: list[Span], a: int, b: int) -> str:
    """Return the text from *a* to *b* without the names that stand in it."""
    out, at = [], a
    for s, e in names:
        if a <= s and e <= b:
            out.append(text[at:s])
            at = e
    return " ".join([*out, text[at:b]])


def _is_glue(text: str) -> bool:
    return _GLUE.fullmatch(text) is not None


def _limit(text: str, start: int, end: int, commas: bool = False) -> int:
    """Return where the scope of a cue ends: a turn of the sentence, a closing bracket, or the clause's end."""
    turn = _cue("limits", "turn").search(text, start, end)
    stop = turn.start() if turn else end
    depth = 0
    for i in range(start, stop):
        if text[i] == "(":
            depth += 1
        elif text[i] == ")":
            depth -= 1
            if depth < 0:
                return i
        elif commas and text[i] in ",:" and depth == 0:
            return i
    return stop


class Judge:
    """Decides the standing of every name in one clause."""

    def __init__(self, text: str, clause: Clause, names: list[Span]) -> None:
        self.text, self.clause, self.names = text, clause, names
        self.said: dict[Span, Standing] = {}

    def standings(self) -> dict[Span, Standing]:
        """Return the standing of the names that a cue speaks of; the others are missing."""
        if not self.names:
            return {}
        self._after()
        self._before()
        self._planning()
        self._choice()
        return self.said

    def _set(self, span: Span, standing: Standing) -> None:
        if self.said.get(span, Standing.UNCLEAR) is Standing.UNCLEAR:
            self.said[span] = standing

    def _find(self, section: str, name: str) -> Iterator[re.Match[str]]:
        return _cue(section, name).finditer(self.text, self.clause.start, self.clause.end)

    def _following(self, at: int, limit: int, standing: Standing, reach: int) -> None:
        """Mark the first name after a cue within *reach* words, and the list that it begins."""
        last = at
        for span in [n for n in self.names if at <= n[0] < limit]:
            gap = _between(self.text, self.names, last, span[0])
            if last == at:
                if _PREPOSITION.search(gap):
                    self._set(span, Standing.UNCLEAR)
                    return
                if len(_WORD.findall(gap)) > reach:
                    return
            elif not _is_glue(gap):
                return
            self._set(span, standing)
            last = span[1]

    def _preceding(self, at: int, standing: Standing, reach: int = 6) -> None:
        """Mark the last name before a cue within *reach* words, and the list that it ends."""
        start = self.clause.start
        for turn in _cue("limits", "turn").finditer(self.text, start, at):
            if self.text[turn.end() : at].strip(" (:,–—-"):
                start = turn.end() if turn.end() <= at else start
        right = at
        for span in reversed([n for n in self.names if start <= n[0] and n[1] <= at]):
            gap = self.text[span[1] : right]
            if right == at:
                if len(_WORD.findall(gap)) > reach or re.search(r"[,:] ?\w+ \w+ \w+", gap):
                    return
            elif not _is_glue(gap):
                return
            self._set(span, standing)
            right = span[0]

    def _after(self) -> None:
        for name, standing in (("gone", Standing.GONE), ("planned", Standing.PLANNED)):
            for m in (*self._find("after", name), *self._find("after", f"unspaced_{name}")):
                self._preceding(m.start(), standing)
            for m in self._find("bare", name):
                before, after = (
                    self.text[self.clause.start : m.start()].rstrip(" *_"),
                    self.text[m.end() : self.clause.end].lstrip(" *_"),
                )
                if before[-1:] in ("(", ":", ",", "–", "—", "-", "[") and after[:1] in (
                    "",
                    ")",
                    ".",
                    ",",
                    ";",
                    "|",
                    "]",
                    "(",
                    "—",
                    "–",
                ):
                    self._preceding(m.start(), standing, reach=3)

    def _before(self) -> None:
        for m in self._find("before", "adoption"):
            if self._asked(m.start()):
                continue
            self._following(m.end(), _limit(self.text, m.end(), self.clause.end), Standing.GONE, reach=4)
        for m in (*self._find("before", "contrast"), *self._find("before", "unspaced")):
            self._following(m.end(), _limit(self.text, m.end(), self.clause.end, commas=False), Standing.GONE, reach=3)
        for m in self._find("before", "gone"):
            if _REMOVERS.match(m[0]) and any(self.clause.start <= s < m.start() for s, _ in self.names):
                continue
            self._following(m.end(), _limit(self.text, m.end(), self.clause.end), Standing.GONE, reach=3)
        for m in self._find("before", "determiner"):
            if self._asked(m.start()):
                continue
            limit = _limit(self.text, m.end(), self.clause.end)
            verbal = m[0].lower() in ("not", "never", "nicht", "niemals", "nunca", "nie")
            first = next((n[0] for n in self.names if m.end() <= n[0] < limit), None)
            if not verbal or (first is not None and _ARTICLE.fullmatch(self.text[m.end() : first])):
                self._following(m.end(), limit, Standing.GONE, reach=2)
            if verbal:
                for span in self.names:
                    if m.end() <= span[0] < limit:
                        self._set(span, Standing.UNCLEAR)

    def _asked(self, at: int) -> bool:
        return any(at - 40 <= q.start() <= at + 1 for q in self._find("limits", "question"))

    def _planning(self) -> None:
        for m in self._find("planning", "before"):
            limit = _limit(self.text, m.end(), self.clause.end)
            for span in self.names:
                if m.end() <= span[0] < limit and len(_WORD.findall(self.text[m.end() : span[0]])) <= 5:
                    self._set(span, Standing.PLANNED)

    def _choice(self) -> None:
        joiners = "|".join(cues()["choice"]["joiners"])
        inside = [n for n in self.names if self.clause.start <= n[0] < self.clause.end]
        for a, b in itertools.pairwise(inside):
            gap = self.text[a[1] : b[0]]
            if re.search(rf"\b(?:{joiners})\b", gap, re.I) and _is_glue(re.sub(rf"\b(?:{joiners})\b\.?", "", gap, flags=re.I)):
                self._set(a, Standing.CHOICE)
                self._set(b, Standing.CHOICE)
        for i, m in reversed(list(enumerate(inside))):
            if i and self.said.get(m) is Standing.CHOICE and re.fullmatch(r"[\s,`*]*", self.text[inside[i - 1][1] : m[0]]):
                self._set(inside[i - 1], Standing.CHOICE)
        for cue in self._find("choice", "cues"):
            limit = _limit(self.text, cue.end(), self.clause.end)
            for span in inside:
                if cue.end() <= span[0] < limit:
                    self._set(span, Standing.CHOICE)


def is_doubtful(text: str) -> bool:
    """True when a clause speaks of the past, of talk or of a wish, whatever it names."""
    return _cue("doubt", "words").search(text) is not None


def turned_later(text: str) -> bool:
    """True when a sentence takes back what the one before it named: "It is gone", "Do not reintroduce it"."""
    if _NOT_IT.search(text):
        return True
    found = _IT.match(text)
    return found is not None and _cue("after", "gone").match(text, found.end()) is not None


_IT = re.compile(r"\W*(?:it|this|that|they|both)(?= )\s*", re.I)
_NOT_IT = re.compile(r"\b(?:do not|don['’]t|did not|didn['’]t|never|no longer) \w+ (?:it|them|that)\b", re.I)


def is_use(text: str) -> bool:
    """True when a clause holds a verb of use."""
    return _cue("use", "verbs").search(text) is not None


@functools.lru_cache(4096)
def is_stack_heading(text: str) -> bool:
    """True when a heading or label introduces what is used (Tech stack, Database, Hosting)."""
    return _cue("use", "headings").search(text) is not None
