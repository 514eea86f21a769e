"""Claims about one column: unique, filled, enumerated, constant, in a range, of a format, in a currency."""

from __future__ import annotations

import re
from itertools import pairwise

from dataeng_kit.context.figures import number
from dataeng_kit.findings.claims.subjects import Column, Unresolved, joined
from dataeng_kit.findings.claims.verdict import Case, Verdict

_CURRENCIES = {
    "euro": "EUR",
    "dollar": "USD",
    "us dollar": "USD",
    "pound": "GBP",
    "swiss franc": "CHF",
    "franken": "CHF",
    "reais": "BRL",
    "peso": "MXN",
}
_MATCH = {"duckdb": "regexp_matches({text}, {pattern})", "postgresql": "{text} ~ {pattern}", "mysql": "{text} REGEXP {pattern}"}
"""Each engine's match of a pattern; patterns hold no backslash, which literals of some engines would eat."""
_SHAPES = {
    "uuid": r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
    "iso": r"\d{4}-\d{2}-\d{2}([ T].*)?",
    "email": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "country": "[A-Z]{2}",
}


def _filled(case: Case, column: Column, condition: str, rule: str) -> Verdict:
    """Return the verdict over the rows in which the column holds a value."""
    name = case.q(column.table.name, column.name, "t")
    source = f"FROM {case.relation(column.table.name)} AS t"
    failing, of = case.row(
        column.table.name, f"SELECT sum(CASE WHEN {name} IS NOT NULL AND {condition} THEN 1 ELSE 0 END), count({name}) {source}"
    )
    query = f"SELECT t.* {source} WHERE {name} IS NOT NULL AND {condition}"
    return case.counted(failing, of, query, f"{column.table.name}.{column.name} {rule}", column.table.name, column.name)


def _text(case: Case, column: Column) -> str:
    name = case.q(column.table.name, column.name, "t")
    return (
        name
        if column.profile.type == "text"
        else f"CAST({name} AS {case.data.source(column.table.name).engine.technology.types.get('text', 'VARCHAR')})"
    )


def unique(case: Case) -> Verdict:
    """Test that no value of a column (or, for a whole table, no row) occurs twice; missing values are not compared."""
    if re.search(
        r"\b(?:duplicate rows?|duplicated? rows|doppelten? zeilen|lignes en double|filas duplicadas)\b", case.text, re.I
    ):
        return _rows_unique(case)
    if several := _together(case):
        return several
    try:
        column = case.column()
    except Unresolved:
        if re.search(r"\b(?:duplicates?|doublons?|duplikate|dubletten|duplicados)\b", case.text, re.I):
            return _rows_unique(case)
        raise
    table, name = column.table.name, case.q(column.table.name, column.name, "t")
    source = f"FROM {case.relation(table)} AS t"
    filled, distinct = case.row(table, f"SELECT count({name}), count(DISTINCT {name}) {source}")
    repeated = f"SELECT {name} {source} WHERE {name} IS NOT NULL GROUP BY {name} HAVING count(*) > 1"
    query = f"SELECT t.* {source} WHERE {name} IN ({repeated})"
    return case.counted(
        filled - distinct, filled, query, f"{table}.{column.name} is unique ({distinct:,} distinct)", table, column.name
    )


def _together(case: Case) -> Verdict | None:
    """Return the verdict on columns that a sentence calls unique together; raises where it may mean each of them."""
    homes = case.subjects.home(case.text, case.under)
    named = [n for n in case.subjects.named(case.text) if n.exact and n.columns]
    columns = list(dict.fromkeys(case.subjects.resolve(n, homes) for n in named))
    if len(columns) < 2:
        return None
    listed = re.search(
        r"\([\w`., +/]+\)|\b(?:combination|together|pair|composite|kombination|zusammen|combinaison|ensemble|combinaci[oó]n)\b",
        case.text,
        re.I,
    )
    gaps = [case.text[a.end : b.start] for a, b in pairwise(named)]
    if not listed and not all(re.fullmatch(r"[\s`,+]*(?:and|und|et|y|e)?[\s`]*", g) for g in gaps):
        return None
    if not listed:
        raise Unresolved("It may mean each of the columns or all of them together")
    if len({c.table.name for c in columns}) > 1:
        raise Unresolved("The columns lie in different tables")
    table, names = columns[0].table.name, ", ".join(case.q(columns[0].table.name, c.name) for c in columns)
    groups = f"SELECT {names}, count(*) AS copies FROM {case.relation(table)} GROUP BY {names}"
    rows, distinct = case.row(table, f"SELECT sum(copies), count(*) FROM ({groups}) AS g")
    rule = f"{', '.join(c.name for c in columns)} of {table} are unique together"
    return case.counted(rows - distinct, rows, f"{groups} HAVING count(*) > 1", rule, table, columns[0].name)


