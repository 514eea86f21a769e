"""Completeness: what is missing, and whether the gap means something."""

from __future__ import annotations

from collections.abc import Iterator

from dataeng_kit.findings.rule import Hit, Look, plural, rule
from dataeng_kit.nouns import ColumnProfile, TableProfile
from dataeng_kit.nouns.references import fact_id
from dataeng_kit.profile.laws.words import is_identifier, says


def _explained(look: Look) -> set[tuple[str, str]]:
    """Return the columns whose gaps a law explains: conditional blanks, flags, ends of intervals."""
    found = {(law.table, str(law.detail.get("blank"))) for law in look.laws("conditional_blank", False) if not law.exceptions}
    return found | {(t.name, c.name) for t in look.tables for c in t.columns if says(c.name, "end")}


def _gap(look: Look, table: TableProfile, column: ColumnProfile, harm: str = "rule") -> Hit:
    query = look.where(table.name, (column.name,), f"{look.name(table.name, column.name)} IS NULL")
    return Hit(
        table.name, (column.name,), column.nulls, table.rows, query, harm, facts=(fact_id("nulls", table.name, column.name),)
    )


@rule("completeness")
def missing_identifier(look: Look) -> Iterator[Hit]:
    """{failing} of {of} rows of {table} name no {column}.

    Criterion: an identifier that relates a row to something else is expected in every row (convention; nobody stated
    an exception).
    Cause: guests, manual entries or an optional step of the process (opinion).
    Consequence: these rows fall out of every count and total per {column}.
    Do: decide on a documented 'unknown' member, or find the missing values at the source.
    Ask: Is a row without {column} allowed, and what does it stand for?
    """
    explained = _explained(look)
    for table, column in look.columns("integer", "number", "text"):
        telling = is_identifier(column.name) or column.name in look.linked(table.name)
        main = column.filled >= 0.5 * table.rows and column.distinct >= 20 and column.nulls >= 0.01 * table.rows
        if (
            telling
            and main
            and table.rows >= 100
            and (table.name, column.name) not in explained
            and not _self(look, table, column)
        ):
            optional = (
                any(column.name in k.columns for k in look.profile.parents(table.name)) and column.nulls > 0.05 * table.rows
            )
            yield _gap(look, table, column, "question" if optional else "rule")


def _self(look: Look, table: TableProfile, column: ColumnProfile) -> bool:
    return any(column.name in k.columns and k.ref_table == table.name for k in look.profile.parents(table.name))


@rule("completeness")
def missing_measure(look: Look) -> Iterator[Hit]:
    """{failing} of {of} rows of {table} have no {column}.

    Criterion: a quantity or amount that most rows carry is expected in all of them (convention).
    Cause: a value that was not known at the time, or lost on the way (opinion).
    Consequence: totals of {column} leave these rows out silently, and averages shift.
    Do: say in the definition of each figure how a missing {column} counts.
    Ask: Does an empty {column} mean zero, unknown or not applicable?
    """
    explained = _explained(look)
    for table, column in look.columns("integer", "number"):
        share = column.nulls / table.rows
        if (
            0.001 <= share <= 0.5
            and says(column.name, "measure")
            and table.rows >= 100
            and (table.name, column.name) not in explained
        ):
            yield _gap(look, table, column)


@rule("completeness")
def sparse_columns(look: Look) -> Iterator[Hit]:
    """{table} is incomplete in {number}: {columns}; {failing} of {of} rows lack at least one.

    Criterion: none known: nobody says which of these columns must be filled.
    Consequence: an analysis over these columns speaks for some of the rows only.
    Do: mark each column as required or optional in the contract of {table}.
    Ask: Which of these columns must be filled?
    """
    explained = _explained(look)
    for table in look.tables:
        gaps = [c for c in table.columns if 0.1 * table.rows < c.nulls < table.rows and (table.name, c.name) not in explained]
        if gaps and table.rows >= 20:
            condition = " OR ".join(f"{look.name(table.name, c.name)} IS NULL" for c in gaps)
            names = tuple(c.name for c in gaps)
            query = look.where(table.name, names, f"({condition})")
            failing = look.count(table.name, [condition])[0]
            yield Hit(
                table.name,
                names,
                failing,
                table.rows,
                query,
                "question",
                {"number": plural(len(gaps), "column")},
                subject=fact_id("sparse", table.name),
            )


