"""Business processes: which tables record events, which are headers of lines, which merely describe."""

from __future__ import annotations

from dataclasses import dataclass

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


def event_signs(t: TableReading) -> tuple[int, tuple[str, ...]]:
    """Return the balance of signs that a table with dates and references records events, and the signs in words."""
    strong = t.of("date", "text_date")
    measures = [m for m in t.of("measure") if additivity(m) == "additive"]
    inbound = {k.table for k in t.children}
    signs = (
        (2, bool(strong), f"dated by {', '.join(strong[:3])}"),
        (1, bool(t.of("created")) and not strong, "dated only by its creation stamp"),
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
    bare = not t.of("measure", "text", "label", "code", "flag") and not t.children
    return len(t.targets) == 2 and len(t.parents) == 2 and not dated and (bare or (bool(t.key) and set(t.key) <= refs))


def is_undated(t: TableReading) -> bool:
    """True for a record of several parties with numbers that nothing dates and nothing refers to: stock per store and product."""
    return len(t.targets) >= 2 and bool(t.of("measure")) and not t.labelled and not t.children and not t.dates


def is_snapshot(t: TableReading) -> bool:
    """True when the key is itself a reference one to one and the rest are levels: stock on hand per item."""
    refs = [set(k.columns) for k in t.parents]
    return bool(t.key) and set(t.key) in refs and len(t.of("measure")) >= 1 and not t.labelled and not t.dates


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
            level = all(additivity(m) == "semi-additive" for m in t.of("measure"))
            events[t.name] = (
                "periodic snapshot" if level else "transaction",
                (f"refers to {len(t.targets)} tables, nothing dates it",),
            )
    heads = _headers(tables, events)
    absorbed = {k.ref_table for t, ks in heads.items() for k in ks if _decomposes(tables, t, k)}
    return tuple(
        _process(tables, set(events), t, kind, heads.get(t, ()), why) for t, (kind, why) in events.items() if t not in absorbed
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


def _process(
    tables: dict[str, TableReading], events: set[str], name: str, kind: str, headers: tuple[ForeignKey, ...], why: tuple[str, ...]
) -> Process:
    t = tables[name]
    dates = [d for s in (name, *(k.ref_table for k in headers)) for d in tables[s].of("date")]
    if kind == "transaction" and len(dates) >= 3:
        kind = "accumulating snapshot"
        why = (*why, f"{len(dates)} milestone dates: {', '.join(dates[:4])}")
    elif kind == "transaction" and not t.of("measure"):
        kind = "factless"
    own = {k.ref_table for s in (name, *(k.ref_table for k in headers)) for k in tables[s].parents} - events
    lender = next((k for k in t.parents if k.ref_table in events and not k.nulls), None) if not own and not headers else None
    return Process(name, kind, headers, why, lender)
