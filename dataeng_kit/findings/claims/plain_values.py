"""Plain rules about the values of one column: lists, constants, shapes, bounds.

Each takes the bound words and a pattern's groups, is called as the card names it, and raises `Unresolved` where a phrase names
nothing for sure: another pattern, or nobody, then speaks for the sentence.
"""

from __future__ import annotations

import re

from dataeng_kit.context.figures import number
from dataeng_kit.findings.claims import columns as tests
from dataeng_kit.findings.claims.subjects import Column, Unresolved
from dataeng_kit.findings.claims.verdict import Verdict
from dataeng_kit.findings.claims.words import Groups, Words, about, content, need, restated, same, shares_word, subject_table


def _listed(text: str) -> tuple[str, ...]:
    """Return the items of a list as written."""
    bare = re.sub(r"\s*\([^)]*\)", "", text)
    commas = r"[,;]" if "," in bare else r"[,/|;]"  # "mg/dL, g/dL": the slash belongs to the value
    parts = re.split(rf"\s*{commas}\s*(?:(?:or|and) )?|\s+(?:or|and)\s+", bare)
    shown = (re.sub(r"^the |(?: ?%| percent| only)$", "", p.strip(" `'\".")) if len(p.strip()) > 1 else p.strip() for p in parts)
    return tuple(dict.fromkeys(p for p in shown if p))


def listed(w: Words, g: Groups) -> Verdict:
    """Test a list of values; at least one of them must stand in the column, else the words are no values."""
    values = _listed(g["values"])
    if len(values) < 2 or any(len(v.split()) > 3 for v in values):
        raise Unresolved("No list of values")
    column = _value_column(w, g["x"], values)
    held = w.values(column)
    numbers = column.profile.type in ("integer", "number") and all(number(v) is not None for v in values)
    if not numbers and not any(v.lower() in held for v in values):
        raise Unresolved(f"None of the words is a value of {column.name}")
    return tests._among(w.case, column, values)


def _value_column(w: Words, phrase: str, values: tuple[str, ...]) -> Column:
    """Return the column that the phrase names, else the one of the phrase's table that holds a listed value."""
    table = w.table(phrase) or (w.home if w.home and shares_word(phrase, w.home) else None)
    held = [c for c in (w.holding(v, table) for v in values if table) if c]
    try:
        found = w.column(phrase)
        if not held or found.table == table:
            return found
    except Unresolved:
        if not held:
            raise
    if len({c.name for c in held}) > 1:
        raise Unresolved(f"The values of '{phrase}' stand in several columns")
    return held[0]


def numbered(w: Words, g: Groups) -> Verdict:
    """Test values that are numbered from one to another: comp1–comp4."""
    low, high = int(g["low"]), int(g["high"])
    values = tuple(f"{g['stem']}{n}" for n in range(low, min(high, low + 99) + 1))
    column = _value_column(w, g["x"], values)
    if not any(v.lower() in w.values(column) for v in values):
        raise Unresolved("No such values")
    return tests._among(w.case, column, values)


def constant(w: Words, g: Groups) -> Verdict:
    """Test that all rows of a table, or a column, hold one value that stands there."""
    said = g["v"].strip("`'\"")
    if code := _currency(said):
        said = code
    if "x" in g:
        column: Column | None = w.column(g["x"])
    else:
        column = w.holding(said, subject_table(w, g["t"]))
    if column is None or (said.lower() not in w.values(column) and not re.fullmatch(r"[A-Z]{2,5}|`.*`", g["v"])):
        raise Unresolved(f"'{said}' is no value")
    return tests._among(w.case, column, (said,))


def _currency(word: str) -> str:
    return tests._CURRENCIES.get(word.lower().rstrip("s"), "")


def no_value(w: Words, g: Groups) -> Verdict:
    """Test that a column is empty in every row."""
    column = w.column(g["x"], w.table(g["t"]) if "t" in g else None)
    filled = f"{w.case.q(column.table.name, column.name, 't')} IS NOT NULL"
    return w.case.breaking(column.table.name, filled, f"{column.name} is empty", column.name)


def shape(w: Words, g: Groups) -> Verdict:
    """Test the form of a text: a sign it contains, a sample it looks like, digits or letters it consists of."""
    if "sign" in g:
        pattern = ".*@.*"
    elif "sample" in g:
        shown = re.sub(r"[^\w-]", ".", g["sample"].strip("`'\""))
        pattern = re.sub(
            r"\d|[A-Z]|[a-z]", lambda m: "[0-9]" if m[0].isdigit() else "[A-Z]" if m[0].isupper() else "[a-z]", shown
        )
    elif "n" in g:
        pattern = f"{'[0-9]' if g['kind'].startswith('d') else '[A-Za-z]'}{{{int(g['n'])}}}"
    else:
        pattern = _spelled(g["parts"])
    return tests.matches(w.case, w.column(g["x"]), pattern)


def _spelled(text: str) -> str:
    """Return the pattern of ``2 letters, dash, 4 digits``."""
    kinds = {"letter": "[A-Za-z]", "digit": "[0-9]", "dash": "-", "hyphen": "-", "dot": "[.]", "slash": "/", "underscore": "_"}
    out = ""
    for part in re.split(r",\s*(?:and )?| and | then ", text):
        found = re.fullmatch(r"(?:an? )?(?P<n>\d+)? ?(?P<kind>[a-z]+?)s?", part.strip(), re.I)
        if not found or found["kind"].lower() not in kinds:
            raise Unresolved("The form is not understood")
        out += kinds[found["kind"].lower()] + (f"{{{found['n']}}}" if found["n"] else "")
    return out


def bounds(w: Words, g: Groups) -> Verdict:
    """Test the bounds of a number."""
    unit = g.get("unit", "")
    try:
        column = w.column(f"{g['x']} {unit}" if unit and unit not in ("percent", "old") else g["x"], numeric=True)
    except Unresolved:
        column = _verb_and_unit(w, unit) if unit else _amount(w, g["x"])
    ends = {k: v for k, v in g.items() if k in ("low", "high", "over", "below", "positive", "nonnegative")}
    return tests.bounded(restated(w, **about(column, **ends)))


def _amount(w: Words, phrase: str) -> Column:
    """Return the one amount of a table that the phrase names: "loans between 500 and 35,000"."""
    table = need(w.table(phrase) if "_" not in phrase else None, phrase)
    found = [
        c
        for c in table.columns
        if c.type in ("integer", "number") and set(content(c.name)) & {"amount", "amnt", "amt", "price", "total"}
    ]
    if len(found) != 1:
        raise Unresolved(f"{table.name} has no single amount")
    return Column(table, found[0])


def _verb_and_unit(w: Words, unit: str) -> Column:
    """Return the number of the home that is measured in a unit and named by another word of the sentence."""
    said = content(w.case.text)
    home = need(w.home, unit)
    found = [
        Column(home, c)
        for c in home.columns
        if c.type in ("integer", "number")
        and any(same(unit, o) for o in content(c.name))
        and any(same(s, o) for s in said for o in content(c.name) if o != unit and not same(o, unit))
    ]
    if len(found) != 1:
        raise Unresolved(f"No single number is measured in {unit}")
    return found[0]
