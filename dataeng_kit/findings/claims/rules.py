"""Claims about how values follow from others: formulas, sums of lines, flags of events, first and latest values."""

from __future__ import annotations

import re

from dataeng_kit.context.figures import number
from dataeng_kit.findings.claims.links import Link, links, on
from dataeng_kit.findings.claims.subjects import Column, Named, Unresolved, joined
from dataeng_kit.findings.claims.times import main_time
from dataeng_kit.findings.claims.verdict import Case, Verdict
from dataeng_kit.nouns import TableProfile
from dataeng_kit.profile.laws.scope import how_many

CENT = 0.011
"""A difference up to one cent is rounding, not an exception."""
_OPERATORS = {
    "×": "*", "x": "*", "*": "*", "·": "*", "times": "*", "mal": "*", "fois": "*", "por": "*", "vezes": "*", "multiplied by": "*",
    "+": "+", "plus": "+", "−": "-", "–": "-", "-": "-", "minus": "-", "moins": "-", "menos": "-",
    "/": "/", "divided by": "/", "geteilt durch": "/",
}  # fmt: skip
_TOKEN = re.compile(r"multiplied by|divided by|geteilt durch|[×*·+/−–-]|[^\s×*·+/−–]+", re.I)


def derived(case: Case) -> Verdict:
    """Test a formula, a flag that follows from events, or an attribute that repeats a first or latest value."""
    if "event" in case.terms:
        return _flag(case)
    if "first" in case.terms or "last" in case.terms:
        return _edge(case)
    return _formula(case)


def _numeric(case: Case, words: str, homes: tuple[TableProfile, ...]) -> Column:
    problem = Unresolved(f"'{words}' is no column")
    for named in reversed(case.subjects.named(words)):
        numeric = tuple(c for c in named.columns if c.profile.type in ("integer", "number"))
        inside = tuple(c for c in numeric if not homes or c.table in homes) or numeric
        if len(inside) == 1:
            return inside[0]
        if inside:
            problem = Unresolved(f"'{words}' may be {' or '.join(f'{c.table.name}.{c.name}' for c in inside[:4])}")
    raise problem


def _formula(case: Case) -> Verdict:
    if re.search(
        r"[\w`],? (?:less|net of|before|after|without|abzüglich|moins|menos) (?:the |der |la |le |el )?[a-zà-ÿ]{3}",
        case.text.partition("=")[2],
        re.I,
    ):
        raise Unresolved("The formula goes on in words")
    homes = case.subjects.home(case.text, case.under)
    left = _formula_left(case, homes)
    parts: list[str] = []
    used = [left]
    for token in (m[0] for m in _TOKEN.finditer(case.terms["right"])):
        word = token.strip("`.,;")
        if word.lower() in _OPERATORS:
            parts.append(_OPERATORS[word.lower()])
        elif (value := number(word)) is not None:
            parts.append(f"{value:g}")
        elif word:
            column = _numeric(case, word, (left.table,))
            if column.table.name != left.table.name:
                raise Unresolved(f"{column.name} is not in {left.table.name}")
            used.append(column)
            parts.append(case.q(column.table.name, column.name, "t"))
    if len(used) < 2 or not re.fullmatch(r"[^*+/-]+(?:[*+/-][^*+/-]+)+", "".join("v" if p not in "*+/-" else p for p in parts)):
        raise Unresolved("The formula is not understood")
    table, name = left.table.name, case.q(left.table.name, left.name, "t")
    expression = " ".join(parts)
    filled = " AND ".join(f"{case.q(table, c.name, 't')} IS NOT NULL" for c in dict.fromkeys(used))
    wrong = f"{filled} AND abs({name} - ({expression})) > {CENT}"
    source = f"FROM {case.relation(table)} AS t"
    failing, of = case.row(table, f"SELECT {how_many(wrong)}, {how_many(filled)} {source}")
    rule = f"{left.name} = {case.terms['right'].strip(' `')}"
    return case.counted(failing, of, f"SELECT t.* {source} WHERE {wrong}", rule, table, left.name)


def _formula_left(case: Case, homes: tuple[TableProfile, ...]) -> Column:
    try:
        return _numeric(case, case.terms.get("left", case.claim.subject), homes)
    except Unresolved:
        if homes or not re.search(r"[A-Za-z_]{2,}", case.terms["right"]):
            raise
    for word in re.findall(r"[A-Za-z_]\w+", case.terms["right"]):
        tables = {c.table.name: c.table for n in case.subjects.named(word) for c in n.columns}
        if len(tables) == 1:
            return _numeric(case, case.terms.get("left", case.claim.subject), tuple(tables.values()))
    raise Unresolved(f"'{case.terms.get('left', case.claim.subject)}' is no single column")


def total(case: Case) -> Verdict:
    """Test that a parent's amount equals the sum of its children's."""
    homes = case.subjects.home(case.terms["total"], "")
    column = _numeric(case, case.terms["total"], homes)
    key, amount = _parts(case, column)
    name = case.q(column.table.name, column.name, "p")
    keys = ", ".join(case.q(key.child, c, "t") for c in key.columns)
    sums = f"SELECT {keys}, sum({amount}) AS lines FROM {case.relation(key.child)} AS t GROUP BY {keys}"
    source = f"FROM {case.relation(key.parent)} AS p JOIN ({sums}) AS s ON {on(case, key, 's', 'p')}"
    kept = case.only(column.table, "p")
    source = f"{source} WHERE {kept}"
    wrong = f"abs({name} - s.lines) > {CENT}"
    failing, of = case.row(key.parent, f"SELECT {how_many(wrong)}, count(*) {source}")
    rule = f"{column.table.name}.{column.name} is the sum of its rows in {key.child}"
    return case.counted(failing, of, f"SELECT p.*, s.lines {source} AND {wrong}", rule, column.table.name, column.name)


