"""Business processes: which tables record events, which are headers of lines, which merely describe."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from dataeng_kit.design.cues import cue
from dataeng_kit.design.reading import TableReading, additivity
from dataeng_kit.design.words import singular, words
from dataeng_kit.nouns import ForeignKey

_LIMIT = 2
"""An event needs more signs for it than against it; the weights are in `event_signs`."""


@dataclass(frozen=True)
class Process:
    """One business process: the table whose row is one fact, the headers above it, its kind and the reasons.

    ``through`` is the process that lends its dimensions to one that has none of its own (payments through orders).
    """

    table: str
    kind: str
    headers: tuple[ForeignKey, ...] = ()
    reasons: tuple[str, ...] = ()
    through: ForeignKey | None = None


def milestones(t: TableReading) -> tuple[str, ...]:
    """Return the dates of an event's own course: its dates, and where it has no name of its own also when it opened or ended."""
    bounds = () if t.labelled else tuple(c for c in t.of("lifecycle") if not set(words(c)) & cue("birth"))
    return tuple(c for c in t.kinds if c in {*t.of("date"), *bounds})


def event_signs(t: TableReading) -> tuple[int, tuple[str, ...]]:
    """Return the balance of signs that a table with dates and references records events, and the signs in words."""
    strong = t.of("date", "text_date")
    measures = [m for m in t.of("measure") if additivity(m) == "additive"]
    inbound = {k.table for k in t.children}
    signs = (
        (2, bool(strong), f"dated by {', '.join(strong[:3])}"),
        (1, bool(t.of("created")) and not strong, "dated only by its creation stamp"),
        (1, len(strong) >= 2 and not t.labelled, "has a course of its own"),
        (1, len(t.targets) >= 2, f"refers to {len(t.targets)} tables"),
        (1, bool(measures), f"carries additive numbers ({', '.join(measures[:3])})"),
        (1, not inbound, "nothing refers to it"),
        (-3, t.labelled, f"has a name of its own ({', '.join(t.of('label')[:2])})"),
        (-1, len(inbound) >= 2, f"{len(inbound)} tables refer to it"),
        (-2, not strong and bool(t.of("lifecycle", "text_lifecycle")), "its dates bound a life, not an event"),
    )
    return sum(n for n, yes, _ in signs if yes), tuple(text for _, yes, text in signs if yes)


def is_line(t: TableReading, head: TableReading, key: ForeignKey) -> bool:
    """True when *t*'s rows are parts of *head*'s rows: no party of its own, and no life of its own."""
    if (t.targets - {head.name}) & head.targets or head.name in {k.ref_table for k in head.loops if k.table == t.name}:
        return False
    inside = bool(t.key) and set(key.columns) < set(t.key)
    return inside or not t.dates or _composed(t.name, head.name)


def _composed(child: str, parent: str) -> bool:
    """True when the child's name is the parent's with a word more: OrderLines of Orders."""
    up, down = [singular(w) for w in words(parent)], [singular(w) for w in words(child)]
    return len(down) > len(up) and down[: len(up)] == up


def is_bridge(t: TableReading) -> bool:
    """True for a many-to-many table: two references fill the key, no date."""
    refs = {c for k in t.parents for c in k.columns}
    dated = [c for c, k in t.kinds.items() if c not in refs and k in ("date", "text_date", "created", "lifecycle")]
    counted = [m for m in t.of("measure") if set(words(m)) & (cue("count") | cue("level") | cue("amount"))]
    bare = not t.of("measure", "text", "label", "code", "flag") and not t.children
    return (
        len(t.targets) == 2
        and len(t.parents) == 2
        and not dated
        and not counted
        and (bare or (bool(t.key) and set(t.key) <= refs))
    )


def is_undated(t: TableReading) -> bool:
    """True for a record of several parties with numbers that nothing dates and nothing refers to: stock per store and product."""
    return len(t.targets) >= 2 and bool(t.of("measure")) and not t.labelled and not t.children and not t.dates


def is_snapshot(t: TableReading) -> bool:
    """True when the key is itself a reference one to one and the rest are levels: stock on hand per item."""
    refs = [set(k.columns) for k in t.parents]
    levels = [m for m in t.of("measure") if additivity(m) == "semi-additive"]
    told = t.labelled or t.dates or t.children or t.of("lifecycle", "text_lifecycle")
    return bool(t.key) and set(t.key) in refs and bool(levels) and not told


def passes(t: TableReading) -> bool:
    """True for a table that says nothing itself but leads on to several others: a copy on a shelf, between film and store."""
    return (
        len(t.targets) >= 2
        and not t.loops
        and len({k.table for k in t.children}) == 1
        and not [c for c, k in t.kinds.items() if k not in ("key", "reference", "audit", "created")]
    )


