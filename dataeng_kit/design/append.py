"""Tables that only grow: hubs, links, satellites, nodes and edges add what they do not hold yet; their load and its promises."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dataeng_kit.design.plan import column
from dataeng_kit.design.sql import Writer, rewritten
from dataeng_kit.design.words import unique
from dataeng_kit.nouns import Entity, Expectation, TableProfile

GROWING = ("hub", "link", "satellite", "node", "edge")
"""Kinds of tables whose load only adds rows."""
SEPARATOR = "chr(31)"
"""Between hashed parts: the unit separator, which no delivered text uses; the reconciliation counts hashes against keys."""
CASTS = {"integer": "BIGINT", "number": "DOUBLE PRECISION"}


def key_text(alias: str, columns: Sequence[str], types: Sequence[str], own: Sequence[str]) -> str:
    """Return the text of a business key as every feed hashes it: cast to the hub's type first, so that 5.0 meets 5."""
    parts = []
    for c, wanted, here in zip(columns, types, own, strict=True):
        typed = f"CAST({column(alias, c)} AS {CASTS[wanted]})" if wanted != here and wanted in CASTS else column(alias, c)
        parts.append(f"CAST({typed} AS VARCHAR)")
    return f" || {SEPARATOR} || ".join(parts)


def row_text(columns: Iterable[str]) -> str:
    """Return the text of the given columns, blank where there is no value."""
    return f" || {SEPARATOR} || ".join(f"coalesce(CAST({column('s0', c)} AS VARCHAR), '')" for c in columns)


def content(table: TableProfile) -> tuple[str, str]:
    """Return the staged column that keys a row without a key, and its expression: all values, and which copy of them it is."""
    names = [c.name for c in table.columns]
    same = ", ".join(column("s0", c) for c in names)
    copy = f"CAST(row_number() OVER (PARTITION BY {same} ORDER BY {column('s0', names[0])}) AS VARCHAR)"
    return unique("content_key", names), f"md5({row_text(names)} || {SEPARATOR} || {copy})"


def append(writer: Writer, entity: Entity) -> str:
    """Return the statements that add to one table what its feeds deliver and it does not hold."""
    return "\n".join(_add(writer, entity, *feed) for feed in feeds(writer, entity))


def feeds(writer: Writer, entity: Entity) -> list[tuple[str, str, dict[str, str]]]:
    """Return what fills a table: FROM clause, the source's name, and an expression per column."""
    if entity.kind in ("node", "edge"):
        return [
            (_joined(writer, f), f["table"], {n: rewritten(x, writer) for n, x in f["select"].items()})
            for f in entity.detail["feeds"]
        ]
    if entity.kind != "hub":
        return [
            (
                _accepted(writer, entity),
                entity.sources[0],
                {
                    a.name: writer.expression(entity, (*a.lineage, "")[0], a.expression)
                    for a in entity.attributes
                    if a.role not in _OURS
                },
            )
        ]
    if entity.detail["content"]:
        key = writer.column("s0", content(writer.evidence.profile.table(entity.sources[0]))[0])
        return [(_accepted(writer, entity), entity.sources[0], {entity.key[0]: f"md5({key})"})]
    found = []
    for n, (table, columns) in enumerate(entity.detail["feeds"]):
        own = [writer.type_of(table, c) for c in columns]
        select = {entity.key[0]: f"md5({key_text('s0', columns, entity.detail['types'], own)})"}
        for a, c, here in zip((a for a in entity.attributes if a.role == "business_key"), columns, own, strict=True):
            cast = {"text": "VARCHAR", **CASTS}.get(a.type, "") if a.type != here else ""
            select[a.name] = f"CAST({column('s0', c)} AS {cast})" if cast else column("s0", c)
        present = " AND ".join(f"{writer.column('s0', c)} IS NOT NULL" for c in columns)
        origin = (
            _accepted(writer, entity) if n == 0 and entity.detail["staged"] else f"{writer.source(table)} AS s0 WHERE {present}"
        )
        found.append((origin, table, {k: rewritten(v, writer) for k, v in select.items()}))
    return found


def _joined(writer: Writer, feed: dict[str, Any]) -> str:
    """Return a graph feed's rows: those whose key is filled and whose other ends exist."""
    table = feed["table"]
    text = f"{writer.source(table)} AS s0"
    for n, (other, pairs) in enumerate(feed["joins"], 1):
        text += f" JOIN {writer.source(other)} AS s{n} ON {_pairs(writer, table, other, pairs, f's{n}')}"
    return text + " WHERE " + " AND ".join(f"{writer.column('s0', c)} IS NOT NULL" for c in feed["columns"])


