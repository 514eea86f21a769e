"""How a modeller reads a profiled table: which column is key, reference, measure, date, flag, label or bookkeeping."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property

from dataeng_kit.design.cues import cue
from dataeng_kit.design.words import singular, words
from dataeng_kit.nouns import ColumnProfile, Evidence, ForeignKey, Profile, TableProfile


@dataclass(frozen=True)
class TableReading:
    """One table as a modeller reads it; ``parents`` leave out bookkeeping, ``loops`` are the references to itself."""

    profile: TableProfile
    key: tuple[str, ...]
    parents: tuple[ForeignKey, ...] = ()
    children: tuple[ForeignKey, ...] = ()
    loops: tuple[ForeignKey, ...] = ()
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the table's name in references."""
        return self.profile.name

    def of(self, *kinds: str) -> tuple[str, ...]:
        """Return the columns of the given kinds, in table order."""
        return tuple(c for c, k in self.kinds.items() if k in kinds)

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """Return the dates of events: own ones, else dates kept as text, else the creation stamp."""
        return self.of("date") or self.of("text_date") or self.of("created")

    @cached_property
    def targets(self) -> frozenset[str]:
        """Return the tables this one refers to."""
        return frozenset(k.ref_table for k in self.parents)

    @cached_property
    def versioned(self) -> tuple[str, str] | None:
        """Return the pair of columns that bounds a row's validity, or None."""
        begin, end = self.of("valid_from"), self.of("valid_to")
        return (begin[0], end[0]) if begin and end else None

    @property
    def labelled(self) -> bool:
        """True when a column holds the entity's own name."""
        return bool(self.of("label"))


def kind_of(column: ColumnProfile, table: str) -> str:
    """Return the part a column plays by its type, values and name: date, measure, flag, label, code, text or bookkeeping."""
    w = words(column.name)
    s = set(w)
    if s & cue("edited") and not (column.type == "number" and s & (cue("amount") | {"price"})):
        return "audit"
    if column.type in ("date", "datetime"):
        if "valid" in s or "effective" in s or "row" in s:
            return "valid_from" if s & cue("begins") else "valid_to" if s & cue("ends") else "lifecycle"
        return "created" if s & cue("created") else "lifecycle" if s & cue("lifecycle") else "date"
    if column.type == "boolean" or w[:1] in (("is",), ("has",)) or s & cue("flag") or _two_valued(column):
        return "flag"
    if column.type in ("integer", "number"):
        last = (w[-1:] and w[-1]) or ""
        if last in cue("identifier") or s & {
            "id",
            "uuid",
            "guid",
            "lat",
            "lon",
            "latitude",
            "longitude",
            "phone",
            "zip",
            "postal",
            "ssn",
        }:
            return "code"
        return (
            "code"
            if column.type == "integer" and column.unique and column.rows > 20 and not s & (cue("amount") | cue("ratio"))
            else "measure"
        )
    if column.type == "text" and (s & cue("dated") or (w and w[-1].endswith("date"))):
        return "text_lifecycle" if s & cue("lifecycle") or (w and w[-1] in cue("lifecycle")) else "text_date"
    return "label" if _names_the_row(column, table, w) else "text"


def _names_the_row(column: ColumnProfile, table: str, said: tuple[str, ...]) -> bool:
    """True for the entity's own name: name, title, company_name, customer_name of customers; not feature_name of usage."""
    if not (set(said) & cue("label") or (said and said[-1].endswith("name"))) or (
        column.rows and column.distinct < 0.01 * column.rows
    ):
        return False
    rest = [singular(x) for x in said if x not in cue("label") and not (x.endswith("name") and len(x) <= 6)]
    own = [singular(x) for x in words(table)]
    if not rest or set(rest) <= cue("people"):
        return True
    of_table = [any(o.startswith(r) and len(r) >= 2 for o in own) or r in cue("people") for r in rest]
    return all(of_table) and any(own[-1].startswith(r) for r in rest)


def _two_valued(column: ColumnProfile) -> bool:
    values = {str(v).lower() for v, _ in column.top}
    pairs = ({"0", "1"}, {"y", "n"}, {"yes", "no"}, {"t", "f"}, {"true", "false"})
    return column.distinct == 2 and values in pairs and not set(words(column.name)) & cue("count")


def additivity(column: str, header: bool = False) -> str:
    """Return additive, semi-additive (levels: not over time) or non-additive (rates, prices, readings), by a name's words."""
    s = set(words(column))
    if s and (s <= cue("reading") or ("unit" in s and s & cue("amount"))):
        return "non-additive"
    if s & cue("level") and "cost" not in s and "price" not in s:
        return "semi-additive"
    if s & cue("ratio") and not (
        s & cue("amount") and not s & {"rate", "percent", "percentage", "pct", "ratio", "price", "per", "avg", "average"}
    ):
        return "non-additive"
    return "additive"


