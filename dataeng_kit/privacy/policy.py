"""The level of each column: what the user chose, else what its label allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dataeng_kit.errors import unknown
from dataeng_kit.nouns import Label, Profile
from dataeng_kit.nouns.references import parse, write

LEVELS = ("nothing", "name", "statistics", "masked", "values")
"""What is seen of a column, least first: that it exists · name, type, counts, lengths · also means, frequent shapes, the
values of small harmless domains and months · the same, with pseudonyms in the masked copy · everything."""
SECRETS = frozenset({"password_hash", "api_key", "card_cvv"})


def judged(profile: Profile) -> bool:
    """Return whether labels were looked for: without any, every column counts as personal."""
    return any(c.label for t in profile.tables for c in t.columns)


def as_is(level: str, label: Label | None) -> bool:
    """Return whether single values of a column may be shown where failing rows or a copy are made: asked for, or harmless."""
    return level == "values" or (level == "statistics" and not (label and label.sensitive))


@dataclass(frozen=True)
class Policy:
    """Level per column; without one it follows the column's label (see `level`).

    *columns*: reference of a column or table → one of `LEVELS`; ``*`` stands for all others. Raises `KitError` for a level
    that does not exist.
    """

    columns: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        for level in self.columns.values():
            if level not in LEVELS:
                raise unknown("privacy level", str(level), LEVELS)

    @classmethod
    def of(cls, profile: Profile, overrides: Mapping[str, str] | None = None) -> Policy:
        """Return the policy with the level of every column of *profile* written out; an unknown reference raises `KitError`."""
        base, overrides = cls(overrides or {}), overrides or {}
        known = (
            {write(t.name, c.name) for t in profile.tables for c in t.columns} | {write(t.name) for t in profile.tables} | {"*"}
        )
        for reference in overrides:
            if reference not in known:
                raise unknown("column", reference, known)
        seen = judged(profile)
        return cls(
            {write(t.name, c.name): base.level(write(t.name, c.name), c.label, seen) for t in profile.tables for c in t.columns}
        )

    def level(self, reference: str, label: Label | None = None, judged: bool = True) -> str:
        """Return a column's level: the user's choice, else nothing for secrets, name for personal and unjudged, statistics."""
        table = write(parse(reference)[0]) if reference else ""
        for key in (reference, table, "*"):
            if key in self.columns:
                return self.columns[key]
        if label and label.name in SECRETS:
            return "nothing"
        return "name" if (label and label.sensitive) or not judged else "statistics"
