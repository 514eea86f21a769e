"""SQL of the models: base, staging, quarantine, dimensions with their versions, facts; refs only."""

from __future__ import annotations

from dataclasses import replace

from dataeng_kit.advice.dbt.names import ModelWriter, raw, ref
from dataeng_kit.advice.dbt.semantic import SPINE, spine, timed
from dataeng_kit.design.load import lookup_join, selected
from dataeng_kit.design.reading import key_of
from dataeng_kit.design.words import unique
from dataeng_kit.nouns import Attribute, Entity

MEMBER, VERSION = "member_key", "version_hash"
"""Columns that an intermediate model adds for its snapshot: who a row is, and what of it is kept as history."""


def models(w: ModelWriter) -> dict[str, str]:
    """Return every model by its path below ``models/``, with refs as tokens."""
    found: dict[str, str] = {}
    for t in w.evidence.profile.tables:
        found[f"staging/base/{w.names.base(t.name)}.sql"] = base(w, t.name)
        columns = ",\n  ".join(w.staged(c.name) for c in t.columns)
        found[f"staging/{w.names.stage(t.name)}.sql"] = (
            f"SELECT\n  {columns}\nFROM {ref(w.names.base(t.name))}\nWHERE {w.q(w.rejecting(t.name))} IS NULL"
        )
    found["staging/quarantine.sql"] = quarantine(w)
    if timed(w):
        found[f"marts/{SPINE}.sql"] = spine()
    for e in w.design.entities:
        name = w.names.models[e.name]
        if versioned(e):
            found[f"intermediate/int_{name}.sql"] = members(w, e)
        found[f"marts/{name}.sql"] = w.technology.comment(f"{e.name}: {e.grain_sentence}") + "\n" + _mart(w, e)
    return found


def versioned(e: Entity) -> bool:
    """True when a dimension keeps versions, so that a snapshot feeds it."""
    return e.kind == "dimension" and e.scd == 2 and not e.detail.get("distinct")


def base(w: ModelWriter, table: str) -> str:
    """Return the one model that reads a source: renamed, cast, trimmed, numbered, each row with its reason to be refused."""
    t, row, text = w.evidence.profile.table(table), w.q(w.numbered(table)), w.type("text")
    picks = []
    for c in t.columns:
        source = f"s.{w.technology.named(c.name)}"
        cast = f"nullif(trim({source}), '')" if c.type == "text" else f"CAST({source} AS {w.type(c.type)})"
        picks.append(f"{cast} AS {w.staged(c.name)}")
    keys = [w.column("n", c) for c in key_of(t)]
    cases = [f"WHEN {k} IS NULL THEN {w.text(f'{c} is missing')}" for k, c in zip(keys, key_of(t), strict=True)]
    if keys:
        again = f"row_number() OVER (PARTITION BY {', '.join(keys)} ORDER BY n.{row}) > 1"
        cases.append(f"WHEN {again} THEN {w.text('repeats the key ' + ', '.join(key_of(t)))}")
    reason = "CASE\n    " + "\n    ".join(cases) + "\n  END" if cases else f"CAST(NULL AS {text})"
    return (
        "WITH renamed AS (\n  SELECT\n    " + ",\n    ".join(picks) + f"\n  FROM {raw(w.names.sources[table])} AS s\n),\n\n"
        f"numbered AS (\n  SELECT r.*, row_number() OVER (ORDER BY {w.technology.row_as_json('r')}) AS {row}\n"
        f"  FROM renamed AS r\n)\n\nSELECT\n  n.*,\n  {reason} AS {w.q(w.rejecting(table))}\nFROM numbered AS n"
    )


def quarantine(w: ModelWriter) -> str:
    """Return the union of all refused rows with table, reason and content."""
    parts = [
        f"SELECT\n  {w.text(t.name)} AS source_table,\n  b.{w.q(w.numbered(t.name))} AS source_row,\n"
        f"  b.{w.q(w.rejecting(t.name))} AS reason,\n  {w.technology.row_as_json('b')} AS row_data\n"
        f"FROM {ref(w.names.base(t.name))} AS b\nWHERE b.{w.q(w.rejecting(t.name))} IS NOT NULL"
        for t in w.evidence.profile.tables
    ]
    return "\n\nUNION ALL\n\n".join(parts)


def _mart(w: ModelWriter, e: Entity) -> str:
    if e.kind == "calendar":
        return _calendar(w, e)
    if e.kind == "junk" or e.detail.get("distinct"):
        return _split(w, e)
    if e.kind != "dimension":
        return _fact(w, e)
    return _versions(w, e) if versioned(e) else _numbered(w, e, _select(w, e, own(e)), natural(e))


