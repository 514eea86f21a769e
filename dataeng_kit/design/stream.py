"""The stream design: a topic per event table, keyed so that order holds and no partition runs hot, its schema able to grow."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dataeng_kit.design import access
from dataeng_kit.design.access import fields, row_width, select, sensitive, source
from dataeng_kit.design.processes import find
from dataeng_kit.design.reading import TableReading, read
from dataeng_kit.design.sizing import human
from dataeng_kit.design.words import snake
from dataeng_kit.errors import NotApplicable
from dataeng_kit.nouns import Cell, Design, Entity, Evidence, ForeignKey
from dataeng_kit.nouns.references import fact_id
from dataeng_kit.technologies.duckdb import DuckDB
from dataeng_kit.technologies.store import Store

SENT = 5_000
"""Events of a topic that the script sends; its counts hold for these."""
OVERHEAD = 70
"""Bytes of a record beside its value: batch share, key, headers (Kafka protocol guide, record batch v2)."""
TREATMENT = "a keyed hash in the event; the key lies outside the log, so that destroying it forgets a person everywhere"


@dataclass(frozen=True)
class Keying:
    """How events of a table are keyed: the columns, whose they are, the share of the busiest key, and the reason."""

    columns: tuple[str, ...]
    whose: str
    share: float
    said: str
    most: int = 1


def design(evidence: Evidence) -> Design:
    """Return a topic per dated event table; raises `NotApplicable` without one."""
    tables, store = read(evidence), access.chosen(evidence, "stream")
    named = dict.fromkeys(n for p in find(tables) for n in (p.table, *(k.ref_table for k in p.headers)))  # lines, and their heads
    events = [tables[n] for n in named if access.moment(tables[n]) and tables[n].profile.rows]
    if not events:
        raise NotApplicable(f"No table of {evidence.name} records dated events", "Ask for the normalised design")
    made = tuple(_topic(evidence, t, tables, store) for t in events)
    life, at = _life(evidence, store)
    return Design(
        "stream", store.id, made, f"Stream of {evidence.name}",
        (f"1. Topics: {'; '.join(f'{e.name} ({e.grain_sentence})' for e in made)}",
         f"2. Keys: {'; '.join(e.detail['keying'] for e in made)}",
         f"3. Schemas may grow: a new field has a default (BACKWARD, proved by reading old bytes); kept {life:,.0f} days ({at})",
         "4. What cannot be encoded or lacks its key goes to the dead-letter topic of its topic, with the reason"),
        tuple(e.detail["sizing"] for e in made),
        ("a load every few minutes: no broker to run, minutes older",
         "change data capture from the database's log: nothing to write in the application"),
        (*access.privacy(events, TREATMENT),
         *(f"{e.name}: order holds within one {e.detail['whose']} only" for e in made),
         *(e.detail["hot"] for e in made if e.detail["hot"])),
        tuple(f"May events of {e.sources[0]} arrive twice or late?" for e in made),
        (access.verdict(evidence, store, f"{len(made)} tables record events"),),
    )  # fmt: skip


def _life(evidence: Evidence, store: type[Store]) -> tuple[float, str]:
    """Return the days that a topic keeps: the store's week, for the record lives in the database; what is stated, if shorter."""
    own, (stated, at) = store.limits["retention_days"], access.kept(evidence)
    return (
        (stated / 86_400, at)
        if stated and stated / 86_400 < own
        else (own, f"the record itself lives on{f': {at}' if at else ''}")
    )


def keying(t: TableReading, partitions: int, store: type[Store]) -> Keying:
    """Return the key of a table's events: the parent with most values whose busiest fills no partition, else the row's key."""
    rows = max(1, t.profile.rows)
    fair = store.limits["hot"] / partitions
    parents = sorted(
        (k for k in t.parents if len(k.columns) == 1 and k.children_max), key=lambda k: -t.profile.column(k.columns[0]).distinct
    )
    even = [k for k in parents if k.children_max / rows <= fair / 2 and k.children_max > 1]
    if even:
        return _of(even[0], rows, f"its busiest sends {even[0].children_max / rows:.2%}, and its events stay in order")
    own = t.profile.primary_key or ()
    if own:
        hot = f": {parents[0].ref_table} would send {parents[0].children_max / rows:.1%} through one partition" if parents else ""
        return Keying(own, t.name, 1 / rows, f"{t.name} by {', '.join(own)}{hot}; order across rows is given up")
    if parents:
        return _of(parents[0], rows, f"its busiest sends {parents[0].children_max / rows:.1%}: no better key was measured")
    return Keying((), "row", 0.0, f"{t.name} has neither key nor reference: events are spread evenly, without order")


def _of(k: ForeignKey, rows: int, why: str) -> Keying:
    return Keying(k.columns, k.ref_table, k.children_max / rows, f"{k.table} by {', '.join(k.columns)}: {why}", k.children_max)


