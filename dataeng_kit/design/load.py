"""Load SQL of a design: stage each source once with a reason per refused row, insert the rest, keep the refused in quarantine."""

from __future__ import annotations

from dataclasses import replace

from dataeng_kit.design.append import GROWING, append, content
from dataeng_kit.design.history import FIRST, LAST, merge, validity, versioned
from dataeng_kit.design.plan import joins
from dataeng_kit.design.sql import Writer, rewritten
from dataeng_kit.nouns import Attribute, Entity
from dataeng_kit.nouns.references import parse

_HOW = {True: "a full load replaces what was there", False: "a load adds what is new"}


def load(writer: Writer) -> str:
    """Return the statements that fill a design from the sources; a second run ends in the same rows."""
    entities = writer.design.entities
    full = [writer.table(e.name) for e in reversed(entities) if e.kind not in GROWING and not versioned(e)]
    together = writer.technology.empty
    clear = [together.format(tables=", ".join(full))] if full and together else [f"DELETE FROM {t};" for t in full]
    how = "what has no history is replaced, what has gets versions" if any(map(versioned, entities)) else _HOW[bool(full)]
    blocks = [
        writer.technology.comment(f"{how}: running it twice changes nothing"),
        "\n".join([*clear, f"DELETE FROM {writer.quarantine};"]),
    ]
    fresh = [writer.table(e.name) for e in entities] + [writer.stage(e) for e in entities if staged(e)]
    counted = "\n".join(
        [
            writer.technology.comment("fresh statistics, else the next joins are planned blindly"),
            *(f"ANALYZE {t};" for t in fresh),
        ]
    )
    return "\n\n".join([*blocks, *(one(writer, e) for e in entities), counted]) + "\n"


def staged(entity: Entity) -> bool:
    """True when a table's load makes a staged copy of its source first."""
    if entity.kind in GROWING:
        return bool(entity.detail.get("staged"))
    return entity.kind not in ("calendar", "junk") and not entity.detail.get("distinct")


def one(writer: Writer, entity: Entity) -> str:
    """Return the load of one target table."""
    head = writer.technology.comment(f"{entity.name} from {', '.join(dict.fromkeys(entity.sources)) or 'the calendar'}")
    if entity.kind == "calendar":
        return f"{head}\n{_calendar(writer, entity)}"
    if entity.kind in GROWING:
        first, last = ([stage(writer, entity)], [_refuse(writer, entity)]) if staged(entity) else ([], [])
        return "\n".join([head, *first, append(writer, entity), *last])
    if not staged(entity):
        return f"{head}\n{_distinct(writer, entity)}"
    if versioned(entity):
        return "\n".join([head, stage(writer, entity), merge(writer, entity), _refuse(writer, entity)])
    parts = [head, stage(writer, entity), _insert(writer, entity), _refuse(writer, entity)]
    if entity.kind == "dimension":
        parts.append(_unknown(writer, entity))
    return "\n".join(parts)


def stage(writer: Writer, entity: Entity) -> str:
    """Return the staged copy of the entity's own source, with the reason to refuse a row or NULL."""
    table = entity.sources[0]
    cases = [
        f"WHEN {writer.column('s', c)} IS NULL THEN {writer.text(f'{c} is missing')}"
        for c in entity.detail.get("key_columns", ())
    ]
    keys = ", ".join(writer.column("s", c) for c in entity.detail.get("key_columns", ()))
    if keys:
        order = keys if writer.evidence.profile.table(table).primary_key else writer.technology.row_as_json("s")
        why = writer.text(f"repeats the key {', '.join(entity.detail['key_columns'])}")
        cases.append(f"WHEN row_number() OVER (PARTITION BY {keys} ORDER BY {order}) > 1 THEN {why}")
    cases += [_orphan(writer, entity, check) for check in entity.detail.get("orphans", ())]
    reason = "CASE\n  " + "\n  ".join(cases) + "\nEND" if cases else f"CAST(NULL AS {writer.type('text')})"
    alias, more = "s", ""
    if entity.detail.get("content"):
        name, expression = content(writer.evidence.profile.table(table))
        alias, more = "s0", f", {rewritten(expression, writer)} AS {writer.technology.named(name)}"
    return (
        f"DROP TABLE IF EXISTS {writer.stage(entity)};\n"
        f"CREATE TABLE {writer.stage(entity)} AS\nSELECT {alias}.*{more}, {reason} AS {writer.reject(entity)}\n"
        f"FROM {writer.source(table)} AS {alias};"
    )