def natural(e: Entity) -> list[Attribute]:
    """Return the natural key's attributes."""
    return [a for a in e.attributes if a.role == "natural_key"]


def own(e: Entity) -> list[Attribute]:
    """Return what a dimension takes from its sources."""
    return [a for a in e.attributes if a.role not in ("surrogate", "validity")]


def _select(w: ModelWriter, e: Entity, wanted: list[Attribute], more: str = "") -> str:
    picks = ",\n  ".join(f"{_plain(w, e, a)} AS {w.q(a.name)}" for a in wanted)
    sources = "\n".join([f"{w.source(e.sources[0])} AS s0", *w.joins(e)])
    return f"SELECT\n  {picks}{more}\nFROM {sources}"


def _plain(w: ModelWriter, e: Entity, a: Attribute) -> str:
    return w.expression(e, a.lineage[0] if a.lineage else "", a.expression)


def _numbered(w: ModelWriter, e: Entity, rows: str, by: list[Attribute]) -> str:
    """Members with their surrogate key, and the unknown member -1."""
    if e.attributes[0].role != "surrogate":
        return rows
    order = ", ".join(f"m.{w.q(a.name)}" for a in by)
    names = ",\n  ".join(f"m.{w.q(a.name)}" for a in e.attributes[1:] if a.role != "validity")
    late = "".join(f",\n  {a.expression} AS {w.q(a.name)}" for a in e.attributes if a.role == "validity")
    key = f"row_number() OVER (ORDER BY {order}) AS {w.q(e.attributes[0].name)}"
    return f"WITH members AS (\n{rows}\n)\n\nSELECT\n  {key},\n  {names}{late}\nFROM members AS m\n\n{_unknown(w, e)}"


def _unknown(w: ModelWriter, e: Entity) -> str:
    values = [
        "-1" if a.role == "surrogate" else _validity(w)[_word(a)] if a.role == "validity" else f"CAST(NULL AS {w.type(a.type)})"
        for a in e.attributes
    ]
    return "UNION ALL\n\nSELECT " + ", ".join(values)


def _word(a: Attribute) -> str:
    return next(n for n in ("valid_from", "valid_to", "is_current") if a.name.startswith(n))


def _validity(w: ModelWriter) -> dict[str, str]:
    moment = w.type("datetime")
    return {"valid_from": f"CAST('1900-01-01' AS {moment})", "valid_to": f"CAST('9999-12-31' AS {moment})", "is_current": "TRUE"}


def helpers(e: Entity) -> tuple[str, str]:
    """Return the names of the member key and version hash, under names that the dimension does not use."""
    taken = [a.name for a in e.attributes]
    return unique(MEMBER, taken), unique(VERSION, taken)


def members(w: ModelWriter, e: Entity) -> str:
    """Return today's members of a versioned dimension, with what its snapshot compares."""
    kept = [a for a in own(e) if a.scd == 2]
    member, version = helpers(e)
    more = f",\n  {_digest(w, e, natural(e))} AS {w.q(member)},\n  {_digest(w, e, kept)} AS {w.q(version)}"
    return _select(w, e, own(e), more)


def _digest(w: ModelWriter, e: Entity, wanted: list[Attribute]) -> str:
    text = w.type("text")
    parts = [f"coalesce(CAST({_plain(w, e, a)} AS {text}), '-')" for a in wanted]
    return f"md5({' || chr(31) || '.join(parts)})"


def _versions(w: ModelWriter, e: Entity) -> str:
    name, member = w.names.models[e.name], w.q(helpers(e)[0])
    by, moment, first = ", ".join(f"v.{w.q(a.name)}" for a in natural(e)), w.type("datetime"), _validity(w)
    seen = f"row_number() OVER (PARTITION BY v.{member} ORDER BY v.dbt_valid_from) = 1"
    spans = {
        "valid_from": f"CASE WHEN {seen} THEN {first['valid_from']} ELSE CAST(v.dbt_valid_from AS {moment}) END",
        "valid_to": f"coalesce(CAST(v.dbt_valid_to AS {moment}), {first['valid_to']})",
        "is_current": "v.dbt_valid_to IS NULL",
    }

    def pick(a: Attribute) -> str:
        n = w.q(a.name)
        if a.role == "surrogate":
            return f"row_number() OVER (ORDER BY {by}, v.dbt_valid_from) AS {n}"
        if a.role == "validity":
            return f"{spans[_word(a)]} AS {n}"
        kept = a.scd == 2 or a.role == "natural_key"
        return f"v.{n}" if kept else f"CASE WHEN c.{member} IS NULL THEN v.{n} ELSE c.{n} END AS {n}"

    picks = ",\n  ".join(pick(a) for a in e.attributes)
    joined = f"{ref('snap_' + name)} AS v\nLEFT JOIN {ref('int_' + name)} AS c ON c.{member} = v.{member}"
    return f"SELECT\n  {picks}\nFROM {joined}\n\n{_unknown(w, e)}"