def is_money(column: str) -> bool:
    """True when a name speaks of an amount of money or a total that sums up."""
    return bool(set(words(column)) & cue("amount")) and additivity(column) == "additive"


def read(evidence: Evidence) -> dict[str, TableReading]:
    """Return every table of the case as a modeller reads it."""
    profile = with_declared(evidence)
    result: dict[str, TableReading] = {}
    for table in profile.tables:
        key = tuple(evidence.inputs.keys.get(table.name, ())) or key_of(table)
        parents = [k for k in profile.parents(table.name) if not _bookkeeping(k) and not _counts(k)]
        referring = {c for k in parents for c in k.columns}
        kinds = {}
        for column in table.columns:
            kind = kind_of(column, table.name)
            bound = (
                "reference"
                if column.name in referring
                else "key"
                if column.name in key and kind not in ("date", "label")
                else kind
            )
            kinds[column.name] = bound
        result[table.name] = TableReading(
            table,
            key,
            _meant([k for k in parents if k.ref_table != table.name], profile),
            tuple(k for k in profile.children(table.name) if k.table != table.name and not _bookkeeping(k)),
            tuple(k for k in parents if k.ref_table == table.name),
            kinds,
        )
    return result


def with_declared(evidence: Evidence) -> Profile:
    """Return the profile with the keys that a database declares but an empty or unread table could not show."""
    declared = {t.name: t.declared for t in evidence.tables}
    known = {(k.table, k.columns) for k in evidence.profile.foreign_keys}
    tables = []
    keys = list(evidence.profile.foreign_keys)
    names = {t.name for t in evidence.profile.tables}
    for table in evidence.profile.tables:
        own = declared.get(table.name, ())
        primary = next((k.columns for k in own if k.kind == "primary"), None)
        tables.append(table if table.primary_key or not primary else replace(table, primary_key=primary))
        keys += [
            ForeignKey(table.name, k.columns, k.ref_table, k.ref_columns, declared=True)
            for k in own
            if k.kind == "foreign" and k.ref_table in names and (table.name, k.columns) not in known
        ]
    return replace(evidence.profile, tables=tuple(tables), foreign_keys=tuple(keys))


def _bookkeeping(key: ForeignKey) -> bool:
    """True for who-edited-this references, which say nothing about the business."""
    return all(set(words(c)) & (cue("edited") | cue("created")) for c in key.columns)


def _counts(key: ForeignKey) -> bool:
    """True for a quantity or line number whose small numbers happen to lie among another table's keys."""
    said = set(words(key.columns[-1]))
    if key.declared or said & set(words(key.ref_table)) or len(key.columns) > 1:
        return False
    return bool(said & cue("ordinal")) or (bool(said & (cue("count") | cue("amount"))) and not said & cue("determinant"))


def key_of(table: TableProfile) -> tuple[str, ...]:
    """Return the key that was meant: the measured one, or one that a few duplicates spoil (they go to quarantine)."""
    measured = tuple(table.primary_key or ())
    spoilt = [k for k in table.almost_keys if not k.nulls and k.repeats <= max(1, FEW * k.rows)]
    shorter = [k for k in spoilt if len(measured) > 1 and set(k.columns) < set(measured)]
    if measured and not shorter:
        return measured
    best = min(shorter or spoilt, key=lambda k: (len(k.columns), _accidental(k.columns), k.repeats), default=None)
    return best.columns if best else ()


FEW = 0.01
"""Share of repeating rows up to which a column set still counts as the key that was meant."""


def _accidental(columns: tuple[str, ...]) -> int:
    """Return how many columns of a key would be one by accident only: amounts and counts; line numbers are meant."""
    said = [set(words(c)) for c in columns]
    return sum(bool(s & (cue("count") | cue("amount")) and not s & cue("determinant")) for s in said) - sum(
        bool(s & cue("ordinal")) for s in said
    )


def _meant(keys: list[ForeignKey], profile: Profile) -> tuple[ForeignKey, ...]:
    """One column set refers to one table; a copied attribute (ship_name) is no reference where a key refers to the same table."""
    best: dict[tuple[str, ...], ForeignKey] = {}
    for key in keys:
        if key.columns not in best or key.score > best[key.columns].score:
            best[key.columns] = key
    proper = {k.ref_table for k in best.values() if set(k.ref_columns) == set(key_of(profile.table(k.ref_table)))}
    return tuple(
        k for k in best.values() if k.ref_table not in proper or set(k.ref_columns) == set(key_of(profile.table(k.ref_table)))
    )


def role(key: ForeignKey) -> str:
    """Return what a reference calls its target: SalespersonPersonID → salesperson_person, customer_id → customer."""
    found = [w for w in words(key.columns[-1]) if w not in ("id", "key", "fk", "sk", "no", "nr", "number", "code", "uuid")]
    text = "_".join(found)
    return re.sub(r"(_?ref)$", "", text) or "_".join(singular(w) for w in words(key.ref_table))
