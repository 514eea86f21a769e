"""What a cell looks like: one table of patterns for Python and DuckDB alike, and the type decision over their counts."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

_TIME = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d{1,9})?)?"
_MONTH = r"(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
MISSING = r"(?i:na|n/a|n\.a\.|#n/a|#na|null|none|nan|nat|nil|<na>)|-{1,3}|–|—|\.{1,3}|…|\?|\*+"
"""Words and signs that stand for a missing value in a column that is otherwise typed."""

PATTERNS: tuple[tuple[str, str], ...] = (
    ("missing", MISSING),
    ("padded", r"[+-]?0\d+"),
    ("integer", r"[+-]?\d{1,18}"),
    ("digits", r"[+-]?\d{19,}"),
    ("dot3", r"[+-]?[1-9]\d{0,2}\.\d{3}"),
    ("comma3", r"[+-]?[1-9]\d{0,2},\d{3}"),
    ("dots", r"[+-]?[1-9]\d{0,2}(\.\d{3}){2,}"),
    ("commas", r"[+-]?[1-9]\d{0,2}(,\d{3}){2,}"),
    ("commas_point", r"[+-]?[1-9]\d{0,2}(,\d{3})+\.\d+"),
    ("dots_comma", r"[+-]?[1-9]\d{0,2}(\.\d{3})+,\d+"),
    ("coded", r"[1-9]\d{3,}\.0"),
    ("whole", r"[+-]?\d+\.0+"),
    ("point", r"[+-]?(\d+\.\d*|\.\d+)"),
    ("comma", r"[+-]?(\d+,\d+|,\d+)"),
    ("hexlike", r"\d+[eE]\d+"),
    ("exponent", r"[+-]?(\d+\.?\d*|\.\d+)[eE][+-]?\d{1,3}"),
    ("spaced", r"[+-]?[1-9]\d{0,2}([ \x{a0}\x{202f}]\d{3})+"),
    ("spaced_comma", r"[+-]?[1-9]\d{0,2}([ \x{a0}\x{202f}]\d{3})+,\d+"),
    ("spaced_point", r"[+-]?[1-9]\d{0,2}([ \x{a0}\x{202f}]\d{3})+\.\d+"),
    ("swiss", r"[+-]?[1-9]\d{0,2}(['’]\d{3})+(\.\d+)?"),
    ("boolean", r"(?i:true|false)"),
    ("date", r"\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}"),
    ("year_first", r"\d{4}\. ?\d{1,2}\. ?\d{1,2}\.?|\d{4}年 ?\d{1,2}月 ?\d{1,2}日|\d{4}년 ?\d{1,2}월 ?\d{1,2}일"),
    ("stamp", r"\d{4}[-/]\d{1,2}[-/]\d{1,2}[T ]" + _TIME),
    ("zoned", r"\d{4}[-/]\d{1,2}[-/]\d{1,2}[T ]" + _TIME + r" ?(Z|UTC|[+-]\d{2}(:?\d{2})?)"),
    ("dotted", r"\d{1,2}\. ?\d{1,2}\. ?\d{4}"),
    ("dotted_stamp", r"\d{1,2}\. ?\d{1,2}\. ?\d{4},? +" + _TIME),
    ("slashed", r"\d{1,2}[/-]\d{1,2}[/-]\d{4}"),
    ("slashed_stamp", r"\d{1,2}[/-]\d{1,2}[/-]\d{4},? +" + _TIME + r"( ?[AaPp][Mm])?"),
    ("short_year", r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}( +" + _TIME + r"( ?[AaPp][Mm])?)?"),
    ("named", r"\d{1,2}[ -]" + _MONTH + r"[ -]\d{4}|" + _MONTH + r" \d{1,2},? \d{4}"),
    ("time", _TIME),
)
NUMBERS = frozenset(
    (
        "integer dot3 comma3 dots commas commas_point dots_comma coded whole point comma exponent hexlike "
        "spaced spaced_comma spaced_point swiss"
    ).split()
)
DATES = frozenset("date year_first stamp zoned dotted dotted_stamp slashed slashed_stamp short_year named".split())
TYPED = NUMBERS | DATES | {"boolean", "time", "padded", "digits"}
_POINT = frozenset("integer dot3 comma3 commas commas_point coded whole point exponent hexlike spaced spaced_point swiss".split())
_COMMA = frozenset("integer dot3 comma3 dots dots_comma comma spaced spaced_comma".split())

_WORDS = ("missing", "boolean")
_LONGEST = 40
_PYTHON = tuple((name, re.compile(pattern.replace(r"\x{a0}\x{202f}", "\u00a0\u202f"))) for name, pattern in PATTERNS)


@functools.lru_cache(65_536)
def kind(cell: str) -> str:
    """Return the first pattern that the whole trimmed cell matches: ``empty``, a name of PATTERNS, or ``text``."""
    text = cell.strip()
    if not text:
        return "empty"
    if len(text) > _LONGEST:
        return "text"
    return next((name for name, pattern in _PYTHON if pattern.fullmatch(text)), "text")


def kind_sql(value: str) -> str:
    """Return the same classification as a DuckDB expression over a trimmed text *value*."""

    def when(name: str, pattern: str) -> str:
        return f"WHEN regexp_full_match({value}, '{pattern.replace(chr(39), chr(39) * 2)}') THEN '{name}'"

    words = " ".join(when(n, p) for n, p in PATTERNS if n in _WORDS)
    digits = " ".join(when(n, p) for n, p in PATTERNS if n not in _WORDS)
    return (
        f"CASE WHEN {value} IS NULL OR {value} = '' THEN 'empty' WHEN length({value}) > {_LONGEST} THEN 'text' "
        f"WHEN NOT regexp_matches({value}, '[0-9]') THEN CASE {words} ELSE 'text' END {digits} ELSE 'text' END"
    )


@dataclass(frozen=True)
class Count:
    """How often one kind occurs in a column; ``first`` and ``second`` are the largest leading numbers of day/month dates."""

    n: int
    first: int = 0
    second: int = 0
    length: int = 0


@dataclass(frozen=True)
class Decision:
    """The type of one column: ``how`` names the conversion, ``evidence`` says why, ``problem`` what a person must decide."""

    type: str
    how: str = ""
    evidence: str = ""
    problem: str = ""


def decide(counts: Mapping[str, Count], comma_file: bool = False, dates: str = "") -> Decision:
    """Return the type that every value of the column bears out; *dates* is the user's ``day first`` or ``month first``."""
    seen = {k: c for k, c in counts.items() if k not in ("empty", "missing")}
    missing = counts["missing"].n if "missing" in counts else 0
    total = sum(c.n for c in seen.values())
    kinds = frozenset(seen)
    if not kinds:
        return Decision("text", evidence="no values")
    found = (
        _number(kinds, seen, comma_file)
        if kinds <= NUMBERS
        else _date(kinds, seen, dates)
        if kinds <= DATES
        else _other(kinds, seen, total)
    )
    if missing and found.type != "text":
        note = f"{missing:,} markers such as NA read as missing"
        return Decision(found.type, found.how, f"{found.evidence}; {note}", found.problem)
    return found


