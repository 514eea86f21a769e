"""Privacy: personal data where it harms most: in keys, in free text, unneeded secrets, and people who can be singled out."""

from __future__ import annotations

from collections.abc import Iterator

from dataeng_kit.findings.rule import Hit, Look, plural, rule
from dataeng_kit.nouns import ColumnProfile, Fact, ForeignKey, Label, TableProfile
from dataeng_kit.nouns.references import fact_id, parse, write
from dataeng_kit.profile.laws.words import says, split
from dataeng_kit.profile.semantics.anonymity import COUNTED, MOST, K, k_anonymity, quasi_identifiers

_DIRECT = (
    "national_id",
    "passport",
    "driver_licence",
    "health_plan_id",
    "mrn",
    "iban",
    "bank_account",
    "credit_card",
    "email",
    "phone",
    "full_name",
)
_NO_KEYS = (
    "full_name",
    "given_name",
    "family_name",
    "username",
    "phone",
    "device_id",
    "ip_address",
    "date_of_birth",
    "age",
    "gender",
)
"""Labels whose columns join tables by coincidence or as attributes; they are reported as identifiers, not as keys."""
_SECRET = ("card_cvv", "password_hash", "api_key")
_CONTACT = (
    r"[\w.+-]+@[\w-]+\.\w|\+\d[\d ()/-]{6,}|\d{3}-\d{2}-\d{4}|\d{4,}[ /-]?\d{4,}"
    r"|\b(Mr|Mrs|Ms|Dr|Herr|Frau|Mme|Sra?)\b\.?|\b(born|geboren|nee|nacid[oa])\b"
)
"""Mail addresses, telephone and social security numbers, long digit runs, titles before names, births."""
_HUMAN = ("date_of_birth", "gender", "age", "ethnicity", "marital_status")


def _filled(look: Look, table: TableProfile, column: ColumnProfile) -> str:
    return look.where(table.name, (column.name,), f"{look.name(table.name, column.name)} IS NOT NULL")


def _personal(column: ColumnProfile) -> bool:
    """Return whether a column is a person's own data, by its label or, unlabelled, by two personal words in its name."""
    if (
        column.label
        and column.label.sensitive
        and column.label.name not in (*_NO_KEYS, "city", "postcode", "geo_coordinate", "street_address", "free_text_pii")
    ):
        return True
    return _compound(column)


def _surrogate(look: Look, table: TableProfile, column: ColumnProfile) -> bool:
    """Return whether a record number is a running number or a UUID in its home table: a pseudonym, as a key should be."""
    if not column.label or column.label.name != "mrn" or _compound(column):
        return False
    link = next((k for k in look.profile.parents(table.name) if k.columns == (column.name,)), None)
    home = look.profile.table(link.ref_table).column(link.ref_columns[0]) if link else column
    running = isinstance(home.min, int) and isinstance(home.max, int) and home.max - home.min < 1.5 * max(1, home.distinct)
    return running or home.min_length == home.max_length == 36


def _compound(column: ColumnProfile) -> bool:
    """Return whether a name joins two personal words, like a birth date and an official number."""
    return len({w for w in split(column.name) if says(w, "person")}) >= 2