def _pairs(writer: Writer, table: str, other: str, pairs: list[list[str]], alias: str) -> str:
    return " AND ".join(
        writer.equal(writer.column(alias, p), writer.type_of(other, p), writer.column("s0", c), writer.type_of(table, c))
        for c, p in pairs
    )


_OURS = ("load_date", "record_source", "hash_diff")


def _accepted(writer: Writer, entity: Entity) -> str:
    where = [f"s0.{writer.reject(entity)} IS NULL"]
    where += [f"{writer.column('s0', c)} IS NOT NULL" for c in _needed(entity)]
    return f"{writer.stage(entity)} AS s0 WHERE {' AND '.join(where)}"


def _needed(entity: Entity) -> list[str]:
    """Columns without which a row says nothing to this table: both ends of a relationship."""
    if entity.kind == "link" and "stage" in entity.detail:
        return [c for _, _, columns in entity.detail["parents"][1:] for c in columns]
    return list(entity.detail.get("needs", ()))


def _add(writer: Writer, entity: Entity, origin: str, source: str, select: dict[str, str]) -> str:
    q = writer.q
    values = {
        "load_date": f"CAST(CURRENT_TIMESTAMP AS {writer.type('datetime')})",
        "record_source": writer.text(source),
        "hash_diff": f"md5({_payload(writer, entity)})" if entity.kind == "satellite" else "",
    }
    inner = ",\n    ".join(f"{x} AS {q(n)}" for n, x in select.items())
    names = [a for a in entity.attributes if a.name in select or a.role in _OURS]
    outer = ",\n  ".join(f"{values[a.role]} AS {q(a.name)}" if a.role in _OURS else f"x.{q(a.name)}" for a in names)
    into = f"INSERT INTO {writer.table(entity.name)} ({', '.join(q(a.name) for a in names)})"
    rows = f"SELECT\n  {outer}\nFROM (\n  SELECT DISTINCT\n    {inner}\n  FROM {origin}\n) AS x"
    return f"{into}\n{rows}\nWHERE NOT EXISTS ({_held(writer, entity, values)});"


def _payload(writer: Writer, entity: Entity) -> str:
    own = [a for a in entity.attributes if a.role in ("attribute", "measure")]
    return " || chr(31) || ".join(f"coalesce(CAST(x.{writer.q(a.name)} AS {writer.type('text')}), '')" for a in own)


def _held(writer: Writer, entity: Entity, values: dict[str, str]) -> str:
    table, key = writer.table(entity.name), writer.q(entity.key[0])
    if entity.kind != "satellite":
        return f"SELECT 1 FROM {table} AS t WHERE " + " AND ".join(f"t.{writer.q(k)} = x.{writer.q(k)}" for k in entity.key)
    newest = f"SELECT max(n.load_date) FROM {table} AS n WHERE n.{key} = x.{key}"
    return (
        f"SELECT 1 FROM {table} AS t WHERE t.{key} = x.{key} AND t.hash_diff = {values['hash_diff']} AND t.load_date = ({newest})"
    )


def current(writer: Writer, entity: Entity) -> str:
    """Return a subquery of a satellite's newest row per key."""
    key = writer.q(entity.key[0])
    rank = f"row_number() OVER (PARTITION BY {key} ORDER BY load_date DESC) AS kit_rank"
    ranked = f"SELECT t.*, {rank} FROM {writer.table(entity.name)} AS t"
    return f"(SELECT * FROM ({ranked}) AS r WHERE kit_rank = 1)"


def promises(writer: Writer, entity: Entity) -> list[Expectation]:
    """Return what the load of one growing table promises, measured from the source's side."""
    by_kind = {"hub": _of_hub, "link": _of_link, "satellite": _of_satellite, "node": _of_graph, "edge": _of_graph}
    return [*(_of_stage(writer, entity) if entity.detail.get("staged") else ()), *by_kind[entity.kind](writer, entity)]


def _of_stage(writer: Writer, e: Entity) -> list[Expectation]:
    own = _own_hash(writer, e)
    there = f"{writer.table(e.name)} AS t ON t.{writer.q(e.key[0])} = x.hk"
    kept = f"SELECT count(*) FROM (SELECT {own} AS hk FROM {_accepted(writer, e)}) AS x JOIN {there}"
    refused = f"(SELECT count(*) FROM {writer.quarantine} WHERE entity = {writer.text(e.name)})"
    name = f"every row of {e.sources[0]} is in {e.name} or in quarantine"
    return [Expectation(name, "rows", f"SELECT count(*) FROM {writer.source(e.sources[0])}", f"SELECT ({kept}) + {refused}")]


