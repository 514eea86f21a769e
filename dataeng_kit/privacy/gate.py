"""Nouns as a policy lets them be seen: every raw value is removed unless one rule allows it."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from dataeng_kit.errors import KitError
from dataeng_kit.nouns import (
    Check,
    ColumnProfile,
    Context,
    Evidence,
    Fact,
    Finding,
    Label,
    Law,
    Profile,
    Reading,
    Reconciliation,
    Rejected,
    TableProfile,
    TimeProfile,
)
from dataeng_kit.nouns.base import Noun
from dataeng_kit.nouns.references import parse, write
from dataeng_kit.privacy.policy import Policy, judged

DOMAIN, ROWS_EACH, SHAPE_ROWS = 50, 10, 5
"""A harmless column shows a value when it has at most `DOMAIN` distinct ones and that value fills `ROWS_EACH` rows; a
shape shows when `SHAPE_ROWS` rows share it."""
SENTINELS = frozenset(
    "1970-01-01 1900-01-01 1899-12-30 1899-12-31 0001-01-01 1753-01-01 2099-12-31 9999-12-31 -1 -9 -99 "
    "-999 -9999 99 999 9999 99999 999999 "
    "9999999 99999999 999999999 2147483647 n/a na #n/a null none nil nan - -- ? unknown tbd tba missing "
    "undefined 0000-00-00".split()
)
OWN = frozenset(
    ("latest", "open end", "until now", "still open", "day first", "month first", "one value each", "no value", "the current one")
)
"""Words that the kit's own sentences put between quotes; a value of that wording tells nothing."""
HIDDEN = "…"

N = TypeVar("N", bound=Noun)
_ENDS = ("first_month_rows", "last_month_rows")
"""Counts of a date column's first and last month, told from ten rows on."""
_COUNTED = frozenset(
    "rows nulls blanks distinct distinct_approx min_length max_length mean_length coverage orphans "
    "orphan_values children_p50 children_p99 "
    "children_max parents_without repeats duplicates exceptions holds".split()
)
_COUNTING = re.compile(r"(?is)\s*(with\b.*?\)\s*)?select\s+(count|approx_count_distinct|sum\(case|avg\(case|count_if)\b")
_SQL = re.compile(
    r"""("(?:[^"]|"")*"|`[^`]*`)|('(?:[^']|'')*')|"""
    r"""((?:=|<|>|\bIN\s*\(|\bBETWEEN\s|\bAND\s|,)\s*)(-?\d+(?:\.\d+)?)(?![\w."])|"""
    r"""(?<![\w."])(\d{3,}(?:\.\d+)?|\d+\.\d+)(?![\w."])""",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"'[^'\n]{1,200}'(?!\w)|\"[^\"\n]{1,200}\"|[“„«‘][^”“»’\n]{1,200}[”“»’]|`[^`\n]{1,200}`")
_PERSONAL = re.compile(
    r"[\w.+\-]+@[\w\-]+(\.[\w\-]+)+|\b[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b|\+\d[\d "
    r"()\-/]{7,}\d|\b\d{3}-\d\d-\d{4}\b"
)
_AS_IS = frozenset(
    "id rule severity dimension type native table column columns ref_table ref_columns name kind "
    "standing cardinality method engine pattern topic "
    "subject status language technology recipe path chain file level version isolation format encoding "
    "fingerprint verdict author date after "
    "facts lines cells holds_if primary_key candidate_keys capabilities reads distinct_method "
    "measured_at label imported_by source state".split()
)
_CODE = frozenset({"query", "grain_query", "left", "right"})


def visible(noun: N, policy: Policy) -> N:
    """Return *noun* without the raw values that *policy* hides.

    Hidden are minimum, maximum, quantiles, frequent values, placeholders outside the kit's own list, shapes of few rows, rejected
    text, outputs of cells and the literals in queries. Shown by default are counts, and of columns judged harmless: means, values
    with at least 10 rows out of at most 50 distinct, and the months of a date column's ends where these fill 10 rows.
    """
    gate = _Gate(policy, noun)
    seen: N = gate.see(noun)
    personal = sorted(n for n in gate.names if _PERSONAL.search(n)) if not gate.all else []
    return _renamed(seen, personal) if personal else seen


def _renamed(noun: N, names: list[str]) -> N:
    """Return *noun* with names of columns and tables that are themselves addresses or numbers replaced everywhere."""
    text = json.dumps(noun.to_json(), ensure_ascii=False)
    for at, name in enumerate(names, 1):
        for form in {json.dumps(name, ensure_ascii=False)[1:-1], json.dumps(write(name), ensure_ascii=False)[1:-1]}:
            text = text.replace(form, f"name_hidden_{at}")
    return type(noun).from_json(json.loads(text))


