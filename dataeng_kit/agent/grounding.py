"""Does a sentence say only what its cited facts hold? Numbers are found, typed and compared; nothing is believed.

Whole numbers must match exactly; decimals and units may round as far as they show; one typed step is allowed: the
complement of a share, the sum, difference or ratio of two counts. It proves numbers, not sense.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dataeng_kit.errors import nearest
from dataeng_kit.nouns import Fact

MOST_FACTS = 4
"""More cited facts than this per sentence make a chance match likely, so the rest are not looked at."""
_COUNTS = frozenset(
    "rows nulls blanks distinct filled repeats orphans orphan_values duplicates exceptions holds of rejected lost".split()
)
_SHARES = frozenset("coverage share null_share uniqueness".split())
_UNITS = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
_WORDS = {w: n for n, w in enumerate("two three four five six seven eight nine ten eleven twelve".split(), start=2)}
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATA_NOUNS = r"(?:rows?|records?|values?|columns?|tables?|duplicates?|orphans?|customers?|orders?|patients?|nulls?|lines?|keys?)"
_NOT_NUMBERS = re.compile(
    r"`[^`]*`"  # code
    r"|\b\d{4}-\d{2}(?:-\d{2})?(?:[T ]\d{2}:\d{2}(?::\d{2})?)?"  # ISO dates
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\.? (?:{_MONTHS})(?: \d{{4}})?|\b(?:{_MONTHS})(?: \d{{1,2}}\b,?)?(?: \d{{4}})?"
    r"|\b\d{1,2}:\d{2}(?::\d{2})?\b"
    r"|\b(?i:in|since|until|from|to|by|of|year|and|before|after|during) (?:19|20)\d{2}\b(?!,\d|\.\d|-\d| ?%)"
    r"|\b\d+(?:st|nd|rd|th)\b"
    r"|\bSCD(?: type)? ?\d\b|\b\d ?NF\b|\btype \d\b"
    r"|\bv?\d+\.\d+\.\d+\b|\b[Vv]ersion \d+(?:\.\d+)*|\bPostgreSQL \d+|\bDuckDB \d+(?:\.\d+)*"
    r"|^\s*\d+[.)]\s|\b[A-Za-z_]+[\w]*\d\w*\b|\b[A-Za-z_]\w*\.\w*\d\w*\b|#\w+|\b[\w.-]+:\d+\b|\b\d+:\d+\b|\b1:n\b|\bn:1\b|\b24/7\b"
)
_NUMBER = re.compile(
    r"(?<![\w.,])([-−]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-−]?\d+(?:\.\d+)?)"
    r"(?: ?(%|percent\b|k\b|thousand\b|[mM]\b|million\b|bn\b|billion\b))?"
)
_ROUGHLY = re.compile(
    r"(?:about|around|roughly|nearly|almost|some|over|more than|approximately|~|≈|ca\.?|under|less than|at least)\s*$", re.I
)


@dataclass(frozen=True)
class Number:
    """One number of a sentence: its value in base units, the half-width its display allows, and how it was written."""

    text: str
    value: float
    slack: float
    percent: bool
    rough: bool


@dataclass(frozen=True)
class Flag:
    """What is wrong with a sentence: ``kind`` unknown_fact, not_found or no_citation; ``near`` names the nearest truth."""

    kind: str
    text: str
    near: str = ""


@dataclass(frozen=True)
class Grounding:
    """The verdict on one sentence; ``formulas`` show each derived number."""

    flags: tuple[Flag, ...] = ()
    formulas: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """True when nothing was struck."""
        return not self.flags


def numbers(text: str) -> Iterator[Number]:
    """Yield the numbers a reader would check; dates, versions, code, identifiers, ordinals and list marks are none."""
    bare = _NOT_NUMBERS.sub(lambda m: " " * len(m[0]), text)
    for found in _NUMBER.finditer(bare):
        digits, unit = found[1].replace(",", "").replace("−", "-"), (found[2] or "").lower()
        scale = _UNITS.get(unit, 1.0)
        decimals = len(digits.partition(".")[2])
        slack = 0.5 * 10**-decimals * scale if decimals or scale > 1 or unit in ("%", "percent") else 0.0
        rough = bool(_ROUGHLY.search(bare[: found.start()]))
        yield Number(found[0].strip(), float(digits) * scale, slack, unit in ("%", "percent"), rough)
    for found in re.finditer(rf"\b({'|'.join(_WORDS)})\b(?= (?:\w+ )?{_DATA_NOUNS}\b)", bare, re.I):
        yield Number(found[0], float(_WORDS[found[0].lower()]), 0.0, False, False)


def ground(text: str, cited: Sequence[str], facts: Mapping[str, Fact]) -> Grounding:
    """Return whether every number of *text* stands in a cited fact, exactly, as rounded, or by one typed step."""
    flags = [Flag("unknown_fact", id, nearest(id, facts)) for id in cited if id not in facts]
    held = [facts[id] for id in cited if id in facts][:MOST_FACTS]
    formulas: list[str] = []
    for number in numbers(text):
        if not held:
            flags.append(Flag("no_citation", number.text))
            continue
        formula = _find(number, held)
        if formula is None:
            flags.append(Flag("not_found", number.text, _closest(number, held)))
        elif formula:
            formulas.append(f"{number.text} = {formula}")
    return Grounding(tuple(flags), tuple(formulas))


def _values(fact: Fact) -> Iterator[float]:
    held = fact.value
    for value in held if isinstance(held, tuple | list) else (held,):
        if isinstance(value, tuple | list):
            yield from (float(v) for v in value if isinstance(v, int | float) and not isinstance(v, bool))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield float(value)
        elif isinstance(value, str):
            # a fact that holds text may hold a number (``max = "17850.0"``)
            with_number = re.fullmatch(r"-?\d+(?:\.\d+)?", value.strip())
            if with_number:
                yield float(value)


def _kind(fact: Fact) -> str:
    name = fact.id.rpartition("#")[2]
    return "count" if name in _COUNTS else "share" if name in _SHARES else "number"


def _agrees(number: Number, value: float) -> bool:
    difference = abs(number.value - value)
    if difference <= number.slack * 1.000001:
        return True
    digits = number.text.rstrip("%").replace(",", "").split(".")[0].lstrip("-−")
    return number.rough and digits.endswith("0") and difference <= 0.05 * abs(value)


def _find(number: Number, held: Sequence[Fact]) -> str | None:
    """Return '' for a direct match, a formula for a derived one, None when nothing fits."""
    for fact in held:
        scale = 100.0 if number.percent and _kind(fact) == "share" else 1.0
        if (not number.percent or scale > 1 or _kind(fact) == "number") and any(
            _agrees(number, v * scale) for v in _values(fact)
        ):
            return ""
    for formula, value in _derived(number, held):
        if _agrees(number, value):
            return formula
    return None


def _derived(number: Number, held: Sequence[Fact]) -> Iterable[tuple[str, float]]:
    for fact in held:
        if number.percent and _kind(fact) == "share":
            for value in _values(fact):
                yield f"100 - {fact.id}", 100 * (1 - value)
    counts = [(f.id, v) for f in held if _kind(f) in ("count", "number") for v in itertools.islice(_values(f), 1)]
    for (a, x), (b, y) in itertools.permutations(counts, 2):
        if number.percent:
            if y:
                yield f"{a} / {b}", 100 * x / y
                yield f"1 - {a} / {b}", 100 * (1 - x / y)
        else:
            yield f"{a} - {b}", x - y
            yield f"{a} + {b}", x + y
            if y and number.slack:
                yield f"{a} / {b}", x / y
    for three in itertools.combinations(counts, 3):
        if not number.percent:
            yield " + ".join(a for a, _ in three), sum(v for _, v in three)


def _closest(number: Number, held: Sequence[Fact]) -> str:
    near = [
        (abs(number.value - v * s), f"{f.id} = {v:g}")
        for f in held
        for v in _values(f)
        for s in ((1, 100) if number.percent else (1,))
    ]
    return min(near)[1] if near else ""
