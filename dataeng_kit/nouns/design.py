"""Design: a target model of one kind, every target column with its lineage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dataeng_kit.nouns.base import Noun

KINDS = ("normalised", "dimensional", "vault", "document", "wide_column", "key_value", "search", "stream", "graph")


@dataclass(frozen=True)
class Attribute(Noun):
    """One target column: canonical type, source references it comes from, and how it is computed.

    ``expression`` is DuckDB SQL over the source tables (aliases = entity's ``sources`` positions s0, s1, …) or empty
    for a plain copy; ``scd`` per attribute (0, 1, 2, 3) in dimensions; ``additivity`` of measures.
    """

    name: str
    type: str
    lineage: tuple[str, ...] = ()
    expression: str = ""
    nullable: bool = True
    role: str = ""
    scd: int | None = None
    additivity: str = ""
    note: str = ""


@dataclass(frozen=True)
class Reference(Noun):
    """A foreign key between target entities."""

    columns: tuple[str, ...]
    entity: str
    entity_columns: tuple[str, ...]


@dataclass(frozen=True)
class Entity(Noun):
    """One target table (or collection, topic, index): grain, keys, columns.

    ``kind`` is fact, dimension, table, hub, link, satellite, bridge, …

    ``sources[0]`` is the table whose row is one row here (facts) or the entity's own table (dimensions).
    """

    name: str
    kind: str
    sources: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    key: tuple[str, ...] = ()
    natural_key: tuple[str, ...] = ()
    grain: tuple[str, ...] = ()
    grain_sentence: str = ""
    measures: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    scd: int | None = None
    partition: str = ""
    facts: tuple[str, ...] = ()
    detail: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Design(Noun):
    """A target model; ``steps`` show the method in order, ``sizing`` the arithmetic, ``tried`` what was withdrawn."""

    kind: str
    technology: str
    entities: tuple[Entity, ...]
    title: str = ""
    steps: tuple[str, ...] = ()
    sizing: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()

    def entity(self, name: str) -> Entity:
        """Return one entity; raises `KeyError`."""
        return {e.name: e for e in self.entities}[name]
