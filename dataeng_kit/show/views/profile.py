"""The measured facts: tables, columns, keys and how tables hang together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dataeng_kit.nouns import ColumnProfile, Fact, ForeignKey, Law, Profile, Table, TableProfile
from dataeng_kit.nouns.references import write
from dataeng_kit.show.blocks import (
    Badge,
    Bar,
    Block,
    Code,
    Fold,
    Grid,
    Heading,
    Inline,
    Mono,
    Para,
    Spark,
    Strong,
    count,
    line,
    number,
    short,
)
from dataeng_kit.show.views.base import listed, query, view

COLUMNS_SHOWN = 60
_CODES = 30
"""Up to this many distinct values a number or date is shown as a list of codes, above it as a range."""


def null_bar(column: ColumnProfile) -> Inline:
    """Return the share of missing values as a bar, or a dash."""
    share = column.nulls / column.rows if column.rows else 0.0
    return Bar(share, f"{100 * share:.1f} %", "warn") if column.nulls else "–"


def values(column: ColumnProfile) -> Inline:
    """Return what the values look like: shares of the most frequent, or the range; only what the noun still holds."""
    listed_values = column.type in ("text", "boolean", "json") or column.distinct <= _CODES or column.min is None
    if column.top and column.distinct < column.filled and listed_values:
        shown = ", ".join(short(v, 18) for v, _ in column.top[:3])
        return Spark(tuple(float(n) for _, n in column.top[:10]), shown)
    if column.min is not None and column.max is not None:
        middle = f", half below {short(number(column.quantiles[2]), 22)}" if len(column.quantiles) == 5 else ""
        return f"{short(number(column.min), 22)} … {short(number(column.max), 22)}{middle}"
    return ""


def label(column: ColumnProfile) -> Inline:
    """Return the semantic label, marked when it is sensitive."""
    if column.label is None:
        return ""
    words = column.label.name.replace("_", " ")
    return Badge(f"{words} · sensitive", "bad") if column.label.sensitive else words


def column_grid(table: TableProfile, limit: int = COLUMNS_SHOWN, id: str = "") -> Grid:
    """Return one row per column, the key columns named."""
    key = set(table.primary_key or ())
    rows = tuple(
        (
            line(Strong(c.name), " ", Badge("key", "info")) if c.name in key else Strong(c.name),
            c.type,
            null_bar(c),
            ("" if c.distinct_method == "exact" else "≈ ") + number(c.distinct),
            values(c),
            label(c),
        )
        for c in table.columns[:limit]
    )
    return Grid(
        ("column", "type", "missing", "distinct", "values", "label"),
        rows,
        ("distinct",),
        max(0, len(table.columns) - limit),
        id=id,
    )


@view(TableProfile)
def table_profile(noun: TableProfile) -> Iterable[Block]:
    """One table: grain, key and columns."""
    yield Heading(noun.name, 3)
    yield Para(
        [
            f"{count(noun.rows, 'row')}, {count(len(noun.columns), 'column')}. ",
            noun.grain or "No key was found: the grain is unknown.",
        ]
    )
    yield column_grid(noun)
    yield from query(noun.grain_query, "Query that proves the grain (0 = holds)")


@view(Profile)
def profile(noun: Profile) -> Iterable[Block]:
    """All tables, then the relationships and rules between them."""
    total = sum(t.rows for t in noun.tables)
    yield Heading("Profile")
    yield Para(
        f"{count(len(noun.tables), 'table')}, {count(total, 'row')}, {count(len(noun.facts), 'fact')}, "
        f"each with the query that measures it again; measured by {noun.engine}."
    )
    rows = tuple(
        (
            Strong(t.name),
            number(t.rows),
            number(len(t.columns)),
            listed(t.primary_key or ()) if t.primary_key else "none",
            short(t.grain, 90),
        )
        for t in noun.tables
    )
    yield Grid(("table", "rows", "columns", "primary key", "one row is"), rows, ("rows", "columns"))
    if noun.foreign_keys:
        yield from relationships(noun.foreign_keys)
    if noun.laws:
        yield Fold(f"{count(len(noun.laws), 'rule')} the rows obey, or nearly", tuple(laws(noun.laws)))
    for table in noun.tables:
        yield Fold(
            [Strong(table.name), f"  {count(table.rows, 'row')}, {count(len(table.columns), 'column')}"],
            tuple(table_profile(table))[1:],
        )


@view(ForeignKey, many=True)
def relationships(nouns: Sequence[ForeignKey]) -> Iterable[Block]:
    """Child → parent with coverage and orphans."""
    rows = tuple(
        (
            Mono(" + ".join(write(k.table, c) for c in k.columns)),
            Mono(" + ".join(write(k.ref_table, c) for c in k.ref_columns)),
            Bar(k.coverage, f"{100 * k.coverage:.1f} %", "good" if k.orphans == 0 else "warn"),
            number(k.orphans),
            k.cardinality,
        )
        for k in nouns
    )
    yield Heading("Relationships", 3)
    yield Grid(("from", "to", "values found", "orphan rows", "shape"), rows, ("orphan rows",))


@view(Law, many=True)
def laws(nouns: Sequence[Law]) -> Iterable[Block]:
    """Rules with their exceptions."""
    rows = tuple(
        (short(x.rule, 160), f"{x.holds:,} of {x.of:,}", number(x.exceptions), x.standing.replace("_", " ")) for x in nouns
    )
    yield Grid(("rule", "holds", "exceptions", "standing"), rows, ("exceptions",))


@view(Fact)
def fact(noun: Fact) -> Iterable[Block]:
    """One measurement and its query."""
    yield Para([Mono(noun.id), " = ", Strong(number(noun.value)), f" ({noun.method}, {noun.engine})"])
    yield Code(noun.query, "sql")


@view(Table, many=True)
def tables(nouns: Sequence[Table]) -> Iterable[Block]:
    """How each source was read, with the reconciliation of its records."""
    rows = tuple(
        (
            Strong(t.name),
            short(t.source, 60),
            t.reading.format or "–",
            number(t.reading.rows),
            number(t.reading.rejected),
            Badge("all accounted for", "good") if t.reading.reconciled else Badge(f"{t.reading.lost:,} lost", "bad"),
            short("; ".join(t.reading.problems), 120),
        )
        for t in nouns
    )
    yield Heading("How the files were read", 3)
    yield Grid(("table", "source", "format", "rows", "rejected", "records", "problems"), rows, ("rows", "rejected"))


@view(Table)
def table(noun: Table) -> Iterable[Block]:
    """One source as it was read."""
    yield from tables((noun,))
    yield Grid(
        ("column", "type", "in the engine", "why"),
        tuple((Strong(c.name), c.type, Mono(c.native), c.evidence) for c in noun.columns),
    )