def _text(value: Any) -> str:
    return str(value)


class _Gate:
    """One pass over a noun: the levels of its columns, and the raw values that prose must not repeat."""

    def __init__(self, policy: Policy, noun: Noun) -> None:
        self.policy = policy
        profile = noun if isinstance(noun, Profile) else noun.profile if isinstance(noun, Evidence) else None
        self.levels: dict[str, str] = {}
        self.names: set[str] = set()
        self.hidden: dict[str, set[str]] = defaultdict(set)
        self.months: dict[str, tuple[str, str]] = {}
        self.said = _said(noun)
        self.owners = _owners(noun.context) if isinstance(noun, Evidence) else ()
        self._spoken: tuple[int, str] | None = None
        self.all = policy.columns.get("*") == "values" and set(policy.columns.values()) == {"values"}
        if profile:
            seen = judged(profile)
            for table in profile.tables:
                self.names |= {table.name, *(c.name for c in table.columns)}
                for column in table.columns:
                    reference = write(table.name, column.name)
                    self.levels[reference] = policy.level(reference, column.label, seen)
                    self._remember(column, self.levels[reference])
                    if self.levels[reference] in ("statistics", "masked") and not (column.label and column.label.sensitive):
                        self.months[reference] = _months(column)
        elif isinstance(noun, TableProfile):
            self.names |= {noun.name, *(c.name for c in noun.columns)}

    def _remember(self, column: ColumnProfile, level: str) -> None:
        if level == "values":
            return
        shown = {_text(v) for v in _domain(column)} if level in ("statistics", "masked") else set()
        for raw in (column.min, column.max, *column.quantiles, *(v for v, _ in column.top), *(v for v, _ in column.sentinels)):
            text = _text(raw)
            if (
                raw is not None
                and text not in shown
                and text.lower() not in SENTINELS
                and len(text) >= (3 if not text.isdigit() else 5)
                and text not in self.names
            ):
                self.hidden[text[:3]].add(text)

    def level(self, reference: str, label: Label | None = None) -> str:
        """Return a column's level; a column nobody knows is treated as personal."""
        return self.levels.get(reference) or self.policy.level(reference, label, label is not None)

    def see(self, value: Any, name: str = "", table: str = "") -> Any:
        """Return any part of a noun as it may be seen."""
        if self.all or value is None or isinstance(value, bool):
            return value
        if isinstance(value, Finding):
            self.names |= {value.table, value.column, *value.column.split(", "), *_parts(value.column)}
        special = _SPECIAL.get(type(value))
        if special:
            return special(self, value, table)
        if isinstance(value, Noun):
            inside = value.name if isinstance(value, TableProfile) else table
            return replace(value, **{f.name: self.see(getattr(value, f.name), f.name, inside) for f in fields(value) if f.init})  # type: ignore[type-var,arg-type]  # every noun is a dataclass
        if isinstance(value, tuple | list):
            return tuple(self.see(v, name, table) for v in value)
        if isinstance(value, Mapping):
            return {k: self.see(v, str(k), table) for k, v in value.items()}
        if isinstance(value, str):
            return value if name in _AS_IS else self.code(value) if name in _CODE else self.prose(value)
        return value

    def code(self, text: str) -> str:
        """Return SQL without literals: quoted text, numbers that are compared, and numbers of three digits or more."""

        def hide(m: re.Match[str]) -> str:
            if m[1]:
                return m[1]
            if m[2]:
                return m[2] if m[2][1:-1].lower() in SENTINELS or not m[2][1:-1].strip() else f"'{HIDDEN}'"
            number = m[4] or m[5]
            return (m[3] or "") + (number if number in SENTINELS or (m[4] and len(number) == 1 and number in "01") else HIDDEN)

        return self.bare(_SQL.sub(hide, text))

    def prose(self, text: str) -> str:
        """Return a sentence without quoted values, addresses and known raw values.

        Between quotes may stand: names, words of the kit, and what a document or a measured rule says elsewhere in the same
        noun, where it is shown anyway; a quotation within that is a value again.
        """

        def hide(m: re.Match[str]) -> str:
            inner = m[0][1:-1]
            if inner.lower() in SENTINELS | OWN or self._named(inner):
                return m[0]
            kept = _QUOTED.sub(hide, inner) if len(inner.split()) > 2 and _words(inner) in self.said else HIDDEN
            return m[0][0] + kept + m[0][-1]

        return self.bare(_PERSONAL.sub(HIDDEN, _QUOTED.sub(hide, text)))

    def _named(self, inner: str) -> bool:
        """True for a name, a reference, the words of a name ('first name' of first_name), and mere punctuation."""
        if inner in self.names or not any(c.isalnum() for c in inner):
            return True
        if self._spoken is None or self._spoken[0] != len(self.names):
            self._spoken = (len(self.names), " ".join(f"|{_words(n)}|" for n in self.names))
        parts = _parts(inner)
        return _words(inner) in self._spoken[1] or (len(parts) > 1 and all(p in self.names for p in parts))

    def bare(self, text: str) -> str:
        """Return *text* without the raw values of hidden columns that the profile knows; owners keep their whole names."""
        starts = [i for i in range(len(text) - 2) if text[i : i + 3] in self.hidden]
        kept = [m.span() for o in self.owners for m in re.finditer(re.escape(o), text)] if starts else []
        out, done = [], 0
        for at in starts:
            if at < done or any(a <= at < b for a, b in kept):
                continue
            here = [h for h in self.hidden[text[at : at + 3]] if text.startswith(h, at) and _whole(text, at, len(h))]
            if here:
                out += [text[done:at], HIDDEN]
                done = at + max(map(len, here))
        return "".join([*out, text[done:]])