def _orphan(writer: Writer, entity: Entity, check: dict[str, object]) -> str:
    pairs: list[list[str]] = check["on"]  # type: ignore[assignment]  # JSON of the design: [source column, parent attribute, parent type]
    table = entity.sources[0]
    present = " AND ".join(f"{writer.column('s', c)} IS NOT NULL" for c, _, _ in pairs)
    same = " AND ".join(writer.equal(f"p.{writer.q(a)}", t, writer.column("s", c), writer.type_of(table, c)) for c, a, t in pairs)
    why = writer.text(f"{', '.join(c for c, _, _ in pairs)} has no row in {check['entity']}")
    return f"WHEN {present} AND NOT EXISTS (SELECT 1 FROM {writer.table(str(check['entity']))} AS p WHERE {same}) THEN {why}"


def selected(writer: Writer, entity: Entity, attribute: Attribute) -> str:
    """Return the SELECT expression of one target column."""
    if attribute.role == "surrogate":
        natural = [a for a in entity.attributes if a.role == "natural_key"]
        return f"row_number() OVER (ORDER BY {', '.join(writer.expression(entity, a.lineage[0], a.expression) for a in natural)})"
    if attribute.role in ("dimension_key", "date_key"):
        number = next(n for n, x in enumerate(entity.detail["lookups"]) if x["attribute"] == attribute.name)
        return f"coalesce(d{number}.kit_key, -1)"
    if attribute.role == "grain" and not attribute.lineage:
        return "row_number() OVER ()"
    return writer.expression(entity, attribute.lineage[0] if attribute.lineage else "", attribute.expression)


def _insert(writer: Writer, entity: Entity) -> str:
    columns = ", ".join(writer.q(a.name) for a in entity.attributes)
    select = ",\n  ".join(f"{selected(writer, entity, a)} AS {writer.q(a.name)}" for a in entity.attributes)
    sources = [f"{writer.stage(entity)} AS s0", *writer.joins(entity)]
    sources += [lookup_join(writer, entity, n) for n in range(len(entity.detail.get("lookups", ())))]
    lines = "\n".join(sources)
    head = f"INSERT INTO {writer.table(entity.name)} ({columns})"
    return f"{head}\nSELECT\n  {select}\nFROM {lines}\nWHERE s0.{writer.reject(entity)} IS NULL;"


def lookup_join(writer: Writer, entity: Entity, number: int) -> str:
    """Return the join from a fact to one dimension: at most one row per key, so that no fact row is doubled."""
    look = entity.detail["lookups"][number]
    dimension = writer.design.entity(look["dimension"])
    tables = {"s0": entity.sources[0], **{j.alias: j.table for j in joins(entity)}}
    key, alias = writer.q(dimension.key[0]), f"d{number}"
    names = [(side, column, find(dimension, there)) for side, column, there in look["on"]]
    if look.get("date"):
        same = " AND ".join(
            f"{alias}.{writer.q(a.name)} = CAST({writer.column(s, c)} AS {writer.type('date')})" for s, c, a in names
        )
    elif look.get("nulls"):
        same = (
            " AND ".join(f"{alias}.{writer.q(a.name)} IS NOT DISTINCT FROM {writer.column(s, c)}" for s, c, a in names)
            + f" AND {alias}.kit_key <> -1"
        )
    else:
        same = " AND ".join(
            writer.equal(f"{alias}.{writer.q(a.name)}", a.type, writer.column(s, c), writer.type_of(tables[s], c))
            for s, c, a in names
        )
    there = ", ".join(writer.q(a.name) for _, _, a in names)
    spans = validity(writer, dimension)
    when = next((x["on"][0] for x in entity.detail["lookups"] if x.get("date")), None)
    if spans and when and look.get("natural"):
        moment = f"CAST({writer.column(when[0], when[1])} AS {writer.type('date')})"
        near = f"least(greatest({moment}, DATE '{FIRST}'), DATE '{LAST}' - 1)"
        inside = f"{near} >= {alias}.{spans['valid_from']} AND {near} < {alias}.{spans['valid_to']}"
        versions = f"SELECT {key} AS kit_key, {there}, {', '.join(spans.values())} FROM {writer.table(dimension.name)}"
        as_of = f"CASE WHEN {moment} IS NULL THEN {alias}.{spans['is_current']} ELSE {inside} END"
        return f"LEFT JOIN ({versions}) AS {alias} ON {same}\n  AND {as_of}"
    where = f" WHERE {spans['is_current']}" if spans else ""
    if look.get("natural"):
        return f"LEFT JOIN (SELECT {key} AS kit_key, {there} FROM {writer.table(dimension.name)}{where}) AS {alias} ON {same}"
    once = f"SELECT min({key}) AS kit_key, {there} FROM {writer.table(dimension.name)}{where} GROUP BY {there}"
    return f"LEFT JOIN ({once}) AS {alias} ON {same}"