def _topic(evidence: Evidence, t: TableReading, tables: Mapping[str, TableReading], store: type[Store]) -> Entity:
    limit, wide = store.limits, row_width(t) + OVERHEAD
    a_day = t.profile.time.rows_per_day if t.profile.time else t.profile.rows / access.days(t)
    peak = a_day / 86_400 * limit["peak"] * wide
    partitions = max(round(limit["partitions"]), math.ceil(peak / limit["partition_bytes_a_second"]))
    keyed, (life, _) = keying(t, partitions, store), _life(evidence, store)
    more = 1.05 * partitions * limit["partition_bytes_a_second"] / max(peak, 1e-9)
    hot = keyed.share > limit["hot"] / partitions
    size = a_day * life * wide * limit["replicas"]
    sizing = (
        f"{snake(t.name)}: {a_day:,.1f} rows a day × {wide} bytes × peak {limit['peak']:g} = {human(peak)} a second: "
        f"{partitions} partitions (one carries {human(limit['partition_bytes_a_second'])}); kept {life:,.0f} days, "
        f"{limit['replicas']:g} copies: {human(size)}"
    )
    name = f"{access.plain(snake(evidence.name))}.{access.plain(snake(t.name))}"
    return access.entity(
        name, "topic", t, store, keyed.columns, f"one event per row of {t.name}",
        [k.fact for k in t.parents if k.fact and k.columns == keyed.columns],
        keyed=list(keyed.columns), whose=keyed.whose, keying=keyed.said, partitions=partitions, sizing=sizing,
        hot=f"{keyed.whose}: one key sends {keyed.share:.1%} of {t.name}; salt it, or its partition lags" if hot else "",
        config={"retention.ms": round(life * 86_400_000), "cleanup.policy": "delete", "min.insync.replicas": 2},
        decisions=[_decision(t, keyed, partitions, store, more)] if keyed.most > 1 else [],
    )  # fmt: skip


def _decision(t: TableReading, keyed: Keying, partitions: int, store: type[Store], more: float) -> dict[str, Any]:
    column = keyed.columns[0]
    return {
        "subject": f"{t.name}", "slug": "key", "question": f"By what are events of {t.name} keyed?",
        "choice": f"by {', '.join(keyed.columns)} of {keyed.whose}, {partitions} partitions", "why": keyed.said,
        "alternatives": [f"by the row's own key: {t.profile.rows:,} keys spread evenly, the order of one {keyed.whose} is lost"],
        "flips": [(fact_id("rows", t.name), round(t.profile.rows * more))],
        "flips_if": f"one {keyed.whose} sends more than {store.limits['hot'] / partitions / 2:.0%} of {t.name}, "
                    f"or {column} arrives fast enough for more partitions",
    }  # fmt: skip


def avro(e: Entity, t: TableReading, store: type[Store]) -> dict[str, Any]:
    """Return the Avro schema of a topic: what was measured complete is required, the rest may be null and defaults to it."""
    names, made = fields(t), []
    for c, name in names.items():
        known = store.types["text" if c in sensitive(t) else t.profile.column(c).type].partition(":")
        plain: Any = {"type": known[0], "logicalType": known[2]} if known[2] else known[0]
        required = c in e.detail["keyed"] and not t.profile.column(c).nulls
        made.append({"name": access.plain(name), **({"type": plain} if required else {"type": ["null", plain], "default": None})})
    return {"type": "record", "name": access.plain(snake(t.name)), "namespace": e.name.partition(".")[0], "fields": made}


def cells(design: Design, evidence: Evidence) -> tuple[Cell, ...]:
    """Return the script that proves the schemas able to grow, sends the case's events and takes them back."""
    tables, store = read(evidence), access.chosen(evidence, "stream")
    spec, promised = [], []
    for e in design.entities:
        t = tables[e.sources[0]]
        names = fields(t)
        picked = f"SELECT count(*) FROM (SELECT * FROM {source(t.name)} LIMIT {SENT}) AS x"
        spec.append({
            "topic": e.name, "partitions": e.detail["partitions"], "config": e.detail["config"],
            "sql": select(t) + f" LIMIT {SENT}", "key": [names[c] for c in e.detail["keyed"]],
            "hide": [names[c] for c in sensitive(t)], "avro_names": {n: access.plain(n) for n in names.values()},
            "schema": avro(e, t, store),
        })  # fmt: skip
        promised.append(access.counted(f"{e.name}: events taken back and dead letters are all that was sent", picked))
        promised.append(access.counted(f"{e.name}: keys met in more than one partition", "SELECT 0", kind="unique"))
        lost = f"SELECT count(*) FROM (SELECT * FROM {source(t.name)} LIMIT {SENT}) AS x WHERE " + (
            " OR ".join(f"{DuckDB.quote(c)} IS NULL" for c in e.detail["keyed"]) or "false"
        )
        promised.append(access.counted(f"{e.name}: dead letters for want of a key", lost))
    n = f"SELECT {len(spec)}"
    promised.append(access.counted("schemas whose new field with a default reads the old bytes", n, kind="unique"))
    promised.append(access.counted("schemas whose new field without a default is refused", n, kind="unique"))
    return (access.script(design, f"{store.id}/events", spec, promised, [e.sources[0] for e in design.entities], store),)
