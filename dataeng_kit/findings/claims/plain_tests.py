"""The tests that plain words ask for; each takes the bound words and a pattern's groups, and is called as the card names it.

Every test raises `Unresolved` where a phrase names nothing for sure: another pattern, or nobody, then speaks for the sentence.
"""

from __future__ import annotations

import re
from dataclasses import replace

from dataeng_kit.context.figures import moment, number
from dataeng_kit.findings.claims import columns as tests
from dataeng_kit.findings.claims import rules, tables, times
from dataeng_kit.findings.claims.links import Link, link, on, orphans
from dataeng_kit.findings.claims.subjects import Column, Unresolved
from dataeng_kit.findings.claims.verdict import Case, Verdict
from dataeng_kit.findings.claims.words import Words, content, same
from dataeng_kit.nouns import TableProfile
from dataeng_kit.nouns.references import write

Groups = dict[str, str]
_UNITS = frozenset("percent % years year old days day hours hour minutes minute seconds euro euros eur usd dollars".split())


def _as(w: Words, **terms: str) -> Case:
    """Return the case with other terms, for a test that reads them."""
    claim = replace(w.case.claim, terms=tuple(f"{k}={v}" for k, v in terms.items() if v), subject=terms.get("text", ""))
    return Case(claim, w.subjects, w.case.data, w.case.profile, w.case.run)


def _named(column: Column, **terms: str) -> dict[str, str]:
    return {"text": f"`{write(column.table.name, column.name)}`", **terms}


def _need(table: TableProfile | None, phrase: str) -> TableProfile:
    if table is None:
        raise Unresolved(f"'{phrase}' is no table")
    return table


def _subject(w: Words, phrase: str) -> TableProfile:
    """Return the table that a sentence's subject means: its name, else the home where it names nothing else."""
    return _need(w.table(phrase) or (w.home if not _any_column(w, phrase) else None), phrase)


def _any_column(w: Words, phrase: str) -> bool:
    return bool(w.home and w.columns(phrase, [w.home]))


def _condition(w: Words, column: Column, said: str) -> str:
    """Return a condition on alias t: empty, filled, a value."""
    name = w.case.q(column.table.name, column.name, "t")
    if said in ("empty", "missing", "null"):
        return f"{name} IS NULL"
    if said in ("filled", "set", "known", "given", "present"):
        return f"{name} IS NOT NULL"
    if column.profile.type == "boolean" and said in ("true", "false"):
        return f"coalesce({name}, FALSE)" if said == "true" else f"NOT coalesce({name}, FALSE)"
    if column.profile.type in ("integer", "number") and (figure := number(said)) is not None:
        return f"coalesce({name} = {figure:g}, FALSE)"
    value = w.values(column).get(said.strip("`'\"").lower())
    if value is None:
        raise Unresolved(f"{said} is no value of {column.name}")
    return f"coalesce({name} = {w.case.literal(column.table.name, value)}, FALSE)"


def both_ways(w: Words, g: Groups) -> Verdict:
    """Test that one condition holds exactly where another does."""
    x, y = w.column(g["x"]), w.column(g["y"])
    if x.table.name != y.table.name:
        raise Unresolved("Two tables")
    a, b = _condition(w, x, g["a"].lower()), _condition(w, y, g["b"].lower())
    rule = f"{x.name} is {g['a']} exactly where {y.name} is {g['b']}"
    return w.case.breaking(x.table.name, f"(({a}) <> ({b}))", rule, x.name)


def formula(w: Words, g: Groups) -> Verdict:
    """Test a formula in words; `reversed_formula` has its result on the right."""
    return rules.derived(_as(w, left=g["left"], right=g["right"], under=w.case.under, text=w.case.text))


reversed_formula = formula


def same_value(w: Words, g: Groups) -> Verdict:
    """Test that a value equals that of the linked row of another table."""
    sides = []
    for phrase in (g["x"], g["y"]):
        what, _, of = phrase.partition(" of ")
        table = w.table(of) if of else None
        sides.append(w.column(what, table) if table else w.column(what))
    x, y = sides
    if x.table.name == y.table.name:
        if x.name == y.name:
            raise Unresolved("One column")
        a, b = (w.case.q(c.table.name, c.name, "t") for c in (x, y))
        return w.case.breaking(
            x.table.name, f"({a} IS NOT NULL AND {b} IS NOT NULL AND {a} <> {b})", f"{x.name} = {y.name}", x.name
        )
    key = _link(w.case, x.table, y.table)
    child, parent = (x, y) if key.child == x.table.name else (y, x)
    a, b = w.case.q(child.table.name, child.name, "c"), w.case.q(parent.table.name, parent.name, "p")
    source = f"FROM {w.case.relation(key.child)} AS c JOIN {w.case.relation(key.parent)} AS p ON {on(w.case, key, 'c', 'p')}"
    apart = f"abs({a} - {b}) > {rules.CENT}" if child.profile.type in ("integer", "number") else f"{a} <> {b}"
    failing, rows = w.case.row(key.child, f"SELECT sum(CASE WHEN {apart} THEN 1 ELSE 0 END), count(*) {source}")
    rule = f"{x.table.name}.{x.name} equals {y.table.name}.{y.name}"
    return w.case.counted(failing, rows, f"SELECT c.* {source} WHERE {apart}", rule, key.child, child.name)


