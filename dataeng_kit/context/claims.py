"""Sentences that rows can test: each becomes a Claim with the parts its test needs; nothing is judged here."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from dataeng_kit.context.figures import in_digits, scaled
from dataeng_kit.context.markdown import Block
from dataeng_kit.context.reading import Text, quote_at
from dataeng_kit.context.scope import Standing, block_standing, clauses
from dataeng_kit.knowledge import phrases, vocabulary
from dataeng_kit.nouns import Claim

LONGEST = 400
"""Characters of a sentence that is looked at; longer ones state no single rule."""
_LABEL = re.compile(
    r"[\s>*_+-]*(?:\d+[.)]\s+)?"
    r"(?P<label>`[^`\n]{1,60}`|\*\*[^*\n]{1,60}\*\*|[\w.\[\]\"]{1,60}(?: [\w]+){0,3})"
    r"[*_]*(?: ?\([^)\n]{0,30}\))?\s*(?::|—|–| - |,? ?(?=[\"“«]))\s*"
)
_IDENTIFIER = re.compile(r"`|[a-z0-9]_[a-z0-9]|^[\w]+\.[\w]+$|^[a-zA-Z]+$")
_UNITS = re.compile(
    r"(?:milli|micro)?seconds?|secs?|ms|minutes?|mins?|hours?|days?|weeks?|months?|years?|px|percent|bytes?|[kmgt]b|degrees?|steps?|"
    r"points?|times?|tests?|characters?|digits?|chars?|letters?|columns?|tables?|files?|tage?n?|stunden?|minuten?|monate?n?|jahre?n?|"
    r"wochen?|zeichen|stellen|heures?|jours?|semaines?|mois|ans|ann[eé]es?|caract[eè]res?|chiffres?|horas?|d[ií]as?|semanas?|"
    r"mes(?:es)?|a[nñ]os?|spalten|tabellen|colonnes|or|and|to|of|in|the|on|is|are|per|mal|fois|x", re.I
)  # fmt: skip
_NO_THING = re.compile(
    r"with(?:in|out)?|for|via|from|using|while|because|that|this|which|itself|plus|by|at|as|into|every|each|per|through|over|under|if|"
    r"when|after|before|was|were|has|have|had|will|would|can|jan\w*|feb\w*|mar|march|apr\w*|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|"
    r"dec|december|jeden?|jede[rs]?|mit|f[uü]r|pour|avec|cada|con|com|para|todos|lts|ghz|mhz|(?:[kmgt]i?b|loc|tokens?|lines?|modules?|"
    r"services?|endpoints?|agents?|phases?|threads?|workers?|cores?|nodes?|pods?|retries|attempts?|ports?|spaces?|parameters?|slides?|"
    r"unit|integration|dimensions?)", re.I
)  # fmt: skip
_SUPPOSED = re.compile(r"\b(?:would|could|should|w[uü]rden?|k[oö]nnten?|serait|seraient|ser[ií]an?)\b", re.I)
_NUMBERED = re.compile(
    r"levels?|days?|ports?|versions?|v|phases?|steps?|errors?|status|https?|years?|pages?|lines?|items?|sections?|chapters?|weeks?|sprints?|"
    r"releases?|iso|rfc|pep|din|art(?:icle|ikel)?|tag|schritt|jour|[eé]tape|paso|etapa|node\.js|java|python|php|ruby|go|rust|react|vue|"
    r"angular|\.net|net|ubuntu|debian|windows", re.I
)  # fmt: skip
_SPLIT = re.compile(
    r"(?<=[\w`)\"'%”])(?<!\bca)(?<!\be\.g)(?<!\bi\.e)(?<!\bz\.B)(?<!\bvs)(?<!approx)(?<!\bNo)[.;!]\s+|"
    r",\s+(?:and |und |et |y |e )?(?=[\w`.]+(?:\s[\w`.]+)?\s(?:is|are|ist|sind|est|sont|es|son|has|have)\s)", re.I
)  # fmt: skip
_CONDITION = re.compile(r"[\s>*_+-]*(?:if|when|where|unless|for|wenn|falls|sofern|bei|si|quand|lorsque|cuando|se|quando)\b", re.I)
_ORDER = (
    "no_orphans", "sum", "derived", "time_order", "grain", "enumeration", "unique", "not_null", "currency", "constant", "format",
    "until", "since", "range", "rate", "row_count", "event", "moment", "free",
)  # fmt: skip
_NO_ROWS = re.compile(
    r"^(?:the )?`?\.?(?:files?|tables?|folders?|director(?:y|ies)|databases?|schemas?|modules?|models?|classe?s?|functions?|"
    r"services?|containers?|branch(?:es)?|commits?|pull requests?|notebooks?|pages?|instances?|duckdb|datei|tabelle|ordner|"
    r"datenbank|fichier|base|archivo|fichero|tabla|arquivo|tabela)\b`?", re.I
)  # fmt: skip
"""What stands once per something without being a row: one file per day, one table per file."""
_PLAIN_WORDS = 24
"""Words up to which a sentence is looked at for a rule in plain words."""
_SHORT = {"event": 8, "moment": 5}
"""Words up to which a column's description is read as a rule about events or moments."""