def _rows_unique(case: Case) -> Verdict:
    table = case.table()
    names = ", ".join(case.q(table.name, c.name) for c in table.columns)
    groups = f"SELECT {names}, count(*) AS copies FROM {case.relation(table.name)} GROUP BY {names}"
    rows, distinct = case.row(table.name, f"SELECT sum(copies), count(*) FROM ({groups}) AS g")
    return case.counted(
        rows - distinct, rows, f"{groups} HAVING count(*) > 1", f"no row of {table.name} is there twice", table.name
    )


def not_null(case: Case) -> Verdict:
    """Test that a column holds a value in every row; blank text counts as missing."""
    what = case.terms.get("what", "")
    if re.search(r"\d", what) and "_" not in what:
        raise Unresolved("It says more than that there is a value")
    column = case.column(*filter(None, [what]))
    name = case.q(column.table.name, column.name, "t")
    blank = f" OR trim({name}) = ''" if column.profile.type == "text" else ""
    return case.breaking(
        column.table.name, f"({name} IS NULL{blank})", f"{column.table.name}.{column.name} is filled", column.name
    )


def listed(text: str) -> tuple[str, ...]:
    """Return the values of an enumeration as written: quoted ones, else short parts between commas, bars and ``or``."""
    quoted = re.findall(r"[`'\"“„«]\s?([^`'\"”“»]{1,60}?)\s?[`'\"”“»]", text)
    if quoted:
        return tuple(dict.fromkeys(quoted))
    plain = re.sub(r"\([^)]*\)", "", text).strip().rstrip(".;")
    plain = re.sub(r"^(?:one of|either|any of|entweder|eine[rs]? von|soit|una? de|um[a]? de)\s+", "", plain, flags=re.I)
    parts = [p.strip(" .;:") for p in re.split(r"\s*[,/|]\s*|\s+(?:or|and|oder|und|ou|et|o|y|e)\s+", plain)]
    parts = [re.sub(r"^(?:or|and|oder|und|ou|et)\s+|(?<=\d) ?(?:%|percent|prozent)$", "", p) for p in parts if p]
    return tuple(dict.fromkeys(parts)) if 2 <= len(parts) <= 30 and all(len(p.split()) <= 2 for p in parts) else ()


def enumeration(case: Case) -> Verdict:
    """Test that a column holds only the listed values; case is not compared."""
    values = listed(case.terms.get("values", ""))
    if not values:
        raise Unresolved("The values are not listed one by one")
    rest = case.text.replace(case.terms["values"], " ")
    column = case.subjects.column(case.claim.subject if case.claim.subject != case.text else rest, rest, under=case.under)
    if "listed" in case.terms and joined(case.claim.subject.split(".")[-1]) != joined(column.name):
        raise Unresolved(f"{case.claim.subject} is not the name of {column.name}")
    return _among(case, column, values)


def _among(case: Case, column: Column, values: tuple[str, ...]) -> Verdict:
    wanted = ", ".join(case.literal(column.table.name, v.lower()) for v in values)
    return _filled(case, column, f"lower({_text(case, column)}) NOT IN ({wanted})", f"is one of {', '.join(values)}")


def constant(case: Case) -> Verdict:
    """Test that a column always holds one value."""
    column = case.column(case.text[: case.text.find(case.terms["constant"])])
    return _among(case, column, (case.terms["constant"].strip("`'\"“”„«» "),))