def _link(case: Case, a: TableProfile, b: TableProfile) -> Link:
    try:
        return link(case, a, b)
    except Unresolved:
        return link(case, b, a)


def order(w: Words, g: Groups) -> Verdict:
    """Test that one moment is not before another; both must be found by their words."""
    late = w.moment(f"{g['late']} {g.get('lateverb', '')}", _side(w, g["late"]))
    early = w.moment(f"{g['early']} {g.get('earlyverb', '')}", _side(w, g["early"]) or w.home)
    if late is None or early is None or late == early:
        raise Unresolved("The moments are not found")
    return times._pair(w.case, early, late)


def _side(w: Words, phrase: str) -> TableProfile | None:
    found = [t for t in (w.table(x) for x in content(phrase)) if t]
    return found[0] if found else w.home


def compared(w: Words, g: Groups) -> Verdict:
    """Test a comparison of two numbers of one row."""
    x, y = w.column(g["x"], numeric=True), w.column(g["y"], numeric=True)
    if x.table.name != y.table.name or x.name == y.name:
        raise Unresolved("Not two numbers of one table")
    wrong = {
        "<": ">=", "less than": ">=", "below": ">=", ">": "<=", "more than": "<=", "above": "<=",
        ">=": "<", "≥": "<", "at least": "<",
    }.get(g.get("op", "").lower(), ">")  # fmt: skip
    a, b = (w.case.q(c.table.name, c.name, "t") for c in (x, y))
    return tests._filled(w.case, x, f"{b} IS NOT NULL AND {a} {wrong} {b}", f"compares with {y.name} as stated")


def conditional(w: Words, g: Groups) -> Verdict:
    """Test that rows of one state have, or never have, a value."""
    table = _subject(w, g["t"])
    state = w.holding(g["v"], table) or _flag(table, g["v"])
    if state is None:
        raise Unresolved(f"'{g['v']}' is no state of {table.name}")
    column = w.column(g["x"], table)
    holds = _condition(w, state, "true" if state.profile.type == "boolean" else g["v"].lower())
    name = w.case.q(table.name, column.name, "t")
    source = f"FROM {w.case.relation(table.name)} AS t WHERE {holds}"
    wrong = f"{name} IS NOT NULL" if "never" in g else f"{name} IS NULL"
    failing, of = w.case.row(table.name, f"SELECT sum(CASE WHEN {wrong} THEN 1 ELSE 0 END), count(*) {source}")
    rule = f"{g['v']} {table.name} have {'no ' if 'never' in g else ''}{column.name}"
    return w.case.counted(failing, of, f"SELECT t.* {source} AND {wrong}", rule, table.name, column.name)


def _flag(table: TableProfile, word: str) -> Column | None:
    found = [c for c in table.columns if c.type == "boolean" and any(same(word.lower(), o) for o in content(c.name))]
    return Column(table, found[0]) if len(found) == 1 else None


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
    table = w.table(phrase) or (w.home if w.home and _shares(phrase, w.home) else None)
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


def _shares(phrase: str, table: TableProfile) -> bool:
    return any(same(x, o) for x in content(phrase) for o in content(table.name))


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
        column = w.holding(said, _subject(w, g["t"]))
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


def exists_child(w: Words, g: Groups) -> Verdict:
    """Test that every row of a table has a row in another."""
    parent = _subject(w, g["t"])
    words = g.get("y") or g["verb"]
    child = w.table(words) or next(
        (t for t in w.near(parent) if any(same(x, o) for x in content(words) for o in content(t.name))), None
    )
    if child is None or child.name == parent.name:
        child = w.home if w.home and w.home.name != parent.name else None
    key = link(w.case, _need(child, words), parent)
    missing = f"NOT EXISTS (SELECT 1 FROM {w.case.relation(key.child)} AS c WHERE {on(w.case, key, 'c', 't')})"
    return w.case.breaking(parent.name, missing, f"every row of {parent.name} has one in {key.child}", key.ref_columns[0])