@dataclass(frozen=True)
class Sentence:
    """One clause as a reader hears it: its words, the label before its colon, where it stands."""

    text: str
    label: str
    block: Block
    start: int
    end: int | None = None


@functools.cache
def _patterns(kind: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(p, re.I) for p in phrases()["claims"][kind])


@functools.cache
def _needs(kind: str) -> re.Pattern[str] | None:
    needs = phrases()["needs"].get(kind)
    return re.compile(needs, re.I) if needs else None


@functools.cache
def _guard() -> re.Pattern[str]:
    return re.compile(phrases()["guard"], re.I)


@functools.cache
def _plan() -> re.Pattern[str]:
    return re.compile(phrases()["plan"], re.I)


def _plain(text: str) -> str:
    """Return a sentence without emphasis, with one blank between words, its counting words as digits."""
    return in_digits(" ".join(text.replace("**", "").replace("__", " ").replace("\n", " ").split()))


def _sentences(block: Block) -> Iterator[Sentence]:
    if block.kind == "row":
        cells = block.cells
        label = _plain(block.text[slice(*cells[0])]) if cells else ""
        if label and label.strip("` ").lower() not in [t.lower() for t in block.titles]:
            for a, b in cells[1:]:
                text = _plain(block.text[a:b])
                if text:
                    yield Sentence(text, label, block, a)
            if len(cells) == 1 or "," in label or " " in label:
                yield from _labelled(label, block, cells[0][0])
        return
    for clause in clauses(block):
        at = clause.start
        conditional = _CONDITION.match(block.text, clause.start) is not None
        cuts = [m for m in _SPLIT.finditer(block.text, clause.start, clause.end) if not (conditional and m[0].startswith(","))]
        for cut in [*(m.end() for m in cuts), clause.end]:
            yield from _labelled(block.text[at:cut], block, at)
            at = cut


def _labelled(text: str, block: Block, start: int) -> Iterator[Sentence]:
    found = _LABEL.match(text)
    rest = text[found.end() :] if found else text
    label = found["label"].strip("*` ") if found else ""
    if found and rest.strip() and (" " not in label or found["label"].lstrip()[:1] in "`*"):
        yield Sentence(_plain(rest), label, block, start, start + len(text))
    elif text.strip():
        yield Sentence(_plain(re.sub(r"^[\s>*+-]+(?=\S)", "", text)), "", block, start, start + len(text))


def _terms(match: re.Match[str]) -> tuple[str, ...]:
    """Return the named groups as ``name=value``, the numbers of alternatives dropped."""
    return tuple(f"{re.sub(r'[0-9]+$', '', k)}={v.strip()}" for k, v in match.groupdict().items() if v and v.strip())


def _is_count(text: str, match: re.Match[str]) -> bool:
    """True when the number counts something: no version ("PostgreSQL 16"), time ("03:30"), label ("Level 8") or amount."""
    at = match.start("n") if match.groupdict().get("n") else match.start("n2")
    before, digits = text[:at], re.match(r"[\d.,  ]+", text[at:])
    if _SUPPOSED.search(text) or re.match(r"\W*(?:in|im|en|em|nel|dans) (?:19|20)\d\d\b", text, re.I):
        return False
    if re.search(r"[\d\w][:–/-]$|[#§$€£+^]\s?$", before) or (digits and text[at + digits.end() :][:1] in (":", "/")):
        return False
    word = re.search(r"([^\W\d_][\w.+#]*)[ -]$", before)
    if word is None:
        return True
    named = word[1].lower()
    if _NUMBERED.fullmatch(named) or (named in _technologies()):
        return False
    inside = re.search(r"\w", before[: word.start()]) is not None and before[: word.start()].rstrip()[-1:] not in ".!?:"
    return not (inside and word[1][:1].isupper())


@functools.cache
def _technologies() -> frozenset[str]:
    return frozenset(t for term in vocabulary().terms.values() for w in term.words for t in (w.lower(),) if " " not in t)