def _own_hash(writer: Writer, e: Entity) -> str:
    return feeds(writer, e)[0][2][e.key[0]]


def _of_hub(writer: Writer, e: Entity) -> list[Expectation]:
    keys = [writer.q(n) for n in e.natural_key]
    if not keys:
        return []
    parts = [f"SELECT DISTINCT {', '.join(s[n] for n in e.natural_key)} FROM {origin}" for origin, _, s in feeds(writer, e)]
    every = f"SELECT count(*) FROM ({' UNION '.join(parts)}) AS x"
    return [
        Expectation(
            f"{e.name}: one row per {', '.join(e.natural_key)} of all that name one",
            "unique",
            every,
            f"SELECT count(*) FROM {writer.table(e.name)}",
        )
    ]


def _of_link(writer: Writer, e: Entity) -> list[Expectation]:
    """Every row with a reference comes back through the link to a hub row with the same business key."""
    origin, _, select = feeds(writer, e)[0]
    found = []
    for name, hub, columns in e.detail["parents"][0 if e.detail.get("staged") else 1 :]:
        there = writer.design.entity(hub)
        present = " AND ".join(f"{writer.column('s0', c)} IS NOT NULL" for c in columns)
        types = [(a.name, a.type) for a in there.attributes if a.role == "business_key"]
        same = " AND ".join(
            writer.equal(f"h.{writer.q(n)}", t, f"x.k{i}", writer.type_of(e.sources[0], c))
            for i, ((n, t), c) in enumerate(zip(types, columns, strict=True))
        )
        keys = ", ".join(f"{writer.column('s0', c)} AS k{i}" for i, c in enumerate(columns))
        back = (
            f"SELECT count(*) FROM (SELECT {select[e.key[0]]} AS hk, {keys} FROM {origin} AND {present}) AS x "
            f"JOIN {writer.table(e.name)} AS l ON l.{writer.q(e.key[0])} = x.hk "
            f"JOIN {writer.table(hub)} AS h ON h.{writer.q(there.key[0])} = l.{writer.q(name)} AND {same}"
        )
        title = f"{e.name}: every {', '.join(columns)} of {e.sources[0]} comes back through {hub}"
        found.append(Expectation(title, "rows", f"SELECT count(*) FROM {origin} AND {present}", back))
    return found


def _of_satellite(writer: Writer, e: Entity) -> list[Expectation]:
    """The newest rows of a satellite are the source's rows, value by value and in total."""
    origin, source, select = feeds(writer, e)[0]
    key = writer.q(e.key[0])
    payload = [a for a in e.attributes if a.role in ("attribute", "measure")]
    inner = ", ".join(f"{select[a.name]} AS {writer.q(a.name)}" for a in (e.attributes[0], *payload))
    differ = " OR ".join(f"x.{writer.q(a.name)} IS DISTINCT FROM c.{writer.q(a.name)}" for a in payload)
    rows = f"(SELECT {inner} FROM {origin}) AS x LEFT JOIN {current(writer, e)} AS c ON c.{key} = x.{key}"
    lost = f"SELECT count(*) FROM {rows} WHERE c.{key} IS NULL OR {differ}"
    found = [Expectation(f"{e.name}: joining it back to {source} loses nothing", "rows", lost, "SELECT 0")]
    for a in payload:
        if a.role == "measure":
            sums = [f"SELECT coalesce(sum({s}.{writer.q(a.name)}), 0) FROM {rows}" for s in ("x", "c")]
            found.append(Expectation(f"{e.name}.{a.name}: total of the source = total of the newest rows", "sum", *sums))
    return found


def _of_graph(writer: Writer, e: Entity) -> list[Expectation]:
    """Each source row whose ends exist is one node or edge, counted at the source by columns, here by kind."""
    found = []
    for f in e.detail["feeds"]:
        columns = ", ".join(writer.column("s0", c) for c in f["columns"])
        ends = [
            f"EXISTS (SELECT 1 FROM {writer.source(o)} AS p WHERE {_pairs(writer, f['table'], o, pairs, 'p')})"
            for o, pairs in f["joins"]
        ]
        there = [*(f"{writer.column('s0', c)} IS NOT NULL" for c in f["columns"]), *ends]
        rows = f"SELECT DISTINCT {columns} FROM {writer.source(f['table'])} AS s0 WHERE {' AND '.join(there)}"
        left = f"SELECT count(*) FROM ({rows}) AS x"
        right = f"SELECT count(*) FROM {writer.table(e.name)} WHERE kind = {f['select']['kind']}"
        found.append(
            Expectation(
                f"{e.name}: one {f['select']['kind'][1:-1]} per row of {f['table']} whose ends exist", "rows", left, right
            )
        )
    return found
