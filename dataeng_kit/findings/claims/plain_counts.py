"""Plain rules about numbers of rows and values, and about periods.

Each takes the bound words and a pattern's groups, is called as the card names it, and raises `Unresolved` where a phrase names
nothing for sure: another pattern, or nobody, then speaks for the sentence.
"""

from __future__ import annotations

from dataeng_kit.context.figures import moment, number
from dataeng_kit.findings.claims import columns as tests
from dataeng_kit.findings.claims import tables, times
from dataeng_kit.findings.claims.subjects import Unresolved
from dataeng_kit.findings.claims.verdict import Verdict
from dataeng_kit.findings.claims.words import Groups, Words, content, need, restated
from dataeng_kit.nouns import TableProfile


def in_year(w: Words, g: Groups) -> Verdict:
    """Test the number of rows of one year."""
    words = g["t"].split(" ")
    table = w.table(g["t"]) or need(w.table(words[0]) or w.home, g["t"])
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
    table = need(w.table(g["t"]), g["t"])
    return tables.rate(restated(w, n=g["n"], noun=table.name, period=g["period"], text=w.case.text))


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
    holds = table.rows >= value if about.startswith("more") else off <= tables._tolerance(restated(w, about=about), value)
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