def _words(text: str) -> str:
    """Return the bare words of a text or name, a blank around each: case, marks, underscores and camel case do not count."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower()
    return " " + " ".join(re.findall(r"[^\W_]+", apart)) + " "


def _said(noun: Any) -> str:
    """Return, word by word, what documents and measured rules say in *noun*: every ``quote`` and every law's rule."""
    if isinstance(noun, Law):
        return f"|{_words(noun.rule)}|"
    if isinstance(noun, tuple | list):
        return "".join(map(_said, noun))
    if isinstance(noun, Noun) and not isinstance(noun, Fact | ColumnProfile):
        own = f"|{_words(quote)}|" if isinstance(quote := getattr(noun, "quote", None), str) else ""
        return own + "".join(_said(getattr(noun, f.name)) for f in fields(noun) if f.init)  # type: ignore[arg-type]  # a noun
    return ""


def _owners(context: Context) -> tuple[str, ...]:
    """Return the people CLAUDE.md names as owners, of two words or more: a namesake among the data does not hide them."""
    said = [part.rpartition(":")[2] for owner in context.owners for part in re.split(r"[;\n]", owner.quote)]
    named = {n.strip(" .*`") for n in (*said, *(_text(o.value) for o in context.owners))}
    return tuple(sorted((n for n in named if 2 <= len(n.split()) <= 5), key=len, reverse=True))


def _whole(text: str, at: int, length: int) -> bool:
    before, after = text[at - 1 : at], text[at + length : at + length + 1]
    return not (before.isalnum() and text[at].isalnum()) and not (after.isalnum() and text[at + length - 1].isalnum())


def _domain(column: ColumnProfile) -> tuple[Any, ...]:
    """Return the frequent values that a column judged harmless may show."""
    if (column.label and column.label.sensitive) or column.distinct > DOMAIN:
        return ()
    return tuple(v for v, n in column.top if n >= ROWS_EACH)


def _months(column: ColumnProfile) -> tuple[str, str]:
    """Return the months of a date column's ends, empty where fewer than ten rows fall into them (counted or by quantiles)."""
    if column.type in ("date", "datetime") and column.first_month_rows is not None and column.last_month_rows is not None:
        enough = column.first_month_rows >= ROWS_EACH, column.last_month_rows >= ROWS_EACH
        return _text(column.min)[:7] if enough[0] else "", _text(column.max)[:7] if enough[1] else ""
    if column.type not in ("date", "datetime") or len(column.quantiles) < 5 or 0.05 * column.filled < ROWS_EACH:
        return "", ""
    first, last = _text(column.min)[:7], _text(column.max)[:7]
    low, high = _text(column.quantiles[0])[:7], _text(column.quantiles[-1])[:7]
    return first if low == first else "", last if high == last else ""


def _shape(text: str) -> str:
    kept = "".join(c if c in "Aa9" or (c.isascii() and not c.isalnum()) else "a" for c in text[:40])
    return re.sub(r"(.)\1{6,}", r"\1\1\1" + HIDDEN, kept)


