"""Claims about the order of moments, and which time column speaks for a table."""

from __future__ import annotations

import functools
import re

from dataeng_kit.findings.claims.links import Link, link, links, on
from dataeng_kit.findings.claims.subjects import Column, Unresolved, by_certainty
from dataeng_kit.findings.claims.verdict import Case, Verdict
from dataeng_kit.knowledge import phrases
from dataeng_kit.nouns import TableProfile
from dataeng_kit.profile.laws.scope import how_many

_SHORT = 12
"""Words up to which a general assurance about dates is taken for one about the data."""
_DAY = re.compile(r"(?:date|day|_on|tag|datum|jour)$", re.I)
_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")


@functools.cache
def _list(name: str) -> frozenset[str]:
    return frozenset(phrases()["order"][name].split())


def _is(column: str, kind: str) -> bool:
    return any(w.lower() in _list(kind) for w in _PARTS.findall(column))


def dated(table: TableProfile) -> list[Column]:
    """Return the filled date columns of a table."""
    return [Column(table, c) for c in table.columns if c.type in ("date", "datetime") and c.filled]


def main_time(case: Case, table: TableProfile) -> Column:
    """Return the column that says when a row happened; raises `Unresolved` when none or several could."""
    if table.time:
        return Column(table, table.column(table.time.column))
    columns = dated(table)
    starts = [c for c in columns if not _is(c.name, "ends")] or columns
    if len(starts) == 1:
        return starts[0]
    raise Unresolved(f"{table.name} has {'no' if not columns else 'several'} time column{'s' if columns else ''}")


def open_rows(case: Case, table: TableProfile) -> str:
    """Return the condition for rows that are still running (no end yet), alias t; empty when no column tells."""
    ends = [c for c in table.columns if c.type in ("date", "datetime") and _is(c.name, "ends") and c.nulls]
    return f"{case.q(table.name, ends[0].name, 't')} IS NULL" if len(ends) == 1 else ""


def time_order(case: Case) -> Verdict:
    """Test that one moment never precedes another: the two that the sentence names, else every pair that its words cover."""
    if "lateverb" in case.terms:
        return _pair(case, *_verbs(case))
    if "late" in case.terms and "early" in case.terms:
        homes = case.subjects.home(f"{case.text} {case.claim.subject}", case.under)
        late, early = (_named(case, case.terms[w], homes) for w in ("late", "early"))
        return _pair(case, early, late)
    if len(case.text.split()) > _SHORT:
        raise Unresolved("Which moments it means is not said")
    homes = case.subjects.home(case.text, "") or case.profile.tables
    verdicts = [_pair(case, a, b) for t in homes for a, b in _own_pairs(t)]
    verdicts += [_across(case, k, p, c) for k in links(case.profile) for p, c in _parent_pairs(case, k, homes)]
    if not verdicts:
        raise Unresolved("No table holds two moments to compare")
    worst = sorted(verdicts, key=lambda v: -v.failing)
    if worst[0].failing:
        more = [v.evidence for v in worst[1:4] if v.failing]
        told = "; ".join([worst[0].evidence, *more])
        return Verdict("contradicted", told, worst[0].query, worst[0].failing, worst[0].of, worst[0].table, worst[0].column)
    told = f"{len(verdicts)} pairs of moments keep their order: {'; '.join(v.evidence.split(': ')[-1] for v in verdicts[:4])}"
    return Verdict("holds", told, verdicts[0].query, 0, verdicts[0].of, verdicts[0].table, verdicts[0].column)


def _verbs(case: Case) -> tuple[Column, Column]:
    """Return the (earlier, later) moments that two verbs name: ``never ends before it starts``."""
    homes = case.subjects.home(case.terms["thing"], case.under) or case.profile.tables
    if "early" in case.terms:
        first = _named(case, case.terms["early"], homes)
        last = [
            c for c in dated(first.table) if _stem(case.terms["lateverb"]) in map(_stem, _PARTS.findall(c.name)) and c != first
        ]
        if len(last) != 1:
            raise Unresolved(f"No single column says when it {case.terms['lateverb']}")
        return first, last[0]
    early = [c for t in homes for c in dated(t) if _stem(case.terms["earlyverb"]) in map(_stem, _PARTS.findall(c.name))]
    if len(early) != 1:
        raise Unresolved(f"No single column says when it {case.terms['earlyverb']}")
    rest = [c for c in dated(early[0].table) if c.name != early[0].name]
    late = [c for c in rest if _stem(case.terms["lateverb"]) in map(_stem, _PARTS.findall(c.name))] or rest
    if len(late) != 1:
        raise Unresolved(f"No single column says when it {case.terms['lateverb']}")
    return early[0], late[0]


