"""The numbers of a case that decision cards may weigh, each with its facts, its lines, and the fact that would move it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dataeng_kit.advice.said import largest, line, rows_ids
from dataeng_kit.design import processes
from dataeng_kit.design.reading import read
from dataeng_kit.design.sizing import bytes_of, growth, row_bytes
from dataeng_kit.nouns import Evidence, Mention, Statement, TableProfile
from dataeng_kit.nouns.context import KINDS
from dataeng_kit.nouns.references import fact_id

_MINUTES = {"second": 1 / 60, "minute": 1, "hour": 60, "day": 1440, "week": 10080}
NIGHTLY = 1440.0
"""Minutes assumed where no freshness is stated."""
YEARS = 3
"""Years ahead that storage is sized for."""


Moves = tuple[tuple[str, float], ...]
"""Facts and the values they would have."""


@dataclass(frozen=True)
class Measure:
    """One number with what it comes from; ``move`` returns the facts that, moved together, would make it another number."""

    value: float
    facts: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    move: Callable[[float], Moves] | None = None
    ask: str = ""

    def at(self, target: float) -> Moves:
        """Return the facts and values at which the number would be *target*; nothing where no measured fact moves it there."""
        return self.move(target) if self.move else ()


def _linear(value: float, fact: str, now: float, slope: float) -> Callable[[float], Moves] | None:
    """One fact adds *slope* to the number with each unit; below zero it cannot go."""

    def move(target: float) -> Moves:
        moved = round(now + (target - value) / slope)
        return ((fact, moved),) if moved >= 0 else ()

    return move if slope else None


def _rows(tables: Iterable[TableProfile]) -> Callable[[float], Moves]:
    """The rows of the largest of some tables: up by that one, down by all that are larger."""
    found = sorted(tables, key=lambda t: -t.rows)

    def move(target: float) -> Moves:
        above = found[:1] if target > found[0].rows else [t for t in found if t.rows > target]
        return tuple((fact_id("rows", t.name), round(target)) for t in above)

    return move


def minutes(evidence: Evidence) -> tuple[float, str, str]:
    """Return the strictest stated freshness in minutes, its words and its line; infinity when none is stated."""
    best = (float("inf"), "", "")
    for s in evidence.context.freshness:
        unit = str(s.unit).lower().rstrip("s")
        if isinstance(s.value, int | float) and unit in _MINUTES and s.value * _MINUTES[unit] < best[0]:
            best = (s.value * _MINUTES[unit], f"{s.value:g} {s.unit}", line(s))
    return best


def stated_rate(evidence: Evidence) -> tuple[float, str]:
    """Return the rows a day that CLAUDE.md states, and where; (0, "") when it states none."""
    found = [
        (float(s.value) / {"day": 1, "month": 30.4, "year": 365.25, "hour": 1 / 24, "week": 7}[per], line(s))
        for s in evidence.context.scale
        if isinstance(s.value, int | float)
        and (per := str(s.unit).rpartition("/")[2]) in ("day", "month", "year", "hour", "week")
    ]
    return max(found, default=(0.0, ""))


def rate(evidence: Evidence) -> Measure:
    """Return rows a day: measured on the time columns, or stated where that is more."""
    measured, (stated, at) = growth(evidence)[0], stated_rate(evidence)
    top = max(evidence.profile.tables, key=lambda t: t.time.rows_per_day if t.time else 0)
    slope = top.time.rows_per_day / max(1, top.rows) if top.time else 0.0
    value = max(measured, stated)
    move = _linear(measured, fact_id("rows", top.name), top.rows, slope)
    return Measure(value, rows_ids(evidence), (at,) if stated > measured else (), move)


def _ahead(evidence: Evidence) -> Measure:
    """Bytes now and what arrives until then: as measured, or at the stated rate where that is more."""
    tables, top, days = evidence.profile.tables, largest(evidence), 365 * YEARS
    wide = sum(t.rows * row_bytes(t) for t in tables) / max(1, sum(t.rows for t in tables))
    now, (stated, at) = bytes_of(evidence), stated_rate(evidence)
    measured, said = now + growth(evidence)[1] * days, now + stated * wide * days
    slope = row_bytes(top) * (1 + (top.time.rows_per_day / max(1, top.rows) * days if top.time else 0))
    lines = (at,) if said > measured else ()
    return Measure(max(measured, said), rows_ids(evidence), lines, _linear(measured, fact_id("rows", top.name), top.rows, slope))


def _freshness(evidence: Evidence) -> Measure:
    wanted, _, at = minutes(evidence)
    ask = f"How old may the figures of {evidence.name} be when they are read?"
    return Measure(min(wanted, NIGHTLY), (), (at,), ask="") if at else Measure(NIGHTLY, ask=ask)


def _share(evidence: Evidence, names: set[str]) -> Measure:
    """Share of all rows that lie in some tables; moved by the rows of the largest table outside or inside them."""
    tables = evidence.profile.tables
    total, part = sum(t.rows for t in tables), sum(t.rows for t in tables if t.name in names)
    top = largest(evidence)
    share = part / max(1, total)

    def move(target: float) -> Moves:
        """The largest table's rows r with (part + r) / (total + r) = target inside, part / (total + r) outside."""
        inside = top.name in names
        if not 0 < target < 1 or not (part or inside):
            return ()
        more = (target * total - part) / (1 - target) if inside else part / target - total
        rows = round(top.rows + more)
        return ((fact_id("rows", top.name), rows),) if rows >= 0 else ()

    return Measure(share, rows_ids(evidence), (), move)


