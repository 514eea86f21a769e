"""The wide-column design: a table per way of reading, its partition bounded by a time bucket from measured rate and skew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from dataeng_kit import recipes
from dataeng_kit.design import access
from dataeng_kit.design.access import YEARS, Access, days, fields, row_width, sensitive, source, value
from dataeng_kit.design.reading import read
from dataeng_kit.design.sizing import human
from dataeng_kit.design.words import snake, unique
from dataeng_kit.errors import NotApplicable
from dataeng_kit.nouns import Attribute, Cell, Design, Entity, Evidence, Expectation
from dataeng_kit.nouns.references import fact_id, write
from dataeng_kit.recipes import Code
from dataeng_kit.technologies.duckdb import DuckDB
from dataeng_kit.technologies.store import Store

BUCKETS = {"": 0.0, "year": 365.25, "quarter": 91.3, "month": 30.4, "week": 7.0, "day": 1.0, "hour": 1 / 24}
"""Time buckets, coarsest first, and their days; the first stands for none."""
BUCKET = "time_bucket"


@dataclass(frozen=True)
class Partition:
    """What was chosen for one way of reading: the bucket, the rows of its fullest partition in time, and the arithmetic."""

    bucket: str
    rows: float
    said: str


def design(evidence: Evidence) -> Design:
    """Return a table per way of reading; raises `NotApplicable` when nothing is read by a key or a reference."""
    tables, store = read(evidence), access.chosen(evidence, "wide_column")
    ways = access.accesses(tables)
    if not ways:
        raise NotApplicable(f"No key and no reference was measured in {evidence.name}", "Name a key, then ask again")
    entities: list[Entity] = []
    for a in ways:
        entities.append(_table(evidence, a, store, [e.name for e in entities]))
    ttl, at = access.kept(evidence)
    dated = [a.table.name for a in ways if a.moment]
    return Design(
        "wide_column", store.id, tuple(entities), f"Wide columns of {evidence.name}",
        (f"1. Ways of reading: {'; '.join(a.said for a in ways)}",
         "2. One table each, rows written to all of them; the partition key is what a reader gives, the clustering key the order",
         f"3. Rows live {ttl:,} s ({at})" if ttl else "3. No retention is stated: rows stay"),
        tuple(e.detail["sizing"] for e in entities),
        ("one table with secondary indexes: each read asks every node", "materialised views: the maker marks them experimental"),
        (*access.privacy(tables.values(), "the writer stores a keyed hash, readers see no more"),
         *(("a row's life is counted from its write: backfilled rows need USING TTL with what is left of it",) if ttl else ()),
         f"{len(entities)} tables hold copies: a change to one row is {len(entities)} writes at most, not one transaction"),
        () if ttl else tuple(f"How long is a row of {n} kept?" for n in dict.fromkeys(dated)),
        (access.verdict(evidence, store),),
    )  # fmt: skip


def _table(evidence: Evidence, a: Access, store: type[Store], taken: list[str]) -> Entity:
    t, names = a.table, fields(a.table)
    chosen = _partition(evidence, a, store)
    wanted = store.fit(access.plain(snake(t.name, "by", *(a.by if len(a.by) < 3 else ("key",)))))
    name = unique(wanted, taken)
    made = access.entity(name, "wide_column_table", t, store, a.by, a.said, a.facts)
    mark = Attribute(
        BUCKET,
        _bucket_type(chosen.bucket),
        (write(t.name, a.moment),),
        nullable=False,
        role="bucket",
        note=f"first day of the {chosen.bucket}",
    )
    identity = list(t.profile.primary_key or ())
    rest = [c for c in ([a.moment] if a.moment else []) + identity if c not in a.by]
    content = not identity
    decision = _decision(a, chosen, name, store)
    return replace(
        made,
        attributes=(*made.attributes, *((mark,) if chosen.bucket else ()), *((_row_id(a),) if content else ())),
        partition=", ".join([*(names[c] for c in a.by), *((BUCKET,) if chosen.bucket else ())]),
        detail={
            "by": list(a.by), "moment": a.moment, "bucket": chosen.bucket, "clustering": rest, "content": content,
            "sizing": f"{name}: {chosen.said}", "ttl": access.kept(evidence)[0], "decisions": [decision] if decision else [],
        },
    )  # fmt: skip


def _bucket_type(bucket: str) -> str:
    return "datetime" if bucket == "hour" else "date"


def _row_id(a: Access) -> Attribute:
    lineage = tuple(write(a.table.name, c.name) for c in a.table.profile.columns)
    return Attribute("row_id", "text", lineage, nullable=False, role="surrogate", note="number of the row: no key was measured")


def _partition(evidence: Evidence, a: Access, store: type[Store]) -> Partition:
    """Return the coarsest bucket whose fullest partition stays in both limits over the years ahead, with the arithmetic."""
    wide = row_width(a.table, store.limits["cell_bytes"])
    most_rows, most_bytes = store.limits["partition_rows"], store.limits["partition_bytes"]
    limit = min(most_rows, most_bytes / wide)
    if not a.moment:
        return Partition("", a.most, f"{a.most:,} rows at most × {wide} bytes = {human(a.most * wide)}: one partition each")
    ttl = access.kept(evidence)[0] / 86_400 or YEARS * 365.25
    span = days(a.table)
    a_day = a.most / span
    horizon = max(ttl, span)
    reach = {b: a_day * (length or horizon) for b, length in BUCKETS.items()}
    finest = "hour" if a.table.profile.column(a.moment).type == "datetime" else "day"
    bucket = next((b for b, ahead in reach.items() if ahead <= limit and BUCKETS[b] != BUCKETS["hour"]), finest)
    ahead, length = reach[bucket], BUCKETS[bucket]
    period = f"a {bucket} of {length:g} days" if bucket else f"{horizon:,.0f} days"
    said = (
        f"the fullest {a.parent or 'key'} has {a.most:,} rows in {span:,.0f} days = {a_day:,.2f} a day × {period} "
        f"= {ahead:,.0f} rows × {wide} bytes = {human(ahead * wide)}, limit {limit:,.0f} rows"
    )
    return Partition(bucket, ahead, said)


def _decision(a: Access, p: Partition, name: str, store: type[Store]) -> dict[str, Any] | None:
    if not a.moment or not a.parent:
        return None
    t, limit = a.table, store.limits["partition_rows"]
    grown = round(t.profile.rows * max(2.0, 40 * limit / max(1.0, p.rows)))
    return {
        "subject": name, "slug": "partition", "question": f"What is one partition of {name}?",
        "choice": f"one {a.parent}" + (f" and {p.bucket} of {a.moment}" if p.bucket else ", all its time"), "why": p.said,
        "alternatives": [f"a day of all {t.name}: {t.profile.rows / days(t):,.1f} rows; a read of one {a.parent} meets each day"],
        "flips": [(fact_id("rows", t.name), grown)],
        "flips_if": f"the fullest {a.parent} gets {limit / max(1.0, p.rows):,.1f} times as many rows of {t.name}",
    }  # fmt: skip


def cells(design: Design, evidence: Evidence) -> tuple[Cell, ...]:
    """Return the CQL of all tables with their queries, and the DuckDB twin that measures every partition."""
    store = access.chosen(evidence, "wide_column")
    found = recipes.find(f"{store.id}/tables")
    keyspace = access.plain(snake(evidence.name))
    bound = [_cql(e, store) for e in design.entities]
    facts = tuple(dict.fromkeys(f for e in design.entities for f in e.facts))
    id = f"model.wide_column.{store.id}"
    promised = (
        Expectation("statements that the grammar accepts", "rows", "statements", "accepted"),
        Expectation("queries that give the whole partition key", "rows", "queries", "keyed"),
    )
    text = recipes.render(found.id, {"keyspace": Code(store.named(keyspace)), "tables": bound})
    own = Cell(
        f"{id}.tables", found.id, store.id, store.language, f"{design.title}: {found.title}", found.purpose, text,
        f"{store.id}/wide_column/tables.cql", (), promised, facts, found.serves, id,
    )  # fmt: skip
    return own, _twin(design, evidence, store, facts)


def _cql(e: Entity, store: type[Store]) -> dict[str, Any]:
    detail = e.detail
    q = {a.name: Code(store.named(a.name)) for a in e.attributes}
    by_source = {a.lineage[0]: q[a.name] for a in e.attributes if a.role not in ("bucket", "surrogate")}
    table = e.sources[0]
    partition = [by_source[write(table, c)] for c in detail["by"]] + ([q[BUCKET]] if detail["bucket"] else [])
    rest = [by_source[write(table, c)] for c in detail["clustering"]] + ([q["row_id"]] if detail["content"] else [])
    newest = bool(detail["moment"]) and detail["moment"] in detail["clustering"]
    columns = [(q[a.name], Code(store.type_name(a.type)), Code(_lineage(a))) for a in e.attributes]
    order = [(c, Code("DESC" if n == 0 and newest else "ASC")) for n, c in enumerate(rest)]
    key = Code(f"({', '.join(partition)})" if len(partition) > 1 else partition[0])
    return {
        "name": Code(store.named(e.name)), "columns": columns, "partition": partition, "key": Code(", ".join([key, *rest])),
        "order": order, "ttl": detail["ttl"], "timed": newest, "said": Code(" ".join(e.grain_sentence.split())),
        "window_days": 1 if detail["bucket"] in ("hour", "day") else 30,
    }  # fmt: skip


def _lineage(a: Attribute) -> str:
    ours = "; " + a.note if a.note.startswith("protected") or a.role in ("bucket", "surrogate") else ""
    return " ".join("".join(c if c.isprintable() else " " for c in ", ".join(a.lineage[:3]) + ours).split())


def _twin(design: Design, evidence: Evidence, store: type[Store], facts: tuple[str, ...]) -> Cell:
    """Each table as a view over the case's rows: what its partitions hold, and whether a row would overwrite another."""
    tables, lines, promised = read(evidence), ["CREATE SCHEMA IF NOT EXISTS wide_column;"], list[Expectation]()
    for e in design.entities:
        t, detail = tables[e.sources[0]], e.detail
        names, view = fields(t), f"wide_column.{DuckDB.quote(e.name)}"
        need = [*detail["by"], *([detail["moment"]] if detail["moment"] else [])]
        picks = [f"{value(t, c)} AS {DuckDB.quote(n)}" for c, n in names.items()]
        if detail["bucket"]:
            cast = f"CAST({DuckDB.quote(detail['moment'])} AS TIMESTAMP)"
            cast = f"date_trunc({DuckDB.literal(detail['bucket'])}, {cast})"
            picks.append(f"CAST({cast} AS {DuckDB.type_name(_bucket_type(detail['bucket']))}) AS {BUCKET}")
        if detail["content"]:
            picks.append("CAST(row_number() OVER () AS VARCHAR) AS row_id")
        sql = f"SELECT {', '.join(picks)} FROM {source(t.name)} WHERE {access.present(need)}"
        lines.append(f"{DuckDB.comment(e.grain_sentence)}\nCREATE OR REPLACE VIEW {view} AS\n{sql};")
        partition = ", ".join([*(DuckDB.quote(names[c]) for c in detail["by"]), *([BUCKET] if detail["bucket"] else [])])
        rest = [*(DuckDB.quote(names[c]) for c in detail["clustering"]), *(["row_id"] if detail["content"] else [])]
        key = ", ".join([partition, *rest])
        missing = f"(SELECT count(*) FROM {source(t.name)} WHERE NOT ({access.present(need)}))"
        promised += [
            Expectation(f"{e.name}: rows and rows without its key are the rows of {t.name}", "rows",
                        f"SELECT count(*) FROM {source(t.name)}", f"SELECT (SELECT count(*) FROM {view}) + {missing}"),
            Expectation(f"{e.name}: no row overwrites another", "unique", f"SELECT count(*) FROM {view}",
                        f"SELECT count(*) FROM (SELECT DISTINCT {key} FROM {view}) AS x"),
            Expectation(f"{e.name}: rows of the fullest partition", "rows",
                        f"SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM {view} GROUP BY {partition}) AS x",
                        f"SELECT {store.limits['partition_rows']:.0f}", "<="),
        ]  # fmt: skip
    id = f"model.wide_column.duckdb.{store.id}"
    hidden = [write(t.name, c) for t in tables.values() for c in sensitive(t)]
    why = f"Measures on the case's own rows what each partition of {store.title} would hold"
    why += f"; {len(hidden)} protected fields are hashed by the writer, not here" if hidden else ""
    reads = tuple(dict.fromkeys(e.sources[0] for e in design.entities))
    return Cell(
        id, "wide_column/partitions", "duckdb", "sql", f"{design.title}: partitions measured in DuckDB", why,
        "\n\n".join(lines) + "\n", f"duckdb/wide_column/{store.id}.sql", (), tuple(promised), facts, (), id, reads,
    )  # fmt: skip
