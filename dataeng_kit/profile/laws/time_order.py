"""Time order: within a row, and between a row and the row it belongs to; nothing before birth, nothing after the end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from dataeng_kit.nouns import ForeignKey, Law
from dataeng_kit.nouns.references import write
from dataeng_kit.profile.laws.moments import Moment, after, chance_after, moments, placeholder
from dataeng_kit.profile.laws.scope import BIG, Scope, how_many, law, standing
from dataeng_kit.profile.laws.words import says, split, stem

_SKIPPED = ("plan", "record")
"""A planned date may be missed and a record's date tells of the system, so neither makes an order that must hold."""


def laws(scope: Scope) -> Iterator[Law]:
    """Yield the orders between dates that hold, nearly hold, or should hold and do not."""
    found: dict[str, list[Moment]] = {}
    for table in scope.tables():
        found[table.name] = [m for m in moments(scope, table.name) if m.role not in _SKIPPED]
        yield from _within(scope, table.name, found[table.name])
    for link in scope.links():
        child, parent = found.get(link.table, []), found.get(link.ref_table, [])
        if child and parent:
            yield from _across(scope, link, child, parent)


def _within(scope: Scope, table: str, dates: list[Moment]) -> Iterator[Law]:
    pairs = list(combinations(dates, 2))
    if not pairs or not scope.spend("time_order", table):
        return
    parts = [
        f"{how_many(after(scope, a, b))}, {how_many(after(scope, b, a))}, "
        f"{how_many(_both(scope.name(table, a.column, 't'), scope.name(table, b.column, 't')))}"
        for a, b in pairs
    ]
    counts = scope.rows(table, f"SELECT {', '.join(parts)} FROM {scope.relation(table)} AS t")[0]
    for at, (one, other) in enumerate(pairs):
        one_after, other_after, of = (int(n or 0) for n in counts[3 * at : 3 * at + 3])
        first, last, broken = (
            (one, other, one_after) if _goes_first(one, other, one_after, other_after) else (other, one, other_after)
        )
        chance = chance_after(first, last)
        named = _interval(first, last)
        level = standing(of - broken, of, named, chance)
        if of < 10 or one_after + other_after < 0.02 * of or level == "question":
            continue
        yield _within_law(scope, first, last, (of - broken, of), level, chance, named)


def _both(one: str, other: str) -> str:
    return f"{one} IS NOT NULL AND {other} IS NOT NULL"


def _goes_first(one: Moment, other: Moment, one_after: int, other_after: int) -> bool:
    """Return whether *one* is the earlier date: by its name where the names make an interval, else by the counts."""
    if _interval(one, other) or _interval(other, one):
        return _interval(one, other)
    return one_after <= other_after


def _interval(first: Moment, last: Moment) -> bool:
    return (
        first.role in ("begin", "created", "own")
        and last.role == "end"
        and (not stem(first.column) or not stem(last.column) or bool(stem(first.column) & stem(last.column)))
    )


def _within_law(
    scope: Scope, first: Moment, last: Moment, counts: tuple[int, int], level: str, chance: float, named: bool
) -> Law:
    table = first.table
    where = after(scope, first, last)
    broken = f"FROM {scope.relation(table)} AS t WHERE {where}"
    sides = {m.column: scope.name(table, m.column, "t") for m in (last, first)}
    detail = placeholder(scope, table, broken, sides) if counts[0] < counts[1] else {}
    reasons = (f"independent dates would break it in {100 * chance:.0f} % of the rows",) + (
        ("the names say begin and end",) if named else ()
    )
    return law(
        "time_order",
        table,
        [(table, first.column), (table, last.column)],
        f"{first.column} is not after {last.column} in the same row",
        counts,
        level,
        scope.failing(table, [first.column, last.column], where),
        chance=chance,
        reasons=reasons,
        detail={"scope": "row", "named": named, "first": first.column, "last": last.column, **detail},
    )


def _across(scope: Scope, link: ForeignKey, child: list[Moment], parent: list[Moment]) -> Iterator[Law]:
    tests: list[tuple[Moment, Moment, bool]] = []
    for mine in child:
        for theirs in parent:
            if theirs.role != "end":
                tests.append((mine, theirs, True))
            elif mine.role != "end":  # a diagnosis may outlast the visit that found it
                tests.append((mine, theirs, False))
    if not scope.spend("time_order", link.table):
        return
    tests = _plausible(scope, link, tests)
    if not tests:
        return
    joined = f"FROM {scope.relation(link.table)} AS t JOIN {scope.relation(link.ref_table)} AS p ON {scope.joined(link)}"
    parts = []
    for mine, theirs, not_before in tests:
        both = _both(scope.name(link.table, mine.column, "t"), scope.name(link.ref_table, theirs.column, "p"))
        parts.append(f"{how_many(_broken(scope, mine, theirs, not_before))}, {how_many(both)}")
    counts = scope.rows(link.table, f"SELECT {', '.join(parts)} {joined}")[0]
    lasting = _lasting(scope, parent)
    for at, (mine, theirs, not_before) in enumerate(tests):
        broken, of = int(counts[2 * at] or 0), int(counts[2 * at + 1] or 0)
        found = _across_law(scope, link, (mine, theirs, not_before), (of - broken, of), joined, lasting)
        if found:
            yield found