def _parts(case: Case, whole: Column) -> tuple[Link, str]:
    children = [k for k in links(case.profile) if k.parent == whole.table.name]
    named = case.subjects.named(case.terms["parts"])
    tables = {t.name for n in named for t in n.tables} | {c.table.name for n in named for c in n.columns if n.exact}
    found = [k for k in children if not tables or k.child in tables]
    sums = [(k, amount) for k in found if (amount := _amount(case, k, whole, named))]
    if len(sums) != 1:
        raise Unresolved(
            f"{'No table' if not sums else 'More than one table'} holds amounts that make up {whole.table.name}.{whole.name}"
        )
    case.together(sums[0][0].child, whole.table.name)
    return sums[0]


def _amount(case: Case, key: Link, whole: Column, named: tuple[Named, ...]) -> str:
    """Return the expression to add up in a child table: its one amount, or quantity times price; empty when unclear."""
    child = case.profile.table(key.child)
    amounts = [c.name for n in named for c in n.columns if c.table.name == child.name and c.profile.type in ("integer", "number")]
    amounts = amounts or [c.name for c in child.columns if c.type in ("integer", "number") and _is_amount(c.name, whole.name)]
    if len(amounts) == 1:
        return case.q(child.name, amounts[0], "t")
    factors = [
        [c.name for c in child.columns if joined(c.name) in names]
        for names in (("quantity", "qty"), ("unitprice", "price", "priceeach"))
    ]
    if not amounts and all(len(f) == 1 for f in factors):
        return " * ".join(case.q(child.name, f[0], "t") for f in factors)
    return ""


def _is_amount(name: str, whole: str) -> bool:
    return joined(name) == joined(whole) or bool(re.search(r"(?:amount|total|value|net|gross|revenue)$", joined(name)))


def _truth(case: Case, column: Column, alias: str) -> str:
    name = case.q(column.table.name, column.name, alias)
    if column.profile.type == "boolean":
        return f"coalesce({name}, FALSE)"
    if column.profile.type in ("integer", "number"):
        return f"coalesce({name}, 0) <> 0"
    return f"coalesce(lower({name}), '') IN ('true', 'yes', 'y', 't', '1')"


def _flag(case: Case) -> Verdict:
    """Test that a flag is set exactly where an event of its name exists."""
    column = case.subjects.column(case.claim.subject, under=case.under)
    if column.profile.distinct > 2:
        raise Unresolved(f"{column.name} is no flag")
    word = joined(case.terms["event"].split()[0])
    stem = re.sub(r"(?:led|ned|ed)$", "", word) if word.endswith(("lled", "nned")) else re.sub(r"ed$", "", word)
    found = [k for k in links(case.profile) if k.parent == column.table.name and stem in joined(k.child)]
    if len(stem) < 4 or len(found) != 1:
        raise Unresolved(f"No table of its own records when a row was {case.terms['event']}")
    key = found[0]
    case.together(key.child, key.parent)
    event = f"EXISTS (SELECT 1 FROM {case.relation(key.child)} AS c WHERE {on(case, key, 'c', 't')})"
    flag, table = _truth(case, column, "t"), column.table.name
    source = f"FROM {case.relation(table)} AS t"
    unset, extra, of = case.row(
        table, f"SELECT {how_many(f'{event} AND NOT {flag}')}, {how_many(f'{flag} AND NOT {event}')}, count(*) {source}"
    )
    query = f"SELECT t.* {source} WHERE ({event} AND NOT {flag}) OR ({flag} AND NOT {event})"
    apart = f"{unset:,} have one without the flag, {extra:,} the flag without one"
    rule = f"{table}.{column.name} is set exactly where {key.child} has a row ({apart})"
    return case.counted(unset + extra, of, query, rule, table, column.name)


def _edge(case: Case) -> Verdict:
    """Test that an attribute repeats the first or latest value of the same name in a child table."""
    column = case.subjects.column(case.claim.subject, under=case.under)
    if joined(case.terms["what"]).rstrip("s")[:4] not in joined(column.name):
        raise Unresolved(f"'{case.terms['what']}' is not what {column.name} is called")
    found = [
        k
        for k in links(case.profile)
        if k.parent == column.table.name and any(c.name == column.name for c in case.profile.table(k.child).columns)
    ]
    if len(found) != 1:
        raise Unresolved(f"No single table keeps the history of {column.name}")
    key = found[0]
    case.together(key.child, key.parent)
    time = main_time(case, case.profile.table(key.child))
    side = "min" if "first" in case.terms else "max"
    at, value, own = case.q(key.child, time.name, "c"), case.q(key.child, column.name, "c"), case.q(key.parent, column.name, "t")
    child = case.relation(key.child)
    edge = f"(SELECT {side}({case.q(key.child, time.name, 'e')}) FROM {child} AS e WHERE {on(case, key, 'e', 't')})"
    rows = f"SELECT 1 FROM {child} AS c WHERE {on(case, key, 'c', 't')}"
    same, some = f"EXISTS ({rows} AND {at} = {edge} AND {value} = {own})", f"EXISTS ({rows} AND {at} IS NOT NULL)"
    table, source = key.parent, f"FROM {case.relation(key.parent)} AS t"
    failing, of = case.row(table, f"SELECT {how_many(f'{some} AND NOT {same}')}, {how_many(some)} {source}")
    rule = f"{table}.{column.name} is the {'first' if side == 'min' else 'latest'} {column.name} in {key.child} by {time.name}"
    return case.counted(failing, of, f"SELECT t.* {source} WHERE {some} AND NOT {same}", rule, table, column.name)