def _stem(word: str) -> str:
    """Return a verb without its ending: ships, shipped and shipping are one."""
    return re.sub(r"(.)\1$", r"\1", re.sub(r"(?:ed|ing|s)$", "", word.lower()))


def _moment(case: Case, early: Column, late: Column, a: str, b: str) -> tuple[str, str]:
    """Return both moments as days where one of them is only known to the day."""
    days = any(c.profile.type == "date" or _DAY.search(c.name) for c in (early, late))
    return (f"CAST({a} AS DATE)", f"CAST({b} AS DATE)") if days else (a, b)


def _named(case: Case, words: str, homes: tuple[TableProfile, ...]) -> Column:
    problem = Unresolved(f"'{words}' is no time column")
    for named in by_certainty(case.subjects.named(words)):
        try:
            column = case.subjects.resolve(named, homes)
        except Unresolved as error:
            problem = error
            continue
        if column.profile.type in ("date", "datetime"):
            return column
    tables = {t.name: t for n in case.subjects.named(words) for t in n.tables}
    if len(tables) == 1:
        return main_time(case, next(iter(tables.values())))
    raise problem


def _pair(case: Case, early: Column, late: Column) -> Verdict:
    if early.table.name != late.table.name:
        return _joined(case, early, late)
    if early.name == late.name:
        raise Unresolved("Both words name the same column")
    a, b = _moment(case, early, late, *(case.q(c.table.name, c.name, "t") for c in (early, late)))
    source = f"FROM {case.relation(early.table.name)} AS t"
    failing, of = case.row(
        early.table.name, f"SELECT {how_many(f'{b} < {a}')}, {how_many(f'{a} IS NOT NULL AND {b} IS NOT NULL')} {source}"
    )
    rule = f"{late.name} of {late.table.name} is not before {early.name}"
    return case.counted(failing, of, f"SELECT t.* {source} WHERE {b} < {a}", rule, late.table.name, late.name)


def _joined(case: Case, early: Column, late: Column) -> Verdict:
    try:
        return _across(case, link(case, late.table, early.table), early, late)
    except Unresolved:
        return _across(case, link(case, early.table, late.table), early, late)


def _across(case: Case, key: Link, early: Column, late: Column) -> Verdict:
    """Compare moments of linked rows: the child's row is counted."""
    child, parent = ("l", "e") if key.child == late.table.name else ("e", "l")
    a, b = _moment(case, early, late, case.q(early.table.name, early.name, "e"), case.q(late.table.name, late.name, "l"))
    joined = f"JOIN {case.relation(key.parent)} AS {parent} ON {on(case, key, child, parent)}"
    source = f"FROM {case.relation(key.child)} AS {child} {joined}"
    failing, of = case.row(
        key.child, f"SELECT {how_many(f'{b} < {a}')}, {how_many(f'{a} IS NOT NULL AND {b} IS NOT NULL')} {source}"
    )
    rule = f"{late.name} of {late.table.name} is not before {early.name} of {early.table.name}"
    return case.counted(failing, of, f"SELECT {child}.* {source} WHERE {b} < {a}", rule, key.child, late.name)


def _own_pairs(table: TableProfile) -> list[tuple[Column, Column]]:
    columns = dated(table)
    starts = [c for c in columns if _is(c.name, "starts") and not _is(c.name, "ends")]
    ends = [c for c in columns if _is(c.name, "ends")]
    return [(a, b) for a in starts for b in ends if len(starts) == 1 or len(ends) == 1]


def _parent_pairs(case: Case, key: Link, homes: tuple[TableProfile, ...]) -> list[tuple[Column, Column]]:
    """Return (parent's birth, child's event) where each side has exactly one candidate."""
    child, parent = case.profile.table(key.child), case.profile.table(key.parent)
    if not case.data.together(child.name, parent.name) or child.name not in {t.name for t in homes}:
        return []
    births = [c for c in dated(parent) if _is(c.name, "births") and not _is(c.name, "ends")]
    events = [c for c in dated(child) if not _is(c.name, "ends") and not re.search("birth|dob", c.name, re.I)]
    return [(births[0], events[0])] if len(births) == 1 and len(events) == 1 else []