def one_each(w: Words, g: Groups) -> Verdict:
    """Test that a row of one table has at most one row of another."""
    parent = _need(w.table(g["t"]), g["t"])
    words = g.get("x") or g["verb"]
    child = w.table(words) or (
        w.home if w.home and any(same(x, o) for x in content(words) for o in content(w.home.name)) else None
    )
    return tables._at_most_one(w.case, _need(child, words), parent, "", False)


def depends(w: Words, g: Groups) -> Verdict:
    """Test that each value of one column goes with one value of another."""
    x, y = w.column(g["x"]), w.column(g["y"])
    if x.table.name != y.table.name or x.name == y.name:
        raise Unresolved("Not two columns of one table")
    a, b, table = w.case.q(x.table.name, x.name), w.case.q(x.table.name, y.name), x.table.name
    groups = f"SELECT {a}, count(DISTINCT {b}) AS n FROM {w.case.relation(table)} WHERE {a} IS NOT NULL GROUP BY {a}"
    failing, of = w.case.row(table, f"SELECT sum(CASE WHEN n > 1 THEN 1 ELSE 0 END), count(*) FROM ({groups}) AS g")
    rule = f"each {x.name} has one {y.name}"
    return w.case.counted(
        failing, of, f"SELECT * FROM ({groups}) AS g WHERE n > 1", rule, table, y.name, unit=f"values of {x.name}"
    )


def present(w: Words, g: Groups) -> Verdict:
    """Test that every row has a value, or a row in the table that the words name."""
    table = w.table(g["t"]) or w.home if "t" in g else w.home
    quoted = re.search(r"\(`(\w+)`\)", w.case.text)
    phrase = quoted[1] if quoted else g["x"]
    if re.search(r"\d", phrase) and "_" not in phrase:
        raise Unresolved("It says more than that there is a value")
    try:
        column = w.column(phrase, table)
    except Unresolved:
        parent = w.table(g["x"])
        if parent is None or table is None or "t" not in g:
            raise
        key = link(w.case, table, parent)
        empty = " OR ".join(f"{w.case.q(key.child, c, 't')} IS NULL" for c in key.columns)
        exists = f"EXISTS (SELECT 1 FROM {w.case.relation(key.parent)} AS p WHERE {on(w.case, key, 't', 'p')})"
        return w.case.breaking(table.name, f"({empty} OR NOT {exists})", f"every row has one in {parent.name}", key.columns[0])
    return tests.not_null(_as(w, **_named(column)))


def unique(w: Words, g: Groups) -> Verdict:
    """Test that no value occurs twice."""
    table = w.table(g["t"]) if "t" in g else None
    return tests.unique(_as(w, **_named(w.column(g["x"], table))))


def reference(w: Words, g: Groups) -> Verdict:
    """Test that references resolve: those of the table or column that the sentence names."""
    if "t" in g:
        parent = _need(w.table(g["y"]) or w.table(content(g["y"])[0] if content(g["y"]) else ""), g["y"])
        return orphans(w.case, link(w.case, _need(w.table(g["t"]) or w.home, g["t"]), parent))
    child = w.column(g["x"])
    place, _, name = g["y"].strip("` ").rpartition(".")
    parent = _need(w.table(place or name), g["y"])
    key = next((c for c in parent.columns if c.name.lower() == (name if place else child.name).lower()), None)
    if key is None or parent.name == child.table.name:
        raise Unresolved(f"{parent.name} has no such column")
    w.case.together(child.table.name, parent.name)
    return orphans(w.case, Link(child.table.name, (child.name,), parent.name, (key.name,)))


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
    return tests.bounded(_as(w, **_named(column, **ends)))


def _amount(w: Words, phrase: str) -> Column:
    """Return the one amount of a table that the phrase names: "loans between 500 and 35,000"."""
    table = _need(w.table(phrase) if "_" not in phrase else None, phrase)
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
    home = _need(w.home, unit)
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