def _see_column(gate: _Gate, column: ColumnProfile, table: str) -> ColumnProfile:
    level = gate.level(write(table, column.name) if table else "", column.label)
    if level == "values":
        return column
    label = replace(column.label, reasons=tuple(map(gate.prose, column.label.reasons))) if column.label else None
    if level == "nothing":
        return ColumnProfile(column.name, column.type, column.native, column.position, column.rows, 0, 0, "hidden", label=label)
    empty: dict[str, Any] = dict.fromkeys(("quantiles", "top", "masks", "sentinels", "histogram"), ())
    empty |= {"min": None, "max": None, "label": label}
    empty |= {k: n if n >= ROWS_EACH else None for k in _ENDS if (n := getattr(column, k)) is not None}
    if level == "name" or column.filled < ROWS_EACH:
        return replace(column, **empty | dict.fromkeys(_ENDS), mean=None, std=None)
    shown = _domain(column)
    ends: tuple[Any, Any] = (column.min if column.min in shown else None, column.max if column.max in shown else None)
    if not any(ends) and column.type in ("date", "datetime") and not (column.label and column.label.sensitive):
        ends = tuple(m or None for m in _months(column))  # type: ignore[assignment]  # two months
    empty |= {
        "min": ends[0],
        "max": ends[1],
        "top": tuple((v, n) for v, n in column.top if v in shown),
        "masks": tuple((_shape(m), n) for m, n in column.masks if n >= SHAPE_ROWS),
        "quantiles": column.quantiles if all(q in shown for q in column.quantiles) else (),
        "sentinels": tuple((v, n) for v, n in column.sentinels if _text(v).lower() in SENTINELS),
    }
    return replace(column, **empty)


def _see_fact(gate: _Gate, fact: Fact, table: str) -> Fact:
    reference, _, name = fact.id.rpartition("#")
    try:
        parts = parse(reference)
    except KitError:
        parts = ()
    level = gate.level(write(*parts)) if len(parts) == 2 else "statistics"
    if level == "values":
        return fact
    number = isinstance(fact.value, int | float) and not isinstance(fact.value, bool)
    counted = number and (name in _COUNTED or name.startswith("sentinel ") or bool(_COUNTING.match(fact.query)))
    aggregated = number and (len(parts) < 2 or (name in ("mean", "std") and level in ("statistics", "masked")))
    shown = (level != "nothing" and (counted or aggregated)) or isinstance(fact.value, bool)
    id = fact.id if not name.startswith("sentinel ") or name[9:].lower() in SENTINELS else f"{reference}#sentinel {HIDDEN}"
    return replace(fact, id=id, value=fact.value if shown else None, query=gate.code(fact.query))


def _see_law(gate: _Gate, law: Law, table: str) -> Law:
    known = {law.table, law.other, *law.columns, *(p for c in law.columns for p in _parts(c))}
    gate.names |= known

    def keep(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {k: keep(v) for k, v in value.items()}
        if isinstance(value, tuple | list):
            return tuple(keep(v) for v in value)
        return value if isinstance(value, int | float) or value is None or value in known else HIDDEN

    return replace(
        law,
        rule=gate.prose(law.rule),
        query=gate.code(law.query),
        reasons=tuple(map(gate.prose, law.reasons)),
        detail=keep(law.detail),
    )


def _parts(reference: str) -> tuple[str, ...]:
    try:
        return parse(reference)
    except KitError:
        return ()


def _see_check(gate: _Gate, check: Check, table: str) -> Check:
    return replace(
        check,
        output="",
        why=gate.prose(check.why),
        reconciliation=tuple(_see_sides(gate, r, table) for r in check.reconciliation),
    )


def _see_sides(gate: _Gate, sides: Reconciliation, table: str) -> Reconciliation:
    left, right = (v if isinstance(v, int | float) else None for v in (sides.left, sides.right))
    return replace(sides, name=gate.prose(sides.name), left=left, right=right)


def _see_reading(gate: _Gate, reading: Reading, table: str) -> Reading:
    said = {"evidence": tuple(map(gate.prose, reading.evidence)), "problems": tuple(map(gate.prose, reading.problems))}
    return replace(reading, **said, rejects=tuple(_see_rejected(gate, r, table) for r in reading.rejects))  # type: ignore[arg-type]  # tuples of text


def _see_rejected(gate: _Gate, rejected: Rejected, table: str) -> Rejected:
    return replace(rejected, text=HIDDEN if rejected.text else "", reason=gate.prose(rejected.reason))


def _see_time(gate: _Gate, time: TimeProfile, table: str) -> TimeProfile:
    reference = write(table, time.column) if table else time.column
    if gate.level(reference) == "values":
        return time
    start, end = gate.months.get(reference, ("", ""))
    return replace(time, start=start, end=end, reasons=tuple(map(gate.prose, time.reasons)))


_SPECIAL: dict[type, Any] = {
    ColumnProfile: _see_column,
    Fact: _see_fact,
    Law: _see_law,
    Check: _see_check,
    Reconciliation: _see_sides,
    Reading: _see_reading,
    Rejected: _see_rejected,
    TimeProfile: _see_time,
}