def bounded(case: Case) -> Verdict:
    """Test the bounds of a number: never negative, positive, at least, at most, between."""
    column = case.column()
    if column.profile.type not in ("integer", "number"):
        raise Unresolved(f"{column.table.name}.{column.name} holds {column.profile.type}, not numbers")
    name = case.q(column.table.name, column.name, "t")
    if "other" in case.terms:
        return _compared(case, column, name)
    if "nonnegative" in case.terms:
        return _filled(case, column, f"{name} < 0", "is never negative")
    if "positive" in case.terms:
        return _filled(case, column, f"{name} <= 0", "is positive")
    low, high = number(case.terms.get("low", "")), number(case.terms.get("high", ""))
    over, below = number(case.terms.get("over", "")), number(case.terms.get("below", ""))
    tests = [f"{name} < {low:g}"] if low is not None else []
    tests += [f"{name} <= {over:g}"] if over is not None else []
    tests += [f"{name} >= {below:g}"] if below is not None else []
    tests += [f"{name} > {high:g}"] if high is not None else []
    if not tests:
        raise Unresolved("The bound is no number")
    told = " and ".join(
        f"{w} {v:g}" for w, v in (("at least", low), ("at most", high), ("above", over), ("below", below)) if v is not None
    )
    return _filled(case, column, f"({' OR '.join(tests)})", f"is {told}")


def _compared(case: Case, column: Column, name: str) -> Verdict:
    """Return the verdict on a comparison of two numbers of one row."""
    other = case.subjects.column(case.terms["other"], under=column.table.name)
    if other.table.name != column.table.name or other.profile.type not in ("integer", "number") or other.name == column.name:
        raise Unresolved(f"{case.terms['other']} is no other number of {column.table.name}")
    op = case.terms["op"].lower()
    wrong = {"at least": "<", "never below": "<", "not below": "<", "at most": ">", "never above": ">", "not above": ">"}.get(op)
    wrong = wrong or (">=" if op in ("below", "under", "less than", "lower than", "smaller than") else "<=")
    second = case.q(other.table.name, other.name, "t")
    return _filled(case, column, f"{second} IS NOT NULL AND {name} {wrong} {second}", f"is {op} {other.name}")


def shaped(case: Case) -> Verdict:
    """Test the shape of a text: prefix, digits, length, case, UUID, ISO date, e-mail, country code."""
    column = case.column()
    text, terms = _text(case, column), case.terms
    if "prefix" in terms:
        start = case.literal(column.table.name, terms["prefix"])
        return _filled(case, column, f"substring({text}, 1, {len(terms['prefix'])}) <> {start}", f"starts with {terms['prefix']}")
    if "length" in terms:
        return _filled(case, column, f"length({text}) <> {int(terms['length'])}", f"is {terms['length']} characters long")
    for side in ("lower", "upper"):
        if side in terms:
            return _filled(case, column, f"{text} <> {side}({text})", f"is {side} case")
    if "iso" in terms and column.profile.type in ("date", "datetime"):
        return Verdict(
            "holds",
            f"{column.table.name}.{column.name} was read as {column.profile.type}",
            table=column.table.name,
            column=column.name,
        )
    letters = {"two": 2, "three": 3}.get(terms.get("letters", "").lower(), terms.get("letters"))
    shape = next(
        (s for k, s in _SHAPES.items() if k in terms),
        f"[A-Za-z]{{{letters}}}" if letters else rf"\d{{{terms.get('digits', '')}}}",
    )
    return matches(case, column, shape)


def matches(case: Case, column: Column, shape: str) -> Verdict:
    """Return the verdict on a regular expression that whole values must match, on engines that know one."""
    match = _MATCH.get(case.data.source(column.table.name).engine.technology.id)
    if match is None:
        raise Unresolved("This engine has no pattern match")
    text = _text(case, column)
    whole = case.literal(column.table.name, f"^({shape.replace(chr(92) + 'd', '[0-9]').replace(chr(92) + 's', ' ')})$")
    return _filled(case, column, f"NOT ({match.format(text=text, pattern=whole)})", f"has the stated shape ({shape})")


def currency(case: Case) -> Verdict:
    """Test a stated currency against the currency columns; without one nothing in the rows can tell."""
    if re.search(r"\b[A-Z]{3}`?(?:, ?| ?/ ?| (?:or|and|und|oder|et|ou|y|o|e) )`?[A-Z]{3}\b", case.text):
        raise Unresolved("It names several currencies")
    said = case.terms["currency"].lower()
    code = _CURRENCIES.get(said.rstrip("s"), _CURRENCIES.get(said, said.upper()))
    homes = case.subjects.home(case.text, case.under) or case.profile.tables
    found = [
        Column(t, c)
        for t in homes
        for c in t.columns
        if joined(c.name) in ("currency", "currencycode", "ccy", "waehrung", "devise", "moneda")
    ]
    if not found:
        raise Unresolved("No column says in which currency amounts are")
    verdicts = [_among(case, c, (code,)) for c in found]
    return max(verdicts, key=lambda v: v.failing)