@rule("privacy")
def personal_join_key(look: Look) -> Iterator[Hit]:
    """{table}.{column} is personal data used as a join key: {how}, {failing} of {of} rows.

    Criterion: a key is a pseudonym without meaning; birth dates and official numbers are personal data (GDPR 4(1),
    25; HIPAA 164.514).
    Cause: no common identifier existed when the sources were first joined (opinion).
    Consequence: every copy, log and index of the joined tables carries the person; deletion on request cannot be done
    in one place.
    Do: replace it with a keyed hash or a surrogate held in one protected table, before anything else is built.
    Ask: Who decided on this key, and on which legal basis?
    """
    shared: dict[str, list[str]] = {}
    for table, column in look.columns():
        shared.setdefault(column.name.casefold(), []).append(table.name)
    told: set[tuple[str, str]] = set()  # one join is told once, at the longer table
    for table, column in sorted(look.columns("text", "integer", "number", "date"), key=lambda c: -c[0].rows):
        if (table.name, column.name.casefold()) in told:
            continue
        if not _personal(column) or _surrogate(look, table, column) or column.distinct < 0.5 * min(column.filled, 50):
            continue
        upward = [k for k in look.profile.parents(table.name) if column.name in k.columns and _sure(look, k)]
        if any(_personal(look.profile.table(k.ref_table).column(c)) for k in upward for c in k.ref_columns):
            continue  # told once, where the key is at home
        links = upward + [k for k in look.profile.children(table.name) if column.name in k.ref_columns and _sure(look, k)]
        others = [t for t in shared[column.name.casefold()] if t != table.name and _overlap(look, table, column, t)]
        key = column.name in (table.primary_key or ())
        own = len(table.primary_key or ()) == 1 and not key
        others = [t for t in others if not (own and _apart(look, column, t))]
        if links or (others and column.distinct >= 0.9 * column.filled) or key:
            how = (
                f"it joins {', '.join(sorted({k.ref_table if k.table == table.name else k.table for k in links} or set(others)))}"
                if links or others
                else "it is the primary key"
            )
            told |= {(t, column.name.casefold()) for t in others if not links}
            yield Hit(table.name, (column.name,), column.filled, table.rows, _filled(look, table, column), "duty", {"how": how})


def _sure(look: Look, key: ForeignKey) -> bool:
    """Return whether rows are meant to be joined so: declared, to the parent's key, or nearly every value is found there."""
    return key.declared or key.ref_columns == look.profile.table(key.ref_table).primary_key or key.coverage >= 0.98


def _apart(look: Look, column: ColumnProfile, other: str) -> bool:
    """Return whether the other table has a key of its own too: then one name for an attribute joins nothing."""
    key = look.profile.table(other).primary_key or ()
    return len(key) == 1 and key[0].casefold() != column.name.casefold()


def _overlap(look: Look, table: TableProfile, column: ColumnProfile, other: str) -> bool:
    """Return whether half of a column's distinct values, on either side, also stand in the column of that name elsewhere."""
    theirs = next(c for c in look.profile.table(other).columns if c.name.casefold() == column.name.casefold())
    if theirs.type != column.type or not look.data.together(table.name, other):
        return False
    scope = look.scope
    mine, found = scope.name(table.name, column.name), scope.name(other, theirs.name)
    small, large = (mine, table.name), (found, other)
    if column.distinct > theirs.distinct:
        small, large = large, small
    sql = (
        f"SELECT count(*) FROM (SELECT DISTINCT {small[0]} AS v FROM {scope.relation(small[1])}) AS s "
        f"WHERE v IN (SELECT {large[0]} FROM {scope.relation(large[1])})"
    )
    return int(scope.rows(table.name, sql)[0][0]) >= 0.5 * min(column.distinct, theirs.distinct)


@rule("privacy")
def stored_secret(look: Look) -> Iterator[Hit]:
    """{table}.{column} holds {label} in {failing} of {of} rows.

    Criterion: card verification codes must not be kept after authorisation (PCI DSS 3.3.1); passwords and keys belong
    in a vault (GDPR 32).
    Cause: a full copy of a source table (opinion).
    Consequence: whoever reads this extract can act in the name of others.
    Do: stop the export of the column, delete it here, and rotate what was exposed.
    Ask: Who received this extract?
    """
    for table, column in look.columns():
        if column.label and column.label.name in _SECRET and column.label.confidence >= 0.6 and says(column.name, "secret"):
            yield Hit(
                table.name,
                (column.name,),
                column.filled,
                table.rows,
                _filled(look, table, column),
                "duty",
                {"label": column.label.name.replace("_", " ")},
            )


