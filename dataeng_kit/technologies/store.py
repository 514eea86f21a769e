"""What a store beside the SQL databases states: the limits that its designs are sized by, and what would do in its place."""

from __future__ import annotations

from typing import ClassVar

from dataeng_kit.technologies.base import Technology


class Store(Technology):
    """A store that is no SQL database; ``family`` is the kind of design that is written for it.

    The second technology of a kind is a subclass in its own file with its types and limits, and recipes of its own.
    """

    written = False
    family = "store"
    language = "python"
    limits: ClassVar[dict[str, float]] = {}
    """Figures of the maker's manual that a design is sized by: bytes, rows, seconds."""
    simpler: ClassVar[str] = ""
    """What does the same at small size; ``{engine}`` is the case's SQL database."""
    packages: ClassVar[tuple[str, ...]] = ()
    """Python packages that its check needs, found at run time."""
