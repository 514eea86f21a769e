"""Names and dialect of a dbt project: one set of safe names, SQL that DuckDB and PostgreSQL both take, references as tokens."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import ClassVar

from dataeng_kit.design.sql import REJECT, Writer
from dataeng_kit.design.words import snake, unique
from dataeng_kit.nouns import Design, Entity, Evidence
from dataeng_kit.technologies.duckdb import DuckDB
from dataeng_kit.technologies.postgresql import PostgreSQL

RAW = "raw"
"""Schema, and dbt source, that holds the case's tables as they were read."""


class Both(PostgreSQL):
    """The part of PostgreSQL's dialect that DuckDB takes too, so that one project builds on either."""

    types: ClassVar[dict[str, str]] = {**PostgreSQL.types, "json": "text"}  # json has no equality in PostgreSQL
    reserved = PostgreSQL.reserved | DuckDB.reserved


@dataclass(frozen=True)
class Names:
    """Safe names: of models by entity, of sources by table, of staged columns by the source's own name; never quoted twice."""

    sources: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    models: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, design: Design, evidence: Evidence) -> Names:
        """Return the names of one design over one case."""
        sources: dict[str, str] = {}
        for t in evidence.profile.tables:
            sources[t.name] = unique(plain(t.name), sources.values())
        models: dict[str, str] = {}
        taken = [f"{p}_{s}" for s in sources.values() for p in ("stg", "base")] + ["quarantine"]
        for e in design.entities:
            models[e.name] = unique(plain(e.name), [*taken, *models.values()])
        return cls(sources, _columns(evidence), models)

    def stage(self, table: str) -> str:
        """Return the staging model of a source table."""
        return f"stg_{self.sources[table]}"

    def base(self, table: str) -> str:
        """Return the model that renames, casts and judges a source table's rows."""
        return f"base_{self.sources[table]}"


def _columns(evidence: Evidence) -> dict[str, str]:
    """One safe name per source column name, the same in every table, apart from those it ever stands beside."""
    beside: dict[str, set[str]] = {}
    for t in evidence.profile.tables:
        own = {c.name for c in t.columns}
        for c in t.columns:
            beside.setdefault(c.name, set()).update(own)
    found: dict[str, str] = {}
    for name, others in beside.items():
        found[name] = unique(snake(name), [found[o] for o in others if o in found])
    return found


def plain(name: str) -> str:
    """Return a lower-case ASCII name for files and models."""
    ascii_only = unicodedata.normalize("NFKD", snake(name)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9_]+|^_+", "", ascii_only)[:50].strip("_") or "table"


@dataclass(frozen=True)
class ModelWriter(Writer):
    """The writer of designs, pointed at dbt models: sources are staging models, targets are refs, columns the staged names."""

    names: Names = field(default_factory=Names)

    def source(self, table: str) -> str:
        """Return the staging model of a table."""
        return ref(self.names.stage(table))

    def table(self, entity: str) -> str:
        """Return the model of a target."""
        return ref(self.names.models[entity])

    def column(self, alias: str, name: str) -> str:
        """Return a staged column."""
        return f"{alias}.{self.staged(name)}"

    def staged(self, name: str) -> str:
        """Return the staged name of a source column, quoted where needed."""
        return self.q(self.names.columns.get(name, name))

    def expression(self, entity: Entity, reference: str, given: str) -> str:
        """Return an attribute's expression over staged columns."""
        if not given:
            return super().expression(entity, reference, given)
        return re.sub(r'"((?:[^"]|"")*)"', lambda m: self.staged(m[1].replace('""', '"')), given)

    def rejecting(self, table: str) -> str:
        """Return the column of a base model that says why a row is refused."""
        return self._own(table, REJECT)

    def numbered(self, table: str) -> str:
        """Return the column of a base model that numbers the rows of one load."""
        return self._own(table, "source_row")

    def _own(self, table: str, wanted: str) -> str:
        return unique(wanted, [self.names.columns[c.name] for c in self.evidence.profile.table(table).columns])


def ref(model: str) -> str:
    """Return a token that `finished` turns into dbt's ref; NUL cannot stand in a quoted name or literal."""
    return f"\0ref('{model}')\0"


def raw(source: str) -> str:
    """Return a token that `finished` turns into dbt's source."""
    return f"\0source('{RAW}', '{source}')\0"


def finished(sql: str) -> str:
    """Return SQL as a dbt file: text of the case cannot open a Jinja expression, tokens become ref and source."""
    inert = re.sub(r"\{(?=[{%#])", "{{ '{' }}", sql)
    return re.sub("\0([^\0]+)\0", _opened, inert).rstrip() + "\n"


def _opened(token: re.Match[str]) -> str:
    return f"\n{{% {token[1][1:]} %}}\n" if token[1].startswith("%") else f"{{{{ {token[1]} }}}}"