def _other(kinds: frozenset[str], seen: Mapping[str, Count], total: int) -> Decision:
    if kinds == {"boolean"}:
        return Decision("boolean", "boolean", f"{total:,} of {total:,} true or false")
    if kinds == {"time"}:
        return Decision("time", "time", f"{total:,} of {total:,} times of day")
    if kinds <= NUMBERS | {"padded", "digits"}:
        why = "leading zeros" if "padded" in kinds else "more digits than a number keeps"
        return Decision("text", evidence=f"kept as text: {seen[max(kinds & {'padded', 'digits'})].n:,} values with {why}")
    for family, name in ((NUMBERS, "numbers"), (DATES, "dates")):
        fits = sum(c.n for k, c in seen.items() if k in family)
        if total > fits >= 0.8 * total and fits >= 5:
            said = f"mixed: {fits:,} {name} and {total - fits:,} other values"
            return Decision("text", evidence=said, problem=f"{said}; kept as text")
    return Decision("text", evidence=f"{seen['text'].n if 'text' in seen else 0:,} of {total:,} are words")


def _number(kinds: frozenset[str], seen: Mapping[str, Count], comma_file: bool) -> Decision:
    point = kinds & {"point", "whole", "coded", "commas", "commas_point", "exponent", "spaced_point", "swiss"}
    comma = kinds & {"comma", "dots", "dots_comma", "spaced_comma"}
    total = sum(c.n for c in seen.values())
    if "hexlike" in kinds and not kinds & {"point", "exponent"}:
        return Decision(
            "text", evidence=f"kept as text: {seen['hexlike'].n:,} codes that only look like numbers with an exponent"
        )
    if (point and comma) or (point and not kinds <= _POINT) or (comma and not kinds <= _COMMA):
        said = "numbers with a decimal point and numbers with a decimal comma"
        return Decision("text", evidence=f"mixed: {said}", problem=f"mixed: {said}; kept as text")
    if comma or (not point and kinds & {"comma3", "dot3"} and _comma_world(kinds, seen, comma_file)):
        whole = kinds <= {"integer", "dots", "dot3", "spaced"}
        return Decision(
            "integer" if whole else "number",
            "comma",
            f"{total:,} of {total:,} numbers; decimal comma"
            + ("" if whole and not comma else ", as in " + ", ".join(sorted(comma or {"other columns"}))),
        )
    if kinds <= {"integer", "comma3", "commas", "spaced"}:
        grouped = "" if kinds == {"integer"} else "; grouped by thousands"
        doubt = kinds == {"comma3"}
        return Decision(
            "integer",
            "point",
            f"{total:,} of {total:,} whole numbers{grouped}",
            "every comma stands before three digits: read as thousands; say decimal ',' if they are decimals" if doubt else "",
        )
    ask = (
        "every point stands before three digits: read as decimals; say decimal ',' if they are thousands"
        if kinds == {"dot3"}
        else ""
    )
    if kinds == {"coded"} and total >= 5:
        ask = "whole numbers written as decimals (like 17850.0): perhaps an identifier that once held blanks"
    return Decision("number", "point", f"{total:,} of {total:,} numbers; decimal point", ask)