@rule("completeness")
def almost_complete(look: Look) -> Iterator[Hit]:
    """{table}.{column} is filled in all but {failing} of {of} rows.

    Criterion: none stated: a column filled in nine of ten rows or more is taken for complete.
    Cause: an optional field, or a step that was skipped (opinion).
    Consequence: groups by {column} lose these rows or show them without a name.
    Do: name the missing group in reports; add a not-null test once the owner says that it is required.
    Ask: Must {column} be filled?
    """
    explained = _explained(look)
    for table, column in look.columns():
        told = is_identifier(column.name) or column.name in look.linked(table.name) or says(column.name, "measure")
        if 10 <= column.nulls <= 0.1 * table.rows and (table.name, column.name) not in explained and not told:
            yield _gap(look, table, column, "question")


@rule("completeness")
def open_ends(look: Look) -> Iterator[Hit]:
    """{failing} of {of} rows of {table} have no {column}: still open, or not recorded.

    Criterion: none stated: the name says that the column ends something.
    Consequence: an open end must be read as 'until now' in every question about a period.
    Do: keep it missing, and write every period filter so that a missing end counts as open.
    Ask: Does a missing {column} always mean 'still open'?
    """
    for table, column in look.columns("date", "datetime"):
        if says(column.name, "end") and 10 <= column.nulls < table.rows:
            yield _gap(look, table, column, "question")


@rule("completeness")
def empty_column(look: Look) -> Iterator[Hit]:
    """No value at all stands in {number} of {table}: {columns}.

    Criterion: none known: a column without values carries nothing.
    Cause: a feature that is not in use, or an export that lost the content (opinion).
    Do: leave them out of the model until somebody fills them.
    Ask: Are these columns expected to be empty?
    """
    for table in look.tables:
        names = tuple(c.name for c in table.columns if not c.filled)
        if names:
            condition = f"{look.name(table.name, names[0])} IS NULL"
            values = {"number": plural(len(names), "column")}
            yield Hit(
                table.name,
                names,
                table.rows,
                table.rows,
                look.where(table.name, names, condition),
                "question",
                values,
                fact_id("empty", table.name),
            )


@rule("completeness")
def empty_table(look: Look) -> Iterator[Hit]:
    """{table} has a header and no rows.

    Criterion: none known: a delivered table is expected to hold something.
    Cause: an export filter, or a table that is not used (opinion).
    Do: ask for the content, or leave the table out.
    Ask: Should {table} hold rows?
    """
    for table in look.profile.tables:
        if not table.rows and table.columns:
            yield Hit(table.name, (), 0, 0, f"SELECT * FROM {look.scope.relation(table.name)}", "question")


@rule("completeness")
def blank_text(look: Look) -> Iterator[Hit]:
    """{failing} of {of} values of {table}.{column} are blanks, not missing values.

    Criterion: 'no value' has one spelling in a column (convention).
    Cause: fixed-width exports and forms write blanks for nothing (opinion).
    Consequence: {column} passes a not-null test although it says nothing; a number among blanks reads as text.
    Do: turn blanks into missing values when reading.
    Ask: Does a blank {column} mean the same as a missing one?
    """
    for table, column in look.columns("text"):
        if column.blanks:
            query = look.where(table.name, (column.name,), f"trim({look.name(table.name, column.name)}) = ''")
            yield Hit(
                table.name,
                (column.name,),
                column.blanks,
                table.rows,
                query,
                "cosmetic",
                facts=(fact_id("blanks", table.name, column.name),),
            )