def _orphans(evidence: Evidence) -> Measure:
    keys = [k for k in evidence.profile.foreign_keys if k.fact]
    rows = sum(t.rows for t in evidence.profile.tables)
    top = max(keys, key=lambda k: k.orphans, default=None)
    value = sum(k.orphans for k in keys) / max(1, rows)
    move = _linear(value, top.fact, top.orphans, 1 / max(1, rows)) if top else None
    return Measure(value, tuple(k.fact for k in keys), (), move)


def _sensitive(evidence: Evidence) -> Measure:
    found = [(t, c) for t in evidence.profile.tables for c in t.columns if c.label and c.label.sensitive and c.filled]
    facts = tuple(fact_id("nulls", t.name, c.name) for t, c in found)
    empty = [float(t.rows) for t, _ in found]
    return Measure(float(len(found)), facts, (), lambda target: tuple(zip(facts, empty, strict=True)) if target < 1 else ())


def _people(evidence: Evidence) -> Measure:
    """Rows of the table with the most sensitive columns; none without such a column."""
    counted = [(sum(bool(c.label and c.label.sensitive and c.filled) for c in t.columns), t) for t in evidence.profile.tables]
    most, t = max(counted, key=lambda f: f[0])
    if not most:
        return Measure(0.0, rows_ids(evidence)[:1])
    return Measure(float(t.rows), (fact_id("rows", t.name),), (), _rows([t]))


def _largest(evidence: Evidence) -> Measure:
    top = largest(evidence)
    return Measure(float(top.rows), (fact_id("rows", top.name),), (), _rows(evidence.profile.tables))


def _children(evidence: Evidence) -> Measure:
    keys = sorted((k for k in evidence.profile.foreign_keys if k.fact and k.children_max), key=lambda k: -k.children_max)
    rows = {k.table: evidence.profile.table(k.table).rows for k in keys}

    def move(target: float) -> Moves:
        meant = keys[:1] if target > keys[0].children_max else [k for k in keys if k.children_max > target]
        wanted: dict[str, float] = {}
        for k in meant:
            wanted[k.table] = min(wanted.get(k.table, rows[k.table] * 1e3), rows[k.table] * target / k.children_max)
        return tuple((fact_id("rows", t), int(n)) for t, n in wanted.items())

    most = float(keys[0].children_max) if keys else 0.0
    return Measure(most, tuple(fact_id("rows", t) for t in rows), (), move if keys else None)


