"""What stores beside SQL are designed from: how rows are read, how wide they are, what is protected, and if one is needed."""

from __future__ import annotations

import datetime as dt
import pprint
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dataeng_kit import recipes, technologies
from dataeng_kit.design.dimensions import entity_name
from dataeng_kit.design.reading import TableReading
from dataeng_kit.design.sizing import ONE_MACHINE, WIDTH, bytes_of, growth, human
from dataeng_kit.design.sql import SOURCE
from dataeng_kit.design.target import target
from dataeng_kit.design.words import snake, unique
from dataeng_kit.nouns import Attribute, Cell, Design, Entity, Evidence, Expectation, ForeignKey, Statement
from dataeng_kit.nouns.references import fact_id, write
from dataeng_kit.recipes import Code
from dataeng_kit.technologies.duckdb import DuckDB
from dataeng_kit.technologies.store import Store

BUSY = 1_000_000
"""Rows a day from which one SQL server is no longer the obvious place (the threshold of the streaming cards)."""
YEARS = 3
"""Years ahead that a partition is sized for where no retention is stated."""
_YEAR = 365.25 * 86_400
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800, "month": _YEAR / 12, "year": _YEAR}


@dataclass(frozen=True)
class Access:
    """One way rows are read: those of ``table`` with given values of ``by``, newest first by ``moment``.

    ``parent`` is what ``by`` refers to (empty: the table's own key); ``p50, p99, most`` count the rows that one value meets.
    """

    table: TableReading
    by: tuple[str, ...]
    parent: str
    moment: str
    p50: float
    p99: float
    most: int
    facts: tuple[str, ...]

    @property
    def said(self) -> str:
        """Return the way of reading in words."""
        if not self.parent:
            return f"one row of {self.table.name} by {', '.join(self.by)}"
        newest = f", newest first by {self.moment}" if self.moment else ""
        return f"the rows of {self.table.name} of one {self.parent} ({', '.join(self.by)}){newest}"


def moment(t: TableReading) -> str:
    """Return the column that orders a table in time: its main time column when it dates events; empty without one."""
    typed = [
        c for c in t.of("date", "created") if t.profile.column(c).type in ("date", "datetime") and t.profile.column(c).filled
    ]
    main = t.profile.time.column if t.profile.time else ""
    return main if main in typed else (typed or [""])[0]


def accesses(tables: Mapping[str, TableReading]) -> tuple[Access, ...]:
    """Return how the tables are read: each by its measured key, and by each reference to another."""
    found = []
    for t in tables.values():
        rows = (fact_id("rows", t.name),)
        led = any(set(k.columns) < set(t.profile.primary_key or ()) for k in t.parents)  # its own key only narrows that read
        if t.profile.primary_key and t.profile.rows and not led:
            found.append(Access(t, t.profile.primary_key, "", "", 1, 1, 1, rows))
        for k in t.parents:
            if k.children_max and k.cardinality != "1:1":
                cited = (*rows, *([k.fact] if k.fact else []))
                found.append(Access(t, k.columns, k.ref_table, moment(t), k.children_p50, k.children_p99, k.children_max, cited))
    return tuple(found)


def chosen(evidence: Evidence, family: str) -> type[Store]:
    """Return the store that CLAUDE.md names among those of a kind, else the first."""
    own = [t for t in technologies.all().values() if issubclass(t, Store) and t.family == family]
    return next((t for t in own if evidence.context.uses(t.id)), own[0])


def verdict(evidence: Evidence, store: type[Store], asked: str = "") -> str:
    """Return the first sentence of a design: whether the case needs this store, with the numbers, and what is simpler.

    *asked*: what in the data speaks for it.
    """
    size, rate = bytes_of(evidence), growth(evidence)[0]
    case = f"{len(evidence.profile.tables)} tables, {human(size)} and {rate:,.0f} rows a day"
    known, mention = technologies.all().get(target(evidence)), evidence.context.uses(store.id)
    simple = store.simpler.format(engine=known.title if known else target(evidence))
    if size >= ONE_MACHINE or rate >= BUSY:
        return f"{store.title} is worth weighing: {case}" + (f"; {asked}" if asked else "")
    if mention:
        at = f"{mention.file}:{mention.line}"
        return f"{store.title} is named ({at}), so it is designed; {case} would not need it: {simple} does too"
    return f"{store.title} is not needed here: {case}, and no line of CLAUDE.md names it. Simpler: {simple}"


def sensitive(t: TableReading) -> tuple[str, ...]:
    """Return the columns of a table that are labelled personal or secret."""
    return tuple(c.name for c in t.profile.columns if c.label and c.label.sensitive)


def privacy(tables: Iterable[TableReading], treatment: str) -> tuple[str, ...]:
    """Return the sentence on protected fields of a design, with their count and names; nothing without any."""
    names = [write(t.name, c) for t in tables for c in sensitive(t)]
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    return (f"{len(names)} sensitive fields ({', '.join(names[:6])}{more}): {treatment}",) if names else ()


def fields(t: TableReading, columns: Iterable[str] | None = None) -> dict[str, str]:
    """Return source column → field name in a store: snake case, each once."""
    found: dict[str, str] = {}
    for c in columns if columns is not None else (c.name for c in t.profile.columns):
        found[c] = unique(snake(c), found.values())
    return found


