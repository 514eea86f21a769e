"""Rules said in plain words, in seven languages: a sentence is put into a small English, bound to the data, and tested."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from dataeng_kit.context.figures import all_in_digits
from dataeng_kit.findings.claims import plain_counts, plain_rows, plain_values
from dataeng_kit.findings.claims.subjects import Unresolved
from dataeng_kit.findings.claims.verdict import Case, Verdict
from dataeng_kit.findings.claims.words import Groups, Words
from dataeng_kit.knowledge import phrases, plain_words
from dataeng_kit.nouns import TableProfile

_EDGE, _END = r"(?<![\w.`-])", r"(?![\w`]|\.\w)"
_FEW_WORDS = r"[\w`.'’]+(?:[ -][\w`.'’]+){0,5}?"
_QUANTIFIER = "(?:(?:every|each|all|any|the|an?|its) )?"


def _pairs(text: str) -> list[tuple[re.Pattern[str], str]]:
    entries = [e.split(" = ") for line in text.strip().splitlines() for e in line.split("; ")]
    alternatives = [(p, into) for left, into in entries for p in ([left] if "(" in left else left.split("|"))]
    alternatives.sort(key=lambda pair: -len(pair[0]))
    return [(re.compile(f"{_EDGE}(?:{left}){_END}", re.I), into) for left, into in alternatives]


@functools.cache
def _pivot(language: str) -> list[tuple[re.Pattern[str], str]]:
    return _pairs(plain_words()["nouns"]["words"]) + _pairs(plain_words()["pivot"].get(language, ""))


def language(text: str) -> str:
    """Return the language whose function words a sentence holds most of; English where it is a tie."""
    words = [w.lower() for w in re.findall(r"[^\W\d_]+", text) if not (w.isupper() and len(w) > 1)]
    hits = {name: sum(w in signs.split() for w in words) for name, signs in plain_words()["signs"].items()}
    return str(max(hits, key=lambda name: (hits[name], name == "en")))


def small_english(text: str) -> str:
    """Return a sentence in the words that the patterns know: other languages put into English, numbers as digits."""
    said = re.sub(r"\s+", " ", text.strip().rstrip(".;!"))
    spoken = language(said)
    kept: list[str] = []

    def put(into: str, found: re.Match[str]) -> str:
        """Return the English words behind a mark, so that no later pair reads them as another language's."""
        if found[0].isupper() and len(found[0]) > 1:
            return found[0]  # a code such as DE is a value
        if "\\1" in into:
            return found.expand(into)
        kept.append(into)
        return f"\x01{len(kept) - 1}\x02"

    for pattern, into in _pivot("" if spoken == "en" else spoken):
        said = pattern.sub(functools.partial(put, into), said)
    said = re.sub("\x01(\\d+)\x02", lambda m: kept[int(m[1])], said)
    said = all_in_digits(said)
    said = re.sub(r"\b(never|always) (is|are)\b", r"\2 \1", said)
    said = re.sub(r"\bzero\b", "0", said)
    return re.sub(r"^(?:the |every |each )?[^`:;()]{1,40} \((`\w+`)\)(?= )", r"\1", said)


@functools.cache
def _rules() -> list[tuple[str, re.Pattern[str]]]:
    return [
        (test, re.compile(p.replace("{x}", _FEW_WORDS).replace("{w}", r"[\w`'-]+").replace("{q}", _QUANTIFIER), re.I))
        for test, patterns in plain_words()["rules"].items()
        for p in patterns
    ]


@functools.cache
def _guard() -> re.Pattern[str]:
    return re.compile(phrases()["guard"], re.I)


@functools.cache
def _kinds() -> dict[str, str]:
    return {test: kind for kind, listed in plain_words()["kinds"].items() for test in listed.split()}


def tested_by(test: str) -> Callable[[Words, Groups], Verdict]:
    """Return the function that the card names; raises `AttributeError` when there is none."""
    module = next((m for m in (plain_rows, plain_values) if hasattr(m, test)), plain_counts)
    found: Callable[[Words, Groups], Verdict] = getattr(module, test)
    return found


def home_of(case: Case) -> TableProfile | None:
    """Return the table under whose heading a sentence stands, else the one it names."""
    for text in (case.under, re.sub(r"`[^`]*`|\w*_\w*", " ", case.text)):  # an identifier is a column's name, no table's
        homes = case.subjects.home(text, "")
        if len(homes) == 1:
            return homes[0]
    return case.profile.tables[0] if len(case.profile.tables) == 1 else None


def read(case: Case) -> tuple[str, Verdict]:
    """Return (kind of rule, verdict) on a sentence in plain words; raises `Unresolved` where the data holds none of them."""
    words = Words(case, home_of(case))
    label = case.claim.subject if case.claim.subject != case.text else ""
    whole = f"{label}: {case.text}" if label else case.text
    quoted = re.search(r"\((`\w+`)\)\W*:", case.claim.quote)  # Payment methods (`method`): …
    named = (f"{quoted[1]}: {case.text}",) if quoted else ()
    spoken = (f"{label} {case.text}",) if label else ()
    for said in dict.fromkeys((*named, whole, *spoken, case.text, whole.rpartition(": ")[2])):
        text = small_english(said)
        for test, pattern in _rules():
            if test != "both_ways" and (doubt := _guard().search(text)) and not doubt[0].startswith("test"):
                continue
            if match := pattern.search(text):
                groups = {k: v.strip() for k, v in match.groupdict().items() if v}
                try:
                    return _kinds()[test], tested_by(test)(words, groups)
                except Unresolved:
                    continue
    raise Unresolved("Its words are not found in the data")