def _lasting(scope: Scope, dates: list[Moment]) -> bool:
    """Return whether a parent's begin and end span a day or more in the median row: a life, not one event that had a duration."""
    begin, end = (next((m for m in dates if m.role in roles), None) for roles in (("begin", "own"), ("end",)))
    if begin is None or end is None:
        return True
    a, b = (f"extract(epoch FROM CAST({scope.name(m.table, m.column, 't')} AS TIMESTAMP))" for m in (begin, end))
    rows = sorted(float(r[0]) for r in scope.sample(begin.table, [f"{b} - {a}"], size=500) if r[0] is not None)
    return not rows or rows[len(rows) // 2] >= 86_400


def _broken(scope: Scope, mine: Moment, theirs: Moment, not_before: bool) -> str:
    return after(scope, theirs, mine, "p", "t") if not_before else after(scope, mine, theirs, "t", "p")


def _plausible(scope: Scope, link: ForeignKey, tests: list[tuple[Moment, Moment, bool]]) -> list[tuple[Moment, Moment, bool]]:
    """Return, for a big child, the tests that a sample of its rows does not already show to be no order at all."""
    if scope.profile.table(link.table).rows < BIG or not tests:
        return tests
    wanted = [f"CAST({scope.name(link.table, m.column, 't')} AS TIMESTAMP)" for m, _, _ in tests]
    keys = [scope.name(link.table, c, "t") for c in link.columns]
    inner = (
        f"SELECT {', '.join([*(f'{w} AS m{i}' for i, w in enumerate(wanted)), *(f'{k} AS k{i}' for i, k in enumerate(keys))])} "
        f"FROM {scope.relation(link.table)} AS t LIMIT 20000"
    )
    on = " AND ".join(f"s.k{i} = {scope.name(link.ref_table, r, 'p')}" for i, r in enumerate(link.ref_columns))
    parts = []
    for i, (_, theirs, not_before) in enumerate(tests):
        q = f"CAST({scope.name(link.ref_table, theirs.column, 'p')} AS TIMESTAMP)"
        parts.append(f"avg(CASE WHEN s.m{i} {'<' if not_before else '>'} {q} THEN 1.0 ELSE 0.0 END)")
    shares = scope.rows(
        link.table, f"SELECT {', '.join(parts)} FROM ({inner}) AS s JOIN {scope.relation(link.ref_table)} AS p ON {on}"
    )[0]
    return [t for t, share in zip(tests, shares, strict=True) if t[1].role in ("begin", "own", "end") or (share or 0) <= 0.05]


def _names_parent(link: ForeignKey) -> bool:
    """Return whether a reference says whom it means; one that does not may be no reference, and its breaks then mean nothing."""
    mine = {w for c in link.columns for w in split(c) if len(w) > 2}
    return link.declared or bool(mine & {w for n in (link.ref_table, *link.ref_columns) for w in split(n)})


def _across_law(
    scope: Scope, link: ForeignKey, test: tuple[Moment, Moment, bool], counts: tuple[int, int], joined: str, lasting: bool
) -> Law | None:
    mine, theirs, not_before = test
    chance = chance_after(theirs, mine) if not_before else chance_after(mine, theirs)
    named = (
        counts[1] >= 20
        and (_names_parent(link) or counts[1] - counts[0] <= 0.25 * chance * counts[1])
        and theirs.role in ("begin", "own", "end")
        and lasting
        and (not not_before or mine.role != "begin" or says(theirs.column, "birth"))
    )
    level = standing(*counts, named, chance)
    if counts[1] < 10 or (level == "question" and (theirs.role == "event" or counts[0] == counts[1])):
        return None
    where = _broken(scope, mine, theirs, not_before)
    shown = scope.beside(link, mine.column, theirs.column)
    broken = f"{joined} WHERE {where}"
    sides = {mine.column: scope.name(link.table, mine.column, "t")}
    detail = placeholder(scope, link.table, broken, sides) if counts[0] < counts[1] else {}
    word = "before" if not_before else "after"
    return law(
        "time_order",
        link.table,
        [(link.table, mine.column), (link.ref_table, theirs.column)],
        f"{mine.column} is not {word} {write(link.ref_table, theirs.column)} of the row that {', '.join(link.columns)} names",
        counts,
        level,
        f"SELECT {shown} {broken}",
        chance=chance,
        other=link.ref_table,
        reasons=(f"independent dates would break it in {100 * chance:.0f} % of the rows",),
        detail={
            "scope": "parent",
            "named": named,
            "side": word,
            "parent": theirs.column,
            "child": mine.column,
            "role": theirs.role,
            "where": where,
            "from": joined,
            **detail,
        },
    )