def _comma_world(kinds: frozenset[str], seen: Mapping[str, Count], comma_file: bool) -> bool:
    ungrouped = "integer" in kinds and seen["integer"].length >= 4
    if "comma3" in kinds and "dot3" not in kinds:
        return comma_file or ungrouped
    return comma_file and not ungrouped


def _date(kinds: frozenset[str], seen: Mapping[str, Count], dates: str) -> Decision:
    total = sum(c.n for c in seen.values())
    if kinds <= {"date", "stamp"}:
        return Decision("datetime" if "stamp" in kinds else "date", "iso", f"{total:,} of {total:,} dates, year first")
    if kinds <= {"date", "year_first"}:
        return Decision("date", "year first", f"{total:,} of {total:,} dates, year first")
    if kinds == {"zoned"}:
        return Decision("datetime", "zoned", f"{total:,} of {total:,} with a time zone; held in UTC")
    if kinds == {"named"}:
        return Decision("date", "named", f"{total:,} of {total:,} dates with the month's name")
    if not kinds <= {"dotted", "dotted_stamp", "slashed", "slashed_stamp"}:
        short = kinds == {"short_year"}
        said = "dates with a year of two digits" if short else "dates in several notations"
        return Decision("text", evidence=said, problem=f"{said}; kept as text until you say how to read them")
    type = "datetime" if any(k.endswith("stamp") for k in kinds) else "date"
    first, second = max(c.first for c in seen.values()), max(c.second for c in seen.values())
    if first > 12 and second > 12:
        return Decision(
            "text",
            evidence="dates day first and month first",
            problem="mixed dates: some only fit day first, some only month first; kept as text",
        )
    if first > 12 or dates == "day first" or (second <= 12 and kinds <= {"dotted", "dotted_stamp"}):
        why = f"a first part reaches {first}" if first > 12 else "as you said" if dates else "points between the parts"
        return Decision(type, "day first", f"{total:,} of {total:,} dates, day first: {why}")
    if second > 12 or dates == "month first":
        return Decision(
            type,
            "month first",
            f"{total:,} of {total:,} dates, month first: "
            + (f"a second part reaches {second}" if second > 12 else "as you said"),
        )
    return Decision(
        "text",
        evidence="day or month first: the values do not say",
        problem="dates whose day and month cannot be told apart (no part above 12); kept as text: "
        "say 'day first' or 'month first'",
    )


def convert_sql(column: str, decision: Decision) -> str:
    """Return the DuckDB expression that turns a quoted text column into the decided type, NULL where it cannot."""
    if decision.type == "text":
        return column
    value = f"trim({column})"
    if decision.type in ("integer", "number"):
        drop = (
            r"[., \x{a0}\x{202f}]"
            if decision.type == "integer"
            else r"[. \x{a0}\x{202f}]"
            if decision.how == "comma"
            else r"[, '’\x{a0}\x{202f}]"
        )
        plain = f"regexp_replace({value}, '{drop.replace(chr(39), chr(39) * 2)}', '', 'g')"
        plain = f"replace({plain}, ',', '.')" if decision.how == "comma" else plain
        return f"TRY_CAST({plain} AS {'BIGINT' if decision.type == 'integer' else 'DOUBLE'})"
    if decision.type in ("boolean", "time"):
        return f"TRY_CAST({value} AS {decision.type.upper()})"
    target = "DATE" if decision.type == "date" else "TIMESTAMP"
    if decision.how == "iso":
        return f"TRY_CAST(replace(replace({value}, 'T', ' '), '/', '-') AS {target})"
    if decision.how == "year first":
        return f"TRY_CAST(rtrim(regexp_replace({value}, '[年月년월./] ?', '-', 'g'), '日일-') AS DATE)"
    if decision.how == "zoned":
        return f"(TRY_CAST({value} AS TIMESTAMPTZ) AT TIME ZONE 'UTC')"
    if decision.how == "named":
        value = f"regexp_replace({value}, '[-,. ]+', ' ', 'g')"
        return f"CAST(try_strptime({value}, ['%d %b %Y', '%d %B %Y', '%b %d %Y', '%B %d %Y']) AS DATE)"
    value = f"regexp_replace({value}, '^(\\d+)[/.-] ?(\\d+)[/.-] ?', '\\1/\\2/')"
    value = f"regexp_replace(regexp_replace({value}, ',', ''), ' +', ' ', 'g')"
    day = "%d/%m/%Y" if decision.how == "day first" else "%m/%d/%Y"
    times = ("", " %H:%M:%S", " %H:%M", " %H:%M:%S.%f", " %I:%M:%S %p", " %I:%M %p", " %I:%M%p")
    return f"CAST(try_strptime({value}, [{', '.join(repr(day + t) for t in times)}]) AS {target})"