def find(dimension: Entity, wanted: str) -> Attribute:
    """Return a dimension's attribute by its own source reference, else by its name."""
    by_source = (a for a in dimension.attributes if a.lineage == (wanted,) and not a.expression)
    by_name = (a for a in dimension.attributes if a.name == wanted)
    return next(by_source, None) or next(by_name, None) or Attribute(parse(wanted)[-1], "text")


def _refuse(writer: Writer, entity: Entity) -> str:
    row = writer.technology.row_as_json("s0")
    why = f"s0.{writer.reject(entity)}"
    values = f"{writer.text(entity.name)}, {writer.text(entity.sources[0])}, {why}, {row}"
    return f"INSERT INTO {writer.quarantine}\nSELECT {values}\nFROM {writer.stage(entity)} AS s0 WHERE {why} IS NOT NULL;"


def _unknown(writer: Writer, entity: Entity) -> str:
    values = ["-1" if a.role == "surrogate" else "NULL" for a in entity.attributes]
    columns = ", ".join(writer.q(a.name) for a in entity.attributes)
    return f"INSERT INTO {writer.table(entity.name)} ({columns}) VALUES ({', '.join(values)});"


def _distinct(writer: Writer, entity: Entity) -> str:
    """A junk or split dimension: one row per combination, or per determinant with what it decides."""
    inner = [replace(a, role="attribute") for a in entity.attributes if a.role != "surrogate"]
    natural = [a for a in entity.attributes if a.role == "natural_key"]
    names = ", ".join(writer.q(a.name) for a in inner)
    by = ", ".join(writer.q(a.name) for a in natural)
    places = ", ".join(str(n) for n, a in enumerate(inner, 1) if a.name in entity.natural_key)
    picks = ", ".join(f"{_pick(writer, entity, a)} AS {writer.q(a.name)}" for a in inner)
    sources = "\n".join([f"{writer.source(entity.sources[0])} AS s0", *writer.joins(entity)])
    group = "" if entity.kind == "junk" else f" WHERE {_present(writer, entity, natural)} GROUP BY {places}"
    rows = f"SELECT {'DISTINCT ' if entity.kind == 'junk' else ''}{picks}\nFROM {sources}{group}"
    if entity.attributes[0].role != "surrogate":
        return f"INSERT INTO {writer.table(entity.name)} ({names})\n{rows};"
    insert = f"INSERT INTO {writer.table(entity.name)} ({writer.q(entity.attributes[0].name)}, {names})"
    return f"{insert}\nSELECT row_number() OVER (ORDER BY {by}), {names} FROM (\n{rows}) AS x;\n" + _unknown(writer, entity)


def _pick(writer: Writer, entity: Entity, a: Attribute) -> str:
    plain = writer.expression(entity, a.lineage[0], a.expression)
    grouped = entity.kind != "junk" and a.name not in entity.natural_key
    return f"max({plain})" if grouped and a.type != "boolean" else f"bool_or({plain})" if grouped else plain


def _present(writer: Writer, entity: Entity, natural: list[Attribute]) -> str:
    return " AND ".join(f"{writer.expression(entity, a.lineage[0], a.expression)} IS NOT NULL" for a in natural)


def _calendar(writer: Writer, entity: Entity) -> str:
    first, last, day = entity.detail["first"], entity.detail["last"], writer.type("date")
    integer = writer.type("integer")
    number = f"CAST(extract(year FROM g.d) * 10000 + extract(month FROM g.d) * 100 + extract(day FROM g.d) AS {integer})"
    parts = [f"CAST(extract({p} FROM g.d) AS {integer})" for p in ("year", "quarter", "month", "day", "isodow")]
    columns = ", ".join(writer.q(a.name) for a in entity.attributes)
    series = f"generate_series(CAST('{first}' AS {day}), CAST('{last}' AS {day}), INTERVAL '1 day') AS g(d)"
    insert = f"INSERT INTO {writer.table(entity.name)} ({columns})"
    select = f"SELECT {number}, CAST(g.d AS {day}), {', '.join(parts)}, extract(isodow FROM g.d) >= 6\nFROM {series};"
    return f"{insert}\n{select}\n{_unknown(writer, entity)}"