def _retention(evidence: Evidence) -> Measure:
    years = {"year": 1.0, "month": 1 / 12, "day": 1 / 365}
    found = [
        (s.value * years[u], line(s))
        for s in evidence.context.retention
        if isinstance(s.value, int | float) and (u := str(s.unit).lower().rstrip("s")) in years
    ]
    value, at = max(found, default=(0.0, ""))
    return Measure(value, (), (at,) if at else (), ask="" if at else f"How long must {largest(evidence).name} be kept?")


def _named(*ids: str, kind: str = "") -> Callable[[Evidence], Measure]:
    """Count the mentions of vocabulary ids, or of a whole kind, that the project uses."""

    def measure(evidence: Evidence) -> Measure:
        unused = set(evidence.context.names("not_used"))
        kinds = (kind,) if kind else KINDS
        found: Iterable[Mention] = (m for k in kinds for m in getattr(evidence.context, k))
        mine = [m for m in found if m.name not in unused and (not ids or m.name in ids)]
        return Measure(float(len({m.name for m in mine})), (), tuple(dict.fromkeys(map(line, mine))))

    return measure


def _said(kind: str) -> Callable[[Evidence], Measure]:
    def measure(evidence: Evidence) -> Measure:
        found: tuple[Statement, ...] = getattr(evidence.context, kind)
        return Measure(float(len(found)), (), tuple(dict.fromkeys(map(line, found))))

    return measure


def _exceptions(evidence: Evidence) -> Measure:
    keys = sum(k.repeats for t in evidence.profile.tables for k in t.almost_keys if k.columns == t.primary_key)
    orphans = _orphans(evidence)
    rows = sum(t.rows for t in evidence.profile.tables)
    counted = [k for k in evidence.profile.foreign_keys if k.fact]
    top = max(counted, key=lambda k: k.orphans, default=None)

    def move(target: float) -> Moves:
        if target < 1:
            return () if keys else tuple((k.fact, 0) for k in counted if k.orphans)
        return ((top.fact, round(top.orphans + target - orphans.value * rows - keys)),) if top else ()

    return Measure(orphans.value * rows + keys, orphans.facts, (), move)


MEASURES: dict[str, Callable[[Evidence], Measure]] = {
    "bytes_in_three_years": _ahead,
    "rows_a_day": rate,
    "largest_table_rows": _largest,
    "tables": lambda e: Measure(float(len(e.profile.tables)), rows_ids(e)),
    "freshness_minutes": _freshness,
    "events_share": lambda e: _share(e, {p.table for p in processes.find(read(e))}),
    "documents_share": lambda e: _share(
        e, {t.name for t in e.profile.tables if any(c.type in ("json", "binary") for c in t.columns)}
    ),
    "orphan_share": _orphans,
    "rows_that_break_references": _exceptions,
    "children_per_parent": _children,
    "sensitive_columns": _sensitive,
    "people_rows": _people,
    "retention_years": _retention,
    "stated_availability": _said("availability"),
    "stated_owners": _said("owners"),
    "stated_purposes": _said("purposes"),
    "named_object_storage": _named(kind="storage"),
    "named_clouds": _named(kind="cloud"),
    "named_orchestrator": _named(kind="orchestration"),
    "named_frameworks": _named(kind="compliance"),
    "named_read_replicas": _named("read_replicas"),
    "named_stream": _named("kafka", "kinesis", "pub_sub", "event_hubs", "flink", "pulsar", "rabbitmq"),
    "named_spark": _named("spark", "databricks", "emr", "dataproc"),
    "named_hipaa": _named("hipaa"),
    "named_gdpr": _named("gdpr"),
    "named_pci": _named("pci_dss"),
    "named_sox": _named("sox"),
    "named_dbt": _named("dbt"),
}
"""Every number a card may name; a card that names another is refused."""
