"""Words of SQL that every renderer of a design shares: schemas, sources, joins and comparisons, in one technology's quoting."""

from __future__ import annotations

from dataclasses import dataclass

from dataeng_kit.design.plan import Join, joins
from dataeng_kit.design.words import unique
from dataeng_kit.nouns import Design, Entity, Evidence
from dataeng_kit.nouns.references import parse
from dataeng_kit.technologies.base import Technology

SCHEMAS = {"dimensional": "mart", "normalised": "core", "vault": "vault", "graph": "graph"}
"""Target schema per kind of design."""
SOURCE, REJECT = "source", "reject_reason"
"""Schema of the case's tables in a scratch workspace; column of a staged row that says why it is refused."""


@dataclass(frozen=True)
class Writer:
    """One design written for one technology over one case's sources."""

    design: Design
    evidence: Evidence
    technology: type[Technology]
    source_schema: str = SOURCE

    @property
    def schema(self) -> str:
        """Return the target schema."""
        return SCHEMAS.get(self.design.kind, self.design.kind)

    def q(self, name: str) -> str:
        """Return a column or table name, cut to the engine's limit; bare where that is safe."""
        return self.technology.identifier(self.technology.fit(name))

    def source(self, table: str) -> str:
        """Return the case's own table: in the scratch workspace, or where a pipeline landed it."""
        return f"{self.source_schema}.{self.technology.quote(self.technology.fit(table))}"

    def column(self, alias: str, name: str) -> str:
        """Return a source column, always quoted."""
        return f"{alias}.{self.technology.quote(self.technology.fit(name))}"

    def table(self, entity: str) -> str:
        """Return a target table."""
        return f"{self.schema}.{self.q(entity)}"

    def stage(self, entity: Entity) -> str:
        """Return the staged copy of an entity's own source, each row with its reason to be refused or none."""
        return f"{self.schema}.{self.q('stage_' + entity.detail.get('stage', entity.name))}"

    def reject(self, entity: Entity) -> str:
        """Return the column of a staged row that says why it is refused, under a name its source does not use."""
        table = self.evidence.profile.table(entity.sources[0])
        return self.q(unique(REJECT, [c.name for c in table.columns]))

    @property
    def quarantine(self) -> str:
        """Return the table of refused rows."""
        return f"{self.schema}.quarantine"

    def text(self, value: object) -> str:
        """Return a literal."""
        return self.technology.literal(value)

    def type(self, canonical: str) -> str:
        """Return the engine's type."""
        return self.technology.type_name(canonical)

    def type_of(self, table: str, column: str) -> str:
        """Return the canonical type of a source column."""
        return self.evidence.profile.table(table).column(column).type

    def equal(self, left: str, left_type: str, right: str, right_type: str) -> str:
        """Return an equality that also holds across types: unlike ones are compared as text."""
        numeric = {"integer", "number"}
        if left_type == right_type or {left_type, right_type} <= numeric:
            return f"{left} = {right}"
        return f"CAST({left} AS {self.type('text')}) = CAST({right} AS {self.type('text')})"

    def expression(self, entity: Entity, reference: str, given: str) -> str:
        """Return an attribute's expression in this technology: a plain copy of s0, or the design's own DuckDB text."""
        if not given:
            return self.column("s0", parse(reference)[-1])
        return rewritten(given, self)

    def join(self, entity: Entity, join: Join) -> str:
        """Return one LEFT JOIN to a source; a side not measured unique is cut to one row per key first."""
        tables = dict(zip(aliases(entity), entity.sources, strict=True))
        on = " AND ".join(
            self.equal(
                self.column(join.alias, p),
                self.type_of(join.table, p),
                self.column(join.left, c),
                self.type_of(tables[join.left], c),
            )
            for c, p in join.on
        )
        if join.unique:
            return f"LEFT JOIN {self.source(join.table)} AS {join.alias} ON {on}"
        keys = ", ".join(self.column("x", p) for _, p in join.on)
        once = (
            f"SELECT x.*, row_number() OVER (PARTITION BY {keys} ORDER BY {keys}) AS kit_rank FROM {self.source(join.table)} AS x"
        )
        return f"LEFT JOIN ({once}) AS {join.alias} ON {on} AND {join.alias}.kit_rank = 1"

    def joins(self, entity: Entity) -> list[str]:
        """Return all source joins of an entity in order."""
        return [self.join(entity, j) for j in joins(entity)]


def aliases(entity: Entity) -> list[str]:
    """Return s0, s1, … for an entity's sources."""
    return [f"s{n}" for n in range(len(entity.sources))]


def rewritten(expression: str, writer: Writer) -> str:
    """Return a design's DuckDB expression with its quoted names cut and quoted for this technology."""
    out, at = [], 0
    while at < len(expression):
        if expression[at] != '"':
            out.append(expression[at])
            at += 1
            continue
        end = at + 1
        while expression[end] != '"' or expression[end : end + 2] == '""':
            end += 2 if expression[end] == '"' else 1
        out.append(writer.technology.quote(writer.technology.fit(expression[at + 1 : end].replace('""', '"'))))
        at = end + 1
    return "".join(out)
