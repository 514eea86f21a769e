"""Claims about whole tables: how many rows, how many a day, since when, one row per what."""

from __future__ import annotations

import datetime as dt
import re

from dataeng_kit.context.figures import moment, scaled
from dataeng_kit.findings.claims.links import link, links
from dataeng_kit.findings.claims.subjects import Column, Unresolved, joined
from dataeng_kit.findings.claims.times import dated, main_time, open_rows
from dataeng_kit.findings.claims.verdict import Case, Verdict
from dataeng_kit.nouns import TableProfile
from dataeng_kit.nouns.references import fact_id

EXACT, ROUND, ABOUT = 0.01, 0.1, 0.35
"""Share by which a count may differ: exact figures, round ones, and those said to be about right."""
RATE, LONG_RATE = 2.0, 1.35
"""Factor within which a stated rate still holds; real rates swing, those over months and years less."""
_HOLDS = (
    r"\b(?:contains?|holds?|has|have|there are|comprises?|includes?|enth[aä]lt|hat|es gibt|contient|compte|tiene|contiene|hay|"
    r"tem|cont[eé]m)\b"
)
_DAYS = {"s": 1 / 86400, "m": 1 / 1440, "h": 1 / 24, "d": 1.0, "w": 7.0, "mo": 30.44, "y": 365.25}
_PERIODS = (
    ("minute", "m"), ("second", "s"), ("sekunde", "s"), ("seconde", "s"), ("hour", "h"), ("stunde", "h"), ("heure", "h"),
    ("hora", "h"), ("day", "d"), ("tag", "d"), ("jour", "d"), ("d", "d"), ("week", "w"), ("woche", "w"), ("semai", "w"),
    ("seman", "w"), ("mo", "mo"), ("mes", "mo"), ("mê", "mo"), ("year", "y"), ("jahr", "y"), ("an", "y"), ("añ", "y"),
)  # fmt: skip


def _tolerance(case: Case, value: float) -> float:
    if case.terms.get("about"):
        return ABOUT
    digits = str(int(value)).rstrip("0")
    return EXACT if len(digits) >= 3 or value < 100 else ROUND


def row_count(case: Case) -> Verdict:
    """Test a stated number of rows of a table."""
    value = scaled(case.terms["n"], case.terms.get("scale"))
    if value is None:
        raise Unresolved("The figure is no number")
    thing = case.terms.get("thing")
    table = _counted(case, thing)
    rows, off = table.rows, abs(table.rows - value) / max(value, 1)
    query = f"SELECT count(*) FROM {case.relation(table.name)}"
    told = f"{table.name} holds {rows:,} rows, {value:,.0f} are stated"
    holds = rows >= value * (1 - EXACT) if case.terms.get("more") else off <= _tolerance(case, value)
    facts = (fact_id("rows", table.name),) if fact_id("rows", table.name) in case.profile.by_id else ()
    return Verdict(
        "holds" if holds else "contradicted", told, query, 0 if holds else int(abs(rows - value)), rows, table.name, "", facts
    )


def _counted(case: Case, thing: str | None) -> TableProfile:
    """Return the table that a count speaks of: its own name beside the figure, or ``rows`` of the table named before it."""
    if thing:
        told = re.match(r"\W*(?:\w+\W+){0,3}?\d", case.text) or re.search(_HOLDS, case.text, re.I)
        table = case.subjects.direct(thing) or case.subjects.direct(thing.split(" ")[0])
        if table is None or not told:
            raise Unresolved("No table goes by that name")
        return table
    modifier = re.sub(r"\s*\S+$", "", case.terms["noun"].strip())
    if modifier:
        found = case.subjects.direct(modifier)
        if found is None:
            raise Unresolved(f"'{modifier}' is no table")
        return found
    return case.subjects.table(case.text if re.search(r"\btable\b|`|_", case.text) else _before(case), under=case.under)


def _before(case: Case) -> str:
    """Return the label of a sentence, else the few words before its figure."""
    if case.claim.subject != case.text:
        return case.claim.subject
    head = case.text.split(case.terms["n"])[0]
    return head if len(head.split()) <= 4 else ""


_STRAY = 0.05
"""Share of the rows at either end of a period that a second look at a rate leaves out."""