def _split(w: ModelWriter, e: Entity) -> str:
    """A junk or split dimension: one row per combination, or per determinant with what it decides."""
    inner = [a for a in e.attributes if a.role != "surrogate"]
    if e.kind == "junk":
        rows = _select(w, e, inner).replace("SELECT", "SELECT DISTINCT", 1)
        return _numbered(w, e, rows, natural(e))
    present = " AND ".join(f"{_plain(w, e, a)} IS NOT NULL" for a in natural(e))
    places = ", ".join(str(n) for n, a in enumerate(inner, 1) if a.role == "natural_key")
    picks = []
    for a in inner:
        whole = {"natural_key": "{}"}.get(a.role, "bool_or({})" if a.type == "boolean" else "max({})")
        picks.append(f"{whole.format(_plain(w, e, a))} AS {w.q(a.name)}")
    sources = "\n".join([f"{w.source(e.sources[0])} AS s0", *w.joins(e)])
    rows = "SELECT\n  " + ",\n  ".join(picks) + f"\nFROM {sources}\nWHERE {present}\nGROUP BY {places}"
    return _numbered(w, e, rows, natural(e))


def _fact(w: ModelWriter, e: Entity) -> str:
    picks = ",\n  ".join(f"{_picked(w, e, a)} AS {w.q(a.name)}" for a in e.attributes)
    sources = [f"{w.source(e.sources[0])} AS s0", *w.joins(e)]
    sources += [_lookup(w, e, n) for n in range(len(e.detail.get("lookups", ())))]
    return f"SELECT\n  {picks}\nFROM " + "\n".join(sources)


def _picked(w: ModelWriter, e: Entity, a: Attribute) -> str:
    if a.role == "grain" and not a.lineage:
        return f"row_number() OVER (ORDER BY {w.technology.row_as_json('s0')})"
    return selected(w, e, a)


def _lookup(w: ModelWriter, e: Entity, number: int) -> str:
    """The join to a dimension; to a versioned one, the version that was valid when the event happened, else the current."""
    looks = e.detail["lookups"]
    dimension = w.design.entity(looks[number]["dimension"])
    when = next((x["on"][0] for x in looks if x.get("date")), None)
    if not (versioned(dimension) and looks[number].get("natural") and when):
        return lookup_join(w, e, number)
    spans = {_word(a): w.q(a.name) for a in dimension.attributes if a.role == "validity"}
    as_current = replace(dimension, attributes=tuple(a for a in dimension.attributes if a.role != "validity"))
    entities = tuple(as_current if x.name == dimension.name else x for x in w.design.entities)
    plain = lookup_join(replace(w, design=replace(w.design, entities=entities)), e, number)
    kept = ", ".join([f"{w.q(dimension.key[0])} AS kit_key", *spans.values()])
    plain = plain.replace(f"{w.q(dimension.key[0])} AS kit_key", kept, 1)
    alias, moment = f"d{number}", f"CAST({w.column(when[0], when[1])} AS {w.type('datetime')})"
    # an event before the first or after the last day of the versions meets the first or the current one
    near = f"least(greatest({moment}, {_validity(w)['valid_from']}), CAST('9999-12-30' AS {w.type('datetime')}))"
    inside = f"{near} >= {alias}.{spans['valid_from']} AND {near} < {alias}.{spans['valid_to']}"
    return f"{plain}\n  AND CASE WHEN {moment} IS NULL THEN {alias}.{spans['is_current']} ELSE {inside} END"


def _calendar(w: ModelWriter, e: Entity) -> str:
    whole, day = w.type("integer"), w.type("date")
    number = "extract(year FROM g.d) * 10000 + extract(month FROM g.d) * 100 + extract(day FROM g.d)"
    parts = [f"CAST(extract({p} FROM g.d) AS {whole})" for p in ("year", "quarter", "month", "day", "isodow")]
    values = [f"CAST({number} AS {whole})", f"CAST(g.d AS {day})", *parts, "extract(isodow FROM g.d) >= 6"]
    picks = ",\n  ".join(f"{v} AS {w.q(a.name)}" for v, a in zip(values, e.attributes, strict=True))
    first, last = (w.text(e.detail[n]) for n in ("first", "last"))
    series = f"generate_series(CAST({first} AS {day}), CAST({last} AS {day}), INTERVAL '1 day') AS g(d)"
    return f"SELECT\n  {picks}\nFROM {series}\n\n{_unknown(w, e)}"
