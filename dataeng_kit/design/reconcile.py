"""What a load promises: rows, sums before and after every join, unique keys, unknowns counted, one current version."""

from __future__ import annotations

from dataeng_kit.design.append import GROWING, promises
from dataeng_kit.design.history import current_of, validity, versioned
from dataeng_kit.design.load import find
from dataeng_kit.design.plan import joins
from dataeng_kit.design.sql import Writer
from dataeng_kit.nouns import Attribute, Entity, Expectation
from dataeng_kit.nouns.references import parse


def expectations(writer: Writer) -> tuple[Expectation, ...]:
    """Return the reconciliations of a design, target by target."""
    found: list[Expectation] = []
    for e in writer.design.entities:
        if e.kind == "calendar":
            continue
        if e.kind in GROWING:
            found += promises(writer, e)
        elif e.kind == "junk" or e.detail.get("distinct"):
            found += _split(writer, e)
        else:
            found += [*_rows(writer, e), *_unique(writer, e), *_sums(writer, e), *_unknown(writer, e), *_intervals(writer, e)]
    return (*found, _again(writer))


def _again(writer: Writer) -> Expectation:
    """A second run leaves the same rows with the same values; numbers given to rows without a key are left out."""
    parts = []
    for e in writer.design.entities:
        kept = [a for a in e.attributes if a.lineage or a.role not in ("grain", "snapshot")]
        row = f"CAST(ROW({', '.join(writer.q(a.name) for a in kept)}) AS {writer.type('text')})"
        values = f"md5(string_agg(md5({row}), '' ORDER BY md5({row}))) AS d"
        parts.append(f"SELECT {writer.text(e.name)} AS t, count(*) AS n, {values} FROM {writer.table(e.name)}")
    digest = f"SELECT md5(string_agg(t || n || coalesce(d, ''), ' ' ORDER BY t)) FROM ({' UNION ALL '.join(parts)}) AS x"
    return Expectation("a second run leaves every row and value as it is", "idempotent", digest, digest)


def _accepted(writer: Writer, e: Entity) -> str:
    return f"{writer.stage(e)} AS s0 WHERE s0.{writer.reject(e)} IS NULL"


def _real(writer: Writer, e: Entity) -> str:
    surrogate = next((a for a in e.attributes if a.role == "surrogate"), None)
    return f"{writer.table(e.name)}" + (f" WHERE {writer.q(surrogate.name)} <> -1" if surrogate else "")


def _rows(writer: Writer, e: Entity) -> list[Expectation]:
    source = e.sources[0]
    refused = f"(SELECT count(*) FROM {writer.quarantine} WHERE entity = {writer.text(e.name)})"
    kept = f"SELECT count(*) FROM {_real(writer, e)}"
    if versioned(e):  # versions of the past and members that the source dropped stay: the current ones are counted
        kept = f"SELECT count(*) FROM {_accepted(writer, e)} AND EXISTS ({current_of(writer, e)})"
    return [
        Expectation(
            f"every row of {source} is in {e.name} or in quarantine",
            "rows",
            f"SELECT count(*) FROM {writer.source(source)}",
            f"SELECT ({kept}) + {refused}",
        )
    ]


def _unique(writer: Writer, e: Entity) -> list[Expectation]:
    names = [a.name for a in e.attributes if a.role in ("natural_key", "grain", "snapshot")]
    if versioned(e):
        names += [a.name for a in e.attributes if a.role == "validity" and a.name.startswith("valid_from")]
    if not names or not e.detail.get("key_columns"):
        return []
    columns = ", ".join(writer.q(n) for n in names)
    return [
        Expectation(
            f"{e.name}: its grain ({', '.join(names)}) is unique",
            "unique",
            f"SELECT count(*) FROM {_real(writer, e)}",
            f"SELECT count(*) FROM (SELECT DISTINCT {columns} FROM {_real(writer, e)}) AS x",
        )
    ]


def _sums(writer: Writer, e: Entity) -> list[Expectation]:
    found = []
    for a in e.attributes:
        if a.role != "measure":
            continue
        after = f"SELECT coalesce(sum({writer.q(a.name)}), 0) FROM {writer.table(e.name)}"
        if not a.expression:
            before = f"SELECT coalesce(sum({writer.column('s0', parse(a.lineage[0])[-1])}), 0) FROM {_accepted(writer, e)}"
            found.append(Expectation(f"{a.name}: total before the joins = total in {e.name}", "sum", before, after))
        elif a.name.endswith("_allocated"):
            found.append(
                Expectation(
                    f"{a.name}: the headers' total, each header once = total in {e.name}", "sum", _headers(writer, e, a), after
                )
            )
    return found


def _headers(writer: Writer, e: Entity, a: Attribute) -> str:
    table, column = parse(a.lineage[0])
    chain = joins(e)
    join = next(j for j in chain if j.table == table)
    pairs = " AND ".join(
        writer.equal(writer.column("h", p), writer.type_of(table, p), writer.column("s0", c), writer.type_of(e.sources[0], c))
        for c, p in join.on
    )
    lined = f"EXISTS (SELECT 1 FROM {_accepted(writer, e)} AND {pairs})"
    return f"SELECT coalesce(sum({writer.column('h', column)}), 0) FROM {writer.source(table)} AS h WHERE {lined}"


