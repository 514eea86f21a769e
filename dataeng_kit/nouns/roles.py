"""Roles: which column plays which part of a domain (order.ordered_at, patient.birth_date), with reasons."""

from __future__ import annotations

from dataclasses import dataclass

from dataeng_kit.nouns.base import Noun


@dataclass(frozen=True)
class Role(Noun):
    """One bound role: ``name`` as in the domain card, ``column`` a reference, confidence 0..1; ``nearest`` when not bound."""

    name: str
    column: str
    confidence: float
    reasons: tuple[str, ...] = ()
    nearest: str = ""


@dataclass(frozen=True)
class Roles(Noun):
    """All roles of a case, and the domains they speak for."""

    domains: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()

    def column(self, name: str) -> str | None:
        """Return the reference of the column that plays *name*, or None."""
        return next((r.column for r in self.roles if r.name == name and r.column), None)