def attributes(t: TableReading, store: type[Store], key: Iterable[str] = ()) -> tuple[Attribute, ...]:
    """Return the fields of one row with their lineage; a protected one is text, and says so."""
    hidden = sensitive(t)
    return tuple(
        Attribute(
            name, "text" if c in hidden else t.profile.column(c).type, (write(t.name, c),), nullable=c not in key,
            role=t.kinds[c], note="protected: keyed hash" if c in hidden else store.type_name(t.profile.column(c).type),
        )
        for c, name in fields(t).items()
    )  # fmt: skip


def named(t: TableReading) -> str:
    """Return what one row of a table is called."""
    return entity_name(t.name)


def row_width(t: TableReading, per_field: float = 0, names: bool = False) -> int:
    """Return the mean bytes of a row's values, *per_field* more for each, and the length of its name where a store repeats it."""
    found = 0.0
    for c in t.profile.columns:
        text = c.mean_length or 8
        own = 64 if c.name in sensitive(t) else WIDTH[c.type] if c.type in WIDTH else text
        found += own + per_field + (len(snake(c.name)) if names else 0)
    return max(1, round(found))


def days(t: TableReading) -> float:
    """Return the days that a table's main time column spans, at least one."""
    time = t.profile.time
    if time is None:
        return 1.0
    begin, end = (dt.date.fromisoformat(x[:10]) for x in (time.start, time.end))
    return float(max(1, (end - begin).days + 1))


def stated(said: Iterable[Statement]) -> list[tuple[int, str]]:
    """Return every stated span in seconds with its line."""
    return [
        (max(1, round(s.value * _SECONDS[unit])), f"{s.file}:{s.line}")
        for s in said
        if isinstance(s.value, int | float) and (unit := str(s.unit).lower().rstrip("s")) in _SECONDS
    ]


def kept(evidence: Evidence) -> tuple[int, str]:
    """Return the longest stated retention in seconds and its line; (0, "") when none is stated."""
    return max(stated(evidence.context.retention), default=(0, ""))


def value(t: TableReading, column: str, alias: str = "") -> str:
    """Return a column as the generated scripts read it: whole types as they are, zones left off, the rest as text."""
    sql, type = f"{alias}{DuckDB.quote(column)}", t.profile.column(column).type
    if type == "datetime":
        return f"CAST({sql} AS TIMESTAMP)"
    return sql if type in ("integer", "number", "decimal", "date", "boolean", "binary") else f"CAST({sql} AS VARCHAR)"


def select(t: TableReading, columns: Iterable[str] | None = None, where: str = "") -> str:
    """Return the query of a table's rows under their field names."""
    picks = ", ".join(f"{value(t, c)} AS {DuckDB.quote(n)}" for c, n in fields(t, columns).items())
    return f"SELECT {picks} FROM {source(t.name)}" + (f" WHERE {where}" if where else "")


def source(table: str) -> str:
    """Return a source table as every scratch workspace knows it."""
    return f"{SOURCE}.{DuckDB.quote(table)}"


def present(columns: Iterable[str]) -> str:
    """Return the condition that all columns are filled."""
    return " AND ".join(f"{DuckDB.quote(c)} IS NOT NULL" for c in columns)


def counted(name: str, left: str, relation: str = "=", kind: str = "rows", said: str = "") -> Expectation:
    """Return the promise that the query *left* stands in *relation* to what a script counted under *name*."""
    return Expectation(said or name, kind, left, f"SELECT n FROM counts WHERE name = {DuckDB.literal(name)}", relation)


def code(spec: object) -> Code:
    """Return plain values as Python source: text of the case becomes string literals."""
    return Code(pprint.pformat(spec, width=120, sort_dicts=False))


def script(
    design: Design, recipe: str, spec: object, promised: Iterable[Expectation], reads: Iterable[str], store: type[Store]
) -> Cell:
    """Return the Python cell of a design: the recipe's script over the design as data, with its promises."""
    found = recipes.find(recipe)
    text = recipes.render(recipe, {"rows": Code(recipes.render("stores/rows", {})), "spec": code(spec)})
    id = f"model.{design.kind}.{store.id}"
    facts = tuple(dict.fromkeys(f for e in design.entities for f in e.facts))
    return Cell(
        f"{id}.load", recipe, store.id, "python", f"{design.title}: {found.title}", found.purpose, text,
        f"{store.id}/{design.kind}/load.py", (), tuple(promised), facts, found.serves, id, tuple(dict.fromkeys(reads)),
    )  # fmt: skip


def entity(
    name: str,
    kind: str,
    t: TableReading,
    store: type[Store],
    key: Iterable[str],
    sentence: str,
    facts: Iterable[str],
    **detail: Any,
) -> Entity:
    """Return one collection, table, key family, index or topic, with the lineage of every field."""
    columns = tuple(key)
    names = fields(t)
    return Entity(
        name, kind, (t.name,), attributes(t, store, columns), tuple(names[c] for c in columns), (),
        tuple(write(t.name, c) for c in columns), sentence, facts=tuple(dict.fromkeys((fact_id("rows", t.name), *facts))),
        detail=detail,
    )  # fmt: skip


def plain(name: str) -> str:
    """Return a name of ASCII letters, digits and underscores: others are spelled by their code points, a first digit is led."""
    text = "".join(c if c.isascii() and (c.isalnum() or c == "_") else f"_u{ord(c):x}" for c in name)
    return text if not text[:1].isdigit() else f"_{text}"


def meets(k: ForeignKey, tables: Mapping[str, TableReading]) -> bool:
    """True when a reference leads to the measured key of its table."""
    return set(k.ref_columns) == set(tables[k.ref_table].profile.primary_key or ())
