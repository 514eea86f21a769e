"""Bind the roles of the domain cards to columns, once per case: reasons for each, the nearest column where none fits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dataeng_kit.errors import unknown
from dataeng_kit.knowledge import DomainCard, RoleCard, domain_cards
from dataeng_kit.nouns import ColumnProfile, Context, Profile, Role, Roles, TableProfile
from dataeng_kit.nouns.references import parse, write

BOUND = 0.6
"""Confidence from which a role is bound; below, the best candidate is only the nearest."""
ENOUGH = 4
"""Roles that a domain must bind to be assumed when CLAUDE.md names none."""
_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_GENERIC = frozenset(
    "id name date start end stop time timestamp datetime created createdat amount total code description status state type value "
    "unit units count price cost first last title class method reason event source channel platform number category "
    "quantity".split()
)
"""Joined headers that say nothing alone: they count only in a table of the role's own entity."""


def _words(name: str) -> list[str]:
    return [w.lower() for w in _PARTS.findall(name)]


def _joined(name: str) -> str:
    return "".join(_words(name))


def _stem(joined: str) -> str:
    return joined[:-1] if joined.endswith("s") and not joined.endswith("ss") else joined


@dataclass(frozen=True)
class _Candidate:
    role: RoleCard
    table: str
    column: str
    score: float
    reasons: tuple[str, ...]

    @property
    def reference(self) -> str:
        return write(self.table, self.column)


def entity_of(table: str, card: DomainCard) -> tuple[str, float]:
    """Return (entity, 0..1) whose names fit a table's name best; ("", 0) when none does."""
    words = [_stem(w) for w in _words(table)]
    best = ("", 0.0)
    for entity, names in card.entities.items():
        for name in names:
            wanted = [_stem(w) for w in _words(name)]
            n = len(wanted)
            if "".join(words) == "".join(wanted):
                fit = 1.0
            elif words[-n:] == wanted:
                fit = 0.8 + 0.05 * n
            elif any(words[i : i + n] == wanted for i in range(len(words))):
                fit = 0.6 + 0.05 * n
            else:
                continue
            if fit > best[1]:
                best = (entity, min(fit, 1.0))
    return best


def _header(column: str, role: RoleCard) -> tuple[float, str]:
    joined, words = _joined(column), _words(column)
    entity = role.name.split(".")[0].replace("_", "")
    best = (0.0, "")
    for n, synonym in enumerate(role.headers):
        wanted = _words(synonym)
        key = "".join(wanted)
        if joined in (key, entity + key):
            fit = 1.0 - 0.01 * min(n, 10)
        elif len(wanted) > 1 and words[-len(wanted) :] == wanted:
            fit = 0.8
        elif len(wanted) > 1 and words[: len(wanted)] == wanted:
            fit = 0.72
        elif len(wanted) == 1 and len(key) > 3 and key in words and key not in _GENERIC:
            fit = 0.62
        else:
            continue
        if fit > best[0]:
            best = (fit, synonym)
    return best