def rate(case: Case) -> Verdict:
    """Test a stated number of rows per day, hour or other period against the rows over the measured period."""
    value = scaled(case.terms["n"], case.terms.get("scale"))
    days = next((_DAYS[d] for w, d in _PERIODS if case.terms["period"].lower().startswith(w)), None)
    if value is None or days is None:
        raise Unresolved("The rate is not understood")
    rows = re.fullmatch(
        r"(?:rows|records|events|entries|zeilen|datens[aä]tze|lignes|filas|registros|linhas)", case.terms["noun"].strip(), re.I
    )
    named = case.subjects.direct(case.terms["noun"])
    table = named or (case.subjects.table(_before(case), under=case.under) if rows else None)
    if table is None:
        raise Unresolved("No table goes by that name")
    try:
        column = main_time(case, table)
    except Unresolved:  # several moments: a rate is about the same by each of them
        if not (columns := dated(table)):
            raise
        column = columns[0]
    name = case.q(table.name, column.name, "t")
    relation = f"{case.relation(table.name)} AS t"
    spans = [f"SELECT min({name}), max({name}), count({name}) FROM {relation}"]
    ranked = f"SELECT {name} AS day, row_number() OVER (ORDER BY {name}) AS place, count(*) OVER () AS n FROM {relation}"
    spans.append(
        f"SELECT min(day), max(day), count(*) FROM ({ranked} WHERE {name} IS NOT NULL) AS s "
        f"WHERE place > n * {_STRAY} AND place <= n * {1 - _STRAY}"
    )
    for sql in spans:  # a few stray dates stretch the period: only a rate that fails without them too is contradicted
        first, last, n = case.data.rows(sql, case.run, case.data.source(table.name).engine)[0]
        span = (_day(last) - _day(first)).days + 1 if n else 0
        if span < max(1, days):
            raise Unresolved(f"{table.name} spans {span} days, too few for a rate")
        measured = n / span * days
        factor = LONG_RATE if days > 7 else RATE
        holds = value / factor <= measured <= value * factor
        if holds:
            break
    per = f"per {case.terms['period']} over {span:,} days of {column.name}"
    told = f"{measured:,.1f} rows of {table.name} {per}, {value:,.0f} are stated"
    return Verdict("holds" if holds else "contradicted", told, sql, 0 if holds else n, n, table.name, column.name)


def _day(value: object) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    raise Unresolved("The time column holds no dates")


def _slack(precision: str) -> int:
    """Return the days by which a period may start later or end earlier than stated."""
    return {"year": 366, "month": 31, "day": 3}[precision]


def period(case: Case) -> Verdict:
    """Test since when, until when or over which period the rows run."""
    start, end = (
        moment(case.terms.get("start") or case.terms.get("from") or ""),
        moment(case.terms.get("end") or case.terms.get("to") or ""),
    )
    if len(years := re.findall(r"\b(?:19|20)\d\d\b", case.text)) > 2:  # "2023, 2024 and 2025" is one period
        start, end = moment(min(years)), moment(max(years))
    if not start and not end:
        raise Unresolved("The date is not understood")
    homes = case.subjects.home(f"{case.claim.subject} {case.text}", case.under)
    columns = [main_time(case, t) for t in homes] if homes else _any_time(case)
    verdicts = [v for c in columns for v in _period(case, c, start, end)]
    broken = [v for v in verdicts if v.verdict == "contradicted"]
    if broken and (homes or len(broken) == len(verdicts)):
        return max(broken, key=lambda v: v.failing)
    return next(v for v in verdicts if v.verdict == "holds")


def _any_time(case: Case) -> list[Column]:
    found = []
    for table in case.profile.tables:
        try:
            found.append(main_time(case, table))
        except Unresolved:
            continue
    if not found:
        raise Unresolved("No table has a main time column")
    return found


def _period(case: Case, column: Column, start: tuple[dt.date, str] | None, end: tuple[dt.date, str] | None) -> list[Verdict]:
    table, name = column.table.name, case.q(column.table.name, column.name, "t")
    source = f"FROM {case.relation(table)} AS t"
    first, last, of = case.data.rows(
        f"SELECT min({name}), max({name}), count({name}) {source}", case.run, case.data.source(table).engine
    )[0]
    if not of:
        raise Unresolved(f"{table}.{column.name} is empty")
    first, last = _day(first), _day(last)
    outside, late = [], []
    if start:
        outside.append(f"{name} < DATE '{start[0]}'")
        late += [f"the first is {first}"] if (first - start[0]).days >= _slack(start[1]) else []
    if end:
        stop = end[0] + dt.timedelta(days={"year": 366, "month": 31, "day": 1}[end[1]])
        outside.append(f"{name} >= DATE '{stop}'")
        late += [f"the last is {last}"] if (end[0] - last).days > _slack(end[1]) // 12 else []
    condition = f"({' OR '.join(outside)})"
    (failing,) = case.row(table, f"SELECT sum(CASE WHEN {condition} THEN 1 ELSE 0 END) {source}")
    told = f"{table}.{column.name} runs from {first} to {last}"
    if failing:
        told = f"{failing:,} of {of:,} rows lie outside: {told}"
    verdict = "contradicted" if failing or late else "holds"
    return [
        Verdict(verdict, told, f"SELECT t.* {source} WHERE {condition}", failing or (of if late else 0), of, table, column.name)
    ]