@rule("completeness")
def placeholder_text(look: Look) -> Iterator[Hit]:
    """{failing} of {of} rows of {table} hold a placeholder in {column}: {placeholders}.

    Criterion: 'unknown' is a missing value, not a text (convention).
    Cause: a form that does not accept an empty field (opinion).
    Consequence: the placeholder counts as a value of its own in every group and every distinct count.
    Do: read these texts as missing.
    Ask: Do these texts all mean 'unknown'?
    """
    for table, column in look.columns("text"):
        found = [(v, n) for v, n in column.sentinels if n < column.filled]
        if found:
            listed = ", ".join(look.scope.literal(table.name, v) for v, _ in found)
            query = look.where(table.name, (column.name,), f"{look.name(table.name, column.name)} IN ({listed})")
            failing = look.count(table.name, [f"{look.name(table.name, column.name)} IN ({listed})"])[0]
            values = {"placeholders": ", ".join(str(v) for v, _ in found[:4])}
            harm = "question" if column.distinct <= 10 and failing >= 0.5 * column.filled / column.distinct else "cosmetic"
            if failing:
                yield Hit(table.name, (column.name,), failing, table.rows, query, harm, values)


@rule("completeness")
def blank_means_something(look: Look) -> Iterator[Hit]:
    """In {table}, {law}: {empty} rows are empty for that reason, {differ} rows differ.

    Criterion: the other rows of the table keep to it.
    Cause: a value that does not exist yet, or does not apply (opinion).
    Consequence: filling these gaps with an average or a zero would invent values.
    Do: keep the gap, and write the rule into the contract as a conditional not-null test.
    Ask: Is this rule meant, and are the differing rows mistakes?
    """
    for law in look.laws("conditional_blank", exceptions=False):
        blank, when = str(law.detail["blank"]), str(law.detail["when"])
        column = look.profile.table(law.table).column(blank)
        telling = column.blanks or (column.type == "number" and "empty" in law.detail)
        if not law.exceptions and not telling:
            continue
        q = look.name(law.table, blank)
        missing = f"({q} IS NULL OR trim({q}) = '')" if column.blanks else f"{q} IS NULL"
        empty = column.nulls + column.blanks
        query = law.query if law.exceptions else look.where(law.table, (blank, when), missing)
        values = {"law": law.rule, "empty": f"{empty:,}", "differ": f"{law.exceptions:,}"}
        harm = "rule" if law.exceptions else "question"
        yield Hit(law.table, (blank, when), law.exceptions or empty, law.of, query, harm, values, facts=(law.fact,))


@rule("completeness")
def hollow_rows(look: Look) -> Iterator[Hit]:
    """{failing} of {of} rows of {table} are empty but for their key.

    Criterion: a row states at least one thing about what it names (convention).
    Cause: a stub that was never filled, or a footer of an export (opinion).
    Consequence: they count as rows in every total and say nothing.
    Do: leave them out, or ask for their content.
    Ask: What do rows without content stand for?
    """
    for table in look.tables:
        rest = [c for c in table.columns if c.name not in look.scope.key(table.name)]
        if len(rest) >= 3 and all(c.nulls for c in rest):
            condition = " AND ".join(f"{look.name(table.name, c.name)} IS NULL" for c in rest)
            failing = look.count(table.name, [condition])[0]
            if failing:
                yield Hit(table.name, (), failing, table.rows, look.where(table.name, (), condition), "rule")


@rule("completeness")
def parents_without_children(look: Look) -> Iterator[Hit]:
    """{failing} of {of} rows of {table} have no row in {child}, though nearly all others have.

    Criterion: none known: the rest of the table suggests that each has one.
    Cause: a partial extract of {child}, or a real exception (opinion).
    Consequence: an inner join from {table} to {child} loses them.
    Do: use an outer join where all of {table} must count.
    Ask: May a row of {table} exist without one in {child}?
    """
    for link in look.profile.foreign_keys:
        of = look.profile.table(link.ref_table).rows
        if (
            link.table != link.ref_table
            and 0 < link.parents_without <= 0.02 * of
            and look.data.together(link.table, link.ref_table)
        ):
            scope = look.scope
            pairs = zip(link.columns, link.ref_columns, strict=True)
            on = " AND ".join(f"{scope.name(link.table, c, 'c')} = {scope.name(link.ref_table, r, 't')}" for c, r in pairs)
            condition = f"NOT EXISTS (SELECT 1 FROM {scope.relation(link.table)} AS c WHERE {on})"
            query = look.where(link.ref_table, link.ref_columns, condition)
            failing = look.count(link.ref_table, [condition])[0]
            subject = f"{fact_id(link.table, link.ref_table)}"
            if failing:
                yield Hit(link.ref_table, link.ref_columns, failing, of, query, "question", {"child": link.table}, subject)