def find(tables: dict[str, TableReading]) -> tuple[Process, ...]:
    """Return the business processes of a case, in table order; headers that their lines decompose are not repeated."""
    events: dict[str, tuple[str, tuple[str, ...]]] = {}
    for t in tables.values():
        score, reasons = event_signs(t)
        if t.parents and (t.dates or t.of("lifecycle")) and score >= _LIMIT and not is_bridge(t):
            events[t.name] = ("transaction", reasons)
        elif is_snapshot(t):
            events[t.name] = ("periodic snapshot", (f"one row per {', '.join(t.key)}, levels without a date",))
        elif not t.parents and t.of("date", "text_date") and t.of("measure") and not t.labelled and not t.children:
            events[t.name] = ("transaction", (f"a stand-alone record dated by {', '.join(t.dates[:2])}",))
    _add_headers(tables, events)
    for t in tables.values():
        if t.name not in events and is_undated(t) and not is_bridge(t):
            per = {c for k in t.parents for c in k.columns}
            level = all(additivity(m) == "semi-additive" for m in t.of("measure")) or (bool(t.key) and set(t.key) <= per)
            events[t.name] = (
                "periodic snapshot" if level else "transaction",
                (f"refers to {len(t.targets)} tables, nothing dates it",),
            )
    heads = _headers(tables, events)
    absorbed = {k.ref_table for t, ks in heads.items() for k in ks if _decomposes(tables, t, k)}
    return tuple(
        process(tables, set(events), t, kind, heads.get(t, ()), why) for t, (kind, why) in events.items() if t not in absorbed
    )


def _add_headers(tables: dict[str, TableReading], events: dict[str, tuple[str, tuple[str, ...]]]) -> None:
    """Lines without a date are events through their header, as deep as headers go."""
    grown = True
    while grown:
        grown = False
        for t in tables.values():
            if t.name in events or t.labelled:
                continue
            up = [k for k in t.parents if k.ref_table in events and is_line(t, tables[k.ref_table], k)]
            many = len(t.targets) >= 2 or bool(t.of("measure")) or not t.children
            if up and many and events[up[0].ref_table][0] == "transaction" and set(up[0].columns) != set(t.key):
                events[t.name] = ("transaction", (f"its rows are lines of {up[0].ref_table} ({', '.join(up[0].columns)})",))
                grown = True


def _headers(
    tables: dict[str, TableReading], events: dict[str, tuple[str, tuple[str, ...]]]
) -> dict[str, tuple[ForeignKey, ...]]:
    def climb(name: str, seen: frozenset[str]) -> tuple[ForeignKey, ...]:
        for key in tables[name].parents:
            head = key.ref_table
            if (
                head in events
                and head not in seen
                and events[head][0] == "transaction"
                and is_line(tables[name], tables[head], key)
            ):
                return (key, *climb(head, seen | {head}))
        return ()

    return {name: found for name in events if (found := climb(name, frozenset({name})))}


def _decomposes(tables: dict[str, TableReading], line: str, key: ForeignKey) -> bool:
    """A header lives on as its lines when they carry the numbers, are several each and none of its rows lacks them."""
    head = tables[key.ref_table]
    if not tables[line].of("measure") and head.profile.rows:
        return False
    inside = bool(set(key.columns) < set(tables[line].key))
    several = key.children_p50 >= 2 or key.children_max == 0 or inside or _composed(line, head.name)
    return several and (head.profile.rows == 0 or key.parents_without <= 0.05 * head.profile.rows)


def process(
    tables: dict[str, TableReading], events: Set[str], name: str, kind: str, headers: tuple[ForeignKey, ...], why: tuple[str, ...]
) -> Process:
    """Return one process: its kind by its dates and key, and who lends it dimensions."""
    t, refs = tables[name], {c for k in tables[name].parents for c in k.columns}
    stages = (name, *(k.ref_table for k in headers))
    dates = [*milestones(t), *(d for s in stages[1:] for d in tables[s].of("date"))]
    days = set(t.key) & set(t.of("date"))
    if kind == "transaction" and days and days == set(dates) and set(t.key) - days and set(t.key) - days <= refs:
        kind, why = "periodic snapshot", (*why, f"one row per {', '.join(t.key)}")
    if kind == "transaction" and len(dates) >= 3:
        kind = "accumulating snapshot"
        why = (*why, f"{len(dates)} milestone dates: {', '.join(dates[:4])}")
    elif kind == "transaction" and not t.of("measure"):
        kind = "factless"
    own = {k.ref_table for s in stages for k in tables[s].parents} - events
    above = [k for s in stages for k in tables[s].parents if k.ref_table in events and k not in headers and not k.nulls]
    lender = next((k for k in above if tables[k.ref_table].targets - events - own), None) if len(own) <= 1 else None
    return Process(name, kind, headers, why, lender)