def grain(case: Case) -> Verdict:
    """Test ``one row per …`` and ``one … per …``."""
    if "grain" in case.terms:
        return _one_row(case)
    per = case.subjects.table(case.terms["per"])
    what = re.sub(r"^(?:active|open|current|live|running)\s+", "", case.terms["what"], flags=re.I)
    running = what != case.terms["what"]
    named = case.subjects.named(what)
    for table in {t.name: t for n in named for t in n.tables if t.name != per.name}.values():
        return _at_most_one(case, table, per, "", running)
    homes = [c for n in named for c in n.columns if c.table.name != per.name and _linked(case, c.table, per)]
    if len({c.table.name for c in homes}) != 1:
        raise Unresolved(f"No single table says which {what} a {case.terms['per']} has")
    return _at_most_one(case, homes[0].table, per, homes[0].name, True)


def _linked(case: Case, child: TableProfile, parent: TableProfile) -> bool:
    return any(k.child == child.name and k.parent == parent.name for k in links(case.profile))


def _at_most_one(case: Case, child: TableProfile, parent: TableProfile, column: str, running: bool) -> Verdict:
    key = link(case, child, parent)
    names = ", ".join(case.q(child.name, c, "t") for c in key.columns)
    live = open_rows(case, child) if running else ""
    counted = f"count(DISTINCT {case.q(child.name, column, 't')})" if column else "count(*)"
    where = f" AND {live}" if live else ""
    filled = f"{case.q(child.name, key.columns[0], 't')} IS NOT NULL{where}"
    groups = f"SELECT {names}, {counted} AS n FROM {case.relation(child.name)} AS t WHERE {filled} GROUP BY {names}"
    failing, of = case.row(child.name, f"SELECT sum(CASE WHEN n > 1 THEN 1 ELSE 0 END), count(*) FROM ({groups}) AS g")
    noun = f"{column} of {child.name}" if column else f"row of {child.name}"
    rule = f"one {noun} per row of {parent.name}{' at a time' if live else ''}"
    return case.counted(
        failing,
        of,
        f"SELECT * FROM ({groups}) AS g WHERE n > 1",
        rule,
        child.name,
        column or key.columns[0],
        unit=f"rows of {parent.name}",
    )


def _one_row(case: Case) -> Verdict:
    text, _, place = re.sub(r"\s+(?:in|dans|en|em)\s+(?=[`\w.]+\W*$)", "\0", case.terms["grain"]).partition("\0")
    before = f"{place} {case.text.replace(case.terms['grain'], ' ')}"
    table = case.subjects.table(case.claim.subject if case.claim.subject != case.text else before, under=case.under)
    columns: list[str] = []
    for part in re.split(r"\s*(?:,|/|\+|×|\band\b|\bper\b|\bund\b|\bje\b|\bet\b|\bpar\b|\by\b|\bpor\b|\be\b)\s*", text):
        if part.strip(" .`"):
            columns += _key_part(case, table, part)
    names = ", ".join(case.q(table.name, c) for c in dict.fromkeys(columns))
    groups = f"SELECT {names}, count(*) AS copies FROM {case.relation(table.name)} GROUP BY {names}"
    rows, distinct = case.row(table.name, f"SELECT sum(copies), count(*) FROM ({groups}) AS g")
    rule = f"one row of {table.name} per {', '.join(dict.fromkeys(columns))}"
    return case.counted(rows - distinct, rows, f"{groups} HAVING count(*) > 1", rule, table.name, columns[0])


def _key_part(case: Case, table: TableProfile, part: str) -> list[str]:
    """Return the columns of *table* that stand for one word of a grain: a column, the table's own key, or a reference."""
    part = re.sub(r"^\W*(?:the|an?|each|every|der|die|das|le|la|el)\s+", "", part)
    named = tuple(n for n in case.subjects.named(part) if n.start <= 1 and len(part.rstrip(" .`")) - n.end <= 1)
    own = [c.name for n in named for c in n.columns if c.table.name == table.name]
    if own:
        return own[:1]
    for other in {t.name: t for n in named for t in n.tables}.values():
        if other.name == table.name:
            return _own_key(table)
        return list(link(case, table, other).columns)
    raise Unresolved(f"'{part.strip()}' is no column of {table.name}")


def _own_key(table: TableProfile) -> list[str]:
    ids = [
        c.name
        for c in table.columns
        if joined(c.name) == "id" or joined(c.name) == joined(table.name.rstrip("s").split("_")[-1]) + "id"
    ]
    if len(ids) == 1:
        return ids
    raise Unresolved(f"{table.name} has no column of its own name that would identify its rows")


def free(case: Case) -> Verdict:
    """Say that a general assurance is nothing rows can prove."""
    raise Unresolved("It names no rule that rows could keep or break")