def _applies(kind: str, sentence: Sentence, match: re.Match[str]) -> bool:
    text = sentence.text
    if kind in _SHORT:
        return bool(sentence.label) and bool(_IDENTIFIER.search(sentence.label)) and len(text.split()) <= _SHORT[kind]
    if kind == "derived" and not any(k.startswith("left") and v for k, v in match.groupdict().items()):
        return bool(sentence.label)
    if kind == "grain":
        return not any(_NO_ROWS.search(term.partition("=")[2]) for term in _terms(match))
    if kind == "enumeration":
        values = next((v for k, v in match.groupdict().items() if k.startswith("values") and v), "")
        parts = re.split(r"[,/|]|\s(?:or|and|oder|und|ou|et|o|y|e)\s", re.sub(r"\([^)]*\)", "", values))
        return "`" in values or (len(parts) > 1 and all(len(p.split()) <= 3 for p in parts[:2]))
    if kind == "row_count" and "thing2" not in match.groupdict():
        groups = match.groupdict()
        if not _is_count(text, match):
            return False
        value = scaled(groups.get("n") or groups.get("n2") or "", groups.get("scale") or groups.get("scale2"))
        thing = groups.get("thing") or ""
        after = text[match.end() : match.end() + 2]
        return (
            value is not None
            and value >= 2
            and value == int(value)
            and not _UNITS.fullmatch(thing.split(" ")[0])
            and not _NO_THING.fullmatch(thing.split(" ")[0])
            and not re.fullmatch(r"(?:19|20)\d\d", (groups.get("n2") or "").strip())
            and after[:1] not in ("(",)
        )
    return True


def _search(kind: str, sentence: Sentence) -> re.Match[str] | None:
    text = f" {sentence.text}" if kind in _SHORT else sentence.text
    needed = _needs(kind)
    if needed and not needed.search(text):
        return None
    for pattern in _patterns(kind):
        for match in pattern.finditer(text):
            if _applies(kind, sentence, match):
                return match
    return None


_ALONE = {"row_count", "since", "until", "rate", "free", "moment", "event"}
_TYPES = re.compile(
    r"\b(?:boolean|bool|string|text|varchar|integer|int|decimal|numeric|float|date|timestamp|required|mandatory|optional|nullable|"
    r"unique|pk|fk|primary key|not null)\b", re.I
)  # fmt: skip
"""Words that describe a column; a list that holds one is no list of values."""
_LIST = re.compile(r"(?:[`'\"]?[\w-]{1,24}[`'\"]?(?:\s*[,/|]\s*|\s+(?:or|oder|ou|o)\s+)){1,11}[`'\"]?[\w-]{1,24}[`'\"]?[.;]?")


def _claims(sentence: Sentence) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return the rules that one sentence states, the most specific kinds first; what one said is not said again."""
    text = sentence.text[:LONGEST]
    if (
        sentence.label
        and " " not in sentence.label
        and sentence.block.kind in ("item", "row")
        and _LIST.fullmatch(text.strip())
        and not _TYPES.search(text)
    ):
        yield "enumeration", (f"values={text.strip()}", "listed=yes")
        return
    said: list[tuple[int, int]] = []
    kinds: set[str] = set()
    for kind in _ORDER:
        match = _search(kind, sentence)
        if match is None or (kind not in ("free", "event") and not _guard_inside(match, text)):
            continue
        if kind in _ALONE and kinds - {"row_count", "since", "until", "range"}:
            continue
        if any(a < match.end() and match.start() < b for a, b in said):
            continue
        said.append(match.span())
        kinds.add(kind)
        yield kind, _terms(match)


def _guard_inside(match: re.Match[str], text: str) -> bool:
    """True when every guard word belongs to the rule's own wording (``may not be empty``)."""
    return all(match.start() <= g.start() and g.end() <= match.end() for g in _guard().finditer(text))


def find_claims(texts: tuple[Text, ...]) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    """Return every testable sentence of the texts, and those that may state a rule in plain words.

    ``terms`` are ``name=value`` parts: the groups of the phrase card, ``under`` = the heading above, ``text`` = the sentence.
    """
    found: list[Claim] = []
    said: list[Claim] = []
    for text in texts:
        for block in text.blocks:
            if block.kind == "code" or block_standing(block) in (Standing.PLANNED,):
                continue
            for sentence in _sentences(block):
                if len(sentence.text) > LONGEST or _plan().search(sentence.text):
                    continue
                claims = [_claim(kind, terms, sentence, text.path) for kind, terms in _claims(sentence)]
                found += claims
                if (
                    not claims
                    and block.kind != "heading"
                    and 2 <= len(sentence.text.split()) + bool(sentence.label) <= _PLAIN_WORDS
                ):
                    said.append(_claim("plain", (), sentence, text.path))
    return tuple(dict.fromkeys(found)), tuple(dict.fromkeys(said))


def _claim(kind: str, terms: tuple[str, ...], sentence: Sentence, path: str) -> Claim:
    block, start = sentence.block, sentence.start
    line, quote = quote_at(block, start + _lead(block.text, start), sentence.end)
    under = (f"under={block.headings[-1]}",) if block.headings else ()
    noun = "derived" if kind in _SHORT else kind
    return Claim(noun, sentence.label or sentence.text, (*terms, *under, f"text={sentence.text}"), path, line, quote)


def _lead(text: str, start: int) -> int:
    rest = text[start:]
    return len(rest) - len(rest.lstrip())