def in_year(w: Words, g: Groups) -> Verdict:
    """Test the number of rows of one year."""
    words = g["t"].split(" ")
    table = w.table(g["t"]) or _need(w.table(words[0]) or w.home, g["t"])
    column, value, year = w.moment(g["t"], table), number(g["n"]), int(g["year"])
    if column is None or column.table.name != table.name:
        raise Unresolved("No time column")
    if value is None:
        raise Unresolved("No number")
    name = w.case.q(table.name, column.name)
    where = f"{name} >= DATE '{year}-01-01' AND {name} < DATE '{year + 1}-01-01'"
    query = f"SELECT count(*) FROM {w.case.relation(table.name)} WHERE {where}"
    (rows,) = w.case.row(table.name, query)
    off = abs(rows - value) / max(value, 1)
    holds = off <= (tables.ABOUT if "about" in g else tables.EXACT)
    told = f"{rows:,} rows of {table.name} in {year}, {value:,.0f} are stated"
    return Verdict("holds" if holds else "contradicted", told, query, 0 if holds else rows, rows, table.name, column.name)


def per_year(w: Words, g: Groups) -> Verdict:
    """Test a stated number of rows per period."""
    table = _need(w.table(g["t"]), g["t"])
    return tables.rate(_as(w, n=g["n"], noun=table.name, period=g["period"], text=w.case.text))


def period(w: Words, g: Groups) -> Verdict:
    """Test since when, until when or within which years the rows run."""
    column = w.moment(f"{g.get('t', '')} {g.get('verb', '')}", w.home)
    table = w.table(g.get("t", "")) or w.home
    columns = [column] if column else times.dated(table) if table else []
    if not columns:
        raise Unresolved("No time column")
    only = f"{g['only']}" if "only" in g else ""
    start, end = moment(only or g.get("start") or g.get("since") or ""), moment(only or g.get("end") or "")
    if not start:
        raise Unresolved("No date")
    if "since" in g:  # nothing before: the first may be later
        verdicts = [
            tests._filled(w.case, c, f"{w.case.q(c.table.name, c.name, 't')} < DATE '{start[0]}'", f"is never before {start[0]}")
            for c in columns
        ]
    else:
        verdicts = [v for c in columns for v in tables._period(w.case, c, start, end)]
    if len({v.verdict for v in verdicts}) > 1:
        raise Unresolved("Which moment it means is not said")
    return verdicts[0]


def counted(w: Words, g: Groups) -> Verdict:
    """Test how many rows, or how many different values, there are."""
    found = []
    if "n" in g:
        found.append(_count(w, g["x"], g["n"], g.get("about", "")))
    if "m" in g:
        home = w.table(g.get("t") or g.get("x", "")) or w.home
        found.append(_distinct(w, g["y"], float(g["m"]), home))
    return max(found, key=lambda v: v.verdict == "contradicted")


def _count(w: Words, phrase: str, n: str, about: str) -> Verdict:
    value = number(n)
    if value is None or value < 2:
        raise Unresolved("No number")
    rows = {"row", "rows", "line", "lines", "record", "records", "event", "events", "entry", "entries"}
    table = w.table(phrase) or (w.home if set(content(phrase)) & rows else None)
    whole = table is not None and len(content(phrase)) >= len(w.own_words(table))
    found = [_rows(w, table, value, about.lower())] if table else []
    if not whole or (w.home and table and table.name != w.home.name):  # "features": rows of feature usage, or names of features
        try:
            found.append(_distinct(w, phrase, value, w.home))
        except Unresolved:
            if not found:
                raise
    return min(found, key=lambda v: v.verdict == "contradicted")


def _rows(w: Words, table: TableProfile, value: float, about: str) -> Verdict:
    off = abs(table.rows - value) / max(value, 1)
    holds = table.rows >= value if about.startswith("more") else off <= tables._tolerance(_as(w, about=about), value)
    told = f"{table.name} holds {table.rows:,} rows, {value:,.0f} are stated"
    query = f"SELECT count(*) FROM {w.case.relation(table.name)}"
    failing = 0 if holds else int(abs(table.rows - value))
    return Verdict("holds" if holds else "contradicted", told, query, failing, table.rows, table.name)


def _distinct(w: Words, phrase: str, value: float, home: TableProfile | None) -> Verdict:
    """Return the verdict on a number of different values; where several columns could be meant, all must agree."""
    found = [c for c in w.columns(phrase, [home] if home else []) if c.profile.type in ("text", "integer", "boolean")]
    counts = {c.profile.distinct for c in found}
    if len(counts) != 1:
        raise Unresolved(f"'{phrase}' is no single column")
    (distinct,), column = counts, found[0]
    holds = distinct == value
    told = f"{column.table.name}.{column.name} holds {distinct:,} different values, {value:,.0f} are stated"
    query = f"SELECT DISTINCT {w.case.q(column.table.name, column.name)} FROM {w.case.relation(column.table.name)}"
    return Verdict("holds" if holds else "contradicted", told, query, 0 if holds else 1, distinct, column.table.name, column.name)
