"""Plain rules about rows: conditions, formulas, orders of moments, keys, references, what every row has.

Each takes the bound words and a pattern's groups, is called as the card names it, and raises `Unresolved` where a phrase names
nothing for sure: another pattern, or nobody, then speaks for the sentence.
"""

from __future__ import annotations

import re

from dataeng_kit.context.figures import number
from dataeng_kit.findings.claims import columns as tests
from dataeng_kit.findings.claims import rules, tables, times
from dataeng_kit.findings.claims.links import Link, link, on, orphans
from dataeng_kit.findings.claims.subjects import Column, Unresolved
from dataeng_kit.findings.claims.verdict import Case, Verdict
from dataeng_kit.findings.claims.words import Groups, Words, about, content, need, restated, same, subject_table
from dataeng_kit.nouns import TableProfile


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
    return rules.derived(restated(w, left=g["left"], right=g["right"], under=w.case.under, text=w.case.text))


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
    table = subject_table(w, g["t"])
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


def exists_child(w: Words, g: Groups) -> Verdict:
    """Test that every row of a table has a row in another."""
    parent = subject_table(w, g["t"])
    words = g.get("y") or g["verb"]
    child = w.table(words) or next(
        (t for t in w.near(parent) if any(same(x, o) for x in content(words) for o in content(t.name))), None
    )
    if child is None or child.name == parent.name:
        child = w.home if w.home and w.home.name != parent.name else None
    key = link(w.case, need(child, words), parent)
    missing = f"NOT EXISTS (SELECT 1 FROM {w.case.relation(key.child)} AS c WHERE {on(w.case, key, 'c', 't')})"
    return w.case.breaking(parent.name, missing, f"every row of {parent.name} has one in {key.child}", key.ref_columns[0])


def one_each(w: Words, g: Groups) -> Verdict:
    """Test that a row of one table has at most one row of another."""
    parent = need(w.table(g["t"]), g["t"])
    words = g.get("x") or g["verb"]
    child = w.table(words) or (
        w.home if w.home and any(same(x, o) for x in content(words) for o in content(w.home.name)) else None
    )
    return tables._at_most_one(w.case, need(child, words), parent, "", False)


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
    return tests.not_null(restated(w, **about(column)))


def unique(w: Words, g: Groups) -> Verdict:
    """Test that no value occurs twice."""
    table = w.table(g["t"]) if "t" in g else None
    return tests.unique(restated(w, **about(w.column(g["x"], table))))


def reference(w: Words, g: Groups) -> Verdict:
    """Test that references resolve: those of the table or column that the sentence names."""
    if "t" in g:
        parent = need(w.table(g["y"]) or w.table(content(g["y"])[0] if content(g["y"]) else ""), g["y"])
        return orphans(w.case, link(w.case, need(w.table(g["t"]) or w.home, g["t"]), parent))
    child = w.column(g["x"])
    place, _, name = g["y"].strip("` ").rpartition(".")
    parent = need(w.table(place or name), g["y"])
    key = next((c for c in parent.columns if c.name.lower() == (name if place else child.name).lower()), None)
    if key is None or parent.name == child.table.name:
        raise Unresolved(f"{parent.name} has no such column")
    w.case.together(child.table.name, parent.name)
    return orphans(w.case, Link(child.table.name, (child.name,), parent.name, (key.name,)))