class _Binder:
    def __init__(self, card: DomainCard, profile: Profile) -> None:
        self.card, self.profile = card, profile
        self.entities = {t.name: entity_of(t.name, card) for t in profile.tables}
        self._infer()

    def _infer(self) -> None:
        """Give a table without a telling name the entity that most of its columns speak for."""
        for table in self.profile.tables:
            if self.entities[table.name][0]:
                continue
            votes: dict[str, float] = {}
            for role in self.card.roles:
                fits = [f for c in table.columns if (f := _header(c.name, role)[0]) >= 0.8 and _joined(c.name) not in _GENERIC]
                entity = role.name.split(".")[0]
                votes[entity] = votes.get(entity, 0) + (max(fits) if fits else 0)
            entity, points = max(votes.items(), key=lambda v: v[1], default=("", 0.0))
            if points >= 2.5:
                self.entities[table.name] = (entity, 0.75)

    def _table_fit(self, table: TableProfile, column: str, entity: str) -> float:
        """Return how well a table suits an entity; outside its own tables a header must name an entity that has none."""
        own, fit = self.entities[table.name]
        if own == entity:
            return fit
        present = any(e == entity for e, _ in self.entities.values())
        return 0.5 if not present and entity.replace("_", "") in _joined(column) else 0.1

    def _key_fit(self, table: TableProfile, column: ColumnProfile, role: RoleCard) -> tuple[float, str]:
        if role.key == "primary":
            if table.primary_key == (column.name,) or column.unique:
                return 0.1, "it identifies the rows"
            return -0.1, "values repeat"
        if role.key:
            for key in self.profile.parents(table.name):
                if column.name in key.columns and self.entities.get(key.ref_table, ("", 0.0))[0] == role.key:
                    return 0.15, f"it refers to {key.ref_table}"
        return 0.0, ""

    def _candidate(self, table: TableProfile, column: ColumnProfile, role: RoleCard) -> _Candidate | None:
        entity = role.name.split(".")[0]
        fit, synonym = _header(column.name, role)
        labelled = column.label is not None and column.label.name in role.labels
        if not fit and not labelled:
            return None
        place = self._table_fit(table, column.name, entity)
        if _joined(column.name) in _GENERIC and self.entities[table.name][0] != entity:
            return None
        typed = not role.types or column.type in role.types or not column.filled
        key, why = self._key_fit(table, column, role) if self.entities[table.name][0] == entity else (0.0, "")
        score = max(fit, 0.75 if labelled else 0.0) * (0.55 + 0.45 * place) * (1.0 if typed else 0.5) + key
        reasons = [f"its header reads '{synonym}'"] if fit else []
        reasons += [f"its values are labelled {column.label.name}"] if labelled and column.label else []
        reasons += [f"table '{table.name}' is taken for {entity}"] if self.entities[table.name][0] == entity else []
        reasons += [f"type {column.type} fits" if typed else f"type {column.type} is unusual here"]
        return _Candidate(role, table.name, column.name, min(score, 1.0), tuple(reasons + ([why] if why else [])))

    def bind(self) -> tuple[Role, ...]:
        """Return one Role per role of the card: every column plays at most one role of an entity, best fits first."""
        every = [
            c
            for t in self.profile.tables
            for col in t.columns
            for role in self.card.roles
            if (c := self._candidate(t, col, role))
        ]
        every.sort(key=lambda c: -c.score)
        homes = self._homes(every)
        chosen: dict[str, _Candidate] = {}
        taken: set[tuple[str, str, str]] = set()
        for c in every:
            spot = (c.role.name.split(".")[0], c.table, c.column)
            if c.score >= BOUND and c.table == homes[spot[0]] and c.role.name not in chosen and spot not in taken:
                chosen[c.role.name] = c
                taken.add(spot)
        near = {c.role.name: c for c in reversed(every)}
        return tuple(self._role(role, chosen.get(role.name), near.get(role.name)) for role in self.card.roles)

    @staticmethod
    def _homes(every: list[_Candidate]) -> dict[str, str]:
        """Return the one table per entity that fills most of its roles: parts from two tables would not join."""
        points: dict[str, dict[str, dict[str, float]]] = {}
        for c in every:
            roles = points.setdefault(c.role.name.split(".")[0], {}).setdefault(c.table, {})
            if c.score >= BOUND:
                roles[c.role.name] = max(roles.get(c.role.name, 0.0), c.score)
        return {entity: max(tables, key=lambda t: sum(tables[t].values())) for entity, tables in points.items()}

    def _role(self, role: RoleCard, bound: _Candidate | None, near: _Candidate | None) -> Role:
        if bound:
            return Role(role.name, bound.reference, round(bound.score, 2), bound.reasons)
        return Role(role.name, "", 0.0, (), near.reference if near else "")


def bind(context: Context, profile: Profile, overrides: Mapping[str, str] | None = None) -> Roles:
    """Return the roles of the domains that CLAUDE.md names, or of the one whose roles the columns fill best.

    *overrides*: role name → column reference (empty: no column), the user's word; raises `KitError` on an unknown role or column.
    A role that several domains share is listed once, from the first of them that binds it.
    """
    cards = domain_cards()
    named = [d for d in context.names("domains") if d in cards]
    bound = {d: _Binder(cards[d], profile).bind() for d in (named or cards)}
    if not named:
        filled = {d: sum(r.confidence for r in roles if r.column) for d, roles in bound.items()}
        best = max(filled, key=lambda d: filled[d], default="")
        named = [best] if best and filled[best] >= ENOUGH else []
    roles: dict[str, Role] = {}
    for domain in named:
        for role in bound[domain]:
            if role.name not in roles or (role.column and not roles[role.name].column):
                roles[role.name] = role
    return Roles(tuple(named), tuple(_override(roles, overrides or {}, profile).values()))


def _override(roles: dict[str, Role], overrides: Mapping[str, str], profile: Profile) -> dict[str, Role]:
    known = {r.name for card in domain_cards().values() for r in card.roles}
    columns = {write(t.name, c.name) for t in profile.tables for c in t.columns}
    for name, reference in overrides.items():
        if name not in known:
            raise unknown("role", name, known)
        if reference and (column := write(*parse(reference))) not in columns:
            raise unknown("column", column, columns)
        roles[name] = Role(name, reference, 1.0 if reference else 0.0, ("you said so",))
    return roles