def _unknown(writer: Writer, e: Entity) -> list[Expectation]:
    """For each key of a fact: rows at the unknown member = rows whose reference is empty or an orphan, measured at the source."""
    found = []
    for look in e.detail.get("lookups", ()):
        dimension = writer.design.entity(look["dimension"])
        if look.get("nulls") or not look["on"]:
            continue
        right = _unmatched_dates(writer, e, look, dimension) if look.get("date") else _unmatched(writer, e, look, dimension)
        left = f"SELECT count(*) FROM {writer.table(e.name)} WHERE {writer.q(look['attribute'])} = -1"
        what = "no date in the calendar" if look.get("date") else f"no {dimension.sources[0]} (empty or orphan)"
        found.append(Expectation(f"{e.name}.{look['attribute']}: rows with {what} are the unknown ones", "orphans", left, right))
    return found


def _from(writer: Writer, e: Entity, upto: str) -> str:
    needed = [j for j in joins(e) if int(j.alias[1:]) <= int(upto[1:])]
    return "\n".join([f"{writer.stage(e)} AS s0", *(writer.join(e, j) for j in needed)])


def _unmatched_dates(writer: Writer, e: Entity, look: dict[str, list[list[str]]], calendar: Entity) -> str:
    side, column, _ = look["on"][0]
    day = f"CAST({writer.column(side, column)} AS {writer.type('date')})"
    outside = f"{day} NOT BETWEEN '{calendar.detail['first']}' AND '{calendar.detail['last']}'"
    return f"SELECT count(*) FROM {_from(writer, e, side)}\nWHERE s0.{writer.reject(e)} IS NULL AND ({day} IS NULL OR {outside})"


def _unmatched(writer: Writer, e: Entity, look: dict[str, list[list[str]]], dimension: Entity) -> str:
    tables = {"s0": e.sources[0], **{j.alias: j.table for j in joins(e)}}
    same = []
    for side, column, there in look["on"]:
        origin = find(dimension, there).lineage
        table, name = parse(origin[0]) if origin else (dimension.sources[0], there)
        same.append(
            writer.equal(
                writer.column("p", name),
                writer.type_of(table, name),
                writer.column(side, column),
                writer.type_of(tables[side], column),
            )
        )
    side = look["on"][0][0]
    keys = [parse(r)[-1] for r in dimension.grain]
    known = " AND ".join([*same, *(f"{writer.column('p', k)} IS NOT NULL" for k in keys)])
    return (
        f"SELECT count(*) FROM {_from(writer, e, side)}\nWHERE s0.{writer.reject(e)} IS NULL"
        f" AND NOT EXISTS (SELECT 1 FROM {writer.source(dimension.sources[0])} AS p WHERE {known})"
    )


def _intervals(writer: Writer, e: Entity) -> list[Expectation]:
    names = validity(writer, e)
    if not names or not e.natural_key:
        return []
    keys = ", ".join(writer.q(n) for n in e.natural_key)
    table, begin, end = _real(writer, e), names["valid_from"], names["valid_to"]
    ordered = f"SELECT {begin} AS b, lag({end}) OVER (PARTITION BY {keys} ORDER BY {begin}) AS before FROM {table}"
    return [
        Expectation(
            f"{e.name}: one current row per {', '.join(e.natural_key)}",
            "intervals",
            f"SELECT count(*) FROM (SELECT DISTINCT {keys} FROM {table}) AS x",
            f"SELECT count(*) FROM {table} AND {names['is_current']}",
        ),
        Expectation(
            f"{e.name}: versions neither overlap nor leave gaps",
            "intervals",
            f"SELECT count(*) FROM ({ordered}) AS x WHERE before IS NOT NULL AND before <> b",
            "SELECT 0",
        ),
    ]


def _split(writer: Writer, e: Entity) -> list[Expectation]:
    """A split is lossless when joining back gives every value again, and its rows are the distinct determinants."""
    natural = [a for a in e.attributes if a.role == "natural_key"]
    if e.kind == "junk":
        return []
    source, key = writer.source(e.sources[0]), writer.column("s", parse(natural[0].lineage[0])[-1])
    others = [a for a in e.attributes if a.role == "attribute"]
    differ = " OR ".join(f"{writer.column('s', parse(a.lineage[0])[-1])} IS DISTINCT FROM p.{writer.q(a.name)}" for a in others)
    back = f"{source} AS s LEFT JOIN {writer.table(e.name)} AS p ON p.{writer.q(natural[0].name)} = {key}"
    single = Expectation(
        f"{e.name}: one row per {natural[0].name}",
        "unique",
        f"SELECT count(*) FROM {_real(writer, e)}",
        f"SELECT count(DISTINCT {key}) FROM {source} AS s",
    )
    if e.detail.get("exceptions"):
        return [single]
    return [
        single,
        Expectation(
            f"{e.name}: joining it back to {e.sources[0]} loses nothing",
            "rows",
            f"SELECT count(*) FROM {back} WHERE {key} IS NOT NULL AND ({differ})",
            "SELECT 0",
        ),
    ]
