"""Uniqueness: rows, keys and entities that appear more than once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from dataeng_kit.findings.rule import Hit, Look, rule
from dataeng_kit.nouns import ColumnProfile, TableProfile
from dataeng_kit.nouns.references import fact_id, write
from dataeng_kit.profile.laws.words import is_identifier, says

_LIMIT = 2_000_000


def _repeated(look: Look, table: str, columns: tuple[str, ...], keys: tuple[str, ...] = ()) -> tuple[int, int, str]:
    """Return (rows beyond the first of their value, values that repeat, query of those rows).

    *keys*: expressions over alias t that are compared instead of the columns themselves.
    """
    scope = look.scope
    names = [scope.name(table, c, "t") for c in columns]
    filled = " AND ".join(f"{n} IS NOT NULL" for n in names)
    by, relation = ", ".join(keys or names), scope.relation(table)
    groups = f"SELECT {by}, count(*) AS n FROM {relation} AS t WHERE {filled} GROUP BY {by} HAVING count(*) > 1"
    row = scope.rows(table, f"SELECT coalesce(sum(n - 1), 0), count(*) FROM ({groups}) AS g")[0]
    ranked = f"SELECT t.*, row_number() OVER (PARTITION BY {by} ORDER BY {by}) AS copy FROM {relation} AS t WHERE {filled}"
    return int(row[0]), int(row[1]), f"SELECT * FROM ({ranked}) AS t WHERE copy > 1"


@rule("uniqueness")
def duplicate_rows(look: Look) -> Iterator[Hit]:
    """{failing} of {of} rows of {table} are exact copies of another row.

    Criterion: a table records each thing once; without a key nothing else tells two rows apart (convention).
    Cause: a file loaded twice, or an export that joined one to many (opinion).
    Consequence: every sum and count over {table} is too high by these rows.
    Do: remove the copies before anything is added up, and find where they arise.
    Ask: Is a repeated row a second event, or the same one twice?
    """
    for table in look.tables:
        if table.duplicates and len(table.columns) >= 2:
            failing, _, query = _all_columns(look, table)
            harm = "figure" if len(table.columns) >= 3 else "question"  # a list of pairs may repeat by nature
            yield Hit(table.name, (), failing, table.rows, query, harm, facts=(fact_id("duplicates", table.name),))


def _all_columns(look: Look, table: TableProfile) -> tuple[int, int, str]:
    """Return the same as `_repeated` over all columns, where two missing values count as equal."""
    scope = look.scope
    order = ", ".join(scope.name(table.name, c.name, "t") for c in table.columns)
    ranked = (
        f"SELECT t.*, row_number() OVER (PARTITION BY {order} ORDER BY {order}) AS copy FROM {scope.relation(table.name)} AS t"
    )
    return int(table.duplicates or 0), 0, f"SELECT * FROM ({ranked}) AS t WHERE copy > 1"


@rule("uniqueness")
def almost_key(look: Look) -> Iterator[Hit]:
    """{table}.{column} looks like a key but {failing} of {of} rows repeat a value.

    Criterion: a column named like an identifier that is unique in 99 % of the rows or more is taken for a key by every reader.
    Cause: a restarted counter, two sources merged, or a row delivered twice (opinion).
    Consequence: a join or an upsert on {column} doubles or overwrites these rows.
    Do: do not declare {column} a key; use {key}, and have the repeats corrected.
    Ask: Must {column} be unique, and which of the repeated rows is right?
    """
    for table in look.tables:
        for key in table.almost_keys:
            telling = len(key.columns) == 1 and (is_identifier(key.columns[0]) or _official(table.column(key.columns[0])))
            if key.repeats and (telling or set(key.columns) & look.linked(table.name)):
                failing, _, query = _repeated(look, table.name, key.columns)
                own = ", ".join(table.primary_key or ()) or "a surrogate key"
                subject = write(table.name, "+".join(key.columns))
                yield Hit(
                    table.name,
                    key.columns,
                    failing,
                    key.rows,
                    query,
                    "rule",
                    {"column": ", ".join(key.columns), "key": own},
                    subject,
                )


def _official(column: ColumnProfile) -> bool:
    """Return whether a label says that the column numbers people or things."""
    return column.label is not None and column.label.name in (
        "mrn",
        "national_id",
        "passport",
        "health_plan_id",
        "iban",
        "vin",
        "imei",
    )


@rule("uniqueness")
def no_key(look: Look) -> Iterator[Hit]:
    """{pair} is no key of {table}: {groups} of its values stand in more than one row ({failing} of {of} rows repeat one).

    Criterion: a table has a key; the identifiers of {table} are the natural candidate, and no other set of its columns is better.
    Cause: lines split or delivered twice, or a line number that the export left out (opinion).
    Consequence: no row can be addressed, so an update, a correction or a join on {pair} counts rows twice.
    Do: ask for the line's own identifier; until then aggregate to {pair} or add a surrogate row number at load.
    Ask: What makes a row of {table} one row?
    """
    for table in look.tables:
        if table.primary_key or table.rows < 50:
            continue
        found = _natural(look, table)
        told = found and (
            found[1] == table.duplicates or any(k.columns == found[0] and not k.columns[1:] for k in table.almost_keys)
        )
        if found and not told:  # whole copies and nearly unique columns are findings of their own
            columns, failing, groups, query = found
            pair = f"({', '.join(columns)})"
            subject = write(table.name, "+".join(columns))
            yield Hit(table.name, columns, failing, table.rows, query, "figure", {"pair": pair, "groups": f"{groups:,}"}, subject)


def _natural(look: Look, table: TableProfile) -> tuple[tuple[str, ...], int, int, str] | None:
    """Return the identifier or pair of identifiers that comes nearest to a key, from 90 % unique, with what it repeats."""
    linked = look.linked(table.name)
    telling = [
        c for c in table.columns if c.nulls <= 0.01 * c.rows and c.distinct >= 10 and (is_identifier(c.name) or c.name in linked)
    ]
    options = [(c,) for c in telling] + list(combinations(telling[:6], 2))
    best: tuple[tuple[str, ...], int, int, str] | None = None
    for option in options:
        room = 1
        for column in option:
            room *= column.distinct
        if room >= 0.9 * table.rows:
            names = tuple(c.name for c in option)
            failing, groups, query = _repeated(look, table.name, names)
            if 0 < failing <= 0.1 * table.rows and (best is None or failing < best[1]):
                best = (names, failing, groups, query)
    return best


@rule("uniqueness")
def same_content(look: Look) -> Iterator[Hit]:
    """{failing} of {of} rows of {table} repeat another row in everything but {key}.

    Criterion: two keys name two things; rows equal in all {number} other columns name one (convention).
    Cause: the same thing entered twice, or an event that may truly repeat (opinion).
    Consequence: one thing is counted under several keys.
    Do: compare the pairs, keep one of each, and map the other keys to it.
    Ask: May two rows of {table} differ in nothing but {key}?
    """
    for table in look.tables:
        key = table.primary_key or ()
        rest = tuple(c.name for c in table.columns if c.name not in key)
        filled = [c for c in table.columns if c.name in rest and c.filled >= 0.9 * table.rows]
        most = _LIMIT if look.profile.children(table.name) else _LIMIT // 10
        if len(key) != 1 or len(filled) < 3 or not 20 <= table.rows <= most:
            continue
        failing, _, query = _repeated(look, table.name, tuple(c.name for c in filled))
        others = [c for c in table.columns if c.name in rest and c not in filled and c.filled]
        if failing and not others:
            harm = "rule" if look.profile.children(table.name) and failing <= 0.1 * table.rows else "question"
            yield Hit(
                table.name,
                tuple(c.name for c in filled),
                failing,
                table.rows,
                query,
                harm,
                {"key": ", ".join(key), "number": len(rest)},
                write(table.name),
            )


@rule("uniqueness")
def same_person(look: Look) -> Iterator[Hit]:
    """{failing} of {of} rows of {table} look like a person or organisation that is already there: {how}.

    Criterion: {columns} together name one person (convention).
    Cause: the same person registered twice (opinion).
    Consequence: customers, patients or accounts are counted too high, and their history is split.
    Do: merge on these columns after review; keep the older key and map the other.
    Ask: Are these the same people?
    """
    for table in look.tables:
        if len(table.primary_key or ()) != 1 or not 20 <= table.rows <= _LIMIT:
            continue
        for columns, keys, how in _naming(look, table):
            failing, _, query = _repeated(look, table.name, columns, keys)
            if 0 < failing <= 0.1 * table.rows:
                yield Hit(
                    table.name, columns, failing, table.rows, query, "rule", {"how": how}, write(table.name, "+".join(columns))
                )


def _naming(look: Look, table: TableProfile) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], str]]:
    """Yield column sets that name a person, the expressions to compare, and what they compare in words.

    An e-mail without case and plus-tag; an official number; first letters of both names with birth date and one more trait.
    """
    key = set(table.primary_key or ())

    def labelled(*names: str) -> list[str]:
        return [
            c.name
            for c in table.columns
            if c.label and c.label.name in names and c.filled >= 0.5 * table.rows and c.name not in key
        ]

    def quoted(name: str) -> str:
        return look.name(table.name, name)

    duckdb = look.data.source(table.name).engine.technology.id == "duckdb"
    for name in labelled("email", "national_id", "passport", "mrn"):
        column = table.column(name)
        if column.distinct >= 0.9 * column.filled:
            root = (
                f"regexp_replace(lower(trim({quoted(name)})), '[+][^@]*@', '@')"
                if duckdb and column.type == "text"
                else quoted(name)
            )
            yield (name,), (root,), f"the same {name}"
    family, given, born = labelled("family_name", "full_name"), labelled("given_name"), labelled("date_of_birth")
    trait = labelled("postcode", "gender", "phone")[:1]
    if family and born and trait:
        letters = [f"lower(substr({quoted(n)}, 1, {2 if n == family[0] else 1}))" for n in (family[0], *given[:1])]
        columns = (*family[:1], *given[:1], born[0], *trait)
        yield (
            columns,
            (*letters, quoted(born[0]), quoted(trait[0])),
            f"the same {born[0]}, {trait[0]} and first letters of the name",
        )


@rule("uniqueness")
def case_variants(look: Look) -> Iterator[Hit]:
    """{failing} of {of} rows of {table} write {column} in a rarer spelling: {groups} values differ only in case or blanks.

    Criterion: one thing has one spelling in a column (convention).
    Cause: free entry, or sources with different habits (opinion).
    Consequence: groups by {column} split what belongs together.
    Do: normalise when reading; keep the original beside it.
    Ask: Do spellings that differ only in case or blanks mean the same?
    """
    for table, column in look.columns("text"):
        if (
            not 2 <= column.distinct <= 5_000
            or table.rows > _LIMIT
            or (column.max_length or 0) > 100
            or column.distinct > 0.5 * table.rows
        ):
            continue
        if column.label and column.label.name in ("password_hash", "api_key"):
            continue
        q = look.scope.name(table.name, column.name)
        relation = look.scope.relation(table.name)
        pairs = f"SELECT lower(trim({q})) AS k, {q} AS v, count(*) AS n FROM {relation} WHERE {q} IS NOT NULL GROUP BY 1, 2"
        placed = (
            f"SELECT k, v, n, row_number() OVER (PARTITION BY k ORDER BY n DESC, v) AS place FROM ({pairs}) AS p WHERE k <> ''"
        )
        groups, failing = look.scope.rows(
            table.name, f"SELECT count(DISTINCT k), coalesce(sum(n), 0) FROM ({placed}) AS r WHERE place > 1"
        )[0]
        if failing:
            on = f"JOIN ({placed}) AS r ON r.v = {look.name(table.name, column.name)}"
            shown = look.scope.shown(table.name, [column.name])
            query = f"SELECT {shown} FROM {look.scope.relation(table.name)} AS t {on} WHERE r.place > 1"
            harm = "cosmetic" if says(column.name, "describes") or not is_identifier(column.name) else "rule"
            yield Hit(table.name, (column.name,), int(failing), table.rows, query, harm, {"groups": int(groups)})