@rule("privacy")
def personal_free_text(look: Look) -> Iterator[Hit]:
    """{failing} of {of} rows of {table} carry free text in {column} that names people, their contacts or numbers.

    Criterion: personal data is known, minimised and deletable (GDPR 5(1)(c), 17).
    Cause: notes are written for colleagues, not for analysis (opinion).
    Consequence: masking by column misses it, and a search index or a language model reads it.
    Do: keep the text out of the warehouse, or redact it before loading.
    Ask: Is the text needed for the purpose?
    """
    for table, column in look.columns("text"):
        if column.label and column.label.name == "free_text_pii":
            harm = "rule" if look.context.compliance else "question"
            q = look.name(table.name, column.name)
            duckdb = look.data.source(table.name).engine.technology.id == "duckdb"
            condition = f"regexp_matches({q}, {look.scope.literal(table.name, _CONTACT)})" if duckdb else f"{q} LIKE '%@%'"
            failing = look.count(table.name, [condition])[0]
            query = look.where(table.name, (column.name,), condition) if failing else _filled(look, table, column)
            yield Hit(table.name, (column.name,), failing or column.filled, table.rows, query, harm)


@rule("privacy")
def direct_identifiers(look: Look) -> Iterator[Hit]:
    """{table} names people in {number}: {columns}.

    Criterion: {criterion}.
    Consequence: the table and every copy of it fall under the rules for personal data.
    Do: keep these columns in one protected table, and give everybody else the pseudonym.
    Ask: Which of these columns does the purpose need?
    """
    frameworks = ", ".join(look.context.names("compliance"))
    for table in look.tables:
        found = [
            c
            for c in table.columns
            if c.filled
            and c.label
            and c.label.sensitive
            and c.label.name in _DIRECT
            and c.label.confidence >= 0.6
            and not _surrogate(look, table, c)
        ]
        if found:
            names = tuple(c.name for c in found)
            condition = " OR ".join(f"{look.name(table.name, n)} IS NOT NULL" for n in names)
            failing = look.count(table.name, [condition])[0]
            text = (
                f"CLAUDE.md names {frameworks}"
                if frameworks
                else "personal data has an owner, a purpose and a term (GDPR 5); none is stated here"
            )
            harm = "rule" if frameworks else "question"
            query = look.where(table.name, names, f"({condition})")
            yield Hit(
                table.name,
                names,
                failing,
                table.rows,
                query,
                harm,
                {"number": plural(len(names), "column"), "criterion": text},
                write(table.name),
            )


@rule("privacy")
def singled_out(look: Look) -> Iterator[Hit]:
    """{failing} of {of} rows of {table} share their combination of {columns} with fewer than {others} others; the
    smallest class holds {k}.

    Criterion: k-anonymity of at least 5 over quasi-identifiers, when names are removed (Sweeney 2002).
    Consequence: removing the names does not make this table anonymous.
    Do: publish birth year, not date, and the first digits of a postcode{helps}; measure again.
    Ask: Who receives this table without names?
    """
    for table in look.tables:
        labels = {write(table.name, c.name): c.label for c in table.columns if c.label}
        names = quasi_identifiers(table, labels)[:MOST]
        human = any(label.name in _HUMAN for at, label in labels.items() if parse(at)[-1] in names)
        if len(names) < 2 or not human or not 20 <= table.rows <= COUNTED:
            continue
        held = {f.id.partition("#")[2]: f for f in _anonymity(look, table, labels)}
        failing = int(held[f"rows_below_{K}"].value)
        if failing:
            listed = ", ".join(look.name(table.name, n) for n in names)
            relation = look.scope.relation(table.name)
            counted = f"SELECT t.*, count(*) OVER (PARTITION BY {listed}) AS alike FROM {relation} AS t"
            query = f"SELECT {look.scope.shown(table.name, names)} FROM ({counted}) AS t WHERE alike < {K}"
            best = held["helps_most"].value if "helps_most" in held else None
            helps = f"; leaving out {best[0]} helps most ({best[1]:,} rows remain)" if best else ""
            values = {"others": K - 1, "k": f"{int(held['k'].value):,}", "helps": helps}
            facts = tuple(f.id for f in held.values())
            yield Hit(table.name, names, failing, table.rows, query, "question", values, write(table.name), facts=facts)


def _anonymity(look: Look, table: TableProfile, labels: dict[str, Label]) -> tuple[Fact, ...]:
    """Return the profile's facts about the classes of *table*, measured now where the profile has none."""
    ids = [fact_id(name, table.name) for name in ("k", f"rows_below_{K}", "helps_most")]
    known = tuple(look.profile.by_id[id] for id in ids if id in look.profile.by_id)
    return known or k_anonymity(look.data, table, labels, look.run)
